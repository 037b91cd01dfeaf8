package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

var versionTaken = lint.Rule{
	ID: "version-taken", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Title: "The other branch has a migration of this version",
		Condition: "With --since: the branch adds a migration, and the branch that it is to be merged into has got another one of the " +
			"same version since they parted. git merges both without a conflict, for the files have different names.",
		Effect: "After the merge two migrations have one version. Most runners refuse the directory then, on every machine; those that " +
			"go by the version alone take the one for the other, and never run it where that one has run.",
		Workaround: "Give the branch's migration the next free version.",
	}},
	CheckBranch: func(p *lint.Pass) {
		taken := p.Branch.Tip.At(p.Migration.Version)
		if p.Work != lint.Adds || taken == nil {
			return
		}
		p.Report(lint.Finding{
			Message: fmt.Sprintf("version %s is taken: %s has it in %s", p.Migration.Version, p.Branch.Into, taken.Path),
			Why:     "after the merge two migrations have one version: the runner refuses the directory, or runs one of them alone",
			Instead: fmt.Sprintf("give it a version behind %s, the newest of %s", p.Branch.Tip.Newest(), p.Branch.Into),
		})
	},
}
