package mysql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
)

// hold begins a transaction that holds tables: LOCK TABLES ... WRITE of them and of the ledger's, in
// place of START TRANSACTION. Neither server has DDL in a transaction, and DDL would let go of a
// transaction's locks; it keeps those of LOCK TABLES. Both servers, tried on 9.7 and 10.11:
//
//   - Each statement commits by itself, the ledger's rows too: they are durable before the next
//     statement runs. Nothing is ever undone, by [transaction.Rollback] least of all; a statement
//     that fails leaves those before it, and the tables held. There are no savepoints.
//   - CREATE and DROP TRIGGER and ALTER TABLE keep the table, in its new shape. Renaming a table
//     keeps it on MySQL; MariaDB loses it by ALTER TABLE ... RENAME, and refuses RENAME TABLE.
//     CREATE TABLE is refused by both.
//   - Any other table is error 1100, and so is a held one under an alias, or twice in a statement.
//     What information_schema tells can be read. Of performance_schema MariaDB lets nothing be read;
//     MySQL lets the statements' digests, the sessions' attributes and the locks, but not threads.
//     GET_LOCK works.
//   - START TRANSACTION lets go of all, COMMIT of nothing.
//   - The connection's end, a kill included, lets go of all.
//
// A table that stands in a foreign key with a held one is locked with it, against writers.
//
// A transaction that has read the table, or written one that it refers to, and goes on to write the
// table while the lock is waited for is a deadlock's victim (1213), as it is under every DDL of these
// servers: the one who waits for a table to himself never is. Where the lock timeout is less than a
// second, the least that either waits, MariaDB is asked not to wait at all; MySQL cannot be.
func (t *transaction) hold(ctx context.Context, tables []dialects.Name) error {
	var locked []string
	for _, table := range tables {
		locked = append(locked, qualified(table)+" WRITE")
	}
	t.held = qualified(tables[0])
	var name string
	err := dialects.ReadRows(ctx, t, `/* segue: hold */
SELECT table_name FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name IN `+ledgerNames+` ORDER BY 1`, nil,
		func() error {
			if !slices.Contains(tables, dialects.Name{Name: name}) {
				locked = append(locked, quote(name)+" WRITE")
			}
			return nil
		}, &name)
	if err != nil {
		return err
	}
	wait := ""
	if t.lockTimeout > 0 && t.lockTimeout < time.Second && t.conn.database.dialect().Kind() == dialects.MariaDB {
		wait = " NOWAIT"
	}
	_, err = t.Exec(ctx, "LOCK TABLES "+strings.Join(locked, ", ")+wait)
	return err
}

// letGo ends it. That the tables were held until now shows in that another name for one is refused.
func (t *transaction) letGo(ctx context.Context) error {
	_, err := t.Exec(ctx, "SELECT 1 FROM "+t.held+" AS segue_held LIMIT 0")
	switch {
	case err == nil:
		return errors.New("committing: a statement of the transaction has let go of the tables that it held")
	case !isCode(err, codeNotLocked):
		return fmt.Errorf("committing: %w", err)
	}
	if _, err := t.Exec(ctx, "UNLOCK TABLES"); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	t.leave(ctx)
	return nil
}

func nameList(names []dialects.Name) string {
	texts := make([]string, len(names))
	for i, n := range names {
		texts[i] = n.String()
	}
	return strings.Join(texts, ", ")
}
