package demo

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// app is one version of the demo's app. It knows the address by one column name alone, and works
// over several connections, each of which names itself as the app and its version.
type app struct {
	name, version string
	store         store
	sql           statements
	url           string
	rows          *rows

	mu        sync.Mutex
	counts    AppReport
	firstErr  error
	instances []*instance
	serial    int // makes addresses unique
}

func newApp(s store, name, version, column, url string, r *rows) *app {
	return &app{name: name, version: version, store: s, url: url, rows: r, sql: s.statements(column),
		counts: AppReport{Name: name, Version: version}}
}

// instance is one connection of an app and what works over it.
type instance struct {
	stop chan struct{} // closed when it is to end, behind the statement under way
	done chan struct{}
}

// grow starts one more instance.
func (a *app) grow(ctx context.Context) error {
	conn, err := connect(ctx, a.store, a.url, a.name+"@"+a.version)
	if err != nil {
		return err
	}
	i := &instance{stop: make(chan struct{}), done: make(chan struct{})}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.instances = append(a.instances, i)
	go func() {
		defer close(i.done)
		defer conn.close()
		a.serve(ctx, conn, i.stop)
	}()
	return nil
}

// shrink ends one instance and returns when it has.
func (a *app) shrink() {
	a.mu.Lock()
	last := len(a.instances) - 1
	if last < 0 {
		a.mu.Unlock()
		return
	}
	i := a.instances[last]
	a.instances = a.instances[:last]
	a.mu.Unlock()
	close(i.stop)
	<-i.done
}

func (a *app) size() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.instances)
}

// report is what the app has counted so far.
func (a *app) report() AppReport {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.counts
}

// between is the time from one operation of an instance to the next: an app at a steady rate, not
// a benchmark.
const between = 8 * time.Millisecond

// serve does one operation after another until stop is closed or ctx ends.
func (a *app) serve(ctx context.Context, conn *connection, stop <-chan struct{}) {
	tick := time.NewTicker(between)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := a.operation()(ctx, conn); err != nil && ctx.Err() == nil {
			a.failed(err)
			if lost(err) {
				return
			}
		}
	}
}

func (a *app) failed(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts.Errors++
	if a.firstErr == nil {
		a.firstErr = err
	}
}

// wrote counts a write that took until now.
func (a *app) wrote(since time.Time) {
	took := time.Since(since)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts.Writes++
	a.counts.LongestWrite = max(a.counts.LongestWrite, took)
}

// address is one that nobody has.
func (a *app) address() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.serial++
	return fmt.Sprintf("%s-%s-%d@example.org", a.name, a.version, a.serial)
}
