package scratch

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// stopTimeout is how long a server may take over an orderly end before it is killed.
const stopTimeout = 20 * time.Second

// process is a child of this process.
type process struct {
	cmd    *exec.Cmd
	exited chan struct{} // closed when it has ended
	err    error         // how it ended; read after exited
}

// startProcess runs cmd so that it ends at the latest when this process does.
func startProcess(cmd *exec.Cmd, as *user) (*process, error) {
	confine(cmd, as)
	p := &process{cmd: cmd, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The death signal comes when the thread that started the child ends, so that thread
		// must live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.exited)
		}
	}()
	return p, <-started
}

// end stops the process by the signal and returns when it is gone.
func (p *process) end(by os.Signal) error {
	select {
	case <-p.exited:
		return nil
	default:
	}
	// An error here means that it ended just now, which the wait below sees.
	_ = p.cmd.Process.Signal(by)
	select {
	case <-p.exited:
		return nil
	case <-time.After(stopTimeout):
	}
	if err := p.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("killing the server, process %d: %w", p.cmd.Process.Pid, err)
	}
	<-p.exited
	return nil
}
