package mysql

import (
	"slices"
	"strings"
	"unicode"

	"github.com/segue-db/segue/dialects"
)

// redefinition is what MODIFY and CHANGE come down to.
type redefinition struct {
	change  dialects.Change // in terms that every dialect shares; nil for what has no such term
	ability ability
	id      string // of the hazard where it is not cheap
}

// redefinitions takes MODIFY and CHANGE apart. A column that the catalog does not have counts as one of
// another type.
func (j judge) redefinitions(t *dialects.Table, c dialects.RedefineColumn) []redefinition {
	to := j.completed(t, c.To)
	from := findColumn(t, c.Column)
	if from == nil {
		return []redefinition{{
			change:  dialects.AlterColumnType{Table: c.Table, Column: c.Column, Type: to.Type},
			ability: copies("taken for another type, since no migration shows what the column is now"), id: changeColumnType,
		}}
	}
	var parts []redefinition
	add := func(change dialects.Change, a ability, id string) {
		parts = append(parts, redefinition{change, a, id})
	}
	if from.Name != to.Name {
		add(dialects.RenameColumn{Table: c.Table, Column: c.Column, To: to.Name}, j.renameColumnAbility(t, c.Column), renameColumn)
	}
	if from.Type != to.Type || from.Charset != to.Charset || from.Collation != to.Collation {
		collation := ""
		if from.Collation != to.Collation {
			collation = to.Collation.Name
		}
		add(dialects.AlterColumnType{Table: c.Table, Column: c.Column, Type: to.Type, Collation: collation},
			j.typeAbility(t, from, &to), changeColumnType)
	}
	if from.Generated != to.Generated || from.Stored != to.Stored {
		a := copies("the expression changes")
		if j.isMariaDB() && from.Generated != "" && to.Generated != "" && !from.Stored && !to.Stored && from.Type == to.Type {
			a = instantly(metadata)
		}
		add(dialects.AlterColumn{Table: c.Table, Column: c.Column, What: "set expression", Value: to.Generated}, a, tableRewrite)
	}
	inKey := slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool { return i.Primary && contains(i.Columns, c.Column) })
	switch {
	case from.NotNull == to.NotNull || inKey:
	case to.NotNull:
		add(dialects.SetNotNull{Table: c.Table, Column: c.Column}, j.notNullAbility(t), setNotNull)
	default:
		a := j.rebuilt(t, "the column may be NULL from now on")
		a.instant = j.isMariaDB() && t.RowFormat == "Redundant"
		add(dialects.DropNotNull{Table: c.Table, Column: c.Column}, a, tableRewrite)
	}
	if from.Identity != to.Identity {
		a := copies("AUTO_INCREMENT changes")
		if j.isMariaDB() && to.Identity == "" {
			a = instantly(metadata)
		}
		add(dialects.AlterColumn{Table: c.Table, Column: c.Column, What: "set identity", Value: to.Identity}, a, tableRewrite)
	}
	if from.Default != to.Default || from.OnUpdate != to.OnUpdate {
		add(dialects.SetDefault{Table: c.Table, Column: c.Column, Default: to.Default}, instantly(metadata), "")
	}
	if from.Invisible != to.Invisible || from.Comment != to.Comment {
		add(nil, instantly(metadata), "")
	}
	if c.First || c.After != "" {
		add(nil, j.moveAbility(t), tableRewrite)
	}
	for _, con := range c.Constraints {
		if con.Kind == dialects.Check && !con.NotEnforced && !j.isMariaDB() {
			add(dialects.AddConstraint{Table: c.Table, Constraint: con}, copies("every row is checked"), tableRewrite)
		}
	}
	for _, i := range c.Indexes {
		add(dialects.CreateIndex{Table: c.Table, Index: i}, j.createIndexAbility(t, i), indexNotOnline)
	}
	return parts
}

func (j judge) redefineAbility(t *dialects.Table, c dialects.RedefineColumn) ability {
	parts := j.redefinitions(t, c)
	if len(parts) == 0 {
		return instantly(metadata)
	}
	a := parts[0].ability
	for _, p := range parts[1:] {
		a = a.and(p.ability)
	}
	return a
}

// notNullAbility is of NOT NULL. MySQL has no way to do it in place that converts NULLs silently, as a
// session without strict mode asks for.
func (j judge) notNullAbility(t *dialects.Table) ability {
	if !j.settings.strict && !j.isMariaDB() {
		return copies("the session is not strict")
	}
	if computed := j.computedFirst(t); computed != "" {
		return copies(computed)
	}
	return j.rebuilt(t, "the column may not be NULL from now on")
}

// computedFirst is why MariaDB makes no column NOT NULL in place: the table has one that is computed and kept; empty where
// it does.
func (j judge) computedFirst(t *dialects.Table) string {
	stored := slices.ContainsFunc(t.Columns, func(c *dialects.Column) bool { return c.Generated != "" && c.Stored })
	if j.isMariaDB() && (stored || j.hasIndexedVirtual(t)) {
		return "the table has a computed column that is stored or in an index"
	}
	return ""
}

// moveAbility is of FIRST and AFTER. MySQL moves columns at once only where it adds or drops others.
func (j judge) moveAbility(t *dialects.Table) ability {
	if j.movesVirtual(t) && j.besideVirtual(t) {
		return copies(virtualMoves)
	}
	if j.instantColumns(t, true) == "" && (j.isMariaDB() || j.changesRows()) {
		return j.instantColumn(t)
	}
	return j.rebuilt(t, "the column moves")
}

// typeAbility is of another type, character set or collation.
func (j judge) typeAbility(t *dialects.Table, from, to *dialects.Column) ability {
	const other = "the values are stored in another way"
	a, b := parseType(from.Type), parseType(to.Type)
	isList := a.base == "enum" || a.base == "set"
	sameList := isList && !j.isMariaDB() && isASCII(from.Type) && isASCII(to.Type) // MySQL compares the lists, not their character sets
	if from.Generated != "" && from.Type != to.Type || from.Charset != to.Charset && !isWiderUnicode(from.Charset, to.Charset) && !sameList {
		return copies(other)
	}
	indexed, primaryKey := false, false
	for _, i := range t.Indexes {
		if contains(i.Columns, from.Name) {
			indexed = true
			primaryKey = primaryKey || i.Primary
		}
	}
	recollated := from.Collation != to.Collation || from.Charset != to.Charset
	switch {
	case recollated && isList && (j.isMariaDB() || from.Charset != to.Charset && !sameList):
		return copies(other)
	case recollated && indexed && !isList && !j.isMariaDB():
		return copies("an index has the column, in the order of the old collation")
	case recollated && primaryKey && from.Charset == to.Charset:
		return copies("the primary key has the column, in the order of the old collation")
	}
	kept, cheap := j.keepsBytes(t, a, b, from.Charset, to.Charset)
	switch {
	case !kept:
		return copies(otherwise(a, b))
	case recollated && indexed && from.Charset == to.Charset:
		return ability{work: builds, cause: "the index is built in the new order"}
	}
	return ability{instant: cheap || j.isMariaDB(), work: metadata}
}

// otherwise says why values are not kept as they are, where there is more to say than that.
func otherwise(a, b columnType) string {
	switch {
	case a.base != b.base:
	case a.base == "enum" || a.base == "set":
		return "the values are numbered by their place in the list: only new ones at its end leave them as they are"
	case (a.base == "varchar" || a.base == "varbinary") && b.length() >= a.length():
		return "from 256 bytes on a value's length is stored in two bytes"
	}
	return "the values are stored in another way"
}

// isWiderUnicode reports whether each value of one character set is the same bytes in the other.
func isWiderUnicode(from, to string) bool { return from == to || from == "utf8mb3" && to == "utf8mb4" }

// keepsBytes reports whether each value is the same bytes in both types, and whether MySQL then
// changes the type at once.
func (j judge) keepsBytes(t *dialects.Table, a, b columnType, charsetA, charsetB string) (kept, cheap bool) {
	if a.base != b.base {
		return false, false
	}
	_, whole := displayWidths[a.base]
	switch {
	case whole:
		return a.unsigned == b.unsigned, true
	case a.base == "enum" || a.base == "set":
		return isPrefix(a.args, b.args) && listBytes(a) == listBytes(b), true
	case a.base == "varchar" || a.base == "varbinary":
		return j.keepsLength(t, a.length()*charsetWidth(charsetA), b.length()*charsetWidth(charsetB)) && b.length() >= a.length(), false
	}
	return a.String() == b.String(), false
}

// keepsLength reports whether the length of a value is stored alike for both maximal lengths in bytes:
// from 256 on it takes two. MariaDB stores up to 127 in a way that fits both.
func (j judge) keepsLength(t *dialects.Table, from, to int) bool {
	const (
		oneByte = 255
		either  = 127
	)
	switch {
	case to < from:
		return false
	case j.isMariaDB() && (from <= either || t.RowFormat == "Redundant"):
		return true
	}
	return (from > oneByte) == (to > oneByte)
}

func isPrefix(a, b []string) bool { return len(a) <= len(b) && slices.Equal(a, b[:len(a)]) }

// listBytes are the bytes that a value of an enum or set takes.
func listBytes(t columnType) int {
	if t.base == "enum" {
		if len(t.args) > 255 {
			return 2
		}
		return 1
	}
	bytes := (len(t.args) + 7) / 8
	if bytes > 4 {
		return 8
	}
	return bytes
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}
