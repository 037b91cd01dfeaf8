package scratch

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/segue-db/segue/dialects"
)

// engine is what has to be known of one kind of server. To add a kind, write one file with its
// engine and add a line to engineOf.
type engine interface {
	// urlVariable is the environment variable that names a running server.
	urlVariable() string
	// install says in one sentence how a person gets such a server.
	install(o Options) string
	// installations are the server programs of this machine, preferred first.
	installations(ctx context.Context) []installation
	// initialize is the command that makes an empty data directory in dir.
	initialize(in installation, dir string) *exec.Cmd
	// serve is the command that runs the server in the foreground on 127.0.0.1. The server must
	// report name to ping, so that nobody else's server is taken for this one.
	serve(in installation, dir, name string, port int, o Options) *exec.Cmd
	// stopSignal is what takes the server down in the given mode.
	stopSignal(mode Mode) os.Signal
	// url is the administrator's connection to a server that initialize and serve, or image, made.
	url(host string, port int) string
	// ping connects once and tells which server answered.
	ping(ctx context.Context, url string) (identity, error)
	createDatabase(ctx context.Context, admin, name string) (url string, err error)
	dropDatabase(ctx context.Context, admin, name string) error
	// image describes a container with such a server.
	image(o Options) image
}

// installation is a folder of server programs.
type installation struct {
	bin     string // the folder of programs
	clients string // the folder of client programs, where it is another one
	lib     string // shared libraries that the loader would not find, or empty
	release        // what the programs report
}

// path is where a program is.
func (in installation) path(program string) (path string, ok bool) {
	for _, dir := range []string{in.bin, in.clients} {
		path := filepath.Join(dir, program)
		if _, err := os.Stat(path); dir != "" && err == nil {
			return path, true
		}
	}
	return "", false
}

// identity is what a running server says of itself.
type identity struct {
	name string
	release
}

// release of a server. Minor is 0 where it does not matter, as with PostgreSQL.
type release struct{ major, minor int }

// satisfies reports whether a server of this release is one that was asked for.
func (r release) satisfies(want dialects.Version) bool {
	return want.Major == 0 || want.Major == r.major && (want.Minor == 0 || r.minor == 0 || want.Minor == r.minor)
}

// image is a container that runs a server.
type image struct {
	ref  string
	env  map[string]string
	args []string
	port string // as "5432/tcp"
}

func engineOf(kind dialects.Kind) (engine, error) {
	switch kind {
	case dialects.Postgres:
		return postgres{}, nil
	case dialects.MySQL:
		return mysql{}, nil
	case dialects.MariaDB:
		return mariadb{}, nil
	}
	return nil, fmt.Errorf("starting a scratch server: kind %q is not known here", kind)
}
