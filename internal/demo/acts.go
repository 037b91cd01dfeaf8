package demo

import (
	"context"
	"fmt"
	"os"
	"time"
)

// The exit codes that the story waits for (design section 9).
const (
	yes    = 0
	no     = 1
	notYet = 4
)

// setting makes the table, fills it and starts the old app.
func (t *story) setting(ctx context.Context) error {
	t.act("A table, and an app that uses it")
	dir, err := os.OpenRoot(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	files := checkout{dir, t.store.folder()}
	if err := files.add(configuration, createUsers, "web-1.4.0.yaml"); err != nil {
		return err
	}
	if err := files.say(configuration, "server: "+t.server.String()+"\n"); err != nil {
		return err
	}
	if err := t.cat(createUsers); err != nil {
		return err
	}
	if err := t.segue(ctx, yes, "up"); err != nil {
		return err
	}
	t.say("\nThe table gets %s rows, as if it had been in use for a while.", counted(int64(t.Rows)))
	started := time.Now()
	if err := t.store.fill(ctx, t.conn, t.Rows); err != nil {
		return fmt.Errorf("filling the table: %w", err)
	}
	if err := t.store.countStatements(ctx, t.conn); err != nil {
		return fmt.Errorf("setting up statement statistics: %w", err)
	}
	t.say("That took %s. Now web 1.4.0 is deployed. Its manifest says which columns it reads and writes.",
		time.Since(started).Round(100*time.Millisecond))
	if err := t.cat("web-1.4.0.yaml"); err != nil {
		return err
	}
	if err := t.segue(ctx, yes, "deploy", "start", "web", "1.4.0", "--manifest", "web-1.4.0.yaml"); err != nil {
		return err
	}
	if err := t.start(ctx, t.old, instancesOfAnApp); err != nil {
		return err
	}
	if err := t.segue(ctx, yes, "deploy", "finish", "web", "1.4.0"); err != nil {
		return err
	}
	t.say("\nIt is at work over %d connections, and goes on until its successor is there:", instancesOfAnApp)
	if err := t.watch(ctx, 1); err != nil {
		return err
	}
	return files.add(rename, "web-1.5.0.yaml")
}

// change shows what a rename would break, and the plan instead.
func (t *story) change(ctx context.Context) error {
	t.act("The change: user_email shall be called email")
	t.say("As plain SQL it is one line. Run as it is, it would make every statement of web 1.4.0 fail.")
	if err := t.cat(rename); err != nil {
		return err
	}
	if err := t.segue(ctx, yes, "lint"); err != nil {
		return err
	}
	t.say("\nThe plan goes in phases. Each step says what it is for, and whom it blocks.")
	if err := t.planWithoutSQL(ctx); err != nil {
		return err
	}
	t.say("\nNothing has been changed yet:")
	if err := t.watch(ctx, 2); err != nil {
		return err
	}
	t.say("\nweb 1.5.0 knows the column as email alone. It may not be rolled out yet:")
	return t.segue(ctx, notYet, "deploy", "start", "web", "1.5.0", "--manifest", "web-1.5.0.yaml")
}

// migration runs everything up to dual-write under the old app's load.
func (t *story) migration(ctx context.Context) error {
	t.act("Expand and backfill, while web 1.4.0 goes on writing")
	if err := t.segue(ctx, yes, "up"); err != nil {
		return err
	}
	t.say("\nBoth columns are there now, and whoever writes one writes both.")
	return t.watch(ctx, 1)
}

// rollout lets both versions work side by side, and asks for contract too early.
func (t *story) rollout(ctx context.Context) error {
	t.act("The rollout of web 1.5.0, while both versions write")
	if err := t.segue(ctx, yes, "deploy", "start", "web", "1.5.0", "--manifest", "web-1.5.0.yaml"); err != nil {
		return err
	}
	if err := t.start(ctx, t.new, instancesOfAnApp/2); err != nil {
		return err
	}
	if err := t.watch(ctx, 4); err != nil {
		return err
	}
	t.say("\nWhichever version writes, the other one reads it. Where does that leave the migration?")
	if err := t.segue(ctx, yes, "status", "0002"); err != nil {
		return err
	}
	t.say("\nSomebody is in a hurry and wants the old column gone:")
	if err := t.segue(ctx, no, "advance", "0002"); err != nil {
		return err
	}
	t.say("\nThe gate stays closed for as long as web 1.4.0 runs. The rollout goes on, a connection at a time.")
	for t.old.size() > 0 {
		if t.new.size() < instancesOfAnApp {
			if err := t.start(ctx, t.new, 1); err != nil {
				return err
			}
		}
		t.old.shrink()
		if err := t.watch(ctx, 1); err != nil {
			return err
		}
	}
	return t.gone(ctx, "web@1.4.0")
}

// gone waits until the server has let go of an app's connections: it does so a moment after they
// are closed.
func (t *story) gone(ctx context.Context, application string) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var left int
		err := t.conn.QueryRowContext(ctx, t.store.sessions(), application).Scan(&left)
		if err != nil || left == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// contract drops the old column under the new app's load.
func (t *story) contract(ctx context.Context) (err error) {
	t.act("Contract, while web 1.5.0 goes on writing")
	if t.report.Columns, err = compareColumns(ctx, t.store, t.conn); err != nil {
		return err
	}
	t.say("user_email and email differ in %s of %s rows.", counted(t.report.Columns.Differ), counted(t.report.Columns.Rows))
	if err := t.segue(ctx, yes, "deploy", "finish", "web", "1.5.0"); err != nil {
		return err
	}
	if err := t.segue(ctx, yes, "advance", "0002"); err != nil {
		return err
	}
	if err := t.watch(ctx, 1); err != nil {
		return err
	}
	if err := t.segue(ctx, yes, "status", "0002"); err != nil {
		return err
	}
	t.say("\nThis was the point of no return for web 1.4.0, and segue says so:")
	return t.segue(ctx, no, "deploy", "start", "web", "1.4.0")
}

// reckoning shows the table and compares it with what the apps wrote.
func (t *story) reckoning(ctx context.Context) (err error) {
	t.act("What is left, and what the apps saw")
	t.stop(t.new)
	described, err := t.store.describe(ctx, t.conn)
	if err != nil {
		return fmt.Errorf("describing the table: %w", err)
	}
	t.say("The table users, with every name but the column's as it was:\n")
	for _, line := range described {
		t.show(line + "\n")
	}
	t.report.Acknowledged, err = compareWrites(ctx, t.conn, t.rows)
	return err
}
