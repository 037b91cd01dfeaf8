package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (j judge) objectEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.CreateObject:
		return j.createObjectEffects(c)
	case dialects.DropObject:
		return j.dropObjectEffects(c)
	case dialects.AlterObject:
		return j.alterObjectEffects(c)
	}
	return nil
}

func (j judge) createObjectEffects(c dialects.CreateObject) []dialects.Effect {
	switch c.Kind {
	case dialects.TriggerObject:
		e := j.on(c.Table, shareRowExclusive)
		if stmt, err := treeOf(j.statement); err == nil && stmt.GetCreateTrigStmt().GetRow() {
			return j.inPartitions(e)
		}
		return quiet(e)
	case dialects.Statistics:
		return quiet(j.on(c.Table, shareUpdateExclusive))
	case dialects.View:
		if c.Replace && j.Objects[dialects.ObjectKey{Kind: c.Kind, Name: j.Resolve(c.Object)}] != nil {
			return quiet(j.on(c.Object, accessExclusive))
		}
	case dialects.Publication:
		return j.publicationEffects(c.Object)
	case dialects.Subscription:
		return quiet(dialects.Effect{Transactional: j.connectsNowhere()})
	}
	if c.Table.Name != "" { // policies and rules
		return quiet(j.on(c.Table, accessExclusive))
	}
	return quiet(dialects.Effect{Transactional: true})
}

// publicationEffects are on the tables that a statement puts into a publication or takes out of it.
func (j judge) publicationEffects(publication dialects.Name) []dialects.Effect {
	effects := quiet(dialects.Effect{Transactional: true})
	stmt, err := treeOf(j.statement)
	if err != nil {
		return effects
	}
	for _, name := range tablesRead(stmt) {
		effects = append(effects, j.on(name, shareUpdateExclusive))
	}
	if stmt.GetAlterPublicationStmt().GetAction().String() == "AP_SetObjects" {
		for _, t := range (replayer{Catalog: j.Catalog}).tablesWhere(func(t *dialects.Table) bool { return publishes(t, publication.Name) }) {
			effects = append(effects, j.on(t.Name, shareUpdateExclusive))
		}
	}
	return effects
}

func publishes(t *dialects.Table, publication string) bool {
	for _, use := range t.Publications {
		if use.Name == publication {
			return true
		}
	}
	return false
}

// connectsNowhere reports whether CREATE SUBSCRIPTION leaves out to make a slot on the other server,
// which alone cannot be undone.
func (j judge) connectsNowhere() bool {
	stmt, err := treeOf(j.statement)
	if err != nil {
		return false
	}
	for _, o := range stmt.GetCreateSubscriptionStmt().GetOptions() {
		def := o.GetDefElem()
		if def.GetDefname() == "connect" || def.GetDefname() == "create_slot" {
			if !option([]*astNode{o}, def.Defname) {
				return true
			}
		}
	}
	return false
}

func (j judge) alterObjectEffects(c dialects.AlterObject) []dialects.Effect {
	e := dialects.Effect{Transactional: true}
	if c.Table.Name != "" {
		return j.alterPartEffects(c)
	}
	switch c.Kind {
	case dialects.View, dialects.MaterializedView:
		return quiet(j.alterViewEffect(c))
	case dialects.Schema:
		if c.What == "rename" && j.hasOldTables(c.Object.Name) {
			return quiet(breaks(e, renameTable, "apps that use anything in schema %s by that name fail", c.Object))
		}
	case dialects.DatabaseObject:
		if c.What == "rename" {
			return quiet(breaks(e, renameObject, "apps that connect to database %s by that name fail", c.Object.Name))
		}
	case dialects.Domain:
		return j.alterDomainEffects(c)
	case dialects.Publication:
		return j.publicationEffects(c.Object)
	case dialects.IndexObject:
		return quiet(j.alterIndexEffect(c))
	case dialects.OtherObject:
		if c.What == "depends on extension" {
			return quiet(j.dependsEffect(c.Object))
		}
	case dialects.CompositeType, dialects.EnumType, dialects.Function, dialects.Sequence:
		e.Transactional = c.What != "add value" || j.version().AtLeast(12, 0)
		switch c.What {
		case "drop attribute":
			e = breaks(e, dropObject, "apps that use attribute %s of type %s fail, and its values are gone", c.Value, c.Object)
		case "rename", "rename value", "rename attribute", "set schema":
			what := c.Object.String()
			if c.Value != "" {
				what = c.Value + " of " + what
			}
			e = breaks(e, renameObject, "apps that use %s %s by that name fail", c.Kind, what)
		}
		return append(quiet(e), j.typedTableEffects(c)...)
	}
	return quiet(e)
}

// alterPartEffects judges ALTER of a trigger, policy or rule.
func (j judge) alterPartEffects(c dialects.AlterObject) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	if c.Kind == dialects.TriggerObject && c.What == "rename" && j.version().AtLeast(15, 0) && j.isRowTrigger(c.Table, c.Object.Name) {
		return j.inPartitions(e) // whose triggers kept their names before
	}
	return quiet(e)
}

// isRowTrigger reports whether a table has a row trigger of the name: its partitions have it too.
func (j judge) isRowTrigger(table dialects.Name, name string) bool {
	t := j.Table(table)
	if t == nil {
		return false
	}
	for _, g := range t.Triggers {
		if g.Name == name {
			return g.Row
		}
	}
	return false
}

func (j judge) alterViewEffect(c dialects.AlterObject) dialects.Effect {
	e := j.on(c.Object, accessExclusive)
	switch c.What {
	case "rename", "set schema":
		return breaks(e, renameTable, "apps that use %s by that name fail", e.Table)
	case "rename column":
		return breaks(e, renameColumn, "apps that name %s.%s fail", e.Table, c.Value)
	case "set options", "reset options":
		e.Lock = optionsLock(c.Value)
	case "cluster on", "set without cluster", "set statistics":
		e.Lock = shareUpdateExclusive
	case "set tablespace", "set access method":
		return rewrites(e, tableRewrite)
	case "refresh":
		if c.Value == "concurrently" {
			e.Lock, e.Scans = exclusive, true
			return e
		}
		if j.withNoData() {
			return e
		}
		e.Scans, e.Rewrites = true, true
		return stops(e, tableRewrite, "fills %s again under %s: %s", e.Table, e.Lock, waits(e.Lock))
	}
	return e
}

// withNoData reports whether REFRESH only empties the view.
func (j judge) withNoData() bool {
	stmt, err := treeOf(j.statement)
	return err == nil && stmt.GetRefreshMatViewStmt().GetSkipData()
}

func (j judge) alterIndexEffect(c dialects.AlterObject) dialects.Effect {
	e := j.onIndex(c.Object, shareUpdateExclusive)
	switch c.What {
	case "set options", "reset options":
		e.Lock = optionsLock(c.Value)
	case "set tablespace":
		e.Lock, e.Scans = accessExclusive, true
		return stops(e, tableRewrite, "copies index %s under %s: %s", c.Object, e.Lock, waits(e.Lock))
	}
	return e
}

// dependsEffect is of DEPENDS ON EXTENSION for an index or a materialized view; a function is not locked.
func (j judge) dependsEffect(object dialects.Name) dialects.Effect {
	if j.tableOfIndex(object) != nil {
		return j.onIndex(object, accessExclusive)
	}
	if j.Objects[dialects.ObjectKey{Kind: dialects.MaterializedView, Name: j.Resolve(object)}] != nil {
		return j.on(object, accessExclusive)
	}
	return dialects.Effect{Transactional: true}
}

// typedTableEffects are on the tables that take their columns from a type, which CASCADE changes too.
func (j judge) typedTableEffects(c dialects.AlterObject) []dialects.Effect {
	if !strings.HasSuffix(c.What, " attribute") {
		return nil
	}
	var effects []dialects.Effect
	for _, t := range j.typedTables(c.Object) {
		e := j.on(t.Name, accessExclusive)
		switch c.What {
		case "drop attribute":
			e = breaks(e, dropColumn, "apps that read or write %s.%s fail, and its values are gone", t.Name, c.Value)
		case "alter attribute":
			e = rewrites(e, changeColumnType)
		}
		effects = append(effects, e)
	}
	return effects
}

func (j judge) typedTables(typ dialects.Name) []*dialects.Table {
	typ = j.Resolve(typ)
	return replayer{Catalog: j.Catalog}.tablesWhere(func(t *dialects.Table) bool { return t.OfType != nil && *t.OfType == typ })
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
		if j.Objects[dialects.ObjectKey{Kind: dialects.Domain, Name: j.Resolve(c.Object)}] == nil { // whose tables nobody knows
			e = stops(e, checkNotValid, "reads every table with a column of %s under %s: writes to them wait", c.Object, share)
		}
		return quiet(e)
	}
	sortEffects(effects)
	return effects
}

// columnsOf are a table's columns of a type, of an array of it, or of a domain over it.
func (j judge) columnsOf(t *dialects.Table, typ dialects.Name) []string {
	typ = j.Resolve(typ)
	var columns []string
	for _, column := range t.Columns {
		if j.isOver(column.Type, typ) {
			columns = append(columns, column.Name)
		}
	}
	return columns
}

func (j judge) isOver(text string, typ dialects.Name) bool {
	for range 32 { // as in baseType
		name, ok := typeOf(text)
		if !ok {
			return false
		}
		if j.Resolve(name) == typ {
			return true
		}
		d := j.domain(text)
		if d == nil {
			return false
		}
		text, _, _ = strings.Cut(d.Definition, " CHECK (")
	}
	return false
}

func (j judge) hasOldTables(schema string) bool {
	for _, t := range j.Tables {
		if t.Name.Schema == schema && !j.fresh[t.Name] {
			return true
		}
	}
	return false
}
