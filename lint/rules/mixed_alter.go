package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var mixedAlter = lint.Rule{
	ID: "mixed-alter", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{"spirit/index_visibility_mixed"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "What would be done at once waits for what copies or rebuilds the table",
		Condition: "One ALTER TABLE of a table from an earlier migration has several changes, and the table is copied or rebuilt for the " +
			"sake of them together, though each by itself would do without. Or (a warning) a change that is done at once, a " +
			"new column say, stands beside one that copies or rebuilds.",
		Effect: "An ALTER TABLE has one algorithm, and the dearest of its changes decides which. A new column that takes a moment by " +
			"itself takes hours beside an index or a new type, and what fails at the end takes all of it back.",
		Workaround: "Make what is done at once an ALTER TABLE of its own, with ALGORITHM=INSTANT, so that the server refuses rather than " +
			"does it otherwise. Several changes that each rebuild the table belong into one: see alters-to-combine.",
	}},
	Check: func(p *lint.Pass) {
		together(p)
		heldUp(p)
	},
}

var together = hazards("mixed-alter", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
	doing := "built anew"
	if e.Algorithm == dialects.AlgorithmCopy {
		doing = "copied"
	}
	return lint.Finding{Message: fmt.Sprintf("together these changes have %s %s, and none of them would by itself", e.Table, doing)}
})

// heldUp warns of changes that wait for others of their statement.
func heldUp(p *lint.Pass) {
	var waiting []string
	table := dialects.Name{}
	for _, e := range p.Effects {
		if e.HeldUp && !p.Fresh[e.Table] {
			waiting = append(waiting, partOf(e.Change))
			table = e.Table
		}
	}
	if len(waiting) == 0 {
		return
	}
	e := p.Effects[slices.IndexFunc(p.Effects, func(e dialects.Effect) bool { return e.HeldUp })]
	doing := "rebuilds the table in place"
	if e.Algorithm == dialects.AlgorithmCopy {
		doing = "copies the table"
	}
	p.Report(lint.Finding{
		Severity: lint.Warning, Table: table.String(),
		Message: fmt.Sprintf("%s of %s would be done at once, and waits for what %s", strings.Join(waiting, ", "), table, doing),
		Why:     "an ALTER TABLE has one algorithm, and the dearest of its changes decides which",
		Instead: "make it a statement of its own, with ALGORITHM=INSTANT or ALGORITHM=INPLACE, LOCK=NONE",
	})
}

// partOf is what a change to a part of a table is called.
func partOf(change dialects.Change) string {
	switch c := change.(type) {
	case dialects.AddColumn:
		return "adding " + c.Column.Name
	case dialects.RenameColumn:
		return "renaming " + c.Column
	case dialects.SetDefault:
		return "the default of " + c.Column
	case dialects.AlterColumn:
		return "changing " + c.Column
	case dialects.AlterObject:
		return "index " + c.Object.Name
	case dialects.RenameIndex:
		return "renaming index " + c.Index.Name
	}
	return "a change"
}
