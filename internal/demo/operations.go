package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
)

// operation chooses what an app's user does next.
func (a *app) operation() func(context.Context, *pgx.Conn) error {
	switch n := rand.IntN(100); {
	case n < 15:
		return a.insert
	case n < 20:
		return a.insertUnlessTaken
	case n < 55:
		return a.changeByID
	case n < 65:
		return a.changeByAddress
	case n < 75:
		return a.changeName
	}
	return a.find
}

func (a *app) insert(ctx context.Context, conn *pgx.Conn) error {
	address, started := a.address(), time.Now()
	var id int64
	if err := conn.QueryRow(ctx, a.sql.insert, address, "new").Scan(&id); err != nil {
		return err
	}
	a.wrote(started)
	a.rows.add(id, address)
	return nil
}

// insertUnlessTaken inserts an address and, as a client does that is not sure, inserts it again.
func (a *app) insertUnlessTaken(ctx context.Context, conn *pgx.Conn) error {
	address, started := a.address(), time.Now()
	var id, second int64
	if err := conn.QueryRow(ctx, a.sql.insertUnlessTaken, address, "new").Scan(&id); err != nil {
		return err
	}
	a.wrote(started)
	// Nobody knows the row before it is added below, so its address is still taken.
	err := conn.QueryRow(ctx, a.sql.insertUnlessTaken, address, "new").Scan(&second)
	if err == nil {
		return fmt.Errorf("%s was inserted twice, as rows %d and %d: the column is not unique", address, id, second)
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	a.rows.add(id, address)
	return nil
}

func (a *app) changeByID(ctx context.Context, conn *pgx.Conn) error {
	id := a.rows.pick()
	return a.change(ctx, conn, id, a.sql.changeByID, id)
}

func (a *app) changeByAddress(ctx context.Context, conn *pgx.Conn) error {
	id := a.rows.pick()
	address, _, ok := a.rows.settled(id)
	if !ok {
		return nil
	}
	return a.change(ctx, conn, id, a.sql.changeByAddress, address)
}

// change gives a row a new address; key is what the statement finds the row by.
func (a *app) change(ctx context.Context, conn *pgx.Conn, id int64, sql string, key any) error {
	w := a.rows.begin(id, a.address())
	started := time.Now()
	tag, err := conn.Exec(ctx, sql, key, w.address)
	if err != nil {
		return err // it may be stored all the same: the write stays a candidate
	}
	if tag.RowsAffected() == 0 {
		a.rows.withdraw(w)
		return nil
	}
	a.wrote(started)
	a.rows.acknowledge(w)
	return nil
}

// changeName writes a row without its address.
func (a *app) changeName(ctx context.Context, conn *pgx.Conn) error {
	started := time.Now()
	if _, err := conn.Exec(ctx, a.sql.changeName, a.rows.pick(), "renamed"); err != nil {
		return err
	}
	a.wrote(started)
	return nil
}

// find reads a row by the address that it was last given, by whichever version: a read that does
// not find it, though nobody has written it since, is stale.
func (a *app) find(ctx context.Context, conn *pgx.Conn) error {
	id := a.rows.pick()
	address, writes, ok := a.rows.settled(id)
	if !ok {
		return nil
	}
	var found int64
	err := conn.QueryRow(ctx, a.sql.find, address).Scan(&found)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
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
