package rules

import (
	"fmt"
	"path"

	"github.com/segue-db/segue/lint"
)

var editedMigration = lint.Rule{
	ID: "edited-migration", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Title: "A migration that the other branch has is edited",
		Condition: "With --since: the branch edits a migration that is on the branch that it is to be merged into. An error where the runner keeps a " +
			"checksum of what has run and looks at it each time: segue, Flyway (which keeps the name as well), Liquibase. Elsewhere a warning, where the statements are others than before; " +
			"comments and down sections may be edited. Migrations that are run again when they have changed, Flyway's repeatable ones and " +
			"Liquibase's with runOnChange, are there to be edited.",
		Effect: "Databases that have run it do not run it again. Where a checksum is kept the next run stops at it, on each of them; " +
			"elsewhere they keep the old form and new databases get this one, and nobody is told.",
		Workaround: "Leave the migration as it was, and write a new one of what is to change. Of one that no database but your own has run, say so " +
			"with segue:allow or lint.allow.",
	}},
	CheckBranch: func(p *lint.Pass) {
		noticed := p.Work == lint.Edits && p.Noticed()
		if p.Work != lint.Edits || p.Migration.Repeats || !noticed && p.RunsTheSame() {
			return
		}
		f := lint.Finding{
			Severity: lint.Warning,
			Message:  fmt.Sprintf("%s is on %s already, and is edited here", path.Base(p.Migration.Path), p.Branch.Into),
			Why:      fmt.Sprintf("%s does not run it again: databases that have run it keep the old form, and new ones get this one", p.Migration.Layout),
			Instead:  "leave it as it was, and write a new migration of what is to change",
		}
		if noticed {
			f.Severity = lint.Error
			f.Why = fmt.Sprintf("a database that has run it keeps what it was: %s finds that it has changed, and stops there at the next run", p.Migration.Layout)
		}
		p.Report(f)
	},
}
