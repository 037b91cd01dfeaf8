package cli

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate"
)

// access says whether a command may change the database. One that may prints first where it works.
type access string

const (
	reads  access = "reads"
	writes access = "writes"
)

// request is how a command wants its runner.
type request struct {
	access  access
	absence absence
	wait    time.Duration
	direct  bool
}

// live is a runner on a database, for one command.
type live struct {
	*migrate.Runner
	settings *settings
	server   dialects.Server
	progress *progress
	close    func()
}

// open merges the settings and connects. The caller closes what it returns.
func (a *app) open(ctx context.Context, r request) (*live, error) {
	if _, err := a.format(); err != nil {
		return nil, err
	}
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	files, err := s.files(r.absence)
	if err != nil {
		return nil, err
	}
	db, err := openDatabase(ctx, s.url)
	if err != nil {
		return nil, err
	}
	l := &live{settings: s, progress: &progress{app: a}}
	l.close = func() {
		l.progress.end()
		db.Close()
	}
	backfill := s.backfill
	backfill.Progress = l.progress.report
	l.Runner, err = migrate.New(files, db, migrate.Options{
		Project: s.project, Layout: s.layout, Direct: s.direct || r.direct, Wait: r.wait,
		OutOfOrder: s.outOfOrder, Apps: s.apps, RollbackWindow: s.rollbackWindow,
		Locks: s.locks, Backfill: backfill, Logger: a.logger(), Version: version(),
	})
	if err != nil {
		l.close()
		return nil, err
	}
	if l.server, err = l.Server(ctx); err != nil {
		l.close()
		return nil, err
	}
	if r.access == writes {
		a.say("database %s on %s, as %s (%s, project %s)", l.server.Database, l.server.Host, l.server.User, l.server.Version, s.project)
	}
	return l, nil
}

// logger writes what the runner logs to stderr: by default only what needs attention.
func (a *app) logger() *slog.Logger {
	level := slog.LevelWarn
	switch {
	case a.flags.verbose:
		level = slog.LevelInfo
	case a.flags.quiet:
		level = slog.LevelError
	}
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level}))
}

// version is segue's own, as the go command stamped it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
