package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (r replayer) addColumn(t *dialects.Table, c dialects.AddColumn) {
	if findColumn(t, c.Column.Name) != nil || c.After != "" && findColumn(t, c.After) == nil {
		return
	}
	r.putColumn(t, c.Column, c.First, c.After)
	r.putParts(t, c.Indexes, c.Constraints)
}

// putParts adds what is written within a column's definition.
func (r replayer) putParts(t *dialects.Table, indexes []dialects.Index, constraints []dialects.Constraint) {
	for _, i := range indexes {
		r.putIndex(t, i)
	}
	for _, con := range constraints {
		r.putConstraint(t, con)
	}
}

// putColumn adds a column, last where no place is named.
func (r replayer) putColumn(t *dialects.Table, c dialects.Column, first bool, after string) {
	column := r.completed(t, c)
	at := len(t.Columns)
	switch {
	case first:
		at = 0
	case after != "":
		at = columnAt(t, after) + 1
	}
	t.Columns = slices.Insert(t.Columns, at, &column)
}

// completed is a column with what its definition leaves to the table and to the server.
func (r replayer) completed(t *dialects.Table, c dialects.Column) dialects.Column {
	c.BaseType = c.Type
	c.Options = slices.Clone(c.Options)
	c.Default = defaultText(c.Default, c.Type)
	if !isCharacterType(c.Type) {
		c.Charset, c.Collation.Name = "", ""
		return c
	}
	c.Charset, c.Collation.Name = r.collate(c.Charset, c.Collation.Name, t.Charset, t.Collation)
	if sized := parseType(c.Type); sized.base == "text" && sized.length() > 0 {
		c.Type = sizedText(sized.base, sized.length(), charsetWidth(c.Charset))
		c.BaseType = c.Type
	}
	if c.Charset == "binary" { // the characters are bytes then
		c.Type = strings.NewReplacer("varchar", "varbinary", "char", "binary", "text", "blob").Replace(c.Type)
		c.BaseType, c.Charset, c.Collation.Name = c.Type, "", ""
	}
	return c
}

func (r replayer) redefineColumn(t *dialects.Table, c dialects.RedefineColumn) {
	at := columnAt(t, c.Column)
	if at < 0 || !strings.EqualFold(c.Column, c.To.Name) && (findColumn(t, c.To.Name) != nil || !r.renameColumn(t, c.Column, c.To.Name)) {
		return
	}
	// MODIFY without CHECK takes a column's own check away on MariaDB.
	if r.isMariaDB() {
		t.Constraints = slices.DeleteFunc(t.Constraints, func(con *dialects.Constraint) bool {
			return con.Kind == dialects.Check && strings.EqualFold(con.Name, c.To.Name)
		})
	}
	column := r.completed(t, c.To)
	column.NotNull = column.NotNull || slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool {
		return i.Primary && contains(i.Columns, column.Name)
	})
	t.Columns[at] = &column
	if c.First || c.After != "" {
		t.Columns = slices.Delete(t.Columns, at, at+1)
		to := 0
		if c.After != "" {
			to = columnAt(t, c.After) + 1
		}
		t.Columns = slices.Insert(t.Columns, to, &column)
	}
	r.putParts(t, c.Indexes, c.Constraints)
}

// dropColumn takes a column out, and out of indexes. The servers refuse where another column, a
// foreign key, or a check of several columns needs it.
func (r replayer) dropColumn(t *dialects.Table, name string) {
	at := columnAt(t, name)
	if at < 0 || r.isNeeded(t, name) {
		return
	}
	t.Columns = slices.Delete(t.Columns, at, at+1)
	t.Constraints = slices.DeleteFunc(t.Constraints, func(con *dialects.Constraint) bool {
		return con.Kind == dialects.Check && contains(con.Columns, name)
	})
	for _, i := range slices.Clone(t.Indexes) {
		if !contains(i.Columns, name) {
			continue
		}
		i.Parts = slices.DeleteFunc(i.Parts, func(p dialects.IndexPart) bool { return strings.EqualFold(p.Column, name) })
		describeIndex(i)
		if len(i.Parts) == 0 {
			dropIndexOf(t, i.Name.Name)
			continue
		}
		carry(t, i)
	}
}

func (r replayer) isNeeded(t *dialects.Table, name string) bool {
	for _, con := range t.Constraints {
		if con.Kind == dialects.ForeignKey && contains(con.Columns, name) ||
			con.Kind == dialects.Check && contains(con.Columns, name) && len(con.Columns) > 1 {
			return true
		}
	}
	for _, other := range r.Tables {
		for _, con := range other.Constraints {
			if con.References != nil && *con.References == t.Name && contains(con.ReferencedColumns, name) {
				return true
			}
		}
	}
	return isComputedFrom(t, name)
}

// isComputedFrom reports whether a generated column or an index's expression names the column.
func isComputedFrom(t *dialects.Table, name string) bool {
	for _, c := range t.Columns {
		if c.Generated != "" && !strings.EqualFold(c.Name, name) && contains(expressionColumns(c.Generated), name) {
			return true
		}
	}
	for _, i := range t.Indexes {
		for _, p := range i.Parts {
			if p.Expression != "" && contains(expressionColumns(p.Expression), name) {
				return true
			}
		}
	}
	return false
}

// renameColumn renames a column and all that names it in tables; triggers, views and routines keep
// the old name. It reports whether the servers would: MySQL refuses where a check, a generated
// column or an index's expression names the column; MariaDB renames it there.
func (r replayer) renameColumn(t *dialects.Table, from, to string) bool {
	column := findColumn(t, from)
	if column == nil || findColumn(t, to) != nil && !strings.EqualFold(from, to) {
		return false
	}
	checked := slices.ContainsFunc(t.Constraints, func(con *dialects.Constraint) bool {
		return con.Kind == dialects.Check && contains(con.Columns, from)
	})
	if !r.isMariaDB() && (checked || isComputedFrom(t, from)) {
		return false
	}
	column.Name = to
	renamed := func(list []string) {
		for i := range list {
			if strings.EqualFold(list[i], from) {
				list[i] = to
			}
		}
	}
	for _, c := range t.Columns {
		c.Generated = renameIn(c.Generated, from, to)
	}
	for _, con := range t.Constraints {
		renamed(con.Columns)
		switch con.Kind {
		case dialects.Check:
			con.Expression = renameIn(con.Expression, from, to)
			con.Definition = "CHECK (" + con.Expression + ")"
			if strings.EqualFold(con.Name, from) {
				con.Name = to
			}
		case dialects.ForeignKey:
			con.Definition = r.foreignKeyText(t, *con)
		}
	}
	for _, i := range t.Indexes {
		for n := range i.Parts {
			if strings.EqualFold(i.Parts[n].Column, from) {
				i.Parts[n].Column = to
			}
			i.Parts[n].Expression = renameIn(i.Parts[n].Expression, from, to)
		}
		describeIndex(i)
		carry(t, i)
	}
	if t.Partition != nil {
		renamed(t.Partition.Columns)
	}
	for _, other := range r.Tables {
		for _, con := range other.Constraints {
			if con.References != nil && *con.References == t.Name {
				renamed(con.ReferencedColumns)
				con.Definition = r.foreignKeyText(other, *con)
			}
		}
	}
	return true
}

// renameIn renames a column in an expression's text.
func renameIn(text, from, to string) string {
	if !contains(expressionColumns(text), from) {
		return text
	}
	var out strings.Builder
	l := lexer{src: text, delimiter: defaultDelimiter}
	at := 0
	for {
		t, ok := l.next()
		if !ok {
			break
		}
		if (t.kind == wordToken || t.kind == quotedToken) && strings.EqualFold(unquote(text[t.start:t.end]), from) {
			out.WriteString(text[at:t.start] + quote(to))
			at = t.end
		}
	}
	return out.String() + text[at:]
}
