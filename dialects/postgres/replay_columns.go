package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (r replayer) addColumn(c dialects.AddColumn) {
	t := r.Table(c.Table)
	if t == nil {
		return
	}
	for _, member := range r.family(t) {
		if member.Column(c.Column.Name) != nil {
			continue
		}
		r.putColumn(member, c.Column)
		for _, con := range c.Constraints {
			if member == t || con.Kind == dialects.Check {
				r.putConstraint(member, con)
			}
		}
	}
}

// putColumn adds a column, or gives one that is inherited what is said of it here.
func (r replayer) putColumn(t *dialects.Table, column dialects.Column) {
	added := &column
	if known := t.Column(column.Name); known != nil {
		known.NotNull = known.NotNull || column.NotNull
		if column.Default != "" {
			known.Default = r.serverDefault(column.Default, known.Type)
		}
		return
	}
	r.setType(added, column.Type)
	if column.Collation.Name != "" {
		added.Collation = r.collation(column.Collation)
	}
	if column.Sequence != nil {
		r.makeSequence(t, added)
	} else if column.Default != "" {
		added.Default = r.serverDefault(column.Default, added.Type)
	}
	t.Columns = append(t.Columns, added)
	r.LinkType(t, added.Type)
}

// setType spells a type as the server does with an empty search_path, and resolves domains.
func (r replayer) setType(column *dialects.Column, typ string) {
	column.Type = r.qualifiedType(typ)
	column.Domain, column.BaseType = nil, column.Type
	seen := map[*dialects.Object]bool{}
	for d := r.domainOf(column.BaseType); d != nil && !seen[d]; d = r.domainOf(column.BaseType) {
		if column.Domain == nil {
			column.Domain = &d.Name
		}
		seen[d] = true
		column.BaseType, _, _ = strings.Cut(d.Definition, " CHECK (")
	}
}

func (r replayer) domainOf(typ string) *dialects.Object {
	return judge{Catalog: r.Catalog}.domain(typ)
}

// qualifiedType gives the name of a type that the catalog has its schema.
func (r replayer) qualifiedType(typ string) string {
	name, own := typeOf(typ)
	if !own {
		return typ
	}
	resolved := r.Resolve(name)
	for _, kind := range []dialects.ObjectKind{dialects.EnumType, dialects.Domain, dialects.CompositeType} {
		if r.Objects[dialects.ObjectKey{Kind: kind, Name: resolved}] != nil {
			return qualified(resolved) + strings.TrimPrefix(typ, qualified(name))
		}
	}
	if r.Tables[resolved] != nil {
		return qualified(resolved) + strings.TrimPrefix(typ, qualified(name))
	}
	return typ
}

// collation resolves a collation's name: the server's own come first. The default one is no choice.
func (r replayer) collation(n dialects.Name) dialects.Name {
	if n.Schema != "" || n.Name == "" {
		return n
	}
	if n.Name == "default" {
		return dialects.Name{}
	}
	own := dialects.ObjectKey{Kind: dialects.OtherObject, Name: r.Resolve(n)}
	if r.Objects[own] != nil {
		return own.Name
	}
	return dialects.Name{Schema: "pg_catalog", Name: n.Name}
}

// makeSequence makes the sequence of a serial column.
func (r replayer) makeSequence(t *dialects.Table, column *dialects.Column) {
	name := dialects.Name{Schema: t.Name.Schema, Name: freeName(t.Name.Name, column.Name, "seq", func(name string) bool {
		return relationTaken(r.Catalog, t.Name.Schema, name)
	})}
	column.Sequence = &name
	column.Default = nextvalText(name)
	r.put(dialects.Object{
		Kind: dialects.Sequence, Name: name, OwnedBy: &dialects.ColumnRef{Table: t.Name, Column: column.Name},
	})
}

func nextvalText(sequence dialects.Name) string {
	return "nextval(" + quoteLiteral(qualified(sequence)) + "::regclass)"
}

// serverDefault writes a default as the server prints it back: a constant with the column's type.
func (r replayer) serverDefault(text, typ string) string {
	expr, err := parseExpression(text)
	if err != nil {
		return text
	}
	base, _ := cutModifiers(typ)
	switch e := unwrap(expr).(type) {
	case *astAConst:
		value, _ := constantText(e)
		negative := strings.HasPrefix(value, "-")
		switch {
		case e.GetSval() != nil && base == "boolean":
			return strconv.FormatBool(isTrue(value))
		case e.GetSval() != nil:
			return quoteLiteral(value) + "::" + base
		case negative && e.GetFval() != nil:
			return quoteLiteral(value) + "::numeric"
		case negative:
			return quoteLiteral(value) + "::integer"
		}
	case *astTypeCast:
		if e.Arg.GetAConst().GetSval() != nil {
			value, _ := constantText(e.Arg.GetAConst())
			return quoteLiteral(value) + "::" + r.qualifiedType(typeText(e.TypeName))
		}
	case *astFuncCall:
		if listName(e.Funcname).Name == "nextval" && len(e.Args) == 1 {
			arg := e.Args[0]
			if arg.GetTypeCast() != nil {
				arg = arg.GetTypeCast().Arg
			}
			if value, ok := constantText(arg.GetAConst()); ok {
				return nextvalText(r.Resolve(relationName(value)))
			}
		}
	}
	return text
}

// isTrue reads a boolean as the server does: any start of true, yes or on, or 1.
func isTrue(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" || text == "o" {
		return false
	}
	return text == "1" || strings.HasPrefix("true", text) || strings.HasPrefix("yes", text) || text == "on"
}

// relationName reads a name as regclass does.
func relationName(text string) dialects.Name {
	stmt, err := parseOne("TABLE " + text)
	if err != nil {
		return dialects.Name{Name: text}
	}
	for _, n := range stmt.GetSelectStmt().GetFromClause() {
		return rangeName(n.GetRangeVar())
	}
	return dialects.Name{Name: text}
}

// alterColumn carries out the subcommands that change a column and nothing else.
func (r replayer) alterColumn(change dialects.Change) {
	t := r.Table(change.Target())
	if t == nil {
		return
	}
	for _, member := range r.family(t) {
		r.alterOne(member, change)
	}
}

func (r replayer) alterOne(t *dialects.Table, change dialects.Change) {
	switch c := change.(type) {
	case dialects.AlterColumnType:
		if column := t.Column(c.Column); column != nil {
			r.setType(column, c.Type)
			r.LinkType(t, column.Type)
			column.Collation = r.collation(splitName(c.Collation))
			if column.Default != "" && column.Sequence == nil {
				column.Default = r.retypedDefault(column.Default, column.Type)
			}
		}
	case dialects.SetDefault:
		if column := t.Column(c.Column); column != nil {
			column.Default = r.serverDefault(c.Default, column.Type)
		}
	case dialects.SetNotNull:
		if column := t.Column(c.Column); column != nil {
			column.NotNull = true
		}
	case dialects.DropNotNull:
		if column := t.Column(c.Column); column != nil {
			column.NotNull = false
		}
	case dialects.AlterColumn:
		if column := t.Column(c.Column); column != nil {
			setColumn(column, c)
		}
	}
}

// retypedDefault is a constant default after the column's type has changed.
func (r replayer) retypedDefault(text, typ string) string {
	expr, err := parseExpression(text)
	if err != nil {
		return text
	}
	if cast := expr.GetTypeCast(); cast.GetArg().GetAConst().GetSval() != nil {
		value, _ := constantText(cast.Arg.GetAConst())
		return r.serverDefault(quoteLiteral(value), typ)
	}
	return text
}

func setColumn(column *dialects.Column, c dialects.AlterColumn) {
	switch c.What {
	case "set statistics":
		column.StatsTarget, _ = strconv.Atoi(c.Value)
	case "set storage":
		column.Storage = c.Value
	case "set compression":
		column.Compression = c.Value
		if c.Value == "default" {
			column.Compression = ""
		}
	case "set options":
		column.Options = slices.DeleteFunc(column.Options, func(o string) bool { return hasOption(c.Value, o) })
		column.Options = append(column.Options, strings.Split(c.Value, ", ")...)
	case "reset options":
		column.Options = slices.DeleteFunc(column.Options, func(o string) bool { return hasOption(c.Value, o) })
	case "add identity":
		column.Identity, column.NotNull = c.Value, true
	case "set generated":
		if c.Value == "always" || c.Value == "by default" {
			column.Identity = c.Value
		}
	case "drop identity":
		column.Identity = ""
	case "drop expression":
		column.Generated = ""
	}
}

// hasOption reports whether a list of options has one of the name of another, name=value.
func hasOption(list, option string) bool {
	name, _, _ := strings.Cut(option, "=")
	for other := range strings.SplitSeq(list, ", ") {
		if other, _, _ = strings.Cut(other, "="); other == name {
			return true
		}
	}
	return false
}

func (r replayer) dropColumn(c dialects.DropColumn) {
	t := r.Table(c.Table)
	if t == nil || t.Column(c.Column) == nil {
		return
	}
	for _, member := range r.family(t) {
		r.removeColumn(member, c.Column)
	}
}

// removeColumn takes a column out, with all that goes with it. What the server would keep it for
// without CASCADE goes too: the statement says it, or fails.
func (r replayer) removeColumn(t *dialects.Table, name string) {
	has := func(columns []string) bool { return slices.Contains(columns, name) }
	t.Columns = slices.DeleteFunc(t.Columns, func(c *dialects.Column) bool { return c.Name == name || namesIn(c.Generated, name) })
	t.Constraints = slices.DeleteFunc(t.Constraints, func(c *dialects.Constraint) bool { return has(c.Columns) })
	t.Indexes = slices.DeleteFunc(t.Indexes, func(i *dialects.Index) bool { return has(i.Columns) })
	t.Triggers = slices.DeleteFunc(t.Triggers, func(g *dialects.Trigger) bool { return has(g.Columns) })
	t.Policies = slices.DeleteFunc(t.Policies, func(p *dialects.PolicyDef) bool { return has(p.Columns) })
	t.Statistics = slices.DeleteFunc(t.Statistics, func(s *dialects.ExtendedStatistics) bool { return has(s.Columns) })
	ref := dialects.ColumnRef{Table: t.Name, Column: name}
	for other := range r.Linked(dialects.ReferenceLink, t.Name) {
		other.Constraints = slices.DeleteFunc(other.Constraints, func(c *dialects.Constraint) bool {
			return c.References != nil && *c.References == t.Name && has(c.ReferencedColumns)
		})
	}
	for key, o := range r.Objects {
		if o.OwnedBy != nil && *o.OwnedBy == ref {
			delete(r.Objects, key)
		}
	}
	r.dropViewsOf(func(o *dialects.Object) bool { return slices.Contains(o.Columns, ref) })
}

// namesIn reports whether an expression names a column.
func namesIn(expression, column string) bool {
	if !mayName(expression, column) {
		return false
	}
	expr, err := parseExpression(expression)
	return err == nil && slices.Contains(columnNames(expr), column)
}
