package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var directive = lint.Rule{
	ID: "directive", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Title: "A directive cannot be followed",
		Condition: "A comment -- segue:WORD has an unknown word, lacks something that it needs, allows a rule that does not exist, or " +
			"stands where it is for nothing.",
		Effect: "What its author wanted would silently not happen. segue refuses such a migration.",
		Workaround: "Mend it. A block of directives with a blank line below it, before the first statement, is for the whole " +
			"file; a block right above a statement is for that statement.",
	}},
	CheckFile: func(p *lint.Pass) {
		const why = "what it asks for would silently not happen"
		for _, e := range p.DirectiveErrors {
			instead := e.Hint
			if instead == "" {
				instead = "mend it, or take it out"
			}
			p.ReportAt(e.Start, e.End, lint.Finding{Message: e.Message, Why: why, Instead: instead})
		}
		for _, a := range p.Allowances() {
			if a.Unknown == nil {
				continue
			}
			instead := "segue rules lists them"
			if a.Unknown.Suggestion != "" {
				instead = fmt.Sprintf("did you mean %s?", a.Unknown.Suggestion)
			}
			p.ReportAt(a.Start, a.End, lint.Finding{
				Message: fmt.Sprintf("segue:allow names %s, and there is no such rule", a.Rule), Why: why, Instead: instead,
			})
		}
		if p.Runner == lint.SegueRuns {
			reportUnread(p)
		}
	},
}

// unread are the directives that no recipe reads yet. The planner refuses them.
var unread = []dialects.DirectiveWord{
	dialects.UsingDirective, dialects.ReverseDirective, dialects.FillDirective, dialects.AsDirective, dialects.PhaseDirective,
}

func reportUnread(p *lint.Pass) {
	last := -1
	for _, s := range p.Script.Up {
		for _, d := range s.Directives {
			if !slices.Contains(unread, d.Word) || d.Start.Offset <= last {
				continue // a segue:phase is among the directives of every statement below it
			}
			last = d.Start.Offset
			p.ReportAt(d.Start, d.End, lint.Finding{
				Message: fmt.Sprintf("segue:%s has no recipe that reads it", d.Word),
				Why:     "what it asks for would silently not happen, so segue refuses the migration",
				Instead: "take the directive out, or split the change into migrations of their own",
			})
		}
	}
}
