package dialecttest

import (
	"context"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

// makeLedger makes segue's tables.
func makeLedger(t *testing.T, l *live) {
	t.Helper()
	for _, ddl := range l.d.LedgerDDL() {
		Script(t, l.s, ddl)
	}
}

// Held tables are nobody else's until the transaction ends, DDL within it or not, and what it says
// to the ledger meanwhile is kept.
func testHold(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE taken (id int NOT NULL PRIMARY KEY)`, `CREATE TABLE other (id int NOT NULL PRIMARY KEY)`)
	makeLedger(t, l)
	steps := l.d.LedgerTable("steps")
	hold := dialects.TxOptions{Hold: []dialects.Name{{Name: "taken"}}, LockTimeout: 2 * time.Second}
	watch := l.session(t)
	for _, ends := range []string{"commit", "rollback", "death"} {
		s := l.session(t)
		pid := l.pid(t, s)
		app := l.app(t, "app@1")
		tx := Begin(t, s, hold)
		var reads, writes <-chan error
		reader, writer := l.session(t), l.session(t)
		readerPID := l.pid(t, reader)
		for _, waiting := range []struct {
			done *<-chan error
			s    dialects.Session
			sql  string
		}{{&reads, reader, `SELECT * FROM taken`}, {&writes, writer, `DELETE FROM taken WHERE id = 99`}} {
			who := l.pid(t, waiting.s)
			*waiting.done = later(func(ctx context.Context) error { return waiting.s.Script(ctx, waiting.sql) })
			l.awaitWait(t, watch, who)
		}
		send(t, app, `INSERT INTO other VALUES (1)`) // others' tables are free
		send(t, app, `DELETE FROM other`)
		column := "added_before_" + ends
		Script(t, tx, `ALTER TABLE taken ADD COLUMN `+column+` int`)
		l.awaitWait(t, watch, readerPID) // DDL has not let go of the table
		if _, err := tx.Exec(t.Context(), `INSERT INTO `+steps+` (project, migration, step, state, attempts, started_at)
			VALUES ($1, 'm', 's', 'done', 1, $2)`, ends, time.Unix(0, 0).UTC()); err != nil {
			t.Errorf("writing the ledger: %v", err)
		}
		if got := Value(t, tx, `SELECT COUNT(*) FROM taken`); got != "0" {
			t.Errorf("the holder reads %s rows", got)
		}
		switch ends {
		case "commit":
			commit(t, tx)
		case "rollback":
			rollback(t, tx)
		case "death":
			if err := l.TerminateBlocker(t.Context(), l.s, pid); err != nil {
				t.Fatal(err)
			}
		}
		if err := <-reads; err != nil {
			t.Errorf("%s: the reader's error: %v", ends, err)
		}
		if err := <-writes; err != nil {
			t.Errorf("%s: the writer's error: %v", ends, err)
		}
		if got := Value(t, l.s, `SELECT COUNT(*) FROM `+steps+` WHERE project = $1`, ends); ends == "commit" && got != "1" {
			t.Errorf("%s ledger rows after the commit", got)
		}
		added := l.inspect(t, l.s).Table(dialects.Name{Name: "taken"}).Column(column) != nil
		if ends == "commit" && !added {
			t.Error("the column is not there after the commit")
		}
		if ends != "death" {
			Script(t, s, `DELETE FROM taken`) // the session is as it was
			Script(t, s, `DELETE FROM other`)
		}
	}
	// Getting the tables is bounded, and what was not had is not kept.
	app := l.app(t, "app@2")
	send(t, app, `BEGIN`)
	send(t, app, `SELECT * FROM taken`)
	_, err := l.s.Begin(t.Context(), dialects.TxOptions{Hold: []dialects.Name{{Name: "other"}, {Name: "taken"}}, LockTimeout: time.Second})
	wantFault(t, l, err, dialects.FaultLockTimeout, "holding a table that is in use")
	Script(t, watch, `INSERT INTO other VALUES (5)`)
	send(t, app, `COMMIT`)
	tx := Begin(t, l.s, hold)
	commit(t, tx)
}
