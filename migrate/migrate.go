package migrate

import (
	"io/fs"
	"log/slog"
	"os"
	"os/user"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/backfill"
	"github.com/segue-db/segue/migrate/source"
)

// Clock tells the time and waits.
type Clock = backfill.Clock

// Options of a Runner. The zero value of each has a meaning of its own.
type Options struct {
	// Project is the ledger's name for this migrations directory; empty is main.
	Project string
	// Layout of the directory; empty finds it out.
	Layout source.Layout
	// Direct runs every migration as written. It is refused where an app version is registered.
	Direct bool
	// Wait is how long to poll for a lock, or for an answer that is not-yet or unknown.
	Wait time.Duration
	// OutOfOrder lets a migration run that sorts before one that is applied.
	OutOfOrder bool
	// Apps that are expected to be registered, as APP or APP/GROUP.
	Apps []string
	// RollbackWindow is how long a retired app version still counts.
	RollbackWindow time.Duration
	Locks          Locks
	Backfill       Backfill
	// Logger gets what happens, as it happens; nil discards it.
	Logger *slog.Logger
	// Actor is who is responsible, for the audit log; empty is taken from the environment:
	// SEGUE_ACTOR, the CI's user, user@host.
	Actor string
	// Version of segue, for the ledger.
	Version string
	Clock   Clock
}

// Locks are how the runner takes locks on tables (design section 6). Zero values are the defaults.
type Locks struct {
	Timeout                time.Duration // of one attempt; 1s
	Attempts               int           // 30
	Within                 time.Duration // of all attempts; 10m
	TerminateBlockersAfter time.Duration // 0: never
}

// Backfill is how rows are copied. Zero values are the defaults.
type Backfill struct {
	BatchTarget time.Duration // 250ms
	Workers     int           // 1
	// Progress is told after each batch; it must return at once.
	Progress func(migration string, p backfill.Progress)
	// Throttles hold the copy back; see backfill.Throttle.
	Throttles []backfill.Throttle
}

// Runner carries one directory's migrations out on one database. It holds no connection between
// calls and is safe for concurrent use.
type Runner struct {
	db      dialects.Database
	set     *source.Set
	options Options
	log     *slog.Logger
	host    string
}

// New reads the migrations and returns a Runner. It does not connect. Errors are the directory's:
// see package source.
func New(files fs.FS, db dialects.Database, o Options) (*Runner, error) {
	if o.Layout == "" {
		o.Layout = source.Auto
	}
	set, err := source.Read(files, o.Layout)
	if err != nil {
		return nil, err
	}
	if o.Project == "" {
		o.Project = "main"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = backfill.SystemClock{}
	}
	if o.Locks.Timeout == 0 {
		o.Locks.Timeout = time.Second
	}
	if o.Locks.Attempts == 0 {
		o.Locks.Attempts = 30
	}
	if o.Locks.Within == 0 {
		o.Locks.Within = 10 * time.Minute
	}
	if o.Backfill.BatchTarget == 0 {
		o.Backfill.BatchTarget = 250 * time.Millisecond
	}
	if o.Backfill.Workers == 0 {
		o.Backfill.Workers = 1
	}
	host, _ := os.Hostname() // the name is for people to read; an empty one does no harm
	if o.Actor == "" {
		o.Actor = actor(host)
	}
	return &Runner{db: db, set: set, options: o, log: o.Logger.With("project", o.Project), host: host}, nil
}

// actor is who is responsible: SEGUE_ACTOR, else the CI's user, else user@host.
func actor(host string) string {
	for _, name := range []string{"SEGUE_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"} {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return name + "@" + host
}
