package mysql

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// appSession is a session as an app has it: with the server's own isolation.
func appSession(t *testing.T, d *Database, name string) *session {
	t.Helper()
	pool := openPool(t, attributed(d, name))
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &session{querier{&connection{Conn: conn, database: d, pool: pool}}}
	runScript(t, s, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
	return s
}

// B6: MySQL gives a transaction with an older snapshot error 1412 for a column that came at once. It
// does not where the transaction is waited for. MariaDB gives none.
func TestSnapshotsAreWaitedFor(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, app := sessionTest(t, d), appSession(t, d, "web@1.4.0")
		runScript(t, s, "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE other (id int)")
		isMySQL := d.dialect().Kind() == dialects.MySQL

		// An attempt at once.
		runScript(t, app, "START TRANSACTION; SELECT * FROM other")
		runScript(t, s, "ALTER TABLE users ADD COLUMN a int, ALGORITHM=INSTANT")
		err := app.Script(t.Context(), "SELECT * FROM users")
		if isMySQL != isCode(err, 1412) || isMySQL != (d.Fault(err) == dialects.FaultSerialization) {
			t.Errorf("with a snapshot from before: %v", err)
		}
		runScript(t, app, "ROLLBACK")

		// One that waits, as the runner does for who was there before.
		runScript(t, app, "START TRANSACTION; SELECT * FROM other")
		got := blockersTest(t, d, s, "users")
		if !isMySQL {
			if len(got) != 1 || !got[0].Suspected || strings.HasPrefix(got[0].State, snapshotState) {
				t.Errorf("in the way: %+v", got)
			}
			return
		}
		if len(got) != 1 || got[0].App != "web@1.4.0" || got[0].State != "holds a snapshot from before, idle in transaction" ||
			got[0].Suspected || got[0].Query != "SELECT * FROM other" || got[0].User != "root" {
			t.Fatalf("in the way: %+v", got)
		}
		runScript(t, app, "SELECT * FROM users; COMMIT")
		await(t, "nobody is in the way", func() bool { return len(blockersTest(t, d, s, "users")) == 0 })
		runScript(t, s, "ALTER TABLE users DROP COLUMN a, ALGORITHM=INSTANT")
		runScript(t, app, "START TRANSACTION; SELECT * FROM other; SELECT * FROM users; COMMIT")
	})
}

func TestSnapshotsThatCannotMatter(t *testing.T) {
	server := scratch.MySQL(t)
	d, elsewhere := openAt(t, server.Database(t)), openAt(t, server.Database(t))
	s := sessionTest(t, d)
	runScript(t, s, "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE other (id int); INSERT INTO other VALUES (1)")
	stranger, crosser, dump := appSession(t, elsewhere, "web@1"), appSession(t, elsewhere, "crosser"), appSession(t, elsewhere, "mysqldump")
	runScript(t, stranger, "CREATE TABLE t (id int)")
	committed, nosnapshot, reading, writing := appSession(t, d, "committed"), appSession(t, d, "begun"), appSession(t, d, "reading"), appSession(t, d, "writing")

	for _, app := range []*session{stranger, crosser, dump} {
		runScript(t, app, "START TRANSACTION; SELECT * FROM t")
	}
	runScript(t, crosser, "SELECT * FROM "+quote(d.config.DBName)+".other")
	runScript(t, committed, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION; SELECT * FROM other")
	runScript(t, nosnapshot, "START TRANSACTION")
	value(t, begin(t, sessionTest(t, d), dialects.TxOptions{}), "SELECT COUNT(*) FROM other")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for app, sql := range map[*session]string{reading: "SELECT id, SLEEP(60) FROM other", writing: "UPDATE other SET id = id + SLEEP(60)"} {
		id := value(t, app, "SELECT CONNECTION_ID()")
		go func() { _, _ = app.conn.ExecContext(ctx, sql) }()
		await(t, sql+" runs", func() bool {
			return value(t, s, "SELECT COUNT(*) FROM information_schema.processlist WHERE id = $1 AND state = 'User sleep'", id) == "1"
		})
	}
	value(t, s, "SELECT SLEEP(0.12)")
	var apps []string
	for _, b := range blockersTest(t, d, s, "users") {
		apps = append(apps, b.App)
		if !strings.HasPrefix(b.State, snapshotState) {
			t.Errorf("%+v", b)
		}
	}
	slices.Sort(apps)
	if !slices.Equal(apps, []string{"crosser", "mysqldump"}) {
		t.Errorf("waited for %v", apps)
	}
	cancel()
}

// Where the server shows no locks, a snapshot in this database is no mere suspicion.
func TestSnapshotsWhereLocksAreNotShown(t *testing.T) {
	d := openAt(t, scratch.MySQL(t, scratch.Setting("performance_schema", "OFF")).Database(t))
	s, app := sessionTest(t, d), appSession(t, d, "web@1")
	runScript(t, s, "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE other (id int)")
	runScript(t, app, "START TRANSACTION; SELECT * FROM other")
	if got := blockersTest(t, d, s, "users"); len(got) != 1 || got[0].Suspected || !strings.HasPrefix(got[0].State, snapshotState) {
		t.Errorf("%+v", got)
	}
}
