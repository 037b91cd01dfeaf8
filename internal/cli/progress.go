package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/segue-db/segue/migrate/backfill"
)

// progress shows backfills: as a bar on a terminal, as a line now and then elsewhere.
type progress struct {
	app *app

	mu        sync.Mutex
	migration string
	bar       *progressbar.ProgressBar
	said      time.Time
	waiting   string
}

// sayEvery is the time between two lines where there is no terminal.
const sayEvery = 10 * time.Second

// report is what the runner tells after each batch.
func (p *progress) report(migration string, now backfill.Progress) {
	if p.app.flags.quiet {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if migration != p.migration {
		p.finish()
		p.migration, p.said, p.waiting = migration, time.Time{}, ""
	}
	if p.app.terminal {
		p.draw(now)
		return
	}
	changed := now.WaitingFor != p.waiting
	if changed || p.app.now().Sub(p.said) >= sayEvery {
		p.said, p.waiting = p.app.now(), now.WaitingFor
		fmt.Fprintf(p.app.err, "%s backfill: %s\n", migration, describeProgress(now.RowsDone, now.RowsTotal, now.Rate, now.ETA, now.WaitingFor))
	}
}

func (p *progress) draw(now backfill.Progress) {
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(max(1, now.RowsTotal),
			progressbar.OptionSetDescription(p.migration+" backfill"),
			progressbar.OptionSetWriter(p.app.err.out),
			progressbar.OptionSetWidth(30),
			progressbar.OptionShowCount(),
			progressbar.OptionShowIts(),
			progressbar.OptionSetItsString("rows"),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionUseANSICodes(true),
			progressbar.OptionClearOnFinish(),
		)
		p.app.err.over(p.bar)
	}
	p.app.err.mu.Lock()
	defer p.app.err.mu.Unlock()
	description := p.migration + " backfill"
	if now.WaitingFor != "" {
		description += ", waiting for " + now.WaitingFor
	}
	p.bar.Describe(description)
	if total := max(1, now.RowsTotal, now.RowsDone); total != p.bar.GetMax64() {
		p.bar.ChangeMax64(total)
	}
	p.bar.Set64(now.RowsDone) //nolint:errcheck // a bar that cannot be drawn harms nothing
}

// end takes the bar away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
}

func (p *progress) finish() {
	if p.bar != nil {
		p.app.err.over(nil)
		p.bar = nil
	}
}

// describeProgress is how far a backfill is, in words.
func describeProgress(done, total int64, rate float64, eta time.Duration, waitingFor string) string {
	s := fmt.Sprintf("%s of %s rows", counted(done), counted(total))
	if done < total && rate > 0 {
		s += fmt.Sprintf(", %s a second", counted(int64(rate)))
	}
	if done < total && eta > 0 {
		s += fmt.Sprintf(", %s left", eta.Round(time.Second))
	}
	if waitingFor != "" {
		s += "; waiting for " + waitingFor
	}
	return s
}

// screen is stderr. A bar that is being drawn is taken off before anything else is written.
type screen struct {
	out io.Writer

	mu  sync.Mutex
	bar *progressbar.ProgressBar
}

// over says that bar is being drawn from now on; nil takes the present one off.
func (s *screen) over(bar *progressbar.ProgressBar) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	s.bar = bar
}

func (s *screen) clear() {
	if s.bar != nil {
		s.bar.Clear() //nolint:errcheck // what stays of it on the terminal harms nothing
	}
}

// Write implements io.Writer.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
	return s.out.Write(p)
}
