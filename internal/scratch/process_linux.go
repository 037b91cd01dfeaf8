package scratch

import (
	"errors"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// dirPrefix begins the name of every server's folder.
const dirPrefix = "segue-scratch-"

// user is whom a server runs as.
type user struct{ uid, gid int }

// unprivileged is the user for servers that root starts; nil where this process is not root.
func unprivileged() (*user, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "mysql", "nobody"} {
		u, err := osuser.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		return &user{uid, gid}, errors.Join(err1, err2)
	}
	return nil, errors.New("servers refuse to run as root, and there is no user postgres, mysql or nobody to run them as")
}

// confine makes cmd run as the user, end with this process, and not hear the terminal's Ctrl-C,
// which is this process's to handle.
func confine(cmd *exec.Cmd, as *user) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGQUIT}
	if as != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
}

func stopSignal(mode Mode) os.Signal {
	if mode == Immediate {
		return syscall.SIGQUIT
	}
	return syscall.SIGINT
}

// claim marks a folder as in use until this process ends or unclaim is called. The lock is the
// kernel's, so it does not outlive the process.
func claim(dir string) (unclaim func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { f.Close() }, nil
}

// sweep removes the folders of processes that were killed before they could. A young folder may
// not have been claimed yet.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), dirPrefix+"*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		if unclaim, err := claim(dir); err == nil {
			os.RemoveAll(dir)
			unclaim()
		}
	}
}
