package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropCascade = lint.Rule{
	ID: "drop-cascade", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Peers: []string{"bytebase/STATEMENT_DISALLOW_RM_TBL_CASCADE"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "CASCADE takes along what depends on the object",
		Condition: "A table or view from an earlier migration, or a column or key of one, is dropped with CASCADE, and views or foreign keys depend on it; or " +
			"nothing is known of it, and so of what depends on it. Or a function or a sequence is, and a table or view uses it.",
		Effect: "The server drops all of them without a word but a NOTICE: views that apps read, foreign keys of other tables, triggers and " +
			"checks that call a function, columns that are computed by it, the default of a NOT NULL column, and what depends on those.",
		Workaround: "Leave CASCADE out, so that the server refuses and names what depends on it, and drop that by name.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			usersDropped(p, change)
			target, column, cascades := cascading(change)
			if !cascades || !inUse(p, target) {
				continue
			}
			name := p.Catalog.Resolve(target)
			lost, known := dependents(p.Catalog, name, column)
			if c, ok := change.(dialects.DropConstraint); ok {
				lost, known = referring(p.Catalog, name, c.Name)
			}
			if known && len(lost) == 0 {
				continue
			}
			f := lint.Finding{
				Table:   name.String(),
				Message: fmt.Sprintf("CASCADE drops what depends on %s, and nothing is known of that", name),
				Why:     "the server drops it without a word: views that apps read, foreign keys of other tables",
				Instead: "leave CASCADE out, and drop by name what the server then says depends on it",
			}
			if known {
				f.Message = fmt.Sprintf("CASCADE drops %s as well", strings.Join(lost, ", "))
			}
			p.Report(f)
		}
	},
}

// usersDropped reports what tables and views lose with a function or a sequence.
func usersDropped(p *lint.Pass, change dialects.Change) {
	c, ok := change.(dialects.DropObject)
	if !ok || !c.Cascade || c.Kind != dialects.Function && c.Kind != dialects.Sequence {
		return
	}
	var users []string
	for _, e := range p.Effects {
		if e.Change == change && e.Table.Name != "" && inUse(p, e.Table) && !triggersMadeAgain(p, e.Table, c.Object) {
			users = append(users, e.Table.String())
		}
	}
	if len(users) == 0 {
		return
	}
	slices.Sort(users)
	why := "the server drops without a word the triggers and checks that call it, columns that it computes, defaults, indexes and views"
	if c.Kind == dialects.Sequence {
		why = "the server drops without a word the defaults that draw from it: INSERTs that leave such a column out fail, or have NULL in it"
	}
	p.Report(lint.Finding{
		Message: fmt.Sprintf("CASCADE drops what of %s needs %s %s", strings.Join(slices.Compact(users), ", "), c.Kind, c.Object),
		Why:     why,
		Instead: "leave CASCADE out, and drop by name what the server then says depends on it",
	})
}

// triggersMadeAgain reports whether a table uses a function by triggers which the file makes again.
func triggersMadeAgain(p *lint.Pass, table, function dialects.Name) bool {
	t := p.Catalog.Table(table)
	if t == nil {
		return false
	}
	using := 0
	for _, g := range t.Triggers {
		if p.Catalog.Resolve(g.Function) != p.Catalog.Resolve(function) {
			continue
		}
		using++
		made := func(change dialects.Change) bool {
			m, ok := change.(dialects.CreateObject)
			return ok && m.Kind == dialects.TriggerObject && m.Object.Name == g.Name && p.Catalog.Resolve(m.Table) == table
		}
		if !slices.ContainsFunc(p.Script.Up, func(s dialects.ScriptStatement) bool { return slices.ContainsFunc(s.Changes, made) }) {
			return false
		}
	}
	return using > 0
}

// cascading is what a change drops with CASCADE: a table or view, or a column of one.
func cascading(change dialects.Change) (target dialects.Name, column string, cascades bool) {
	switch c := change.(type) {
	case dialects.DropTable:
		return c.Table, "", c.Cascade
	case dialects.DropColumn:
		return c.Table, c.Column, c.Cascade
	case dialects.DropConstraint:
		return c.Table, "", c.Cascade
	case dialects.DropObject:
		return c.Object, "", c.Cascade && (c.Kind == dialects.View || c.Kind == dialects.MaterializedView)
	}
	return dialects.Name{}, "", false
}

// referring are the foreign keys of other tables that go with a key. Of what is no key nothing else goes.
func referring(c *dialects.Catalog, name dialects.Name, constraint string) (lost []string, known bool) {
	key := constraintOf(c, name, constraint)
	if key == nil {
		return nil, c.Tables[name] != nil
	}
	for _, t := range c.Tables {
		for _, con := range t.Constraints {
			if con.Kind == dialects.ForeignKey && con.References != nil && *con.References == name && t.Name != name && !con.Inherited &&
				key.Kind != dialects.ForeignKey && key.Kind != dialects.Check && slices.Equal(con.ReferencedColumns, key.Columns) {
				lost = append(lost, fmt.Sprintf("foreign key %s of %s", con.Name, t.Name))
			}
		}
	}
	slices.Sort(lost)
	return lost, true
}

// dependents are the views and foreign keys that go with a table, view or column, as far as the catalog tells.
func dependents(c *dialects.Catalog, name dialects.Name, column string) (lost []string, known bool) {
	isView := func(kind dialects.ObjectKind) bool {
		return c.Objects[dialects.ObjectKey{Kind: kind, Name: name}] != nil
	}
	known = c.Tables[name] != nil || isView(dialects.View) || isView(dialects.MaterializedView)
	for _, o := range c.Objects {
		reads := slices.Contains(o.Reads, name)
		if column != "" {
			reads = slices.Contains(o.Columns, dialects.ColumnRef{Table: name, Column: column})
		}
		if reads && (o.Kind == dialects.View || o.Kind == dialects.MaterializedView) {
			lost = append(lost, fmt.Sprintf("%s %s", o.Kind, o.Name))
		}
	}
	for _, t := range c.Tables {
		for _, con := range t.Constraints {
			if con.References != nil && *con.References == name && t.Name != name && (column == "" || slices.Contains(con.ReferencedColumns, column)) {
				lost = append(lost, fmt.Sprintf("foreign key %s of %s", con.Name, t.Name))
			}
		}
	}
	slices.Sort(lost)
	return lost, known
}
