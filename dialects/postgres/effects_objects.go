package postgres

import "github.com/segue-db/segue/dialects"

func (j judge) objectEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.CreateObject:
		e := dialects.Effect{Transactional: c.Kind != dialects.Subscription}
		switch {
		case c.Table.Name == "":
		case c.Kind == dialects.TriggerObject:
			e = j.on(c.Table, shareRowExclusive)
		case c.Kind == dialects.Statistics:
			e = j.on(c.Table, shareUpdateExclusive)
		default: // policies and rules
			e = j.on(c.Table, accessExclusive)
		}
		return quiet(e)
	case dialects.DropObject:
		return j.dropObjectEffects(c)
	case dialects.AlterObject:
		return j.alterObjectEffects(c)
	}
	return nil
}

func (j judge) dropObjectEffects(c dialects.DropObject) []dialects.Effect {
	if c.Table.Name != "" {
		return quiet(j.on(c.Table, accessExclusive))
	}
	if !c.Cascade {
		return quiet(dialects.Effect{Transactional: true})
	}
	var effects []dialects.Effect
	for _, t := range j.Tables {
		e := j.on(t.Name, accessExclusive)
		switch c.Kind {
		case dialects.Schema:
			if t.Name.Schema == c.Object.Name {
				effects = append(effects, breaks(e, dropTable, "apps that use %s fail, and its rows are gone", t.Name))
			}
		case dialects.CompositeType, dialects.Domain:
			for _, column := range j.columnsOf(t, c.Object) {
				effects = append(effects, breaks(e, dropColumn,
					"CASCADE drops %s.%s: apps that use it fail, and its values are gone", t.Name, column))
			}
		}
	}
	if effects == nil {
		return quiet(dialects.Effect{Transactional: true})
	}
	sortEffects(effects)
	return effects
}

func (j judge) alterObjectEffects(c dialects.AlterObject) []dialects.Effect {
	e := dialects.Effect{Transactional: true}
	if c.Table.Name != "" {
		return quiet(j.on(c.Table, accessExclusive))
	}
	switch c.Kind {
	case dialects.View, dialects.MaterializedView:
		e = j.on(c.Object, accessExclusive)
		switch c.What {
		case "rename", "set schema":
			return quiet(breaks(e, renameTable, "apps that use %s by that name fail", e.Table))
		case "rename column":
			return quiet(breaks(e, renameColumn, "apps that name %s.%s fail", e.Table, c.Value))
		case "refresh":
			if c.Value == "concurrently" {
				return quiet(j.on(c.Object, exclusive))
			}
			e.Scans = true
			return quiet(stops(e, tableRewrite, "fills %s again under %s: %s", e.Table, e.Lock, waits(e.Lock)))
		}
	case dialects.Schema:
		if c.What == "rename" && j.hasOldTables(c.Object.Name) {
			return quiet(breaks(e, renameTable, "apps that use anything in schema %s by that name fail", c.Object))
		}
	case dialects.Domain:
		return j.alterDomainEffects(c)
	case dialects.IndexObject:
		if t := j.tableOfIndex(c.Object); t != nil {
			e = j.on(t.Name, shareUpdateExclusive)
			if c.What == "set tablespace" {
				e.Lock = accessExclusive
				return quiet(rewrites(e, tableRewrite))
			}
		}
	case dialects.CompositeType, dialects.EnumType, dialects.Function, dialects.Sequence:
		e.Transactional = c.What != "add value" || j.version().AtLeast(12, 0)
		switch c.What {
		case "rename", "rename value", "rename attribute", "set schema":
			what := c.Object.String()
			if c.Value != "" {
				what = c.Value + " of " + what
			}
			return quiet(breaks(e, renameObject, "apps that use %s %s by that name fail", c.Kind, what))
		}
	}
	return quiet(e)
}

// alterDomainEffects judges what makes a domain stricter: every column of it is scanned.
func (j judge) alterDomainEffects(c dialects.AlterObject) []dialects.Effect {
	e := dialects.Effect{Transactional: true}
	switch {
	case c.What == "rename" || c.What == "set schema":
		return quiet(breaks(e, renameObject, "apps that use domain %s by that name fail", c.Object))
	case c.What == "add constraint" && c.Value == "not valid":
		return quiet(e)
	case c.What != "add constraint" && c.What != "set not null" && c.What != "validate constraint":
		return quiet(e)
	}
	var effects []dialects.Effect
	for _, t := range j.Tables {
		if len(j.columnsOf(t, c.Object)) > 0 {
			effects = append(effects, scans(j.on(t.Name, share), checkNotValid))
		}
	}
	if effects == nil {
		return quiet(e)
	}
	sortEffects(effects)
	return effects
}

// columnsOf are a table's columns of a type or of an array of it.
func (j judge) columnsOf(t *dialects.Table, typ dialects.Name) []string {
	var columns []string
	for _, column := range t.Columns {
		if name, ok := typeOf(column.Type); ok && j.Resolve(name) == j.Resolve(typ) {
			columns = append(columns, column.Name)
		}
	}
	return columns
}

func (j judge) hasOldTables(schema string) bool {
	for _, t := range j.Tables {
		if t.Name.Schema == schema && !j.fresh[t.Name] {
			return true
		}
	}
	return false
}
