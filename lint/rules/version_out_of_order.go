package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

var versionOutOfOrder = lint.Rule{
	ID: "version-out-of-order", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Title: "A new migration comes before one that the other branch has",
		Condition: "With --since: the branch adds a migration whose version sorts before the newest one of the branch that it is to be " +
			"merged into, which databases may have run. It is a warning where the runner runs such a migration all the same (dbmate, Prisma, Rails, Diesel, " +
			"or out_of_order: apply in segue.yaml). Where something else than the version says what the order is, as in sqitch and " +
			"Liquibase, there is nothing to find.",
		Effect: "segue, goose, Flyway and Atlas refuse to run it where a later one has run. golang-migrate and tern keep the newest version " +
			"alone and skip it without a word. Runners that run it do so in another order there than on a new database, and " +
			"the two schemas may differ for good.",
		Workaround: "Give it a version behind the newest one of the other branch, before it is merged.",
	}},
	CheckBranch: func(p *lint.Pass) {
		newest := p.Branch.Tip.Newest()
		if p.Work != lint.Adds || p.Late == "" || newest == "" || p.Branch.Tip.At(p.Migration.Version) != nil ||
			p.Branch.Tip.Compare(p.Migration.Version, newest) > 0 {
			return
		}
		f := lint.Finding{
			Message: fmt.Sprintf("%s sorts before %s, the newest of %s", p.Migration.Path, newest, p.Branch.Into),
			Instead: fmt.Sprintf("give it a version behind %s", newest),
		}
		switch p.Late {
		case lint.Runs:
			f.Severity = lint.Warning
			f.Why = fmt.Sprintf("databases that have run %s run it after that, and new ones before it: their schemas may differ", newest)
		case lint.Skips:
			f.Why = fmt.Sprintf("%s keeps the newest version alone: a database that has run %s never runs this one, without a word",
				p.Migration.Layout, newest)
		default:
			f.Why = fmt.Sprintf("%s refuses to run it on a database that has run %s", p.Migration.Layout, newest)
		}
		p.Report(f)
	},
}
