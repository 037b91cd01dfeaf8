package dialecttest

import (
	"testing"

	"github.com/segue-db/segue/dialects"
)

// A catalog that is replayed from a text is the one that a server has after it ran the text.
func testReplay(t *testing.T, f Fixture) {
	l := open(t, f)
	view := said(t, f)
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			fresh(t, l)
			sql := s.text(t, f)
			Script(t, l.s, sql)
			read := l.inspect(t, l.s)
			sameFacts(t, "replayed", facts(replayed(t, l.d, empty(l.d, read), neighbours+sql), view), facts(read, view))
		})
	}
}

// fresh makes the samples' tables and views anew.
func fresh(t *testing.T, l *live) {
	t.Helper()
	Script(t, l.s, "DROP VIEW IF EXISTS authors, emails; DROP TABLE IF EXISTS posts; DROP TABLE IF EXISTS users, members; DROP TABLE IF EXISTS teams, notes")
	Script(t, l.s, neighbours)
}

// testHistories compares the same for all that the dialect can replay.
func testHistories(t *testing.T, f Fixture) {
	shared := open(t, f)
	for name, sql := range f.Histories {
		t.Run(name, func(t *testing.T) {
			var read *dialects.Catalog
			if takenBack(shared.d, sql) {
				tx := Begin(t, shared.s, dialects.TxOptions{})
				defer rollback(t, tx)
				Script(t, tx, sql)
				read = shared.inspect(t, tx)
			} else {
				l := open(t, f, sql)
				read = l.inspect(t, l.s)
			}
			view := said(t, f)
			want := facts(read, view)
			sameFacts(t, "replayed", facts(replayed(t, shared.d, empty(shared.d, read), sql), view), want)
			if !read.Live || len(want) == 0 {
				t.Errorf("live %v, %d facts", read.Live, len(want))
			}
		})
	}
}

// takenBack reports whether a transaction that runs the text can be taken back.
func takenBack(d dialects.Dialect, sql string) bool {
	c := d.NewCatalog(dialects.Version{Kind: d.Kind()})
	for _, s := range d.Parse(sql) {
		for _, e := range d.Effects(c, s, nil) {
			if !e.Transactional {
				return false
			}
		}
		d.Replay(c, s)
	}
	return true
}
