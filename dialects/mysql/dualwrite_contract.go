package mysql

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// contract has no way back from its first action on, and apps go on all the while, a runner that
// dies between any two statements included:
//
// The columns swap names in one ALTER of the dictionary, with the triggers on: both hold the same
// values, and the triggers name both. Then the new name is the column that has been there all the
// time, with everything that stands on it; what is called by the old name now is the bare second form.
// Once the triggers are gone apps need nothing of it, and it goes.
//
// That order is in place of the one that dual-write.md, B5 asks for, whose unique keys, checks and
// foreign keys on the old column would have to go one by one while apps write it.
func (p *pair) contract() []dialects.Action {
	o, n := quote(p.spec.Old), quote(p.spec.New)
	var first []string
	if p.hasImplicit() {
		// They would hide from then on that an INSERT forgets the column.
		first = append(first, p.dropTrigger(implicit, onInsert), p.dropTrigger(implicit, onUpdate))
	}
	swap := p.held(script(append(first, p.swap())...), p.swapProbe(),
		fmt.Sprintf("%s and %s swap names: %[2]s is the column that has been there all the time, with all that stands on it, and both stay in step", p.spec.Old, p.spec.New))
	swap.Tables = append(swap.Tables, p.keyed()...)
	actions := []dialects.Action{swap}

	if twins := p.twins(); len(twins) > 0 {
		var drops, names []string
		for _, i := range twins {
			drops = append(drops, "DROP INDEX "+quote(p.twinName(i)))
			names = append(names, quoteLiteral(p.twinName(i)))
		}
		actions = append(actions, p.brief(
			fmt.Sprintf("ALTER TABLE %s %s, ALGORITHM=INPLACE, LOCK=NONE", qualified(p.spec.Table), strings.Join(drops, ", ")), "",
			fmt.Sprintf("SELECT IF(COUNT(*) > 0, 'absent', 'done') FROM information_schema.statistics WHERE table_schema = %s AND table_name = %s AND index_name IN (%s)",
				schemaText(p.spec.Table.Schema), quoteLiteral(p.spec.Table.Name), strings.Join(names, ", ")),
			"drops the second form's indexes: reads by the new name have the first's own"))
	}

	var last []string
	if p.standIn() != "" {
		last = append(last, p.alter("ALTER COLUMN %s DROP DEFAULT", n))
	}
	last = append(last, p.dropTrigger(twoWay, onInsert), p.dropTrigger(twoWay, onUpdate), p.alter("DROP COLUMN %s", o))
	return append(actions, p.held(script(last...), absent("columns", p.spec.Table, "column_name", p.spec.Old),
		fmt.Sprintf("%s is all there is: the triggers go, and with them %s", p.spec.New, p.spec.Old)))
}

// held is an action during which nobody else reads or writes the table.
func (p *pair) held(sql, probe, why string) dialects.Action {
	a := p.brief(sql, "", probe, why)
	a.Hold = append([]dialects.Name{p.spec.Table}, p.sequences()...)
	return a
}

// sequenceUse is a sequence in a default, as MariaDB prints it.
var sequenceUse = regexp.MustCompile("(?i)\\b(?:nextval|lastval|setval)\\((?:`((?:[^`]|``)+)`\\.)?`((?:[^`]|``)+)`")

// sequences are those that defaults of the table draw from. An ALTER opens them with the table, so
// they are held with it, or error 1100 would come (tried on MariaDB 10.11).
func (p *pair) sequences() []dialects.Name {
	var names []dialects.Name
	for _, c := range p.table.Columns {
		for _, m := range sequenceUse.FindAllStringSubmatch(c.Default, -1) {
			name := dialects.Name{Schema: strings.ReplaceAll(m[1], "``", "`"), Name: strings.ReplaceAll(m[2], "``", "`")}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// swap renames both columns at once. MySQL has no instant way for a column that a foreign key refers
// to, which may be one of another schema; in place it is a change of the dictionary too.
func (p *pair) swap() string {
	algorithm := dialects.AlgorithmInPlace
	if p.isMariaDB() {
		algorithm = dialects.AlgorithmInstant
	}
	return fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO %s, RENAME COLUMN %[3]s TO %[2]s, ALGORITHM=%[4]s",
		qualified(p.spec.Table), quote(p.spec.Old), quote(p.spec.New), algorithm)
}

// swapProbe tells the two columns apart by their places: the second form was added last.
func (p *pair) swapProbe() string {
	return fmt.Sprintf(`SELECT IF(COUNT(*) > 0, 'absent', 'done') FROM information_schema.columns o
JOIN information_schema.columns n ON n.table_schema = o.table_schema AND n.table_name = o.table_name AND n.ordinal_position > o.ordinal_position
WHERE o.table_schema = %s AND o.table_name = %s AND o.column_name = %s AND n.column_name = %s`,
		schemaText(p.spec.Table.Schema), quoteLiteral(p.spec.Table.Name), quoteLiteral(p.spec.Old), quoteLiteral(p.spec.New))
}

// keyed are the other tables that a foreign key ties to the table: renaming a column of it locks them
// for a moment.
func (p *pair) keyed() []dialects.Name {
	var names []dialects.Name
	add := func(n dialects.Name) {
		if n != p.spec.Table && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, t := range sortedTables(p.c) {
		for _, con := range t.Constraints {
			if con.References == nil {
				continue
			}
			to := p.c.Resolve(*con.References)
			if t.Name == p.spec.Table {
				add(to)
			}
			if to == p.spec.Table {
				add(t.Name)
			}
		}
	}
	return names
}
