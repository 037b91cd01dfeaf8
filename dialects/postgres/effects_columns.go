package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

func (j judge) columnEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.AddColumn:
		return j.addColumnEffects(c)
	case dialects.DropColumn:
		e := j.on(c.Table, accessExclusive)
		if t := j.Table(c.Table); c.IfExists && t != nil && t.Column(c.Column) == nil {
			return quiet(e)
		}
		return quiet(breaks(e, dropColumn, "apps that read or write %s.%s fail, and its values are gone", e.Table, c.Column))
	case dialects.RenameColumn:
		e := j.on(c.Table, accessExclusive)
		return quiet(breaks(e, renameColumn, "apps that name %s.%s fail", e.Table, c.Column))
	case dialects.AlterColumnType:
		return quiet(j.changeTypeEffect(c))
	case dialects.SetNotNull:
		e := j.on(c.Table, accessExclusive)
		if t := j.Table(c.Table); t != nil {
			column := t.Column(c.Column)
			if column != nil && column.NotNull || j.version().AtLeast(12, 0) && checkedNotNull(t, c.Column) {
				return quiet(e)
			}
		}
		return quiet(scans(e, setNotNull))
	case dialects.SetDefault, dialects.DropNotNull:
		return quiet(j.on(change.Target(), accessExclusive))
	case dialects.AlterColumn:
		switch c.What {
		case "set statistics", "set options", "reset options":
			return quiet(j.on(c.Table, shareUpdateExclusive))
		}
		return quiet(j.on(c.Table, accessExclusive))
	}
	return nil
}

func (j judge) addColumnEffects(c dialects.AddColumn) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	t := j.Table(c.Table)
	if c.IfNotExists && t != nil && t.Column(c.Column.Name) != nil {
		return quiet(e)
	}
	col := c.Column
	filled := col.Default != "" || col.Identity != "" || col.Generated != "" || col.Sequence != nil
	switch {
	case j.addRewrites(col):
		e = rewrites(e, addColumnRewrite)
	case col.NotNull && !filled:
		e = breaks(e, notNullWithoutDefault,
			"fails if %s has rows, and apps that do not write %s can insert none", e.Table, col.Name)
	}
	var others []dialects.Effect
	for _, con := range c.Constraints {
		switch con.Kind {
		case dialects.Check:
			e = scans(e, checkNotValid)
		case dialects.ForeignKey:
			e = j.scanForeignKey(e, con)
			others = append(others, j.referenced(c.Table, con)...)
		default:
			e = builds(e)
		}
	}
	return append(quiet(e), others...)
}

// addRewrites reports whether adding the column rewrites the table: where its value differs from row
// to row, or, before 11, where it has one.
func (j judge) addRewrites(col dialects.Column) bool {
	if col.Identity != "" || col.Generated != "" || col.Sequence != nil {
		return true
	}
	if d := j.domain(col.Type); d != nil && isConstrained(d) {
		return true
	}
	return col.Default != "" && (!j.version().AtLeast(11, 0) || j.isVolatile(col.Default))
}

// domain is the catalog's domain of that name; nil for any other type.
func (j judge) domain(typ string) *dialects.Object {
	name, ok := typeOf(typ)
	if !ok {
		return nil
	}
	return j.Objects[dialects.ObjectKey{Kind: dialects.Domain, Name: j.Resolve(name)}]
}

func (j judge) changeTypeEffect(c dialects.AlterColumnType) dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	t := j.Table(c.Table)
	if t == nil || t.Column(c.Column) == nil {
		return rewrites(e, changeColumnType)
	}
	column := t.Column(c.Column)
	indexed := slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool { return slices.Contains(i.Columns, c.Column) })
	change := typeChange{from: column.Type, to: c.Type, indexed: indexed}
	if c.Collation != "" || !isPlainCast(c) || !change.keepsRows() {
		return rewrites(e, changeColumnType)
	}
	for _, con := range t.Constraints {
		if con.Kind == dialects.Check && slices.Contains(con.Columns, c.Column) && column.Type != c.Type {
			e.Scans = true
			return stops(e, changeColumnType, "scans %s under %s to check constraint %s again: %s", e.Table, e.Lock, con.Name, waits(e.Lock))
		}
	}
	return e
}

// isPlainCast reports whether a type change has no USING, or one that says what happens anyway.
func isPlainCast(c dialects.AlterColumnType) bool {
	if c.Using == "" {
		return true
	}
	expr, err := parseExpression(c.Using)
	if err != nil {
		return false
	}
	if cast := expr.GetTypeCast(); cast != nil && typeText(cast.TypeName) == c.Type {
		expr = cast.Arg
	}
	words := texts(expr.GetColumnRef().GetFields())
	return len(words) > 0 && words[len(words)-1] == c.Column
}
