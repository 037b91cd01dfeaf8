package backfill

import (
	"context"
	"sync"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Progress is how far a copy is.
type Progress struct {
	RowsDone  int64
	RowsTotal int64   // an estimate, and never less than RowsDone
	Rate      float64 // rows a second since this run began
	// ETA is the time that the rest is going to take at this rate; 0 where nothing can be said.
	ETA time.Duration
	// WaitingFor says why the copy stands still; empty while it moves.
	WaitingFor string
}

// meter adds up what the workers do and reports it.
type meter struct {
	clock  Clock
	report func(Progress)
	store  Store

	mu       sync.Mutex
	begun    time.Time
	atBegin  int64
	progress Progress
}

func newMeter(o Options, ranges []RangeState) *meter {
	m := &meter{clock: o.Clock, report: o.Progress, store: o.Store, begun: o.Clock.Now()}
	for _, r := range ranges {
		m.progress.RowsDone += r.RowsDone
		m.progress.RowsTotal += r.Range.Rows
	}
	m.progress.RowsTotal = max(m.progress.RowsTotal, m.progress.RowsDone)
	m.atBegin = m.progress.RowsDone
	return m
}

// passed adds rows that a batch has passed over; negative where a range starts over.
func (m *meter) passed(rows int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := &m.progress
	p.RowsDone += rows
	p.RowsTotal = max(p.RowsTotal, p.RowsDone)
	if rows < 0 {
		m.begun, m.atBegin = m.clock.Now(), p.RowsDone
	}
	p.Rate, p.ETA = 0, 0
	if took := m.clock.Now().Sub(m.begun).Seconds(); took > 0 {
		p.Rate = float64(p.RowsDone-m.atBegin) / took
	}
	if p.Rate > 0 {
		p.ETA = time.Duration(float64(p.RowsTotal-p.RowsDone) / p.Rate * float64(time.Second)).Round(time.Second)
	}
	m.say()
}

// waiting notes why the copy stands still, or with an empty reason that it moves, here and in the
// store. A worker may wait while others move; the last word counts.
func (m *meter) waiting(ctx context.Context, q dialects.Queryer, reason string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.progress.WaitingFor == reason {
		return nil
	}
	m.progress.WaitingFor = reason
	m.say()
	return m.store.Waiting(ctx, q, reason)
}

func (m *meter) say() {
	if m.report != nil {
		m.report(m.progress)
	}
}
