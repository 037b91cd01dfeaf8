package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// changeTypeEffects judges a change of type on the table and each below it, and on those whose foreign
// keys are made anew for it.
func (j judge) changeTypeEffects(c dialects.AlterColumnType) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	t := j.Table(c.Table)
	if t == nil || t.Column(c.Column) == nil {
		return quiet(rewrites(e, changeColumnType))
	}
	effects := j.below(e)
	told := false
	for i := range effects {
		effects[i] = j.changeTypeOf(j.Tables[effects[i].Table], c, effects[i])
		if told {
			effects[i].Hazards = nil
		}
		told = told || len(effects[i].Hazards) > 0
	}
	effects = append(effects, j.lockReferenced(t, accessExclusive, func(con *dialects.Constraint) bool {
		return slices.Contains(con.Columns, c.Column)
	})...)
	for _, r := range j.references(c.Table, c.Column) {
		e := j.on(r.from.Name, accessExclusive)
		e.Scans = effects[0].Rewrites && !r.NotValid // each of their keys is looked up again
		effects = append(effects, j.inPartitions(e)...)
	}
	return effects
}

// changeTypeOf is what the change costs one table: all of it anew, or a look at each row for a CHECK
// or an index that is made anew, or a moment.
func (j judge) changeTypeOf(t *dialects.Table, c dialects.AlterColumnType, e dialects.Effect) dialects.Effect {
	column := t.Column(c.Column)
	if column == nil {
		return e
	}
	change := j.typeChange(column, c)
	if !isPlainCast(c) || !change.keepsRows() {
		return rewrites(e, changeColumnType)
	}
	for _, con := range t.Constraints {
		// Even where the type stays the same.
		if con.Kind == dialects.Check && !con.NotValid && slices.Contains(con.Columns, c.Column) && !j.drops(con.Name) {
			e.Scans = true
			e = stops(e, changeColumnType, "scans %s under %s to check constraint %s again: %s", e.Table, e.Lock, con.Name, waits(e.Lock))
			return withInstead(e, "drop constraint %s first, change the type, add it again NOT VALID, and VALIDATE it in a migration of its own", con.Name)
		}
	}
	for _, name := range j.withAncestors(t.Name) {
		of := j.Tables[name]
		for _, index := range of.Indexes {
			if !slices.Contains(index.Columns, c.Column) || index.Constraint != "" && j.drops(index.Constraint) {
				continue
			}
			// A partitioned index has no storage that could be kept, so that each partition's part of it is
			// built again; and where it was made ON ONLY the parent, for the first time. Source:
			// TryReuseIndex in src/backend/commands/tablecmds.c.
			if of.Kind == dialects.PartitionedTable || !change.keepsIndex(index) {
				e.Scans = true
				e = stops(e, changeColumnType, "builds index %s of %s again under %s: %s", index.Name.Name, of.Name, e.Lock, waits(e.Lock))
				return withInstead(e, "drop index %s first, change the type, and build the index again, both CONCURRENTLY where the server can", index.Name.Name)
			}
		}
	}
	return e
}

// withInstead says the way out of the last hazard.
func withInstead(e dialects.Effect, format string, args ...any) dialects.Effect {
	e.Hazards[len(e.Hazards)-1].Instead = fmt.Sprintf(format, args...)
	return e
}

// typeChange is what a change makes of a column, domains resolved.
func (j judge) typeChange(column *dialects.Column, c dialects.AlterColumnType) typeChange {
	r := replayer{Catalog: j.Catalog}
	from, to := r.qualifiedType(column.Type), r.qualifiedType(c.Type)
	change := typeChange{from: builtIn(j.baseType(from)), to: builtIn(j.baseType(to)), timeZone: j.Session.TimeZone}
	change.constrains = j.isConstrained(to) && to != from
	change.recollates = r.collation(column.Collation) != r.collation(splitName(c.Collation))
	return change
}

// builtIn leaves out the schema of citext, which is an extension's type and may be in any.
func builtIn(typ string) string {
	if name, _ := cutModifiers(typ); strings.HasSuffix(name, ".citext") {
		return "citext"
	}
	return typ
}

// baseType is the type below a domain, and below a domain over that.
func (j judge) baseType(typ string) string {
	for range 32 { // a domain cannot be over itself, but a catalog that was replayed may say so
		d := j.domain(typ)
		if d == nil {
			break
		}
		typ, _, _ = strings.Cut(d.Definition, " CHECK (")
	}
	return typ
}

// domain is the catalog's domain of that name; nil for any other type, an array of a domain too.
func (j judge) domain(typ string) *dialects.Object {
	name, ok := typeOf(typ)
	if !ok || strings.HasSuffix(typ, "[]") {
		return nil
	}
	return j.Objects[dialects.ObjectKey{Kind: dialects.Domain, Name: j.Resolve(name)}]
}

// isConstrained reports whether a type is a domain that rejects any value of its base type, itself or
// by the domain that it is over.
func (j judge) isConstrained(typ string) bool {
	for range 32 {
		d := j.domain(typ)
		if d == nil {
			return false
		}
		if d.NotNull || strings.Contains(d.Definition, " CHECK (") {
			return true
		}
		typ = d.Definition
	}
	return true
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
