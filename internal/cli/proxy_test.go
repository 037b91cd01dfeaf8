package cli

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// proxyVerb starts PgBouncer before the script's database.
func proxyVerb(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: proxy MODE")
	}
	if _, err := exec.LookPath("pgbouncer"); err != nil {
		scratch.Lacks(tb(ts), dialects.Postgres, "pgbouncer is not installed (apt-get install pgbouncer)")
	}
	server, err := url.Parse(ts.Getenv("DATABASE_URL"))
	ts.Check(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	address := listener.Addr().(*net.TCPAddr)
	listener.Close()

	dir := tb(ts).TempDir()
	config := filepath.Join(dir, "pgbouncer.ini")
	target := fmt.Sprintf("host=%s port=%s user=%s", server.Hostname(), server.Port(), server.User.Username())
	if password, ok := server.User.Password(); ok {
		target += " password=" + password
	}
	ts.Check(os.WriteFile(config, fmt.Appendf(nil, `[databases]
* = %s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = %s
`, target, address.Port, args[0]), 0o644))
	cmd := exec.Command("pgbouncer", config)
	if os.Geteuid() == 0 { // it does not run as root
		for d := dir; d != filepath.Dir(d); d = filepath.Dir(d) {
			if info, err := os.Stat(d); err == nil && info.Mode().Perm()&0o005 != 0o005 {
				ts.Check(os.Chmod(d, 0o755))
			}
		}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: nobody(ts)}
	}
	ts.Check(cmd.Start())
	ts.Defer(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for deadline := time.Now().Add(10 * time.Second); ; {
		conn, err := net.Dial("tcp", address.String())
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) {
			ts.Fatalf("pgbouncer does not answer: %v", err)
		}
	}
	proxied := *server
	proxied.Host = address.String()
	ts.Setenv("PROXY_URL", proxied.String())
}

func nobody(ts *testscript.TestScript) *syscall.Credential {
	u, err := user.Lookup("nobody")
	ts.Check(err)
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	ts.Check(err)
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	ts.Check(err)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}
