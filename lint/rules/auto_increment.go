package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var autoIncrement = lint.Rule{
	ID: "auto-increment", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{
		"skeema/auto-inc", "spirit/auto_inc_capacity", "bytebase/COLUMN_AUTO_INCREMENT_MUST_INTEGER",
		"bytebase/COLUMN_AUTO_INCREMENT_MUST_UNSIGNED", "bytebase/COLUMN_AUTO_INCREMENT_INITIAL_VALUE",
	},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "An AUTO_INCREMENT column wastes numbers, or runs out of them",
		Condition: "An AUTO_INCREMENT column is no whole number, is signed, or is smaller than int; or a new table's counter starts elsewhere " +
			"than at 1.",
		Effect: "Half of a signed type's numbers are below zero, where the counter never goes. At the last number each INSERT fails. A start " +
			"is mostly a leftover of SHOW CREATE TABLE, and nearer to the end than it looks.",
		Workaround: "bigint unsigned AUTO_INCREMENT, and no AUTO_INCREMENT= behind the table.",
	}},
	Check: func(p *lint.Pass) {
		for d := range newTypes(p) {
			if fault := countsBadly(d.Column); fault != "" {
				p.Report(lint.Finding{
					Table:   d.Table.String(),
					Message: fmt.Sprintf("the AUTO_INCREMENT column %s is of type %s", d, d.Column.Type),
					Why:     fault,
					Instead: "bigint unsigned",
				})
			}
		}
		for t := range traits(p, dialects.StartValue) {
			if t.Count > 1 {
				p.Report(startsAt(p, t.Count))
			}
		}
	},
}

// countsBadly says what is wrong with the type of an AUTO_INCREMENT column; empty for others, and where it is
// right.
func countsBadly(c dialects.Column) string {
	switch end := largest(c.Type); {
	case c.Identity != dialects.AutoIncrement:
	case end == 0:
		return "it is no whole number: MySQL refuses that from 9 on, and no counter needs it"
	case !strings.Contains(c.Type, "unsigned"):
		return fmt.Sprintf("it is signed: the counter never goes below zero, and ends at %d", end)
	case end < largest("int"):
		return fmt.Sprintf("it ends at %d: at the next number each INSERT fails", end)
	}
	return ""
}

func startsAt(p *lint.Pass, start int) lint.Finding {
	f := lint.Finding{
		Message: fmt.Sprintf("a new table counts from %d", start),
		Why:     "a new table's counter starts at 1: this is mostly a leftover of SHOW CREATE TABLE",
		Instead: "leave AUTO_INCREMENT= out",
	}
	for d := range newColumns(p) {
		if end := largest(d.Column.Type); d.Column.Identity == dialects.AutoIncrement && end > 0 && uint64(start) > end/5*4 {
			f.Why = fmt.Sprintf("%s ends at %d: four fifths of its numbers are gone before the first row", d, end)
			f.Instead = "a larger type, or leave AUTO_INCREMENT= out"
		}
	}
	return f
}
