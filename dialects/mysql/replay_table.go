package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// The engine and row format of a table that says nothing.
const (
	innoDB        = "InnoDB"
	dynamicFormat = "Dynamic"
)

func (r replayer) createTable(c dialects.CreateTable) {
	name := r.Resolve(c.Table)
	if r.Tables[name] != nil && !c.Replace {
		return
	}
	t := &dialects.Table{
		Name: name, Kind: dialects.PlainTable, Temporary: c.Temporary, Partition: c.Partition, Rows: -1,
		Engine: c.Options.Engine, RowFormat: c.Options.RowFormat, Comment: c.Options.Comment,
		Partitions: slices.Clone(c.Options.Partitions), SystemVersioned: c.Options.SystemVersioned,
	}
	if c.Partition != nil {
		t.Kind = dialects.PartitionedTable
	}
	if t.Engine == "" {
		t.Engine = innoDB
	}
	if t.RowFormat == "" && t.Engine == innoDB {
		t.RowFormat = dynamicFormat
	}
	t.Charset, t.Collation = r.collate(c.Options.Charset, c.Options.Collation, r.Charset, r.Collation)
	r.Tables[name] = t
	for _, like := range c.Like {
		if other := r.Table(like.Table); other != nil {
			r.copyTable(t, other)
		}
	}
	for _, column := range c.Columns {
		r.putColumn(t, column, false, "")
	}
	for _, primary := range []bool{true, false} {
		for _, i := range c.Indexes {
			if i.Primary == primary {
				r.putIndex(t, i)
			}
		}
	}
	for _, con := range c.Constraints {
		r.putConstraint(t, con)
	}
}

// collate works out a character set and collation from what was said and what holds above.
func (r replayer) collate(charset, collation, charsetAbove, collationAbove string) (string, string) {
	switch {
	case charset == "" && collation == "":
		return charsetAbove, collationAbove
	case collation == "":
		return charset, charsetCollation(r.server, charset)
	case charset == "":
		if charset = collationCharset(collation); charset == "" || strings.HasPrefix(collation, "_") {
			charset = charsetAbove
		}
	}
	if strings.HasPrefix(collation, "_") { // CHAR(9) BINARY
		collation = charset + collation
	}
	if strings.HasPrefix(collation, "uca1400") {
		collation = charset + "_" + collation
	}
	return charset, collation
}

// copyTable follows CREATE TABLE ... LIKE: all but foreign keys and triggers.
func (r replayer) copyTable(t, from *dialects.Table) {
	copied := (&dialects.Catalog{Tables: map[dialects.Name]*dialects.Table{from.Name: from}}).Clone().Tables[from.Name]
	t.Engine, t.RowFormat, t.Charset, t.Collation = from.Engine, from.RowFormat, from.Charset, from.Collation
	t.Comment, t.Kind, t.Partition, t.Partitions = from.Comment, from.Kind, copied.Partition, copied.Partitions
	t.SystemVersioned = from.SystemVersioned
	t.Columns, t.Indexes = copied.Columns, copied.Indexes
	for _, i := range t.Indexes {
		i.Name.Schema = t.Name.Schema
	}
	for _, con := range copied.Constraints {
		switch {
		case con.Kind == dialects.Check && !r.isMariaDB():
			con.Name = "" // the server names it anew
			r.putConstraint(t, *con)
		case con.Kind != dialects.ForeignKey:
			t.Constraints = append(t.Constraints, con)
		}
	}
	sortConstraints(t)
}

// renameTable renames a table and what is named after it, and the references to it.
func (r replayer) renameTable(from, to dialects.Name) {
	t := r.Table(from)
	if t == nil || r.Tables[to] != nil {
		return
	}
	old := t.Name
	delete(r.Tables, old)
	t.Name = to
	r.Tables[to] = t
	for _, con := range t.Constraints {
		for _, label := range []string{"_ibfk_", "_chk_"} {
			if number, ok := strings.CutPrefix(con.Name, old.Name+label); ok && isNumber(number) {
				con.Name = to.Name + label + number
			}
		}
	}
	for _, i := range t.Indexes {
		i.Name.Schema = to.Schema
	}
	for _, other := range r.Tables {
		for _, con := range other.Constraints {
			if con.References != nil && *con.References == old {
				con.References = &dialects.Name{Schema: to.Schema, Name: to.Name}
				con.Definition = r.foreignKeyText(other, *con)
			}
		}
	}
	sortConstraints(t)
}

// alterTable follows the options that the catalog knows of.
func (r replayer) alterTable(t *dialects.Table, c dialects.AlterTable) {
	switch c.What {
	case "set schema":
		schema, name, _ := strings.Cut(c.Value, ".")
		r.renameTable(t.Name, dialects.Name{Schema: schema, Name: name})
	case "engine":
		t.Engine = c.Value
	case "row format":
		if t.RowFormat = c.Value; c.Value == "" {
			t.RowFormat = dynamicFormat
		}
	case "comment":
		t.Comment = c.Value
	case "charset":
		t.Charset, t.Collation = r.collate(c.Value, "", r.Charset, r.Collation)
	case "collate":
		t.Charset, t.Collation = r.collate("", c.Value, t.Charset, t.Collation)
	case "convert charset":
		r.convert(t, c.Value)
	case "add system versioning", "drop system versioning":
		t.SystemVersioned = c.What == "add system versioning"
	case "partition by":
		t.Kind, t.Partitions = dialects.PartitionedTable, names(c.Value)
		if t.Partition == nil {
			t.Partition = &dialects.PartitionKey{}
		}
	case "remove partitioning":
		t.Kind, t.Partition, t.Partitions = dialects.PlainTable, nil, nil
	case "add partition":
		t.Partitions = appendNew(t.Partitions, names(c.Value)...)
	case "convert partition":
		partition, to, _ := strings.Cut(c.Value, " TO TABLE ")
		t.Partitions = slices.DeleteFunc(t.Partitions, func(p string) bool { return contains(names(unquote(partition)), p) })
		other := t.Clone()
		other.Name, other.Kind, other.Partition, other.Partitions = r.Resolve(dialects.Name{Name: unquote(to)}), dialects.PlainTable, nil, nil
		r.Tables[other.Name] = other
	case "drop partition":
		t.Partitions = slices.DeleteFunc(t.Partitions, func(p string) bool { return contains(names(c.Value), p) })
	}
}

func names(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// widerText is what a text column becomes when its characters get wider.
var widerText = map[string]string{"tinytext": "text", "text": "mediumtext", "mediumtext": "longtext"}

// convert follows CONVERT TO CHARACTER SET, whose value is a character set and maybe a collation.
func (r replayer) convert(t *dialects.Table, value string) {
	charset, collation, _ := strings.Cut(value, " ")
	t.Charset, t.Collation = r.collate(charset, collation, r.Charset, r.Collation)
	for _, c := range t.Columns {
		if c.Charset == "" {
			continue
		}
		if wider, ok := widerText[c.Type]; ok && charsetWidth(t.Charset) > charsetWidth(c.Charset) {
			c.Type, c.BaseType = wider, wider
		}
		c.Charset, c.Collation = t.Charset, dialects.Name{Name: t.Collation}
	}
}
