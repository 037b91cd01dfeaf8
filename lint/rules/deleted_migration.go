package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

var deletedMigration = lint.Rule{
	ID: "deleted-migration", Family: lint.SourceFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Title: "A migration that the other branch has is deleted",
		Condition: "With --since: the branch lacks a migration that the branch which it is to be merged into has, or has it under another version. " +
			"An error where it has another version, and in Flyway's directories; else a warning. In Rails' directories old migrations are deleted by custom, and that is nothing.",
		Effect: "Under another version it is a new migration: databases that have run it run it once more. Flyway refuses a directory " +
			"that lacks what has run. Elsewhere databases made from here on lack what it did, and those that ran it keep it.",
		Workaround: "Keep it as it is, and undo what it did in a new migration. To squash old migrations into one on purpose, turn the rule off " +
			"for that change: lint.rules: {deleted-migration: off}.",
	}},
	CheckBranch: func(p *lint.Pass) {
		moved := p.Moved()
		if p.Work != lint.Deletes || p.Migration.Repeats || moved == nil && p.Migration.Layout.Missing() == lint.Runs {
			return
		}
		f := lint.Finding{
			Message: fmt.Sprintf("%s is on %s already, and is deleted here", p.Migration.Path, p.Branch.Into),
			Why:     "databases made from here on lack what it does, and those that have run it keep it",
			Instead: "keep it as it is, and undo what it does in a new migration",
		}
		switch {
		case moved != nil:
			f.Severity = lint.Error
			f.Message = fmt.Sprintf("%s is on %s already, and has become %s here", p.Migration.Path, p.Branch.Into, moved.Path)
			f.Why = fmt.Sprintf("a database that has run it as %s runs it once more as %s", p.Migration.Version, moved.Version)
			f.Instead = fmt.Sprintf("keep its version, %s", p.Migration.Version)
		case p.Migration.Layout.Missing() == lint.Refuses:
			f.Severity = lint.Error
			f.Why = fmt.Sprintf("%s refuses to go on where a migration has run that is not there", p.Migration.Layout)
		}
		p.Report(f)
	},
}
