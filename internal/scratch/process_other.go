//go:build !linux

package scratch

import (
	"os"
	"os/exec"
)

const dirPrefix = "segue-scratch-"

type user struct{ uid, gid int }

// Elsewhere than on Linux servers run as whoever starts them, and stop when they are told to.

func unprivileged() (*user, error) { return nil, nil }

func confine(*exec.Cmd, *user) {}

func stopSignal(mode Mode) os.Signal {
	if mode == Immediate {
		return os.Kill
	}
	return os.Interrupt
}

func claim(string) (unclaim func(), err error) { return func() {}, nil }

func sweep() {}
