package migrate

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// conn is one command's way to the database: a session for the ledger's short statements, what the
// server says of itself, and the ledger. Long work has sessions of its own.
type conn struct {
	*Runner
	session   dialects.Session
	server    dialects.Server
	ledger    ledger
	hasLedger bool
	// foreign says that the ledger was made on another server or database: its registry is not
	// to be trusted until adopt accepts it.
	foreign bool
	clock   Clock
	actor   string
}

// DatabaseError is a database that cannot be used as it is.
type DatabaseError struct {
	Problem string
	Hint    string
}

func (e *DatabaseError) Error() string { return hinted(e.Problem, e.Hint) }

// read opens a command's connection for reading. A ledger newer than the binary is read.
func (r *Runner) read(ctx context.Context) (*conn, error) {
	session, err := r.db.Session(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{
		Runner: r, session: session, clock: r.options.Clock, actor: r.options.Actor,
		ledger: ledger{dialect: r.db.Dialect(), project: r.options.Project, clock: r.options.Clock},
	}
	if err := c.look(ctx); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *conn) look(ctx context.Context) (err error) {
	if c.server, err = c.db.Server(ctx, c.session); err != nil {
		return fmt.Errorf("asking the server what it is: %w", err)
	}
	c.hasLedger, err = c.ledger.there(ctx, c.db, c.session)
	if c.db.Fault(err) == dialects.FaultPrivilege {
		return &DatabaseError{err.Error(), fmt.Sprintf("%s may not read segue's ledger: run as the role that made it, or have that role grant what is needed on it", c.server.User)}
	}
	if err != nil || !c.hasLedger {
		return err
	}
	_, identity, ok, err := c.ledger.own(ctx, c.session)
	c.foreign = ok && identity != c.server.Identity
	return err
}

// write opens a command's connection for changing the ledger's rows. What makes that impossible is
// said before anything is changed.
func (r *Runner) write(ctx context.Context) (*conn, error) {
	c, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.writable(ctx); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// direct opens a command's connection for DDL: session locks and settings must hold on it.
func (r *Runner) direct(ctx context.Context) (*conn, error) {
	c, err := r.write(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.unpooled(); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (c *conn) unpooled() error {
	if !c.server.Pooled {
		return nil
	}
	return &DatabaseError{c.where() + " is reached through a transaction-pooling proxy, on which session locks and settings do not hold",
		"give the server's own URL, or a session-pooling port, in --database-url"}
}

func (c *conn) where() string {
	return fmt.Sprintf("database %s on %s", c.server.Database, c.server.Host)
}

func (c *conn) writable(ctx context.Context) error {
	if c.server.ReadOnly {
		return &DatabaseError{c.where() + " is read-only: it is a replica, or its transactions are read-only by default", "give the URL of the primary"}
	}
	if !c.hasLedger {
		return nil
	}
	version, _, _, err := c.ledger.own(ctx, c.session)
	if err != nil {
		return err
	}
	if version > ledgerVersion {
		return &ConfigError{fmt.Sprintf("the ledger in %s has version %d, and this segue writes version %d", c.where(), version, ledgerVersion),
			"install the segue that the others use, or a newer one"}
	}
	return nil
}

// open makes the ledger where there is none; the caller holds the ledger lock.
func (c *conn) open(ctx context.Context) error {
	if c.hasLedger {
		return nil
	}
	// Every project has a ledger lock of its own, and the ledger is theirs together, as the registry is.
	all := c.lockName(dialects.RegistryLock, "")
	if err := c.lock(ctx, c.session, all, ledgerWait, ""); err != nil {
		return err
	}
	defer c.session.Unlock(context.WithoutCancel(ctx), all)
	if err := c.ledger.create(ctx, c.session, c.server.Identity); err != nil {
		if c.db.Fault(err) == dialects.FaultPrivilege {
			return &DatabaseError{err.Error(), fmt.Sprintf("segue keeps its ledger in tables of its own; let %s create them: %s",
				c.server.User, c.db.Dialect().LedgerGrant(c.server.Database, c.server.User))}
		}
		return err
	}
	c.hasLedger = true
	return nil
}

func (c *conn) close() { c.session.Close() }

// lock polls for a session lock until it is had, the context ends or Options.Wait has passed. No
// transaction is open meanwhile.
func (c *conn) lock(ctx context.Context, s dialects.Session, name dialects.LockName, wait time.Duration, holder string) error {
	deadline := c.clock.Now().Add(wait)
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		ok, err := s.TryLock(ctx, name)
		if err != nil {
			return fmt.Errorf("taking the %s lock: %w", name.Kind, err)
		}
		if ok {
			return nil
		}
		if !c.clock.Now().Before(deadline) {
			return &LockedError{Lock: name, Holder: holder}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.clock.After(pause):
		}
	}
}

// ledgerWait is the least time that a command waits for the ledger lock: it is held for moments.
const ledgerWait = 10 * time.Second

// withLedger runs f under the ledger lock, with the ledger there.
func (c *conn) withLedger(ctx context.Context, f func() error) error {
	return c.locked(ctx, func() error {
		if err := c.open(ctx); err != nil {
			return err
		}
		return f()
	})
}

// locked runs f under the ledger lock. The ledger is not made for it: what is refused changes
// nothing.
func (c *conn) locked(ctx context.Context, f func() error) (err error) {
	name := c.lockName(dialects.LedgerLock, "")
	if err := c.lock(ctx, c.session, name, max(ledgerWait, c.options.Wait), ""); err != nil {
		return err
	}
	defer c.session.Unlock(context.WithoutCancel(ctx), name)
	if !c.hasLedger {
		if c.hasLedger, err = c.ledger.there(ctx, c.db, c.session); err != nil {
			return err
		}
	}
	return f()
}

// records are this project's migrations; none where there is no ledger.
func (c *conn) records(ctx context.Context) (map[string]*record, error) {
	if !c.hasLedger {
		return map[string]*record{}, nil
	}
	return c.ledger.records(ctx, c.session)
}

func (c *conn) lockName(kind dialects.LockKind, migration string) dialects.LockName {
	return dialects.LockName{Kind: kind, Project: c.options.Project, Migration: migration}
}

// mine marks a record as carried by this process.
func (c *conn) mine(r record) record {
	r.Host, r.PID, r.Actor = c.host, os.Getpid(), c.actor
	return r
}

// known resolves a version as given on the command line, such as 2 for 0002, among those that the
// directory or the ledger has.
func (c *conn) known(ctx context.Context, version string) (string, error) {
	m, err := c.set.Find(version)
	if err == nil {
		return m.Version, nil
	}
	if c.hasLedger {
		records, rerr := c.ledger.records(ctx, c.session)
		if rerr != nil {
			return "", rerr
		}
		for v := range records {
			if source.Compare(v, version) == 0 {
				return v, nil
			}
		}
	}
	return "", &ConfigError{Problem: err.Error()}
}
