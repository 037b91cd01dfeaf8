package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (i *inspection) readSchemas() error {
	var name string
	i.catalog.Schemas = map[string]bool{}
	return i.each(`
SELECT n.nspname FROM pg_catalog.pg_namespace n
WHERE `+ownSchema+`
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'e'
    AND x.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND x.objid = n.oid)`,
		func() {
			i.catalog.Schemas[name] = true
			i.catalog.Objects[dialects.ObjectKey{Kind: dialects.Schema, Name: dialects.Name{Name: name}}] =
				&dialects.Object{Kind: dialects.Schema, Name: dialects.Name{Name: name}}
		}, &name)
}

// replicaIdentities are pg_class.relreplident's letters; an index is named instead.
var replicaIdentities = map[string]string{"d": "default", "f": "full", "n": "nothing"}

var tableKinds = map[string]dialects.TableKind{
	"r": dialects.PlainTable, "p": dialects.PartitionedTable, "f": dialects.ForeignTable,
}

func (i *inspection) readTables() error {
	var oid uint32
	var t dialects.Table
	var kind, identity, identityIndex string
	var typed dialects.Name
	return i.each(ownTables+`
SELECT t.oid, t.nspname, t.relname, t.relkind::text,
       t.relrowsecurity, t.relforcerowsecurity, t.relreplident::text,
       COALESCE((SELECT x.relname FROM pg_catalog.pg_index r JOIN pg_catalog.pg_class x ON x.oid = r.indexrelid
                 WHERE r.indrelid = t.oid AND r.indisreplident), ''),
       COALESCE(pg_catalog.pg_get_expr(t.relpartbound, t.oid), ''),
       -- Before 14 a table without statistics has 0 rows in 0 pages.
       CASE WHEN t.reltuples < 0 OR t.reltuples = 0 AND t.relpages = 0 THEN -1 ELSE t.reltuples::bigint END,
       t.relpages, COALESCE(yn.nspname, ''), COALESCE(y.typname, '')
FROM tables t
LEFT JOIN pg_catalog.pg_type y ON y.oid = t.reloftype
LEFT JOIN pg_catalog.pg_namespace yn ON yn.oid = y.typnamespace`, func() {
		table := t
		table.Kind = tableKinds[kind]
		table.ReplicaIdentity = replicaIdentities[identity]
		if identity == "i" {
			table.ReplicaIdentity = identityIndex
		}
		table.OfType = optional(typed.Schema, typed.Name)
		i.tables[oid] = &table
		i.relations[oid] = &relation{name: table.Name, attributes: map[int32]string{}}
		i.catalog.Tables[table.Name] = &table
	}, &oid, &t.Name.Schema, &t.Name.Name, &kind,
		&t.RowSecurity, &t.ForceRowSecurity, &identity, &identityIndex, &t.Bound, &t.Rows, &t.Pages, &typed.Schema, &typed.Name)
}

// readParents reads partitions' parents and classical inheritance, in the order of INHERITS.
func (i *inspection) readParents() error {
	var oid uint32
	var partition bool
	var parent dialects.Name
	return i.each(ownTables+`
SELECT t.oid, t.relispartition, n.nspname, p.relname
FROM tables t
JOIN pg_catalog.pg_inherits i ON i.inhrelid = t.oid
JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
ORDER BY t.oid, i.inhseqno`, func() {
		of := parent
		if partition {
			i.tables[oid].PartitionOf = &of
		} else {
			i.tables[oid].Inherits = append(i.tables[oid].Inherits, of)
		}
	}, &oid, &partition, &parent.Schema, &parent.Name)
}

func (i *inspection) readPartitionKeys() error {
	strategies := map[string]string{"r": "range", "l": "list", "h": "hash"}
	var oid uint32
	var strategy, expressions string
	var numbers []int32
	return i.each(ownTables+`
SELECT t.oid, k.partstrat::text, `+vector("k.partattrs")+`, COALESCE(pg_catalog.pg_get_expr(k.partexprs, t.oid), '')
FROM tables t JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = t.oid`, func() {
		i.tables[oid].Partition = &dialects.PartitionKey{
			Strategy:    strategies[strategy],
			Columns:     named(nil, i.columnNames(oid, numbers)...),
			Expressions: expressionList(expressions),
		}
	}, &oid, &strategy, &numbers, &expressions)
}

// expressionList splits expressions that the server prints with commas between them. A list that
// the parser does not know stays whole.
func expressionList(text string) []string {
	if text == "" {
		return nil
	}
	stmt, err := parseOne("SELECT " + text)
	if err != nil {
		return []string{text}
	}
	var list []string
	for _, target := range stmt.GetSelectStmt().GetTargetList() {
		expr, err := deparseExpression(target.GetResTarget().GetVal())
		if err != nil {
			return []string{text}
		}
		list = append(list, expr)
	}
	return list
}

// readDependencies reads which columns each index, trigger, policy, statistics object, view and
// function depends on. Objects of the server have lower oids than any of a user's.
func (i *inspection) readDependencies() error {
	i.dependencies = map[dependent][]columnID{}
	var d dependent
	var c columnID
	return i.each(`
SELECT d.classid::pg_catalog.regclass::text, COALESCE(r.ev_class, d.objid), d.refobjid, d.refobjsubid
FROM pg_catalog.pg_depend d
LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND r.oid = d.objid
WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  AND d.classid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_trigger'::pg_catalog.regclass,
      'pg_catalog.pg_policy'::pg_catalog.regclass, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass,
      'pg_catalog.pg_rewrite'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
  AND d.refobjid >= 16384 AND d.refobjid <> COALESCE(r.ev_class, 0)
ORDER BY 1, 2, d.refobjid, d.refobjsubid`, func() {
		d.class = strings.TrimPrefix(d.class, "pg_catalog.")
		i.dependencies[d] = append(i.dependencies[d], c)
	}, &d.class, &d.oid, &c.relation, &c.number)
}

// dependent is an object that depends on columns. Class is its catalog; a view's is pg_rewrite,
// and its oid the view's own.
type dependent struct {
	class string
	oid   uint32
}

// columnID is a column, or with number 0 a whole relation.
type columnID struct {
	relation uint32
	number   int32
}

// columnsUsed are the columns of one relation that an object depends on.
func (i *inspection) columnsUsed(class string, oid, relation uint32) []string {
	var names []string
	for _, c := range i.dependencies[dependent{class, oid}] {
		if c.relation == relation && c.number > 0 {
			names = append(names, i.columnNames(relation, []int32{c.number})...)
		}
	}
	return names
}
