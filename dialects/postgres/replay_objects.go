package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (r replayer) put(o dialects.Object) *dialects.Object {
	r.Objects[dialects.ObjectKey{Kind: o.Kind, Name: o.Name}] = &o
	return &o
}

// object finds an object by a name that may lack its schema; nil if there is none.
func (r replayer) object(kind dialects.ObjectKind, name dialects.Name) *dialects.Object {
	return r.Objects[dialects.ObjectKey{Kind: kind, Name: r.objectName(kind, name)}]
}

// objectName resolves a name; some kinds are in no schema.
func (r replayer) objectName(kind dialects.ObjectKind, name dialects.Name) dialects.Name {
	switch kind {
	case dialects.Schema, dialects.Extension, dialects.Publication, dialects.Subscription:
		return name
	}
	return r.Resolve(name)
}

// define is the tree of an object's definition: the statement's own, but of what CREATE SCHEMA makes within it.
func (r replayer) define(definition string) (*astNode, error) {
	if definition == r.statement.Text {
		return treeOf(r.statement)
	}
	return parseOne(definition)
}

func (r replayer) createObject(c dialects.CreateObject) {
	stmt, err := r.define(c.Definition)
	if err != nil {
		return
	}
	name := r.objectName(c.Kind, c.Object)
	if c.Object.Name == "" && c.Kind == dialects.Schema {
		return // AUTHORIZATION CURRENT_USER: nobody knows who that will be
	}
	o := dialects.Object{Kind: c.Kind, Name: name, Values: slices.Clone(c.Values)}
	switch s := unwrap(stmt).(type) {
	case *astCreateTrigStmt:
		r.createTrigger(s)
		return
	case *astCreatePolicyStmt:
		if t := r.Table(c.Table); t != nil {
			t.Policies = append(t.Policies, &dialects.PolicyDef{Name: c.Object.Name, Columns: policyColumns(t, s.Qual, s.WithCheck)})
			slices.SortFunc(t.Policies, func(a, b *dialects.PolicyDef) int { return strings.Compare(a.Name, b.Name) })
		}
		return
	case *astCreateStatsStmt:
		r.createStatistics(s)
		return
	case *astRuleStmt:
		return
	case *astCreatePublicationStmt:
		r.put(dialects.Object{Kind: c.Kind, Name: name, Definition: c.Definition})
		r.publish(s.Pubname, s.ForAllTables, s.Pubobjects)
		return
	case *astCreateSchemaStmt:
		r.Schemas[c.Object.Name] = true
	case *astViewStmt:
		r.defineView(&o, s.Query, c.Reads)
	case *astCreateTableAsStmt:
		r.defineView(&o, s.Query, c.Reads)
		o.Empty = s.GetInto().GetSkipData()
	case *astCompositeTypeStmt:
		o.Definition = r.compositeText(s)
	case *astCreateDomainStmt:
		r.defineDomain(&o, s)
	case *astCreateFunctionStmt:
		defineFunction(&o, s, r.object(c.Kind, name), c.Replace)
	case *astCreateSeqStmt:
		r.ownSequence(&o, s.Options)
	}
	if known := r.object(c.Kind, name); known != nil && c.Replace && c.Kind != dialects.Function && c.Kind != dialects.View {
		return // IF NOT EXISTS
	}
	r.put(o)
}

// defineView fills in a view's query, the tables that it reads and, as far as names tell, the columns.
func (r replayer) defineView(o *dialects.Object, query *astNode, reads []dialects.Name) {
	o.Definition = deparsedOr(query, "")
	var columns []string
	star := false
	walk(query, func(m any) bool {
		switch m.(type) {
		case *astAStar:
			star = true
		}
		return true
	})
	columns = columnNames(query)
	for _, name := range reads {
		name = r.Resolve(name)
		o.Reads = append(o.Reads, name)
		t := r.Tables[name]
		if t == nil {
			continue
		}
		for _, column := range t.Columns {
			if star || slices.Contains(columns, column.Name) {
				o.Columns = append(o.Columns, dialects.ColumnRef{Table: name, Column: column.Name})
			}
		}
	}
}

func (r replayer) compositeText(s *astCompositeTypeStmt) string {
	var attributes []string
	for _, n := range s.Coldeflist {
		def := n.GetColumnDef()
		attributes = append(attributes, quote(def.GetColname())+" "+r.qualifiedType(typeText(def.GetTypeName())))
	}
	return "(" + strings.Join(attributes, ", ") + ")"
}

// defineDomain writes a domain's base type and constraints. Whether a CHECK rejects NULL only a
// server can tell; VALUE IS NOT NULL does.
func (r replayer) defineDomain(o *dialects.Object, s *astCreateDomainStmt) {
	words := []string{r.qualifiedType(typeText(s.TypeName))}
	for _, n := range s.Constraints {
		con := n.GetConstraint()
		switch con.GetContype().String() {
		case "CONSTR_NOTNULL":
			o.NotNull = true
		case "CONSTR_CHECK":
			words = append(words, constraintText(con))
			o.NotNull = o.NotNull || isNotNullTest(con.RawExpr)
		}
	}
	o.Definition = strings.Join(words, " ")
}

// defineFunction keeps the body, as the server does; overloaded functions share an object.
func defineFunction(o *dialects.Object, s *astCreateFunctionStmt, known *dialects.Object, replace bool) {
	for _, n := range s.Options {
		def := n.GetDefElem()
		switch def.GetDefname() {
		case "as":
			o.Definition = strings.Join(texts(def.GetArg().GetList().GetItems()), "\n")
		case "volatility":
			o.Stable = argText(def.Arg) != "volatile"
		}
	}
	if s.SqlBody != nil {
		o.Definition = deparsedOr(wrap(s), "")
	}
	switch typeText(s.ReturnType) {
	case "trigger", "event_trigger":
		o.ForTriggers = true
	}
	if known != nil && !replace {
		o.Definition = known.Definition + "\n" + o.Definition
		o.Stable = o.Stable && known.Stable
		o.ForTriggers = o.ForTriggers && known.ForTriggers
	}
}

// ownSequence follows OWNED BY.
func (r replayer) ownSequence(o *dialects.Object, options []*astNode) {
	for _, n := range options {
		def := n.GetDefElem()
		if def.GetDefname() != "owned_by" {
			continue
		}
		r.disown(o)
		table, column := partName(def.Arg)
		if t := r.Table(table); t != nil && t.Column(column.Name) != nil {
			name := o.Name
			o.OwnedBy = &dialects.ColumnRef{Table: t.Name, Column: column.Name}
			t.Column(column.Name).Sequence = &name
		}
	}
}

func (r replayer) disown(o *dialects.Object) {
	if o.OwnedBy == nil {
		return
	}
	if t := r.Tables[o.OwnedBy.Table]; t != nil && t.Column(o.OwnedBy.Column) != nil {
		t.Column(o.OwnedBy.Column).Sequence = nil
	}
	o.OwnedBy = nil
}

func (r replayer) dropObject(c dialects.DropObject) {
	if t := r.Table(c.Table); c.Table.Name != "" && t != nil {
		r.dropPart(t, c.Kind, c.Object.Name)
		return
	}
	name := r.objectName(c.Kind, c.Object)
	switch c.Kind {
	case dialects.Schema:
		r.dropSchema(c.Object.Name)
	case dialects.CompositeType, dialects.Domain:
		for _, kind := range typeKinds {
			delete(r.Objects, dialects.ObjectKey{Kind: kind, Name: name})
		}
		if c.Cascade {
			for _, t := range r.tablesWhere(func(*dialects.Table) bool { return true }) {
				for _, column := range (judge{Catalog: r.Catalog}).columnsOf(t, name) {
					r.removeColumn(t, column)
				}
			}
		}
	case dialects.View, dialects.MaterializedView:
		delete(r.Objects, dialects.ObjectKey{Kind: c.Kind, Name: name})
		r.dropViewsOf(func(o *dialects.Object) bool { return slices.Contains(o.Reads, name) })
	case dialects.Sequence:
		if o := r.object(c.Kind, name); o != nil {
			r.disown(o)
			r.forgetDefault(nextvalText(name))
		}
		delete(r.Objects, dialects.ObjectKey{Kind: c.Kind, Name: name})
	case dialects.Statistics:
		for _, t := range r.Tables {
			t.Statistics = slices.DeleteFunc(t.Statistics, func(s *dialects.ExtendedStatistics) bool { return s.Name == name })
		}
	case dialects.Publication:
		delete(r.Objects, dialects.ObjectKey{Kind: c.Kind, Name: name})
		r.unpublish(c.Object.Name, nil)
	default:
		delete(r.Objects, dialects.ObjectKey{Kind: c.Kind, Name: name})
	}
}

// typeKinds are what TYPE may mean: the statements that name one do not say which.
var typeKinds = []dialects.ObjectKind{dialects.CompositeType, dialects.EnumType, dialects.Domain}

func (r replayer) forgetDefault(text string) {
	for _, t := range r.Tables {
		for _, column := range t.Columns {
			if column.Default == text {
				column.Default = ""
			}
		}
	}
}

func (r replayer) dropPart(t *dialects.Table, kind dialects.ObjectKind, name string) {
	switch kind {
	case dialects.TriggerObject:
		for _, member := range r.family(t) {
			member.Triggers = slices.DeleteFunc(member.Triggers, func(g *dialects.Trigger) bool {
				return g.Name == name && (member == t || g.Inherited)
			})
		}
	case dialects.Policy:
		t.Policies = slices.DeleteFunc(t.Policies, func(p *dialects.PolicyDef) bool { return p.Name == name })
	}
}

func (r replayer) dropSchema(schema string) {
	for _, t := range r.tablesWhere(func(t *dialects.Table) bool { return t.Name.Schema == schema }) {
		r.dropTable(t.Name, true)
	}
	for key := range r.Objects {
		if key.Name.Schema == schema {
			delete(r.Objects, key)
		}
	}
	delete(r.Schemas, schema)
	delete(r.Objects, dialects.ObjectKey{Kind: dialects.Schema, Name: dialects.Name{Name: schema}})
}
