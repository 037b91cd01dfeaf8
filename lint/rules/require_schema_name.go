package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var requireSchemaName = lint.Rule{
	ID: "require-schema-name", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/require-table-schema", "bytebase/STATEMENT_CREATE_SPECIFY_SCHEMA", "bytebase/NAMING_FULLY_QUALIFIED"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A name without its schema is looked up by the search_path of whoever runs the migration",
		Condition: "A table, index's table, view, sequence, type or function is made, changed or dropped by a name without schema, and the file " +
			"has set no search_path before.",
		Effect: "Run by another role, or on a server that is set up in another way, the statement makes the object in another schema or finds " +
			"another one of that name.",
		Workaround: "public.users; or SET LOCAL search_path at the head of the file.",
	}},
	Check: func(p *lint.Pass) {
		for i := range p.Script.Up {
			if s := &p.Script.Up[i]; s.Start.Offset < p.Statement.Start.Offset && slices.ContainsFunc(s.Changes, setsPath) {
				return
			}
		}
		seen := map[dialects.Name]bool{}
		for _, change := range p.Statement.Changes {
			n, ok := namedObject(change)
			if !ok || n.Schema != "" || n.Name == "" || seen[n] || isTemporary(p, n) {
				continue
			}
			seen[n] = true
			p.Report(lint.Finding{
				Table:   p.Catalog.Resolve(n).String(),
				Message: fmt.Sprintf("%s is named without its schema", n.Name),
				Why:     "which schema it is in depends on the search_path of whoever runs the migration",
				Instead: fmt.Sprintf("%s, or SET LOCAL search_path first", p.Catalog.Resolve(n)),
			})
		}
	},
}

func setsPath(change dialects.Change) bool {
	c, ok := change.(dialects.Setting)
	return ok && c.Name == "search_path"
}

// namedObject is what a change names that is in a schema.
func namedObject(change dialects.Change) (dialects.Name, bool) {
	switch c := change.(type) {
	case dialects.CreateTable:
		return c.Table, !c.Temporary
	case dialects.CreateObject:
		return inSchema(c.Kind, c.Object, c.Table)
	case dialects.DropObject:
		return inSchema(c.Kind, c.Object, c.Table)
	case dialects.AlterObject:
		return inSchema(c.Kind, c.Object, c.Table)
	case dialects.WriteData, dialects.Setting, dialects.Transaction, dialects.Describe, dialects.Opaque, dialects.LockTable, dialects.Reindex:
		return dialects.Name{}, false
	}
	return change.Target(), true
}

// inSchema is an object's name, or that of the table which it is on.
func inSchema(kind dialects.ObjectKind, object, table dialects.Name) (dialects.Name, bool) {
	switch kind {
	case dialects.Schema, dialects.Extension, dialects.Publication, dialects.Subscription, dialects.OtherObject:
		return dialects.Name{}, false
	case dialects.TriggerObject, dialects.Policy:
		return table, true
	}
	return object, true
}
