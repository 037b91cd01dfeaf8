package mysql

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

func (j judge) createIndexAbility(t *dialects.Table, i dialects.Index) ability {
	texts, asked := 0, 0
	for _, other := range t.Indexes {
		if other.Method == fulltext {
			texts++
		}
	}
	for _, change := range j.statement.Changes {
		if c, ok := change.(dialects.CreateIndex); ok && c.Index.Method == fulltext {
			asked++
		}
	}
	switch {
	case t.Engine != innoDB && t.Engine != "":
		return copies("the engine is " + t.Engine)
	case (i.Unique || i.Primary) && j.ignores():
		return copies("IGNORE takes rows out whose values come twice, without a word")
	case i.Primary:
		return j.addPrimaryKeyAbility(t, i)
	case i.Method == vector:
		return copies("a VECTOR index is built")
	case i.Method == fulltext && asked > 1:
		return copies("several FULLTEXT indexes are built at once")
	case i.Method == fulltext && texts == 0:
		return ability{work: rebuilds, waits: true, cause: "the first FULLTEXT index is built, which the rows get a column for"}
	case i.Method == fulltext:
		return ability{work: builds, waits: true, cause: "a FULLTEXT index is built"}
	case i.Method == rtree:
		return ability{work: builds, waits: true, cause: "a SPATIAL index is built"}
	case i.Expressions && i.Unique:
		return copies("a unique index over an expression is built")
	case i.Expressions:
		return j.expressionIndexAbility(t, ability{work: builds, waits: true, cause: "the index has an expression"})
	}
	return ability{work: builds}
}

// ignores reports whether the statement is MariaDB's ALTER IGNORE TABLE.
func (j judge) ignores() bool {
	a := amender{src: j.statement.Text, tokens: tokensOf(j.statement.Text)}
	return a.is(0, "ALTER") && a.is(a.skip(1, "ONLINE"), "IGNORE")
}

// addPrimaryKeyAbility is of a new order of the rows. Columns that may be NULL need strict mode on MySQL.
func (j judge) addPrimaryKeyAbility(t *dialects.Table, i dialects.Index) ability {
	nullable := slices.ContainsFunc(i.Columns, func(name string) bool {
		c := findColumn(t, name)
		return c != nil && !c.NotNull
	})
	if nullable && !j.settings.strict && !j.isMariaDB() {
		return copies("the session is not strict")
	}
	return j.rebuilt(t, "the rows are ordered by the primary key")
}

func (j judge) dropConstraintAbility(t *dialects.Table, c dialects.DropConstraint) ability {
	kind := c.Kind
	if con := findConstraint(t, c.Name); con != nil {
		kind = con.Kind
	}
	switch kind {
	case dialects.PrimaryKey:
		replaced := slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
			if c, ok := change.(dialects.AddColumn); ok {
				return slices.ContainsFunc(c.Indexes, func(i dialects.Index) bool { return i.Primary })
			}
			i, ok := change.(dialects.CreateIndex)
			return ok && i.Index.Primary
		})
		if !replaced && !(j.isMariaDB() && j.hasSpareKey(t)) {
			return copies("the rows lose the key that they are ordered by")
		}
		return j.rebuilt(t, "the rows are ordered by the primary key")
	case dialects.ForeignKey:
		return j.dictionary(true)
	case dialects.Unique:
		return j.dictionary(false)
	}
	return instantly(metadata)
}

// hasSpareKey reports whether a unique key of NOT NULL columns is left, which MariaDB takes for the primary one.
func (j judge) hasSpareKey(t *dialects.Table) bool {
	return slices.ContainsFunc(j.indexesLeft(t), func(i *dialects.Index) bool {
		return i.Unique && !i.Primary && !slices.ContainsFunc(i.Parts, func(p dialects.IndexPart) bool {
			c := findColumn(t, p.Column)
			return c == nil || !c.NotNull
		})
	})
}

// addForeignKeyAbility is of a foreign key. The servers check the rows only while they copy them.
func (j judge) addForeignKeyAbility(t *dialects.Table, con dialects.Constraint) ability {
	switch {
	case j.settings.foreignKeyChecks:
		return copies("every row is looked up for the foreign key")
	case !indexStartsWith(t, con.Columns):
		return ability{work: builds}
	}
	return j.dictionary(true)
}

// dictionaryOptions are options of a table that the dictionary alone holds.
var dictionaryOptions = map[string]bool{
	"nothing": true, "comment": true, "charset": true, "collate": true, "auto_increment": true, "stats": true, "options": true,
	"with validation": true, "without validation": true,
}

// converted reports whether no column of a table changes by a CONVERT: it has no text, or all is of that collation.
func (j judge) converted(t *dialects.Table, c dialects.AlterTable) bool {
	if j.Table(c.Table) == nil {
		return false
	}
	j.statement.Changes = []dialects.Change{c}
	after := j.after().Table(c.Table)
	return after != nil && slices.EqualFunc(t.Columns, after.Columns, func(a, b *dialects.Column) bool {
		return a.Charset == b.Charset && a.Collation == b.Collation && a.Type == b.Type
	})
}

// convertAbility is of CONVERT TO CHARACTER SET: what giving each column its new character set takes.
func (j judge) convertAbility(t *dialects.Table, c dialects.AlterTable) ability {
	const cause = "the values are converted"
	if j.Table(c.Table) == nil {
		return copies(cause)
	}
	j.statement.Changes = []dialects.Change{c}
	after := j.after().Table(c.Table)
	if after == nil || len(after.Columns) != len(t.Columns) {
		return copies(cause)
	}
	a := j.dictionary(true)
	for i, from := range t.Columns {
		if to := after.Columns[i]; from.Charset != to.Charset || from.Collation != to.Collation || from.Type != to.Type {
			a = a.and(j.typeAbility(t, from, to))
		}
	}
	if a.work == impossible {
		a.cause = cause
	}
	return a
}

func (j judge) alterTableAbility(t *dialects.Table, c dialects.AlterTable) ability {
	switch c.What {
	case "engine":
		if c.Value != t.Engine {
			return copies("the engine changes to " + c.Value)
		}
		return j.rebuilt(t, "")
	case "force", "row format", "key block size":
		return j.rebuilt(t, "")
	case "nothing":
		return instantly(metadata)
	case "enable keys", "disable keys":
		return ability{instant: true, exclusive: true}
	case "set schema":
		return ability{instant: true, exclusive: true}
	case "convert charset":
		if j.converted(t, c) {
			return j.dictionary(true)
		}
		return j.convertAbility(t, c)
	case "order by":
		return copies("the rows are put in order")
	case "compression", "encryption", "tablespace":
		switch {
		case j.isMariaDB() && c.What != "tablespace":
			return j.rebuilt(t, "the table is stored in another way")
		case c.What == "compression": // of the pages that are written from now on
			return j.dictionary(false)
		}
		return copies("the table is stored in another way")
	case "add system versioning":
		return copies("the rows get their history")
	case "drop system versioning":
		a := j.rebuilt(t, "the rows lose their history")
		a.waits = true
		return a
	}
	if dictionaryOptions[c.What] {
		return j.dictionary(true)
	}
	return ability{unjudged: true}
}
