package mysql

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// The row versions that instant ADD and DROP COLUMN may make before the table must be rebuilt.
const (
	maxRowVersions    = 64
	maxRowVersionsNew = 255 // from 9.1 on
)

// virtualMoves is why MariaDB copies a table with a virtual column that another one comes or goes before.
const virtualMoves = "a virtual column of the table moves with it"

// hasFulltext is why columns neither come and go at once nor with a rebuild in place.
const hasFulltext = "the table has a FULLTEXT index"

// instantColumns reports whether the table can get and lose columns at once, and if not, why.
func (j judge) instantColumns(t *dialects.Table, anywhere bool) (why string) {
	limit := maxRowVersions
	if j.server.AtLeast(9, 1) {
		limit = maxRowVersionsNew
	}
	switch {
	case t.Engine != innoDB && t.Engine != "":
		return "the engine is " + t.Engine
	case t.RowFormat == "Compressed":
		return "ROW_FORMAT=COMPRESSED knows no instant columns"
	case slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool { return i.Method == fulltext }):
		return hasFulltext
	case j.isMariaDB() && j.creates():
		return "an index is built in the same statement"
	case j.hasIndexedVirtual(t):
		return "an index has a virtual column of the table"
	case j.isMariaDB():
		return ""
	case t.Temporary:
		return "the table is temporary"
	case number(j.server) < 80012, anywhere && number(j.server) < 80029:
		return "this release knows no instant change of these columns"
	case t.RowVersions >= limit:
		return "the table has no row versions left: rebuild it first"
	}
	return ""
}

// creates reports whether the statement builds an index, be it one that a foreign key needs.
func (j judge) creates() bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		switch c := change.(type) {
		case dialects.CreateIndex:
			return true
		case dialects.AddColumn:
			return len(c.Indexes) > 0
		case dialects.RedefineColumn:
			return len(c.Indexes) > 0
		case dialects.AddForeignKey:
			t := j.Table(c.Table)
			return t == nil || !indexStartsWith(t, c.Constraint.Columns)
		}
		return false
	})
}

func (j judge) addColumnAbility(t *dialects.Table, c dialects.AddColumn) ability {
	col := j.completed(t, c.Column)
	if c.IfNotExists && findColumn(t, col.Name) != nil {
		return instantly(metadata)
	}
	a := j.plainColumnAbility(t, c, col)
	for _, con := range c.Constraints {
		switch {
		case con.Kind == dialects.ForeignKey && j.settings.foreignKeyChecks:
			a = a.and(copies("every row is looked up for the foreign key"))
		case con.Kind == dialects.Check && !con.NotEnforced && !j.isMariaDB():
			a = a.and(copies("every row is checked"))
		}
	}
	if len(c.Indexes) > 0 {
		a = a.and(ability{work: builds, cause: "an index is built for it"})
	}
	return a
}

func (j judge) plainColumnAbility(t *dialects.Table, c dialects.AddColumn, col dialects.Column) ability {
	switch {
	case col.Generated != "" && col.Stored:
		return copies("each row gets the stored expression's value")
	case col.Generated != "":
		a := instantly(metadata)
		a.waits = j.indexesNew(c)
		return j.virtualAbility(t, a)
	case j.movesVirtual(t) && j.besideVirtual(t):
		return copies(virtualMoves)
	case col.Identity != "":
		a := j.rebuilt(t, "each row gets a number")
		a.waits = true
		return a
	case !isConstantDefault(col.Default) && !(j.isMariaDB() && isDeterministic(col.Default)):
		return copies("each row gets the default expression's value")
	}
	why := j.instantColumns(t, c.First || c.After != "")
	if why == "" && !j.isMariaDB() && col.NotNull && col.Default == "" && !hasImplicitDefault(col.Type) {
		why = "there is no value for the rows that are there"
	}
	if why != "" {
		return j.rebuilt(t, why)
	}
	return j.instantColumn(t)
}

// instantColumn is of a column that comes or goes at once. Where another change keeps MySQL from that,
// the table is rebuilt; MariaDB still leaves the rows where they are.
func (j judge) instantColumn(t *dialects.Table) ability {
	if j.isMariaDB() {
		return instantly(metadata)
	}
	a := j.rebuilt(t, "")
	a.instant = true
	return a
}

// hasImplicitDefault reports whether the rows that are there can get the type's own zero. There is
// no date of zeros in the default sql_mode, and no geometry.
func hasImplicitDefault(typ string) bool {
	switch parseType(typ).base {
	case "date", "datetime", "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring",
		"multipolygon", "geometrycollection":
		return false
	}
	return true
}

// stableFunctions give one value for all rows. Others are taken to differ from row to row.
var stableFunctions = map[string]bool{
	"concat": true, "concat_ws": true, "coalesce": true, "ifnull": true, "nullif": true, "if": true, "lower": true, "upper": true,
	"lcase": true, "ucase": true, "abs": true, "round": true, "floor": true, "ceiling": true, "ceil": true, "json_object": true, "json_array": true,
	"json_quote": true, "date": true, "now": true, "curdate": true, "current_date": true, "current_timestamp": true, "utc_timestamp": true,
	"unhex": true, "hex": true, "repeat": true, "replace": true, "substring": true, "trim": true, "md5": true, "sha1": true, "sha2": true,
}

// isDeterministic reports whether a default is one value for all rows that are there.
func isDeterministic(text string) bool {
	e, err := parseExpression(text)
	if err != nil {
		return false
	}
	stable := true
	walk(e, func(n astNode) bool {
		switch f := n.(type) {
		case *astFunctionCall:
			stable = stable && stableFunctions[f.FnName.L]
		case *astColumnReference:
			stable = false
		}
		return true
	})
	return stable
}

func (j judge) dropColumnAbility(t *dialects.Table, c dialects.DropColumn) ability {
	col := findColumn(t, c.Column)
	if col == nil && c.IfExists {
		return instantly(metadata)
	}
	indexed, shared := false, false
	for _, i := range t.Indexes {
		if contains(i.Columns, c.Column) {
			indexed = true
			shared = shared || len(i.Parts) > 1 || i.Primary
		}
	}
	switch {
	case isVirtual(col) && indexed:
		return j.virtualAbility(t, j.dictionary(false))
	case isVirtual(col):
		return j.virtualAbility(t, instantly(metadata))
	case j.movesVirtual(t) && j.besideVirtual(t):
		return copies(virtualMoves)
	}
	why := j.instantColumns(t, true)
	switch {
	case indexed && j.isMariaDB() && !shared && why == "":
		return ability{work: builds, waits: j.hasSpatial(t)}
	case indexed && why == "":
		why = "an index has the column"
	case why == "":
		return j.instantColumn(t)
	}
	return j.rebuilt(t, why)
}

// changesRows reports whether the statement adds or drops a column that is kept in the row.
func (j judge) changesRows() bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		switch c := change.(type) {
		case dialects.AddColumn:
			return c.Column.Generated == "" || c.Column.Stored
		case dialects.DropColumn:
			if t := j.Table(c.Table); t != nil {
				col := findColumn(t, c.Column)
				return col != nil && (col.Generated == "" || col.Stored)
			}
		}
		return false
	})
}

// renameColumnAbility is of a rename alone. A foreign key on either side keeps it from being copied.
func (j judge) renameColumnAbility(t *dialects.Table, column string) ability {
	a := instantly(metadata)
	a.instant = j.isMariaDB() || number(j.server) >= 80028
	for _, con := range t.Constraints {
		if con.Kind == dialects.ForeignKey && contains(con.Columns, column) {
			a.noCopy = true
		}
	}
	if j.isReferenced(t, column) {
		a.noCopy = true
		a.instant = a.instant && j.isMariaDB()
	}
	return a
}

func (j judge) isReferenced(t *dialects.Table, column string) bool {
	for _, other := range j.Tables {
		for _, con := range other.Constraints {
			if con.References != nil && *con.References == t.Name && contains(con.ReferencedColumns, column) {
				return true
			}
		}
	}
	return false
}
