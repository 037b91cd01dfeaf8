package integration_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// TestOldSnapshots: on MySQL a transaction whose snapshot is older than a change of the table's columns
// gets error 1412 when it reads the table (dual-write.md, B6). Expand and contract wait for it, though
// it holds no lock on the table.
func TestOldSnapshots(t *testing.T) {
	long(t)
	on := onMySQL
	url, f := on.started(t, 100)
	admin := connect(t, url)
	run(t, admin, "CREATE TABLE other (id int PRIMARY KEY)")
	meets := func(column string, attempt func(*migrate.Runner) error) {
		t.Helper()
		reader := connect(t, url)
		run(t, reader, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
		run(t, reader, "BEGIN")
		run(t, reader, "SELECT count(*) FROM other")
		old(t, admin, reader)
		r := runner(t, url, f, migrate.Options{Locks: few})
		err := attempt(r)
		var blocked *migrate.BlockedError
		if !errors.As(err, &blocked) || !strings.Contains(err.Error(), "pid "+reader.pid+" ") {
			t.Fatalf("pid %s holds an old snapshot: %v", reader.pid, err)
		}
		t.Log(err)
		if n := count(t, reader, "SELECT count("+column+") FROM users"); n != 100 {
			t.Errorf("the reader finds %d rows", n)
		}
		run(t, reader, "COMMIT")
		if err := attempt(r); err != nil {
			t.Fatal(err)
		}
	}
	meets("user_email", func(r *migrate.Runner) error {
		_, err := r.Up(t.Context())
		return err
	})
	r := runner(t, url, f, migrate.Options{})
	if err := r.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	deployed(t, r, uses("1.5.0", "email"))
	meets("email", func(r *migrate.Runner) error {
		return r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"})
	})
	if s := status(t, r, "0002"); s.State != phases.Done {
		t.Errorf("it stands in %s, %s", s.Phase, s.State)
	}
}

// TestOldSnapshotsOfFiles: so does an ALTER that is a file's own.
func TestOldSnapshotsOfFiles(t *testing.T) {
	on := onMySQL
	url := on.shared(t).Database(t)
	f := files{"0001_a.sql": "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE other (id int PRIMARY KEY);\nINSERT INTO a VALUES (1);\n"}
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	reader, admin := connect(t, url), connect(t, url)
	run(t, reader, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
	run(t, reader, "BEGIN")
	run(t, reader, "SELECT count(*) FROM other")
	old(t, admin, reader)
	for version, alter := range map[string]string{"0002": "ALTER TABLE a ADD COLUMN n int;\n", "0003": "ALTER TABLE a ADD COLUMN m int, ALGORITHM=INSTANT;\n"} {
		f := files{"0001_a.sql": f["0001_a.sql"], version + "_column.sql": alter}
		_, err := runner(t, url, f, migrate.Options{Locks: few}).Up(t.Context())
		var blocked *migrate.BlockedError
		if !errors.As(err, &blocked) || !strings.Contains(err.Error(), "pid "+reader.pid+" ") {
			t.Errorf("pid %s holds an old snapshot, and %s: %v", reader.pid, alter, err)
		}
	}
	if n := count(t, reader, "SELECT count(*) FROM a"); n != 1 {
		t.Errorf("the reader finds %d rows", n)
	}
}

// old waits until the reader's transaction is older than an attempt at a lock takes: younger ones are
// not waited for. The server counts its age in whole seconds.
func old(t *testing.T, admin, reader *client) {
	t.Helper()
	until(t, "the snapshot to be old", func() bool {
		run(t, admin, "DO SLEEP(0.12)") // innodb_trx is not read anew where it was within 0.1 s
		return count(t, admin, "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = "+reader.pid+" AND trx_started < NOW() - INTERVAL 2 SECOND") == 1
	})
}
