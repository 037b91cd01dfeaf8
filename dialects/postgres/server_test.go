package postgres

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

func serverTest(t *testing.T, d *Database, q dialects.Queryer) dialects.Server {
	t.Helper()
	s, err := d.Server(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServer(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	got := serverTest(t, d, s)
	if got.Version.Kind != dialects.Postgres || got.Version.Major < 13 {
		t.Errorf("version %v", got.Version)
	}
	if got.Database != d.config.Database || got.User != "postgres" || !strings.HasSuffix(got.Host, ":"+strconv.Itoa(int(d.config.Port))) {
		t.Errorf("%+v", got)
	}
	if got.ReadOnly || got.Pooled {
		t.Errorf("%+v", got)
	}
	if again := serverTest(t, d, sessionTest(t, d)); again.Identity != got.Identity {
		t.Errorf("identity %q, then %q", got.Identity, again.Identity)
	}
	if other := openTest(t); serverTest(t, other, sessionTest(t, other)).Identity == got.Identity {
		t.Errorf("two databases share the identity %q", got.Identity)
	}
	runScript(t, s, `ALTER DATABASE `+pgx.Identifier{d.config.Database}.Sanitize()+` SET default_transaction_read_only = on`)
	if !serverTest(t, d, sessionTest(t, d)).ReadOnly {
		t.Error("a read-only database was not noticed")
	}
}

func TestPoolingProxy(t *testing.T) {
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		scratch.Lacks(t, dialects.Postgres, "pgbouncer is not installed (apt-get install pgbouncer)")
	}
	d := openTest(t)
	for _, c := range []struct {
		mode, settings string
		pooled         bool
	}{
		{"transaction", "", true},
		{"transaction", "server_round_robin = 1\nmin_pool_size = 2", true},
		{"session", "", false},
	} {
		t.Run(c.mode, func(t *testing.T) {
			proxy := startProxy(t, program, d, "pool_mode = "+c.mode+"\n"+c.settings)
			if got := serverTest(t, proxy, sessionTest(t, proxy)); got.Pooled != c.pooled {
				t.Errorf("pooled is %v", got.Pooled)
			}
		})
	}
}

// startProxy starts PgBouncer in front of a database, and returns the database through it.
func startProxy(t *testing.T, program string, d *Database, settings string) *Database {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()

	dir, err := os.MkdirTemp("", "segue-proxy-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	config := filepath.Join(dir, "pgbouncer.ini")
	text := fmt.Sprintf(`[databases]
* = host=%s port=%d
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
%s
`, d.config.Host, d.config.Port, port, strings.TrimSpace(settings))
	text = strings.Replace(text, "* = ", "* = user="+d.config.User+" ", 1)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, config)
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: nobody(t)} // it does not run as root
	}
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Log(log.String())
		}
	})
	address := url.URL{Scheme: "postgres", User: url.User(d.config.User), Host: fmt.Sprintf("127.0.0.1:%d", port),
		Path: d.config.Database, RawQuery: "sslmode=disable"}
	proxy, err := Open(t.Context(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	await(t, "pgbouncer answers", func() bool {
		conn, err := proxy.connect(t.Context())
		if err != nil {
			return false
		}
		conn.Close(t.Context())
		return true
	})
	return proxy
}

func nobody(t *testing.T) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
