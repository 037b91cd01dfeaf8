package postgres

import (
	"strings"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

func ids(blockers []dialects.Blocker) map[string]dialects.Blocker {
	m := map[string]dialects.Blocker{}
	for _, b := range blockers {
		m[b.ID] = b
	}
	return m
}

func TestBlockers(t *testing.T) {
	d := openTest(t)
	own, app, late := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
	runScript(t, own, `CREATE TABLE "Ünï" (a int) PARTITION BY RANGE (a);
CREATE TABLE leaf PARTITION OF "Ünï" FOR VALUES FROM (0) TO (10); CREATE TABLE other (a int)`)
	tables := []dialects.Name{{Schema: "public", Name: "Ünï"}}
	blockers := func() []dialects.Blocker {
		t.Helper()
		b, err := d.Blockers(t.Context(), own, tables)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	runScript(t, own, `SELECT * FROM leaf`)
	if got := blockers(); len(got) != 0 {
		t.Fatalf("nobody is there, got %+v", got)
	}

	runScript(t, app, `SET application_name = 'web@1.4.0'`)
	first := begin(t, app, dialects.TxOptions{})
	runScript(t, first, "\n  SELECT * FROM leaf\n WHERE a = 1")
	second := begin(t, late, dialects.TxOptions{})
	runScript(t, second, `SELECT * FROM other`)
	got := blockers()
	if len(got) != 1 || got[0].App != "web@1.4.0" || got[0].User != "postgres" || got[0].State != "idle in transaction" ||
		got[0].Query != "SELECT * FROM leaf ..." || got[0].Age <= 0 || got[0].PID != value(t, first, "SELECT pg_backend_pid()::text") {
		t.Fatalf("got %+v", got)
	}
	runScript(t, second, `SELECT * FROM leaf`)
	if got := blockers(); len(got) != 2 || got[0].App != "web@1.4.0" {
		t.Errorf("not both, the oldest first: %+v", got)
	}
	if err := d.TerminateBlocker(t.Context(), own, got[0].PID); err != nil {
		t.Error(err)
	}
	await(t, "the session has ended", func() bool { return len(blockers()) == 1 })
	if err := d.TerminateBlocker(t.Context(), own, got[0].PID); err != nil {
		t.Errorf("a session that has ended is none in the way: %v", err)
	}
	if f := d.Fault(first.Script(t.Context(), "SELECT 1")); f != dialects.FaultConnection {
		t.Errorf("the ended session's fault is %q", f)
	}
}

// A concurrent build waits for transactions that never touched its table.
func TestBlockersOfConcurrentBuild(t *testing.T) {
	d := openTest(t)
	own, app, builder := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
	runScript(t, own, `CREATE TABLE t (a int); CREATE TABLE other (a int)`)
	tx := begin(t, app, dialects.TxOptions{})
	runScript(t, tx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT * FROM other`)
	built := make(chan error, 1)
	go func() { built <- builder.Script(t.Context(), `CREATE INDEX CONCURRENTLY i ON t (a)`) }()
	pid := value(t, tx, "SELECT pg_backend_pid()::text")
	await(t, "the build waits for the app", func() bool {
		all, err := d.Blockers(t.Context(), own, []dialects.Name{{Name: "t"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range all {
			if b.PID == pid {
				return true
			}
		}
		return false
	})
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-built; err != nil {
		t.Error(err)
	}
}

// Another role's transaction is seen by a role that may see nothing of it.
func TestTransactions(t *testing.T) {
	d := openTest(t)
	admin, app, own := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
	role := "segue_plain_" + value(t, admin, "SELECT oid::text FROM pg_database WHERE datname = current_database()")
	runScript(t, admin, `CREATE ROLE `+role)
	defer runScript(t, admin, `DROP ROLE `+role)
	runScript(t, own, `SET ROLE `+role)
	list := func() map[string]dialects.Blocker {
		t.Helper()
		b, err := d.Transactions(t.Context(), own)
		if err != nil {
			t.Fatal(err)
		}
		return ids(b)
	}
	tx := begin(t, app, dialects.TxOptions{})
	runScript(t, tx, "SELECT 'secret'")
	got := list()
	if len(got) != 1 {
		t.Fatalf("got %+v", got)
	}
	var id string
	for id = range got {
	}
	if b := got[id]; b.Query != "<hidden>" || b.PID == "" || b.User != "postgres" {
		t.Errorf("got %+v", b)
	}
	if _, same := list()[id]; !same {
		t.Error("the transaction changed its id")
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	begin(t, app, dialects.TxOptions{})
	if got := list(); len(got) != 1 || got[id].ID != "" {
		t.Errorf("the same session's next transaction has the same id: %+v", got)
	}
}

func TestPreparedTransactions(t *testing.T) {
	d := openTest(t)
	own, app := sessionTest(t, d), sessionTest(t, d)
	if value(t, own, "SHOW max_prepared_transactions") == "0" {
		scratch.Lacks(t, dialects.Postgres, "the server has no prepared transactions")
	}
	gid := "segue " + d.config.Database
	runScript(t, own, `CREATE TABLE t (a int)`)
	runScript(t, app, `BEGIN; INSERT INTO t VALUES (1)`)
	runScript(t, app, `PREPARE TRANSACTION '`+gid+`'`)
	defer runScript(t, own, `ROLLBACK PREPARED '`+gid+`'`)
	running, err := d.Transactions(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	blocking, err := d.Blockers(t.Context(), own, []dialects.Name{{Schema: "public", Name: "t"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]dialects.Blocker{running, blocking} {
		if len(list) != 1 || list[0].Query != gid || list[0].State != "prepared transaction" ||
			!strings.HasPrefix(list[0].ID, "prepared ") || list[0].PID != "" || list[0].Age <= 0 || list[0].Age > time.Hour {
			t.Errorf("got %+v", list)
		}
	}
	if err := d.TerminateBlocker(t.Context(), own, running[0].PID); err == nil {
		t.Error("a prepared transaction has no session to end")
	}
}
