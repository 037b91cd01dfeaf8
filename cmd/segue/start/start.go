// Package start is for what has to be so before the packages of others are loaded. Of packages that do not need
// each other the one whose path is first in the alphabet is (the Go specification, "Program initialization"), so
// that this one is loaded before any of github.com/shirou and github.com/testcontainers.
package start

import "os"

// hostProc is where gopsutil looks for processes instead of /proc.
const hostProc = "HOST_PROC"

// Testcontainers goes through all processes of the machine while it is loaded, to name its containers after the
// one that started this: 7 ms of each segue lint where there are few, more where there are many. Where it finds
// none it takes a random name.
func init() {
	if _, set := os.LookupEnv(hostProc); !set {
		os.Setenv(hostProc, os.DevNull)
		loaded = func() { os.Unsetenv(hostProc) }
	}
}

var loaded = func() {}

// Loaded takes back what was only for the loading.
func Loaded() { loaded() }
