package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
)

// rows is what the apps know of the table: for every row the address that it must have, given the
// writes that the server acknowledged. Two writes of one row may be under way at once, and then
// either may be the last; so a row has candidates, and one that a later write has replaced is none.
type rows struct {
	mu    sync.Mutex
	clock uint64
	first int64   // the rows 1 to first were there before the apps were
	added []int64 // by the apps
	// candidates of the rows that an app wrote.
	candidates map[int64][]*write
	begun      map[int64]int    // writes per row
	alone      map[int64]*write // rows that a write under way has to itself
}

// write is one write of a row's address. The times are of the rows' clock.
type write struct {
	id      int64
	address string
	started uint64
	acked   uint64 // 0 while it is under way
}

func newRows(first int64) *rows {
	return &rows{clock: 1, first: first, candidates: map[int64][]*write{}, begun: map[int64]int{}, alone: map[int64]*write{}}
}

// firstAddress is the address with which a row was made before the apps were there. The SQL that
// makes them says the same.
func firstAddress(id int64) string { return fmt.Sprintf("user%d@example.com", id) }

// pick chooses a row to write or read. Some rows are popular, so that apps meet in them.
func (r *rows) pick() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch n := rand.IntN(10); {
	case n < 2:
		return 1 + rand.Int64N(min(50, r.first))
	case n < 4 && len(r.added) > 0:
		return r.added[rand.IntN(len(r.added))]
	}
	return 1 + rand.Int64N(r.first)
}

// begin is called before a write is sent. It returns nil where a write has the row to itself.
func (r *rows) begin(id int64, address string) *write {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.alone[id] != nil {
		return nil
	}
	return r.start(id, address)
}

// beginAlone is begin for a write that finds the row by its address, and also returns the present
// one. It returns nil where another write is under way, and has the row to itself until it ends:
// such a write locks the index before the row and others the row before the index, which on some
// servers can end in a deadlock, with or without segue.
func (r *rows) beginAlone(id int64, address string) (w *write, present string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	present, ok := r.present(id)
	if !ok || r.alone[id] != nil {
		return nil, ""
	}
	w = r.start(id, address)
	r.alone[id] = w
	return w, present
}

func (r *rows) start(id int64, address string) *write {
	r.clock++
	w := &write{id: id, address: address, started: r.clock}
	if r.candidates[id] == nil {
		r.candidates[id] = []*write{{id: id, address: firstAddress(id), acked: 1}}
	}
	r.candidates[id] = append(r.candidates[id], w)
	r.begun[id]++
	return w
}

// acknowledge is called when the server has said that a write is stored.
func (r *rows) acknowledge(w *write) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	w.acked = r.clock
	r.end(w)
	r.candidates[w.id] = slices.DeleteFunc(r.candidates[w.id], func(c *write) bool {
		return c.acked != 0 && c.acked < w.started
	})
}

// withdraw is called when the server has said that a write met no row.
func (r *rows) withdraw(w *write) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.end(w)
	r.candidates[w.id] = slices.DeleteFunc(r.candidates[w.id], func(c *write) bool { return c == w })
}

func (r *rows) end(w *write) {
	if r.alone[w.id] == w {
		delete(r.alone, w.id)
	}
}

// add is called when the server has said that a row was inserted.
func (r *rows) add(id int64, address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	r.added = append(r.added, id)
	r.candidates[id] = []*write{{id: id, address: address, started: r.clock, acked: r.clock}}
}

// settled is the address that a row has for as long as its count of writes does not change; ok is
// false while a write is under way, or where it is open which of two came last.
func (r *rows) settled(id int64) (address string, writes int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	address, ok = r.present(id)
	return address, r.begun[id], ok
}

func (r *rows) present(id int64) (address string, ok bool) {
	switch c := r.candidates[id]; {
	case c == nil:
		return firstAddress(id), true
	case len(c) == 1 && c[0].acked != 0:
		return c[0].address, true
	}
	return "", false
}

// writes is how many writes of a row were begun.
func (r *rows) writes(id int64) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.begun[id]
}

// count is how many rows there must be.
func (r *rows) count() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.first + int64(len(r.added))
}

// allow reports whether a row may have an address.
func (r *rows) allow(id int64, address string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, written := r.candidates[id]; written {
		return slices.ContainsFunc(c, func(w *write) bool { return w.address == address })
	}
	return id >= 1 && id <= r.first && address == firstAddress(id)
}
