package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var mergeAlterTable = lint.Rule{
	ID: "merge-alter-table", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"eugene/W12", "bytebase/STATEMENT_MERGE_ALTER_TABLE", "spirit/multiple_alter_table"},
	Docs: []lint.Doc{{
		Title: "Several ALTER TABLE of one table could be one",
		Condition: "An ALTER TABLE follows another of the same table in the file, and the two could be one statement: neither renames, validates, " +
			"attaches or detaches, and neither asks for an algorithm that the other does not.",
		Effect: "Each waits for its lock anew, with others queueing behind it, and where both go over the rows the table is read or copied " +
			"twice.",
		Workaround: "ALTER TABLE t ADD a int, ADD b int. Where one part is slow and the other takes a moment they are better apart, and this rule is off for " +
			"that reason.",
	}},
	Check: func(p *lint.Pass) {
		table, ok := altered(p.Statement)
		if !ok {
			return
		}
		for i := range p.Script.Up {
			s := &p.Script.Up[i]
			if s.Start.Offset >= p.Statement.Start.Offset {
				return
			}
			other, ok := altered(s)
			if !ok || p.Catalog.Resolve(other) != p.Catalog.Resolve(table) || s.Algorithm != p.Statement.Algorithm {
				continue
			}
			p.Report(lint.Finding{
				Table:   p.Catalog.Resolve(table).String(),
				Message: fmt.Sprintf("%s is altered in line %d as well", p.Catalog.Resolve(table), s.Start.Line),
				Why:     "each waits for its lock anew, and the table may be read or copied twice",
				Instead: "make one statement of the two",
			})
			return
		}
	},
}

// altered is the table of an ALTER TABLE that can be put together with another.
func altered(s *dialects.ScriptStatement) (dialects.Name, bool) {
	words := strings.Fields(strings.ToUpper(s.Text[:min(len(s.Text), 40)]))
	if len(words) < 2 || words[0] != "ALTER" || words[1] != "TABLE" {
		return dialects.Name{}, false
	}
	for _, change := range s.Changes {
		switch c := change.(type) {
		case dialects.RenameTable, dialects.RenameColumn, dialects.RenameConstraint, dialects.ValidateConstraint, dialects.AttachPartition,
			dialects.DetachPartition, dialects.AlterObject, dialects.Opaque:
			return dialects.Name{}, false
		case dialects.AddConstraint:
			if c.UsingIndex != "" {
				return dialects.Name{}, false
			}
		}
	}
	return tableOf(s.Changes[0]), true
}
