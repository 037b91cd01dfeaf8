package mysql

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// notices say in words what an app may see of the plan.
func (p *pair) notices() []string {
	t, o, n := p.spec.Table, p.spec.Old, p.spec.New
	notices := []string{
		fmt.Sprintf("until contract %s is INVISIBLE: SELECT * does not show it, and an INSERT without a column list does not fill it; apps must name it. From contract on it stands in %s's place", n, o),
	}
	if !p.isMariaDB() {
		notices = append(notices, fmt.Sprintf("a transaction that took its snapshot before %s was added, or before contract, gets 1412 (table definition has changed) when it reads %s, and must be tried again", n, t))
	}
	notices = append(notices,
		fmt.Sprintf("in the moments in which segue waits for %s, a transaction that has read it and goes on to write it may be a deadlock's victim (1213), as with any DDL, and must be tried again", t),
		fmt.Sprintf("the triggers run as the account that segue works as: until contract it must be there and keep SELECT, UPDATE and TRIGGER on %s, or every write of the apps fails", t))
	for _, g := range p.table.Triggers {
		if !isHelper(g.Name) && slices.Contains(g.Events, "update") {
			notices = append(notices, fmt.Sprintf("trigger %s of %s runs for each row that is copied, unless it leaves out sessions whose @segue_backfill is their CONNECTION_ID()", g.Name, t))
		}
	}
	if !p.isMariaDB() && p.hasImplicit() {
		notices = append(notices, fmt.Sprintf("until contract a NULL for %s from a session that is not strict is an error (1048), and with IGNORE the row is left out; for %s the server makes %s of it", n, o, implicitDefault(p.server.Kind, p.old.Type)))
	}
	if p.old.NotNull {
		notices = append(notices, fmt.Sprintf("until contract the server holds %s alone to NOT NULL: an error for a missing value names that column", o))
	}
	if names := p.constraintNames(); len(names) > 0 {
		notices = append(notices, fmt.Sprintf("until contract %s stand on %s alone; they hold for %s too, since every value is written to both, and an error may name either column",
			strings.Join(names, ", "), o, n))
	}
	if p.dflt.kind == volatileDefault {
		notices = append(notices, fmt.Sprintf("the default of %s differs from row to row, so %s has none until contract: UPDATE ... SET %[2]s = DEFAULT fails, and an INSERT that gives it NULL gets the default", p.oldName(), n))
	}
	if p.isMariaDB() && p.old.NotNull && p.dflt.kind == noDefault {
		if p.standIn() == "" {
			notices = append(notices, fmt.Sprintf("an INSERT ... SELECT that gives %s alone fails until contract with 1364 (%s has no default), which MariaDB checks before the trigger fills it; INSERT ... VALUES does not", n, o))
		} else {
			notices = append(notices, fmt.Sprintf("until contract %s has a default: an INSERT of a strict session that gives neither column fails because that does not fit (1406, 1366 or 1292) where it failed with 1364; SET %[1]s = DEFAULT, which failed, keeps the value; and in a session that is not strict a NULL for %s alone becomes the type's zero", o, n))
		}
	}
	for _, grant := range p.grants() {
		notices = append(notices, fmt.Sprintf("privileges on the single column %s do not go along, as with a plain RENAME; before an app that needs them starts on %s: %s", o, n, grant))
	}
	for _, v := range p.views() {
		notices = append(notices, fmt.Sprintf("view %s reads %s, and contract waits for it: in dual-write, make it read %s (CREATE OR REPLACE VIEW)", v.Name, p.oldName(), n))
	}
	return notices
}

// grants give the new column the privileges that users have on the old one alone.
func (p *pair) grants() []string {
	var grantees []string
	privileges := map[string][]string{}
	for _, g := range p.old.Grants {
		if privileges[g.Role] == nil {
			grantees = append(grantees, g.Role)
		}
		privileges[g.Role] = append(privileges[g.Role], fmt.Sprintf("%s (%s)", g.Privilege, quote(p.spec.New)))
	}
	var grants []string
	for _, role := range grantees {
		grants = append(grants, fmt.Sprintf("GRANT %s ON %s TO %s", strings.Join(privileges[role], ", "), qualified(p.spec.Table), role))
	}
	return grants
}

// constraintNames are the keys and checks on the old column, for people.
func (p *pair) constraintNames() []string {
	var names []string
	for _, con := range p.table.Constraints {
		if contains(con.Columns, p.old.Name) {
			names = append(names, fmt.Sprintf("%s %s", con.Kind, con.Name))
		}
	}
	return names
}

// views are those that read the column which is called by the old name.
func (p *pair) views() []*dialects.Object {
	var views []*dialects.Object
	for _, o := range sortedObjects(p.c) {
		if o.Kind == dialects.View && slices.ContainsFunc(o.Columns, func(ref dialects.ColumnRef) bool {
			return p.c.Resolve(ref.Table) == p.spec.Table && strings.EqualFold(ref.Column, p.spec.Old)
		}) {
			views = append(views, o)
		}
	}
	return views
}

// unknowns are stored programs whose text has the column's name as a word, and views that cannot be
// read: the servers keep no record of what they use.
func (p *pair) unknowns() []string {
	var reasons []string
	for _, u := range p.programs() {
		reasons = append(reasons, fmt.Sprintf("%s has the word %s in its text, and may use %s", u, p.spec.Old, p.oldName()))
	}
	return reasons
}

// programs name what may use the column called by the old name, as the plan and [Database.Recheck] call it.
func (p *pair) programs() []string {
	var names []string
	for _, o := range sortedObjects(p.c) {
		switch {
		case o.Kind == dialects.View && o.Definition == "":
			names = append(names, "view "+o.Name.String())
		case o.Kind == dialects.Function && dialects.NamesWord(o.Definition, p.spec.Old):
			names = append(names, "routine "+o.Name.String())
		case o.Kind == dialects.OtherObject && dialects.NamesWord(o.Definition, p.spec.Old):
			names = append(names, "event "+o.Name.String())
		}
	}
	for _, t := range sortedTables(p.c) {
		for _, g := range t.Triggers {
			if isHelper(g.Name) || t == p.table && contains(g.Columns, p.spec.Old) {
				continue // a reason to refuse
			}
			if dialects.NamesWord(g.Definition, p.spec.Old) {
				names = append(names, fmt.Sprintf("trigger %s on %s", g.Name, t.Name))
			}
		}
	}
	return names
}

func sortedTables(c *dialects.Catalog) []*dialects.Table {
	return slices.SortedFunc(maps.Values(c.Tables), func(a, b *dialects.Table) int { return compareNames(a.Name, b.Name) })
}

func sortedObjects(c *dialects.Catalog) []*dialects.Object {
	return slices.SortedFunc(maps.Values(c.Objects), func(a, b *dialects.Object) int {
		return cmp.Or(compareNames(a.Name, b.Name), strings.Compare(string(a.Kind), string(b.Kind)))
	})
}

func compareNames(a, b dialects.Name) int {
	return cmp.Or(strings.Compare(a.Schema, b.Schema), strings.Compare(a.Name, b.Name))
}
