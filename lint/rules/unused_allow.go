package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

var unusedAllow = lint.Rule{
	ID: "unused-allow", Family: lint.SourceFamily, Severity: lint.Warning,
	Peers: []string{"squawk/unused-ignore"},
	Docs: []lint.Doc{{
		Title:     "An allow directive silences nothing",
		Condition: "A rule that a segue:allow directive names, or the configuration's lint.allow, reports nothing there.",
		Effect: "The next one to edit the file gets a hazard accepted that nobody looked at. Often the directive stands above the " +
			"wrong statement, and the finding that it was meant for is still reported.",
		Workaround: "Take the rule out of the directive, or put the directive right above the statement that it is for.",
	}},
	CheckFile: func(p *lint.Pass) {
		for _, a := range p.Allowances() {
			if a.Used || a.Unknown != nil {
				continue
			}
			f := lint.Finding{
				Message: fmt.Sprintf("allow %s silences nothing", a.Rule),
				Why:     fmt.Sprintf("%s reports nothing here; a later edit would have its finding accepted unseen", a.Rule),
				Instead: "take it out, or put it right above the statement that it is for",
			}
			if a.Configured {
				f.Message = fmt.Sprintf("lint.allow of %s for this migration silences nothing", a.Rule)
				f.Instead = "take the entry out of the configuration"
			}
			p.ReportAt(a.Start, a.End, f)
		}
	},
}
