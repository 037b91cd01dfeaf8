package mysql

import (
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (l *lowerer) lowerCreateTable(s *astCreateTable) dialects.Change {
	c := dialects.CreateTable{
		Table: tableName(s.Table), IfNotExists: s.IfNotExists, Replace: l.replace,
		Temporary: s.TemporaryKeyword != astTemporaryNone, AsQuery: s.Select != nil,
	}
	if s.Select != nil {
		l.read(s.Select)
		c.Whole = wholeTable(s.Select)
	}
	if s.ReferTable != nil {
		c.Like = []dialects.LikeTable{{Table: tableName(s.ReferTable)}}
	}
	for _, def := range s.Cols {
		column, constraints, indexes := l.lowerColumn(def)
		c.Columns = append(c.Columns, column)
		c.Constraints = append(c.Constraints, constraints...)
		c.Indexes = append(c.Indexes, indexes...)
	}
	for _, con := range s.Constraints {
		l.addConstraint(&c, con)
	}
	for _, o := range s.Options {
		l.tableOption(&c.Options, o)
		l.optionTraits(o)
		if o.Tp == astTableAutoIncOption {
			l.traits.Add(dialects.StartValue, "", int(o.UintValue))
		}
	}
	l.readOver(&c)
	c.Partition = lowerPartitionKey(s.Partition)
	c.Options.Partitions = partitionNames(s.Partition)
	return c
}

// readOver notes foreign keys of a table whose engine has none.
func (l *lowerer) readOver(c *dialects.CreateTable) {
	if hasForeignKeys(c.Options.Engine) {
		return
	}
	for _, con := range c.Constraints {
		if con.Kind == dialects.ForeignKey {
			l.traits.Add(dialects.Ignored, "FOREIGN KEY of a table of engine "+c.Options.Engine, 0)
		}
	}
}

// hasForeignKeys reports whether an engine holds foreign keys; others read them over and make their indexes.
func hasForeignKeys(engine string) bool {
	return engine == "" || engine == innoDB || engine == "ndbcluster"
}

// addConstraint adds a table's constraint or index to it.
func (l *lowerer) addConstraint(c *dialects.CreateTable, con *astConstraint) {
	switch con.Tp {
	case astCheckConstraint:
		if !l.dialect.checks() {
			l.traits.Add(dialects.Ignored, "CHECK", 0)
			return
		}
		c.Constraints = append(c.Constraints, l.lowerConstraint(con))
	case astForeignConstraint:
		c.Constraints = append(c.Constraints, l.lowerConstraint(con))
	default:
		c.Indexes = append(c.Indexes, l.lowerKey(con))
	}
}

// tableOption keeps the options that a catalog has.
func (l *lowerer) tableOption(o *dialects.TableOptions, t *astTableOption) {
	switch t.Tp {
	case astEngineOption:
		o.Engine = engineName(t.StrValue)
	case astRowFormatOption:
		o.RowFormat = rowFormats[t.UintValue]
	case astTableCommentOption:
		n, ok := l.noted(t.StrValue)
		switch {
		case !ok:
			o.Comment = t.StrValue
		case n.kind == charsetNote:
			o.Charset = charsetName(unquote(n.text))
		case n.kind == collationNote:
			o.Collation = collationName(unquote(n.text))
		case n.kind == versionedNote:
			o.SystemVersioned = true
		}
	}
}

// optionTraits finds the options by which InnoDB compresses rows or pages.
func (l *lowerer) optionTraits(t *astTableOption) {
	add := func(option string) { l.traits.Add(dialects.Compression, option, 0) }
	switch {
	case t.Tp == astRowFormatOption && rowFormats[t.UintValue] == "Compressed":
		add("ROW_FORMAT=COMPRESSED")
	case t.Tp == astKeyBlockSizeOption && t.UintValue > 0:
		add("KEY_BLOCK_SIZE=" + strconv.FormatUint(t.UintValue, 10))
	case t.Tp == astPageCompressOption && t.UintValue > 0:
		add("PAGE_COMPRESSED=1")
	case t.Tp == astCompressionOption && t.StrValue != "" && !strings.EqualFold(t.StrValue, "none"):
		add("COMPRESSION=" + quoteLiteral(t.StrValue))
	}
}

// engineNames are storage engines as the servers spell them.
var engineNames = map[string]string{
	"innodb": "InnoDB", "myisam": "MyISAM", "memory": "MEMORY", "heap": "MEMORY", "csv": "CSV",
	"archive": "ARCHIVE", "blackhole": "BLACKHOLE", "aria": "Aria", "rocksdb": "ROCKSDB",
	"ndb": "ndbcluster", "ndbcluster": "ndbcluster",
}

func engineName(s string) string {
	if name, ok := engineNames[strings.ToLower(s)]; ok {
		return name
	}
	return s
}

func lowerPartitionKey(s *astPartitions) *dialects.PartitionKey {
	if s == nil {
		return nil
	}
	key := &dialects.PartitionKey{Strategy: partitionStrategies[s.Tp]}
	for _, c := range s.ColumnNames {
		key.Columns = append(key.Columns, c.Name.O)
	}
	if s.Expr != nil {
		if ref, ok := s.Expr.(*astColumnReference); ok {
			key.Columns = append(key.Columns, ref.Name.Name.O)
		} else {
			key.Columns = append(key.Columns, columnNames(s.Expr)...)
			key.Expressions = append(key.Expressions, writeExpression(s.Expr))
		}
	}
	if s.Sub != nil && s.Sub.Expr != nil {
		key.Columns = appendNew(key.Columns, columnNames(s.Sub.Expr)...)
	}
	return key
}

func partitionNames(s *astPartitions) []string {
	if s == nil {
		return nil
	}
	var names []string
	for _, d := range s.Definitions {
		names = append(names, d.Name.O)
	}
	return names
}
