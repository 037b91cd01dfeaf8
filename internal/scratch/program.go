package scratch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// startTimeout is how long a server may take until it answers, recovery after a crash included.
const startTimeout = 2 * time.Minute

// errPortTaken means that another process took the port between its choice and its use.
var errPortTaken = errors.New("the port is taken")

// local is a server that runs as a child of this process.
type local struct {
	engine  engine
	in      installation
	options Options
	dir     string // holds the data, the socket and the log
	name    string // what the server calls itself
	port    int
	user    *user // nil: as this process
	process *process
	unclaim func() // gives up the claim on dir
}

// launch starts a server from the programs of an installation, in a new folder.
func launch(ctx context.Context, e engine, in installation, o Options) (*Server, error) {
	l, err := newLocal(e, in, o)
	if err != nil {
		return nil, fmt.Errorf("starting %s from %s: %w", o.Server, in.bin, err)
	}
	id, err := l.boot(ctx)
	if err != nil {
		err = errors.Join(err, l.stop())
		return nil, fmt.Errorf("starting %s from %s: %w", o.Server, in.bin, err)
	}
	return &Server{engine: e, admin: e.url("127.0.0.1", l.port), release: id.release, backend: l}, nil
}

func newLocal(e engine, in installation, o Options) (*local, error) {
	sweep()
	u, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", dirPrefix)
	if err != nil {
		return nil, err
	}
	unclaim, err := claim(dir)
	if err == nil && u != nil {
		err = os.Chown(dir, u.uid, u.gid)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &local{engine: e, in: in, options: o, dir: dir, name: filepath.Base(dir), user: u, unclaim: unclaim}, nil
}

// boot fills the data directory and starts the server on a port that nobody has.
func (l *local) boot(ctx context.Context) (identity, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := l.initialize(ctx); err != nil {
		return identity{}, err
	}
	for {
		port, err := freePort()
		if err != nil {
			return identity{}, err
		}
		l.port = port
		id, err := l.start(ctx)
		if !errors.Is(err, errPortTaken) {
			return id, err
		}
	}
}

func (l *local) initialize(ctx context.Context) error {
	p, err := l.run(l.engine.initialize(l.in, l.dir))
	if err != nil {
		return err
	}
	select {
	case <-p.exited:
	case <-ctx.Done():
		p.end(l.engine.stopSignal(Immediate))
		return fmt.Errorf("initializing the data directory: %w", context.Cause(ctx))
	}
	if p.err != nil {
		return fmt.Errorf("initializing the data directory: %w\n%s", p.err, l.logTail())
	}
	return nil
}

// start runs the server on l.port and waits until it answers.
func (l *local) start(ctx context.Context) (identity, error) {
	p, err := l.run(l.engine.serve(l.in, l.dir, l.name, l.port, l.options))
	if err != nil {
		return identity{}, err
	}
	l.process = p
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for {
		select {
		case <-p.exited:
			if tail := l.logTail(); bytes.Contains(tail, []byte("Address already in use")) {
				return identity{}, errPortTaken
			} else {
				return identity{}, fmt.Errorf("the server ended: %w\n%s", p.err, tail)
			}
		case <-ctx.Done():
			return identity{}, fmt.Errorf("waiting for the server to answer: %w\n%s", context.Cause(ctx), l.logTail())
		case <-poll.C:
		}
		if id, err := l.engine.ping(ctx, l.engine.url("127.0.0.1", l.port)); err == nil && id.name == l.name {
			return id, nil
		}
	}
}

func (l *local) restart(ctx context.Context, mode Mode) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := l.process.end(l.engine.stopSignal(mode)); err != nil {
		return err
	}
	_, err := l.start(ctx)
	return err
}

func (l *local) stop() error {
	var err error
	if l.process != nil {
		err = l.process.end(l.engine.stopSignal(Fast))
	}
	l.unclaim()
	return errors.Join(err, os.RemoveAll(l.dir))
}

func (*local) outlives() bool { return false }

// run starts a program of the installation as the unprivileged user, with its output in the log.
func (l *local) run(cmd *exec.Cmd) (*process, error) {
	log, err := os.Create(l.logPath())
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Dir = l.dir // the working directory of this process may be closed to the user
	cmd.Stdout, cmd.Stderr = log, log
	return startProcess(cmd, l.user)
}

func (l *local) logPath() string { return filepath.Join(l.dir, "log") }

// logTail is the end of what the server last had to say.
func (l *local) logTail() []byte {
	const most = 2000
	log, err := os.ReadFile(l.logPath())
	if err != nil {
		return nil
	}
	return bytes.TrimSpace(log[max(0, len(log)-most):])
}

// command runs a program of the installation.
func (in installation) command(name string, args ...string) *exec.Cmd {
	path, ok := in.path(name)
	if !ok {
		path = filepath.Join(in.bin, name) // which then says that it is not there
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	if in.lib != "" {
		cmd.Env = append(cmd.Env, "LD_LIBRARY_PATH="+in.lib)
	}
	return cmd
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("looking for a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// cacheDir holds servers that setup fetched. Root's is a folder that other users can read, since
// the servers run as one of them.
func cacheDir() string {
	if dir := os.Getenv("SEGUE_CACHE"); dir != "" {
		return dir
	}
	if os.Geteuid() == 0 {
		return "/var/cache/segue"
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), "segue")
	}
	return filepath.Join(home, ".cache", "segue")
}
