package lint

import (
	"context"
	"iter"
	"runtime"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// section is one section of a migration as it is read, and what is wrong with its directives.
type section struct {
	script          dialects.Script
	directiveErrors []*dialects.DirectiveError
}

// sections are those of a migration. Down is empty where the up section's text has it, and where it is not
// asked for.
type sections struct{ up, down section }

// reading is a migration whose sections come when they are read.
type reading struct {
	migration source.Migration
	sections  chan sections
}

// window is how many migrations may be read and not yet replayed. Parsed they are much bigger than their
// texts.
const window = 64

// readAhead reads the migrations that are for the server on all processors, and gives them out in their
// order: reading needs no catalog, and replaying goes on meanwhile, one file after the other. It ends early
// when ctx does.
func (c *Config) readAhead(ctx context.Context, migrations []source.Migration) iter.Seq2[source.Migration, sections] {
	return func(yield func(source.Migration, sections) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		ahead, readers := make(chan reading, window), make(chan reading)
		for range runtime.GOMAXPROCS(0) {
			go func() {
				for r := range readers {
					r.sections <- c.read(r.migration)
				}
			}()
		}
		go func() {
			defer close(ahead)
			defer close(readers)
			for _, m := range migrations {
				if !m.Up.For(string(c.Dialect.Kind())) {
					continue
				}
				r := reading{m, make(chan sections, 1)}
				select {
				case ahead <- r:
					readers <- r
				case <-ctx.Done():
					return
				}
			}
		}()
		for r := range ahead {
			read := <-r.sections
			if ctx.Err() != nil || !yield(r.migration, read) {
				return
			}
		}
	}
}

func (c *Config) read(m source.Migration) (s sections) {
	s.up = c.section(m.Up)
	if c.Down == DownToo && m.Down.Path != "" {
		s.down = c.section(m.Down)
	}
	return s
}

func (c *Config) section(p source.Part) (s section) {
	s.script, s.directiveErrors = dialects.ReadScript(c.Dialect, p.Text)
	return s
}
