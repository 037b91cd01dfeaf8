package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (i *inspection) add(o dialects.Object) *dialects.Object {
	key := dialects.ObjectKey{Kind: o.Kind, Name: o.Name}
	i.catalog.Objects[key] = &o
	return &o
}

// reads fills in the tables and columns that an object depends on.
func (i *inspection) reads(o *dialects.Object, class string, oid uint32) {
	for _, c := range i.dependencies[dependent{class, oid}] {
		relation := i.relations[c.relation]
		if relation == nil {
			continue
		}
		if !slices.Contains(o.Reads, relation.name) {
			o.Reads = append(o.Reads, relation.name)
		}
		if column := relation.attributes[c.number]; column != "" {
			o.Columns = append(o.Columns, dialects.ColumnRef{Table: relation.name, Column: column})
		}
	}
}

// readSequences reads all but those of identity columns, which are a part of their column.
func (i *inspection) readSequences() error {
	var owner uint32
	var number int32
	var name dialects.Name
	return i.each(ownRelations+`
SELECT s.nspname, s.relname, COALESCE(d.refobjid, 0), COALESCE(d.refobjsubid, 0)
FROM own s
LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = s.oid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
WHERE s.relkind = 'S' AND d.deptype IS DISTINCT FROM 'i'`, func() {
		sequence := dialects.Object{Kind: dialects.Sequence, Name: name}
		if table := i.tables[owner]; table != nil {
			column := table.Column(i.relations[owner].attributes[number])
			sequence.OwnedBy = &dialects.ColumnRef{Table: table.Name, Column: column.Name}
			column.Sequence = optional(name.Schema, name.Name)
		}
		i.add(sequence)
	}, &name.Schema, &name.Name, &owner, &number)
}

func (i *inspection) readViews() error {
	var oid uint32
	var kind string
	var o dialects.Object
	return i.each(ownRelations+`
SELECT v.oid, v.relkind::text, v.nspname, v.relname, COALESCE(pg_catalog.pg_get_viewdef(v.oid), '')
FROM own v WHERE v.relkind IN ('v', 'm')`, func() {
		o.Kind = dialects.View
		if kind == "m" {
			o.Kind = dialects.MaterializedView
		}
		i.reads(i.add(o), "pg_rewrite", oid)
	}, &oid, &kind, &o.Name.Schema, &o.Name.Name, &o.Definition)
}

// readFunctions reads functions and procedures. A body in standard SQL (from 14 on) is stored
// parsed, and what it reads is known.
func (i *inspection) readFunctions() error {
	var oid uint32
	var o dialects.Object
	return i.each(`
SELECT f.oid, n.nspname, f.proname,
       `+i.since(14, `COALESCE(pg_catalog.pg_get_function_sqlbody(f.oid), f.prosrc)`, `f.prosrc`)+`,
       f.provolatile <> 'v',
       f.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
WHERE `+ownSchema+` AND f.prokind <> 'a'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'e'
    AND x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND x.objid = f.oid)
ORDER BY f.oid`, func() {
		o.Kind = dialects.Function
		known := i.catalog.Objects[dialects.ObjectKey{Kind: o.Kind, Name: o.Name}]
		if known != nil {
			known.Definition += "\n" + o.Definition
			known.Stable = known.Stable && o.Stable
			known.ForTriggers = known.ForTriggers && o.ForTriggers
		} else {
			known = i.add(o)
		}
		i.reads(known, "pg_proc", oid)
	}, &oid, &o.Name.Schema, &o.Name.Name, &o.Definition, &o.Stable, &o.ForTriggers)
}

// ownTypes are the types outside extensions.
const ownTypes = `
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE ` + ownSchema + `
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'e'
    AND x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND x.objid = t.oid)`

func (i *inspection) readEnums() error {
	var o dialects.Object
	return i.each(`
SELECT n.nspname, t.typname, ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e
                                  WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)`+
		ownTypes+` AND t.typtype = 'e'`, func() {
		o.Kind = dialects.EnumType
		i.add(o)
	}, &o.Name.Schema, &o.Name.Name, &o.Values)
}

// readComposites reads free-standing row types; tables have one each, which is left out.
func (i *inspection) readComposites() error {
	var o dialects.Object
	var attributes []string
	return i.each(`
SELECT n.nspname, t.typname, ARRAY(
    SELECT pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum)`+
		ownTypes+` AND t.typtype = 'c'
  AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')`, func() {
		o.Kind = dialects.CompositeType
		o.Definition = "(" + strings.Join(attributes, ", ") + ")"
		i.add(o)
	}, &o.Name.Schema, &o.Name.Name, &attributes)
}
