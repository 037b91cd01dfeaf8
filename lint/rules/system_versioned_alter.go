package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var systemVersionedAlter = lint.Rule{
	ID: "system-versioned-alter", Family: lint.SourceFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onMariaDB,
		Title:   "The server refuses to alter the columns of a system-versioned table",
		Condition: "A column of a system-versioned table is added, dropped or changed, and the file has not SET " +
			"system_versioning_alter_history = KEEP before.",
		Effect: "The server refuses it with error 4119, unless its system_versioning_alter_history is KEEP. What stands before it in the " +
			"file is done, and is not taken back.",
		Workaround: "SET system_versioning_alter_history = KEEP in the same file, once it is clear what the history then shows: former " +
			"versions of a row get the new column's default, and lose what a dropped column had.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			t := p.Catalog.Table(change.Target())
			if t == nil || !t.SystemVersioned || keepsHistory(p) {
				continue
			}
			switch change.(type) {
			case dialects.AddColumn, dialects.DropColumn, dialects.RedefineColumn:
				p.Report(lint.Finding{
					Table:   t.Name.String(),
					Message: fmt.Sprintf("%s is system-versioned, and the server refuses to alter its columns", t.Name),
					Why:     "error 4119, unless system_versioning_alter_history is KEEP",
					Instead: "SET system_versioning_alter_history = KEEP before it, in the same file, knowing what the history then shows",
				})
				return
			}
		}
	},
}

// keepsHistory reports whether the file has set what lets the statement alter a table with history.
func keepsHistory(p *lint.Pass) bool {
	keeps := false
	for _, s := range p.Script.Up[:indexOf(p)] {
		for _, change := range s.Changes {
			if c, ok := change.(dialects.Setting); ok && c.Name == "system_versioning_alter_history" {
				keeps = strings.EqualFold(strings.Trim(c.Value, "'`\""), "keep")
			}
		}
	}
	return keeps
}
