package scratch

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/segue-db/segue/dialects"
)

// ErrNoServer means that no place has a server of the wanted kind and release. The error that wraps
// it says what to install.
var ErrNoServer = errors.New("no such server on this machine")

// Durability says what a server does for its data when the machine, not the server, goes down.
type Durability string

// Volatile servers never wait for the disk; Durable ones behave as in production.
const (
	Volatile Durability = "volatile"
	Durable  Durability = "durable"
)

// Options say which server is wanted. The zero value is any PostgreSQL, volatile.
type Options struct {
	// Server is the kind, and the release if that matters.
	Server dialects.Version
	// Durability is Volatile unless said. It has no bearing on a server that is running already.
	Durability Durability
	// Settings are further server settings. A server that is running already does not serve then.
	Settings map[string]string
	// Private asks for a server that this process starts from programs on this machine: one that
	// nobody else uses and that can be restarted.
	Private bool
}

// Mode is how a server goes down.
type Mode string

// Fast ends sessions and writes everything out; Immediate is a crash, which the next start recovers
// from.
const (
	Fast      Mode = "fast"
	Immediate Mode = "immediate"
)

// Server is a running throwaway server. Its methods may be called from several goroutines, but for
// Restart and Stop.
type Server struct {
	engine engine
	admin  string
	release
	backend

	mu        sync.Mutex
	databases []string // made by NewDatabase and not yet dropped
}

// backend is what runs a server: a process, a container, or somebody else.
type backend interface {
	// stop ends the server and removes its data.
	stop() error
	// restart brings the server back on the same address with the same data.
	restart(ctx context.Context, mode Mode) error
	// outlives reports whether the server, and what is left in it, stays after stop.
	outlives() bool
}

// Start finds a server, starts it if need be, and returns when it answers. The caller stops it.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Server.Kind == "" {
		o.Server.Kind = dialects.Postgres
	}
	e, err := engineOf(o.Server.Kind)
	if err != nil {
		return nil, err
	}
	if s, err := borrow(ctx, e, o); s != nil || err != nil {
		return s, err
	}
	for _, in := range e.installations(ctx) {
		if in.satisfies(o.Server) {
			return launch(ctx, e, in, o)
		}
	}
	if !o.Private && dockerAnswers(ctx) {
		return runContainer(ctx, e, o)
	}
	return nil, fmt.Errorf("finding %s: %w; %s", o.Server, ErrNoServer, e.install(o))
}

// URL connects as the administrator to the server's own database.
func (s *Server) URL() string { return s.admin }

// Major is the server's major release.
func (s *Server) Major() int { return s.major }

// Minor is the second number of the server's release; 0 where it does not matter.
func (s *Server) Minor() int { return s.minor }

// Bin is the path of a client program, such as pg_dump or mysqldump, of the server's own release.
func (s *Server) Bin(program string) (path string, ok bool) {
	for _, in := range s.engine.installations(context.Background()) {
		if in.release != s.release {
			continue
		}
		if path, ok := in.path(program); ok {
			return path, true
		}
	}
	return "", false
}

// NewDatabase makes an empty database and returns its URL.
func (s *Server) NewDatabase(ctx context.Context) (string, error) {
	_, url, err := s.newDatabase(ctx)
	return url, err
}

func (s *Server) newDatabase(ctx context.Context) (name, url string, err error) {
	name = "scratch_" + suffix()
	url, err = s.engine.createDatabase(ctx, s.admin, name)
	if err != nil {
		return "", "", fmt.Errorf("creating database %s: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.databases = append(s.databases, name)
	return name, url, nil
}

// Restart takes the server down in the given mode and returns when it answers again, at the same
// URL and with the same data. Only a server that scratch started from programs can do it; for
// others the error is [errors.ErrUnsupported].
func (s *Server) Restart(ctx context.Context, mode Mode) error {
	if err := s.restart(ctx, mode); err != nil {
		return fmt.Errorf("restarting the scratch server: %w", err)
	}
	return nil
}

// Stop ends the server and removes its data. On a server that was running already it drops the
// databases that NewDatabase made.
func (s *Server) Stop() error {
	var errs []error
	if s.outlives() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, name := range s.databases {
			errs = append(errs, s.engine.dropDatabase(context.Background(), s.admin, name))
		}
		s.databases = nil
	}
	return errors.Join(append(errs, s.stop())...)
}

// borrow uses the server that the environment names; it is nil where none is named, or where it is
// not one that was asked for.
func borrow(ctx context.Context, e engine, o Options) (*Server, error) {
	url := os.Getenv(e.urlVariable())
	if url == "" || o.Private || len(o.Settings) > 0 {
		return nil, nil
	}
	id, err := e.ping(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("connecting to the server that %s names: %w", e.urlVariable(), err)
	}
	if !id.satisfies(o.Server) {
		return nil, nil
	}
	return &Server{engine: e, admin: url, release: id.release, backend: borrowed{}}, nil
}

// borrowed is a server that belongs to somebody else.
type borrowed struct{}

func (borrowed) stop() error                         { return nil }
func (borrowed) restart(context.Context, Mode) error { return errors.ErrUnsupported }
func (borrowed) outlives() bool                      { return true }

// suffix tells apart what several processes make on one server.
func suffix() string {
	b := make([]byte, 6)
	rand.Read(b)
	return hex.EncodeToString(b)
}
