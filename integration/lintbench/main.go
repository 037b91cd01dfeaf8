// Lintbench measures segue lint against squawk: the same generated migrations, JSON from both, in turns. It
// builds the one and fetches the other from npm, into a folder that is gone afterwards. Run it with nothing
// beside it: a busy machine makes one processor of two, and segue uses both.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"text/tabwriter"
	"time"
)

// squawk is the release that is measured, and its program within npm's folder: the native one, which the
// package's script in JavaScript would only start.
const (
	squawk        = "squawk-cli@2.66.0"
	squawkProgram = "node_modules/@squawk-cli/*/bin/squawk"
)

// rounds is how often each is run on the same files. The median time counts, and the highest peak.
const rounds = 5

// minOutput is far less than what either tool has to say of a thousand files: who wrote less has not read them.
const minOutput = 10_000

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "lintbench:", err)
		os.Exit(1)
	}
}

// tool is one of the two. Its arguments follow the directory's name.
type tool struct {
	name    string
	program string
	args    func(dir string) []string
	times   []time.Duration
	busy    []time.Duration // of all processors together
	peak    int64           // KiB
}

func run(ctx context.Context) error {
	work, err := os.MkdirTemp("", "segue-lintbench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	segueProgram := filepath.Join(work, "segue")
	if err := quietly(ctx, "go", "build", "-o", segueProgram, "./cmd/segue"); err != nil {
		return err
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return fmt.Errorf("fetching %s: %w; install Node.js, which has npm", squawk, err)
	}
	if err := quietly(ctx, "npm", "install", "--silent", "--no-save", "--prefix", work, squawk); err != nil {
		return err
	}
	found, err := filepath.Glob(filepath.Join(work, squawkProgram))
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return fmt.Errorf("finding the program of %s: %d are there, which npm fetches for this system", squawk, len(found))
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "files\tstatements\ttool\ttime\ttime to squawk's\tprocessor time\tpeak memory")
	for _, files := range []int{1000, 10000} {
		dir := filepath.Join(work, fmt.Sprint(files))
		if err := os.Mkdir(dir, 0o777); err != nil {
			return err
		}
		statements, err := writeMigrations(dir, files)
		if err != nil {
			return err
		}
		tools := []*tool{
			{name: "segue", program: segueProgram, args: func(dir string) []string {
				return []string{"lint", "--dir", dir, "--server", "postgres:16", "--format", "json"}
			}},
			{name: squawk, program: found[0], args: func(dir string) []string {
				return []string{"--pg-version", "16", "--reporter", "json", filepath.Join(dir, "*.sql")}
			}},
		}
		for range rounds {
			for _, t := range tools {
				if err := t.measure(ctx, dir, filepath.Join(work, "out")); err != nil {
					return err
				}
			}
		}
		for _, t := range tools {
			fmt.Fprintf(table, "%d\t%d\t%s\t%.2f s\t%.2f\t%.2f s\t%d MiB\n", files, statements, t.name,
				median(t.times), median(t.times)/median(tools[1].times), median(t.busy), t.peak>>10)
		}
	}
	return table.Flush()
}

// measure runs the tool once. Exit code 1 says that it has findings.
func (t *tool) measure(ctx context.Context, dir, output string) error {
	out, err := os.Create(output)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.CommandContext(ctx, t.program, t.args(dir)...)
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	start := time.Now()
	err = cmd.Run()
	t.times = append(t.times, time.Since(start))
	if cmd.ProcessState.ExitCode() != 1 {
		return fmt.Errorf("running %s: it found nothing, or could not: %v", t.name, err)
	}
	t.busy = append(t.busy, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	written, err := out.Stat()
	if err != nil {
		return err
	}
	if written.Size() < minOutput {
		return fmt.Errorf("running %s: it wrote %d bytes only", t.name, written.Size())
	}
	// Linux counts in KiB. Until it starts the other program a child has this one's memory, which is little.
	t.peak = max(t.peak, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	return nil
}

// median is in seconds.
func median(times []time.Duration) float64 {
	return slices.Sorted(slices.Values(times))[len(times)/2].Seconds()
}

// quietly runs a command that says something only when it fails.
func quietly(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("running %s: %w\n%s", name, err, out)
	}
	return nil
}
