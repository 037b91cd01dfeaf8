package phases

import (
	"errors"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// asWritten is the reason of a step that is its author's own text.
const asWritten = "as written"

// AsWritten reports whether a step is what the migration's author wrote.
func (s *Step) AsWritten() bool { return s.Why == asWritten }

// step is one statement exactly as its author wrote it.
func step(d dialects.Dialect, c *dialects.Catalog, s dialects.ScriptStatement, fresh dialects.Fresh) Step {
	a := dialects.Action{SQL: s.Text, Why: asWritten, Blocks: dialects.BlocksNothing, Transactional: true}
	for _, e := range d.Effects(c, s.Statement, fresh) {
		if e.Algorithm == dialects.AlgorithmInstant && !fresh[e.Table] && c.Table(e.Table) != nil {
			e.Blocks = dialects.BlocksAll // for a moment: it has the table to itself
		}
		if stronger(e.Blocks, a.Blocks) || a.Lock == "" {
			a.Lock, a.Blocks = e.Lock, e.Blocks
		}
		a.Scans = a.Scans || e.Scans
		a.Rewrites = a.Rewrites || e.Rewrites
		a.Transactional = a.Transactional && e.Transactional
		a.Patient = a.Patient || e.Patient
		if t := e.Table; t.Name != "" && !fresh[t] && c.Table(t) != nil && !slices.Contains(a.Tables, t) {
			a.Tables = append(a.Tables, t)
		}
	}
	if _, commits := d.(dialects.Autocommitter); !commits { // else no lock of other statements is held meanwhile
		a.Scans = a.Scans || dialects.WritesRows(c, s.Statement, fresh)
	}
	a.Compound = !a.Transactional && slices.ContainsFunc(s.Changes, func(c dialects.Change) bool {
		_, opaque := c.(dialects.Opaque)
		return opaque
	})
	if p, ok := d.(dialects.Prober); ok && !a.Transactional {
		a.Probe = p.Probe(c, s.Statement)
	}
	return Step{Kind: DDL, Action: a}
}

func stronger(a, b dialects.Blocks) bool {
	rank := map[dialects.Blocks]int{dialects.BlocksNothing: 1, dialects.BlocksWrites: 2, dialects.BlocksAll: 3}
	return rank[a] > rank[b]
}

// group joins neighbouring steps as written into one, since they commit together.
func group(steps []Step) []Step {
	grouped := []Step{}
	for _, s := range steps {
		last := len(grouped) - 1
		if last < 0 || !grouped[last].Transactional || !s.Transactional || !s.AsWritten() || !grouped[last].AsWritten() {
			grouped = append(grouped, s)
			continue
		}
		g := &grouped[last]
		g.SQL += ";\n" + s.SQL
		for _, t := range s.Tables {
			if !slices.Contains(g.Tables, t) {
				g.Tables = append(g.Tables, t)
			}
		}
		g.Scans = g.Scans || s.Scans
		g.Rewrites = g.Rewrites || s.Rewrites
		if stronger(s.Blocks, g.Blocks) || g.Lock == "" {
			g.Lock, g.Blocks = s.Lock, s.Blocks
		}
	}
	return grouped
}

// undo makes the plan's way back of the down section of a plain migration, as written.
func (b *builder) undo() error {
	if err := errors.Join(b.migration.DownRefusals...); err != nil {
		return err
	}
	placed, err := b.place(b.migration.Down, b.migration.Script.Down)
	if err != nil {
		return err
	}
	b.steps, b.grouped, b.placed, b.fresh = nil, nil, dialects.Placing{}, nil
	for i, s := range b.migration.Script.Down {
		if b.enter(placed[i]); placed[i].Role == dialects.Delimits {
			continue
		}
		if err := b.asWritten(s); err != nil {
			return err
		}
	}
	if len(b.migration.Script.Down) > 0 {
		b.plan.Down = b.allSteps()
	}
	return nil
}
