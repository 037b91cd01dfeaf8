package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

func (j judge) dropObjectEffects(c dialects.DropObject) []dialects.Effect {
	if c.Kind == dialects.DatabaseObject {
		return quiet(breaks(dialects.Effect{}, dropDatabase, "everything in database %s is gone, and apps that use it fail", c.Object.Name))
	}
	effects := j.dropLocks(c)
	if j.isUsable(c) {
		effects[0] = breaks(effects[0], dropObject, "apps that use %s %s fail", c.Kind, c.Object)
	}
	if j.dropsUnseen(c) {
		effects[0] = breaks(effects[0], dropTable, "whatever is in schema %s is gone, and apps that use it fail", c.Object.Name)
	}
	return effects
}

// dropsUnseen reports whether a schema goes, with all that is in it, of which the migrations do not tell what that is. Of
// public that is so until they have made all that they name.
func (j judge) dropsUnseen(c dialects.DropObject) bool {
	if c.Kind != dialects.Schema || !c.Cascade {
		return false
	}
	if j.Schemas[c.Object.Name] {
		return c.Object.Name == "public" && !j.Whole()
	}
	return !c.IfExists || !j.Whole()
}

// isUsable reports whether apps may be using what is dropped by its name. A function for triggers they
// cannot call; a sequence of a column is the column's; what IF EXISTS names and nobody made is not there.
func (j judge) isUsable(c dialects.DropObject) bool {
	kinds := []dialects.ObjectKind{c.Kind}
	switch c.Kind {
	case dialects.View, dialects.MaterializedView, dialects.Function, dialects.Sequence, dialects.Extension:
	case dialects.CompositeType, dialects.Domain:
		kinds = typeKinds
	default:
		return false
	}
	for _, kind := range kinds {
		if o := (replayer{Catalog: j.Catalog}).object(kind, c.Object); o != nil {
			return !o.ForTriggers && o.OwnedBy == nil
		}
	}
	return !c.IfExists || !j.Whole()
}

// dropLocks are on what is dropped, and on what loses something with it.
func (j judge) dropLocks(c dialects.DropObject) []dialects.Effect {
	switch {
	case c.Table.Name != "":
		return j.dropPartEffects(c)
	case c.Kind == dialects.View || c.Kind == dialects.MaterializedView:
		if c.IfExists && j.Whole() && j.Objects[dialects.ObjectKey{Kind: c.Kind, Name: j.Resolve(c.Object)}] == nil {
			break
		}
		effects := quiet(j.on(c.Object, accessExclusive))
		if c.Cascade {
			effects = append(effects, j.lockViews(c.Object, "", accessExclusive)...)
		}
		return effects
	case c.Kind == dialects.Statistics:
		for _, t := range j.Tables {
			for _, s := range t.Statistics {
				if s.Name == j.Resolve(c.Object) {
					return quiet(j.on(t.Name, shareUpdateExclusive))
				}
			}
		}
	case c.Cascade:
		if effects := j.cascadeEffects(c); effects != nil {
			return effects
		}
	}
	return quiet(dialects.Effect{Transactional: true})
}

// dropPartEffects judges DROP of a trigger, policy or rule; one that is not there is not locked for.
func (j judge) dropPartEffects(c dialects.DropObject) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	t := j.Table(c.Table)
	switch {
	case t == nil:
	case c.Kind == dialects.TriggerObject:
		if c.IfExists && !slices.ContainsFunc(t.Triggers, func(g *dialects.Trigger) bool { return g.Name == c.Object.Name }) {
			return quiet(dialects.Effect{Transactional: true})
		}
		if j.isRowTrigger(c.Table, c.Object.Name) {
			return j.inPartitions(e)
		}
	case c.Kind == dialects.Policy && c.IfExists:
		if !slices.ContainsFunc(t.Policies, func(p *dialects.PolicyDef) bool { return p.Name == c.Object.Name }) {
			return quiet(dialects.Effect{Transactional: true})
		}
	}
	return quiet(e)
}

// cascadeEffects are on the tables that lose something with the object; nil where none does.
func (j judge) cascadeEffects(c dialects.DropObject) []dialects.Effect {
	var effects []dialects.Effect
	for _, t := range j.Tables {
		e := j.on(t.Name, accessExclusive)
		switch c.Kind {
		case dialects.Schema:
			if t.Name.Schema == c.Object.Name {
				effects = append(effects, breaks(e, dropTable, "apps that use %s fail, and its rows are gone", t.Name))
				effects = append(effects, j.lockReferencing(t.Name, "", accessExclusive)...)
				effects = append(effects, j.lockViews(t.Name, "", accessExclusive)...)
			}
		case dialects.CompositeType, dialects.Domain:
			columns := j.columnsOf(t, c.Object)
			for _, column := range columns {
				effects = append(effects, breaks(e, dropColumn,
					"CASCADE drops %s.%s: apps that use it fail, and its values are gone", t.Name, column))
			}
			if t.OfType != nil && *t.OfType == j.Resolve(c.Object) {
				effects = append(effects, breaks(e, dropTable, "CASCADE drops %s: apps that use it fail, and its rows are gone", t.Name))
			}
		case dialects.Function:
			if j.usesFunction(t, c.Object) {
				effects = append(effects, e)
			}
		case dialects.OtherObject:
			if t.Kind == dialects.ForeignTable && j.dropsServer() { // which one a table is on is not kept
				effects = append(effects, breaks(e, dropTable, "CASCADE drops %s if it depends on %s: apps that use it fail", t.Name, c.Object))
			}
		case dialects.Sequence:
			drawn := nextvalText(j.Resolve(c.Object))
			if slices.ContainsFunc(t.Columns, func(column *dialects.Column) bool { return column.Default == drawn }) {
				effects = append(effects, e)
			}
		}
	}
	if c.Kind == dialects.Function {
		for _, o := range j.Objects {
			if o.Kind == dialects.View || o.Kind == dialects.MaterializedView {
				if query, err := parseOne(o.Definition); err == nil && j.calls(query, j.Resolve(c.Object)) {
					effects = append(effects, j.on(o.Name, accessExclusive))
					effects = append(effects, j.lockViews(o.Name, "", accessExclusive)...)
				}
			}
		}
	}
	sortEffects(effects)
	return effects
}

// dropsServer reports whether the statement drops a foreign server or a wrapper.
func (j judge) dropsServer() bool {
	stmt, err := treeOf(j.statement)
	kind := stmt.GetDropStmt().GetRemoveType().String()
	return err == nil && (kind == "OBJECT_FOREIGN_SERVER" || kind == "OBJECT_FDW")
}

// usesFunction reports whether a table's trigger runs a function, or an index, a default or a
// constraint of it calls it.
func (j judge) usesFunction(t *dialects.Table, name dialects.Name) bool {
	name = j.Resolve(name)
	for _, index := range t.Indexes {
		if stmt, err := parseOne(index.Definition); err == nil && (index.Expressions || index.Partial) && j.calls(stmt, name) {
			return true
		}
	}
	var expressions []string
	for _, column := range t.Columns {
		expressions = append(expressions, column.Default, column.Generated)
	}
	for _, con := range t.Constraints {
		expressions = append(expressions, con.Expression)
	}
	return slices.ContainsFunc(t.Triggers, func(g *dialects.Trigger) bool { return j.Resolve(g.Function) == name }) ||
		slices.ContainsFunc(expressions, func(text string) bool { return text != "" && j.callsFunction(text, name) })
}

func (j judge) callsFunction(text string, name dialects.Name) bool {
	expr, err := parseExpression(text)
	return err == nil && j.calls(expr, name)
}

func (j judge) calls(tree *astNode, name dialects.Name) bool {
	calls := false
	walk(tree, func(m any) bool {
		if call, ok := m.(*astFuncCall); ok {
			calls = calls || j.Resolve(listName(call.Funcname)) == name
		}
		return !calls
	})
	return calls
}
