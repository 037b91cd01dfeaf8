package scratch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// Option changes which server a test gets.
type Option func(*Options)

// Version asks for a major release.
func Version(major int) Option { return func(o *Options) { o.Server.Major = major } }

// WithDurability asks for a server that does, or does not, wait for the disk.
func WithDurability(d Durability) Option { return func(o *Options) { o.Durability = d } }

// Setting asks for a server setting, such as log_statement=all.
func Setting(name, value string) Option {
	return func(o *Options) {
		if o.Settings == nil {
			o.Settings = map[string]string{}
		}
		o.Settings[name] = value
	}
}

// shared holds the servers that the tests of this process share, by their options.
var shared = struct {
	mu      sync.Mutex
	servers map[string]*sharedServer
}{servers: map[string]*sharedServer{}}

type sharedServer struct {
	once   sync.Once
	server *Server
	err    error
}

// Postgres is a PostgreSQL server that the tests of this process share; tests with the same options
// get the same one. It is stopped by [Main]. Where there is no server the test is skipped, or fails
// if SEGUE_REQUIRE lists postgres.
func Postgres(t testing.TB, opts ...Option) *Server {
	t.Helper()
	return share(t, dialects.Postgres, opts)
}

// MySQL is as [Postgres], of a MySQL server.
func MySQL(t testing.TB, opts ...Option) *Server { t.Helper(); return share(t, dialects.MySQL, opts) }

// MariaDB is as [Postgres], of a MariaDB server.
func MariaDB(t testing.TB, opts ...Option) *Server {
	t.Helper()
	return share(t, dialects.MariaDB, opts)
}

// share starts a server once for all tests that want one with the same options.
func share(t testing.TB, kind dialects.Kind, opts []Option) *Server {
	t.Helper()
	o := optionsOf(kind, opts)
	key := fmt.Sprint(o)
	shared.mu.Lock()
	s := shared.servers[key]
	if s == nil {
		s = &sharedServer{}
		shared.servers[key] = s
	}
	shared.mu.Unlock()
	// Not the test's context: the server outlives the test.
	s.once.Do(func() { s.server, s.err = Start(context.Background(), o) })
	if s.err != nil {
		missing(t, o, s.err)
	}
	return s.server
}

// OwnPostgres is a PostgreSQL server for one test alone, which may restart it. It is stopped when
// the test ends. It is always started from programs on this machine.
func OwnPostgres(t testing.TB, opts ...Option) *Server {
	t.Helper()
	return own(t, dialects.Postgres, opts)
}

// OwnMySQL is as [OwnPostgres], of a MySQL server.
func OwnMySQL(t testing.TB, opts ...Option) *Server { t.Helper(); return own(t, dialects.MySQL, opts) }

// OwnMariaDB is as [OwnPostgres], of a MariaDB server.
func OwnMariaDB(t testing.TB, opts ...Option) *Server {
	t.Helper()
	return own(t, dialects.MariaDB, opts)
}

func own(t testing.TB, kind dialects.Kind, opts []Option) *Server {
	t.Helper()
	o := optionsOf(kind, opts)
	o.Private = true
	s, err := Start(t.Context(), o)
	if err != nil {
		missing(t, o, err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("stopping the scratch server: %v", err)
		}
	})
	return s
}

// Database makes an empty database for one test and returns its URL. It is dropped, whoever is
// connected to it, when the test ends.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name, url, err := s.newDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.engine.dropDatabase(context.Background(), s.admin, name); err != nil {
			t.Errorf("cleaning up: %v", err)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.databases = slices.DeleteFunc(s.databases, func(d string) bool { return d == name })
	})
	return url
}

// Main runs the tests and stops the servers that they shared. A package that uses [Postgres] calls
// it so:
//
//	func TestMain(m *testing.M) { os.Exit(scratch.Main(m)) }
func Main(m interface{ Run() int }) int {
	code := m.Run()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	for _, s := range shared.servers {
		if s.server == nil {
			continue
		}
		if err := s.server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stopping the scratch server:", err)
			code = max(code, 1)
		}
	}
	return code
}

func optionsOf(kind dialects.Kind, opts []Option) Options {
	o := Options{Server: dialects.Version{Kind: kind}}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// missing ends a test that got no server.
func missing(t testing.TB, o Options, err error) {
	t.Helper()
	if !errors.Is(err, ErrNoServer) {
		t.Fatal(err)
	}
	Lacks(t, o.Server.Kind, err.Error())
}

// Lacks ends a test that cannot run without something of a kind of server's: it is skipped, or
// fails where SEGUE_REQUIRE lists the kind.
func Lacks(t testing.TB, kind dialects.Kind, what string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("SEGUE_REQUIRE"), ","), string(kind)) {
		t.Fatalf("%s (SEGUE_REQUIRE lists %s: without it this test would be skipped)", what, kind)
	}
	t.Skip(what)
}
