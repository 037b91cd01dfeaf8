package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var checksOff = lint.Rule{
	ID: "checks-off", Family: lint.SourceFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "A file turns off what the server would check, or what replicas would get",
		Condition: "A file sets foreign_key_checks or unique_checks to 0 (on MariaDB check_constraint_checks too), or an sql_mode without " +
			"strict mode, and then changes rows of a table from an earlier migration, adds a foreign key to one, or drops one that a " +
			"foreign key refers to; or sets sql_log_bin to 0 before anything that changes something.",
		Effect: "What breaks a key comes in and stays: nothing is looked at again when the checks are back on. Without strict mode a value " +
			"that does not fit is cut, and a NULL becomes a zero, without a word. What sql_log_bin leaves out no replica gets, and " +
			"no backup by the binary log.",
		Workaround: "Leave the checks on: delete or fill in the order that the keys want. Where a new foreign key is added without them, so " +
			"that the table need not be copied, look by a query that no row is without its partner, and say so: -- segue:allow " +
			"checks-off REASON.",
	}, {
		Servers: onPostgres,
		Title:   "A file turns off triggers, and the checks of foreign keys with them",
		Condition: "A file sets session_replication_role to replica and then writes rows of a table from an earlier migration, before it sets it " +
			"back.",
		Effect: "No foreign key of these rows is checked, ON DELETE CASCADE deletes nothing, and no trigger runs, neither an audit's nor those by " +
			"which segue keeps an old and a new column in step. What breaks a key comes in and stays: nothing is looked at again.",
		Workaround: "Leave it alone: insert parents first, delete children first, or make the foreign key DEFERRABLE. A single trigger that is in " +
			"the way is disabled by its name, and enabled again in the same transaction.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.Setting)
			if !ok {
				continue
			}
			check, ok := looseChecks[strings.TrimPrefix(c.Name, "global ")]
			if !ok || !check.off(c.Value) {
				continue
			}
			if line := check.concerned(p, c.Name); line > 0 {
				p.Report(lint.Finding{
					Message: fmt.Sprintf("%s is off for line %d", c.Name, line), Why: check.why, Instead: check.instead,
				})
			}
		}
	},
}

// looseCheck is a setting that lets something pass.
type looseCheck struct {
	off          func(value string) bool
	concerns     func(*lint.Pass, dialects.Change) bool
	why, instead string
}

var looseChecks = map[string]looseCheck{
	"foreign_key_checks": {isOff, func(p *lint.Pass, change dialects.Change) bool {
		return writesRows(p, change) || isIn[dialects.AddForeignKey](p, change) || dropsParent(p, change)
	}, "rows without a partner come in, or are left behind, and nothing looks at them again",
		"leave it on; where a foreign key is added without it, look for rows without a partner first, and say so"},
	"session_replication_role": {func(value string) bool { return strings.EqualFold(value, "replica") }, writesRows,
		"no foreign key of the rows is checked, and no trigger runs, segue's own included: nothing looks at them again",
		"leave it alone: insert parents first, delete children first, and disable by its name a trigger that is in the way"},
	"unique_checks": {isOff, writesRows, "the server may take the same value twice into a unique index", "leave it on"},
	"check_constraint_checks": {isOff, func(p *lint.Pass, change dialects.Change) bool {
		return writesRows(p, change) || isIn[dialects.AddConstraint](p, change)
	}, "rows that break a CHECK come in, and nothing looks at them again", "leave it on"},
	"sql_mode": {isLenient, func(p *lint.Pass, change dialects.Change) bool {
		return writesRows(p, change) || isIn[dialects.RedefineColumn](p, change)
	}, "a value that does not fit is cut, and a NULL becomes a zero, without a word", "leave strict mode on"},
	"sql_log_bin": {isOff, func(_ *lint.Pass, change dialects.Change) bool { return changesAnything(change) },
		"no replica gets what follows, and no backup by the binary log", "leave it on; maintain replicas one by one by hand, outside of migrations"},
}

// concerned is the line of the first statement that runs while the setting is off and that it matters for;
// 0 where there is none.
func (c looseCheck) concerned(p *lint.Pass, name string) int {
	for _, s := range p.Script.Up[indexOf(p)+1:] {
		for _, change := range s.Changes {
			if set, ok := change.(dialects.Setting); ok && set.Name == name && !c.off(set.Value) {
				return 0
			}
			if c.concerns(p, change) {
				return s.Start.Line
			}
		}
	}
	return 0
}

func isOff(value string) bool {
	switch strings.ToLower(strings.Trim(value, "'`\"")) {
	case "0", "off", "false":
		return true
	}
	return false
}

func isLenient(value string) bool {
	lower := strings.ToLower(value)
	return strings.HasPrefix(value, "'") && !strings.Contains(lower, "strict_") && !strings.Contains(lower, "traditional")
}

// writesRows reports whether a change writes rows of a table that was there before the file.
func writesRows(p *lint.Pass, change dialects.Change) bool {
	c, ok := change.(dialects.WriteData)
	return ok && c.Kind != dialects.Select && c.Kind != dialects.Truncate && isOld(p, c.Table)
}

// isIn reports whether a change is of a kind, and its table was there before the file.
func isIn[C dialects.Change](p *lint.Pass, change dialects.Change) bool {
	c, ok := change.(C)
	return ok && isOld(p, c.Target())
}

func isOld(p *lint.Pass, table dialects.Name) bool {
	return p.Catalog.Table(table) != nil && inUse(p, table)
}

// dropsParent reports whether a change drops a table that a foreign key of another refers to.
func dropsParent(p *lint.Pass, change dialects.Change) bool {
	c, ok := change.(dialects.DropTable)
	if !ok {
		return false
	}
	name := p.Catalog.Resolve(c.Table)
	for _, t := range p.Catalog.Tables {
		for _, con := range t.Constraints {
			if t.Name != name && con.References != nil && *con.References == name && !dropsTable(p, t.Name) {
				return true
			}
		}
	}
	return false
}

// dropsTable reports whether the file drops a table.
func dropsTable(p *lint.Pass, name dialects.Name) bool {
	for _, s := range p.Script.Up {
		for _, change := range s.Changes {
			if c, ok := change.(dialects.DropTable); ok && p.Catalog.Resolve(c.Table) == name {
				return true
			}
		}
	}
	return false
}

func changesAnything(change dialects.Change) bool {
	switch c := change.(type) {
	case dialects.Setting, dialects.Transaction, dialects.LockTable:
		return false
	case dialects.WriteData:
		return c.Kind != dialects.Select
	}
	return true
}
