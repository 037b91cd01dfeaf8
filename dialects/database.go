package dialects

import (
	"context"
	"time"
)

// Queryer runs SQL. Placeholders are $1, $2, ... in every dialect.
type Queryer interface {
	// Exec runs one statement and returns the number of rows that it changed.
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
	// Query runs one statement; the rows must be closed.
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	// Script runs one or more statements as they are, with no arguments.
	Script(ctx context.Context, sql string) error
}

// Rows is a result. Err must be asked after the last Next.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// Tx is a transaction at READ COMMITTED, whatever the server's default is.
type Tx interface {
	Queryer
	// LockRegistry takes a transaction lock in a statement of its own, waiting for it, so that
	// what is read after it is fresh.
	LockRegistry(ctx context.Context, name LockName) error
	Commit(ctx context.Context) error
	// Rollback after Commit does nothing.
	Rollback(ctx context.Context) error
}

// TxOptions are settings that hold for one transaction. Zero leaves the server's own.
type TxOptions struct {
	LockTimeout time.Duration
	// Hold are tables that nobody else reads or writes until the transaction ends. Where a
	// statement of it commits, as DDL does on MySQL, they are held all the same; the ledger's
	// tables can be written meanwhile, and no other table can be read.
	Hold []Name
}

// Session is one connection of the runner's own, never shared, with row security off: a query that
// a policy would filter fails instead.
type Session interface {
	Queryer
	Begin(ctx context.Context, o TxOptions) (Tx, error)
	// TryLock takes a lock that is the session's and ends with it; false if another has it. It
	// never waits, so no transaction is held open by a waiter.
	TryLock(ctx context.Context, name LockName) (bool, error)
	Unlock(ctx context.Context, name LockName) error
	// Held reports whether any session holds the lock. It takes nothing itself.
	Held(ctx context.Context, name LockName) (bool, error)
	// Timeout sets or, with zero, removes the lock timeout for statements outside transactions.
	Timeout(ctx context.Context, lock time.Duration) error
	Close()
}

// LockName names one of segue's locks. The database is part of the lock by the dialect's own means.
type LockName struct {
	Kind    LockKind
	Project string
	// Migration is set for MigrationLock alone.
	Migration string
}

// LockKind is one of the three locks of design section 5.
type LockKind string

// The locks: short work on the ledger, long work on one migration, and the registry of app versions.
const (
	LedgerLock    LockKind = "ledger"
	MigrationLock LockKind = "migration"
	RegistryLock  LockKind = "registry"
)

// Database is a live server's database.
type Database interface {
	Dialect() Dialect
	Session(ctx context.Context) (Session, error)
	// Server tells what is at the other end.
	Server(ctx context.Context, q Queryer) (Server, error)
	// Inspect reads the catalog of everything but the server's own schemas and segue's.
	Inspect(ctx context.Context, q Queryer) (*Catalog, error)
	// Sizes are the sizes of the tables that Inspect finds, by name. No rows are read, and no lock on
	// a table is waited for where the server keeps the numbers apart from it.
	Sizes(ctx context.Context, q Queryer) ([]TableSize, error)
	// Blockers are the sessions that hold locks on the tables, or have held a transaction open on
	// them, oldest first.
	Blockers(ctx context.Context, q Queryer, tables []Name) ([]Blocker, error)
	// Transactions are those now running in this database, the runner's own session left out. Where
	// the server does not tell which database one is in, it counts. A transaction that has ended
	// does not come back under the same ID, but for a next one of its session within the second.
	Transactions(ctx context.Context, q Queryer) ([]Blocker, error)
	// TerminateBlocker ends another session by its id.
	TerminateBlocker(ctx context.Context, q Queryer, session string) error
	// Evidence is what the server itself shows of use.
	Evidence(ctx context.Context, q Queryer) (Evidence, error)
	// Preflight finds what would make the dual write or its copy fail for this role: privileges,
	// row security. It returns a *Refusal.
	Preflight(ctx context.Context, q Queryer, c *Catalog, copy CopySpec) error
	// Recheck names each object on the old form that the plan does not know of, and each trigger
	// that would run after the sync trigger. It is asked inside contract's transaction, or one
	// that holds the table.
	Recheck(ctx context.Context, q Queryer, dw DualWriteSpec, known []string) ([]string, error)
	// Fault classifies an error of this database.
	Fault(err error) Fault
	Close()
}

// Server is what a server says of itself.
type Server struct {
	Version  Version
	Host     string
	Database string
	User     string
	// Identity is the same for the same database on the same server, and differs for a copy
	// restored elsewhere.
	Identity string
	ReadOnly bool
	// Flavour is what stands behind the server's protocol, where that is not the plain server.
	Flavour Flavour
	// Pooled says that statements of one session may reach different server sessions
	// (transaction pooling): DDL cannot be run through it.
	Pooled bool
}

// Flavour is another system than the plain server of its kind: one that takes the place of it, or
// that several servers make up together.
type Flavour string

// The flavours.
const (
	Vitess       Flavour = "vitess"
	TiDB         Flavour = "tidb"
	Galera       Flavour = "galera"                          // each node takes writes
	MultiPrimary Flavour = "multi-primary group replication" // likewise
)

// Blocker is a session in the way.
type Blocker struct {
	ID    string // the transaction's
	PID   string // the session's
	App   string
	User  string
	State string
	Query string
	Age   time.Duration // of the transaction
	// Suspected says that the server does not tell who holds the locks: the session may have
	// nothing to do with the tables. It is named, and neither waited for nor terminated.
	Suspected bool
}

// Evidence of use. Unreadable says what is kept and could not be read, which is not the same as
// nothing seen; Absent what this server does not keep, from which nothing follows.
type Evidence struct {
	Sessions   []SessionUse
	Statements []StatementUse
	Unreadable []string
	Absent     []string
}

// SessionUse is a session that names itself APP@VERSION.
type SessionUse struct {
	App     string
	Version string
	PID     string
	// Idle is how long ago it last did something.
	Idle time.Duration
}

// StatementUse is a statement that the server counts. Calls only ever grows, but for resets.
type StatementUse struct {
	ID    string
	Query string
	Calls int64
	User  string
	// LastSeen is when it was called last; zero where the server does not tell.
	LastSeen time.Time
}

// Fault is what kind of trouble an error is.
type Fault string

// The faults that the runner tells apart.
const (
	FaultNone          Fault = ""
	FaultLockTimeout   Fault = "lock-timeout"
	FaultDeadlock      Fault = "deadlock"
	FaultSerialization Fault = "serialization"
	FaultConnection    Fault = "connection" // lost or refused; a statement may have been carried out
	FaultPrivilege     Fault = "privilege"
	FaultReadOnly      Fault = "read-only"
	FaultConstraint    Fault = "constraint" // a row breaks a constraint
	FaultRowSecurity   Fault = "row-security"
	FaultMissing       Fault = "missing" // a table, column or schema is not there
	FaultOther         Fault = "other"
)

// Passing reports whether the same statement may succeed when it is tried again.
func (f Fault) Passing() bool {
	return f == FaultLockTimeout || f == FaultDeadlock || f == FaultSerialization
}
