package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// operation chooses what an app's user does next.
func (a *app) operation() func(context.Context, *connection) error {
	switch n := rand.IntN(100); {
	case n < 14:
		return a.insert
	case n < 17:
		return a.insertUnlessTaken
	case n < 20:
		return a.insertAndDelete
	case n < 55:
		return a.changeByID
	case n < 65:
		return a.changeByAddress
	case n < 75:
		return a.changeName
	}
	return a.find
}

func (a *app) insert(ctx context.Context, conn *connection) error {
	id, address, err := a.insertNew(ctx, conn, a.sql.insert)
	if err != nil {
		return err
	}
	a.rows.add(id, address)
	return nil
}

// insertNew inserts a row that nobody else knows.
func (a *app) insertNew(ctx context.Context, conn *connection, statement string) (id int64, address string, err error) {
	address = a.address()
	started := time.Now()
	id, stored, err := a.store.insert(ctx, conn, statement, address)
	switch {
	case err != nil:
		return 0, "", err
	case !stored:
		return 0, "", fmt.Errorf("%s was not inserted, though nobody has it", address)
	}
	a.wrote(started)
	return id, address, nil
}

// insertUnlessTaken inserts an address and, as a client does that is not sure, inserts it again.
func (a *app) insertUnlessTaken(ctx context.Context, conn *connection) error {
	id, address, err := a.insertNew(ctx, conn, a.sql.insertUnlessTaken)
	if err != nil {
		return err
	}
	second, stored, err := a.store.insert(ctx, conn, a.sql.insertUnlessTaken, address)
	switch {
	case err != nil:
		return err
	case stored:
		return fmt.Errorf("%s was inserted twice, as rows %d and %d: the column is not unique", address, id, second)
	}
	a.rows.add(id, address)
	return nil
}

// insertAndDelete leaves nothing: a row that is there in the end, and that nobody knows, differs.
func (a *app) insertAndDelete(ctx context.Context, conn *connection) error {
	_, address, err := a.insertNew(ctx, conn, a.sql.insert)
	if err != nil {
		return err
	}
	started := time.Now()
	met, err := rowsMet(conn.ExecContext(ctx, a.sql.deleteByAddress, address))
	switch {
	case err != nil:
		return err
	case met != 1:
		return fmt.Errorf("deleting %s, which is one row, met %d", address, met)
	}
	a.wrote(started)
	return nil
}

func (a *app) changeByID(ctx context.Context, conn *connection) error {
	id := a.rows.pick()
	w := a.rows.begin(id, a.address())
	if w == nil {
		return nil
	}
	return a.change(ctx, conn, w, a.sql.changeByID[rand.IntN(len(a.sql.changeByID))], id)
}

func (a *app) changeByAddress(ctx context.Context, conn *connection) error {
	w, present := a.rows.beginAlone(a.rows.pick(), a.address())
	if w == nil {
		return nil
	}
	return a.change(ctx, conn, w, a.sql.changeByAddress, present)
}

// change gives a row a new address; key is what the statement finds the row by.
func (a *app) change(ctx context.Context, conn *connection, w *write, statement string, key any) error {
	started := time.Now()
	met, err := rowsMet(conn.ExecContext(ctx, statement, w.address, key))
	if err != nil {
		return err // it may be stored all the same: the write stays a candidate
	}
	if met == 0 {
		a.rows.withdraw(w)
		return nil
	}
	a.wrote(started)
	a.rows.acknowledge(w)
	return nil
}

// changeName writes a row without its address.
func (a *app) changeName(ctx context.Context, conn *connection) error {
	started := time.Now()
	if _, err := conn.ExecContext(ctx, a.sql.changeName, a.rows.pick()); err != nil {
		return err
	}
	a.wrote(started)
	return nil
}

// find reads a row by the address that it was last given, by whichever version: a read that does
// not find it, though nobody has written it since, is stale.
func (a *app) find(ctx context.Context, conn *connection) error {
	id := a.rows.pick()
	address, writes, ok := a.rows.settled(id)
	if !ok {
		return nil
	}
	var found int64
	err := conn.QueryRowContext(ctx, a.sql.find, address).Scan(&found)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	stale := found != id && a.rows.writes(id) == writes
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts.Reads++
	if stale {
		a.counts.StaleReads++
	}
	return nil
}

// rowsMet is how many rows a statement found to write.
func rowsMet(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
