package postgres

import (
	"github.com/segue-db/segue/dialects"
)

// storages are pg_attribute.attstorage's letters.
var storages = map[string]string{"p": "plain", "e": "external", "m": "main", "x": "extended"}

var identities = map[string]string{"a": "always", "d": "by default"}

var compressions = map[string]string{"p": "pglz", "l": "lz4"}

// columnVersion begins an option that the server keeps for itself: minor releases of November 2026
// (15.20 and its kin) number every column's versions so. Nobody can set it, and pg_dump leaves it
// out too.
const columnVersion = "pg_attver="

// readColumns reads tables' columns, and of views as much as to look their names up.
func (i *inspection) readColumns() error {
	var oid, typ uint32
	var kind, schema, relname string
	var number int32
	var c dialects.Column
	var expression, identity, generated, storage, compression string
	return i.each(ownRelations+`
SELECT r.oid, r.relkind::text, r.nspname, r.relname,
       a.attnum, a.attname, a.atttypid, pg_catalog.format_type(a.atttypid, a.atttypmod),
       COALESCE(l.nspname, ''), COALESCE(l.collname, ''),
       a.attnotnull, COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), ''),
       a.attidentity::text, a.attgenerated::text,
       COALESCE(e.description, ''),
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text ELSE '' END,
       `+i.since(14, `a.attcompression::text`, `''`)+`,
       COALESCE(a.attstattarget, -1),
       ARRAY(SELECT o FROM pg_catalog.unnest(a.attoptions) o WHERE o NOT LIKE '`+columnVersion+`%')
FROM own r
JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN (SELECT c.oid, c.collname, n.nspname FROM pg_catalog.pg_collation c
           JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace) l
       ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_description e ON e.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
       AND e.objoid = a.attrelid AND e.objsubid = a.attnum
WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm')
ORDER BY r.oid, a.attnum`, func() {
		rel := i.relations[oid]
		if rel == nil {
			rel = &relation{name: dialects.Name{Schema: schema, Name: relname}, attributes: map[int32]string{}}
			i.relations[oid] = rel
		}
		rel.attributes[number] = c.Name
		table := i.tables[oid]
		if table == nil {
			return
		}
		column := c
		column.Identity = identities[identity]
		column.Storage = storages[storage]
		column.Compression = compressions[compression]
		if generated == "" {
			column.Default = expression
		} else {
			column.Generated = expression
		}
		column.BaseType = column.Type
		if d := i.domains[typ]; d != nil {
			column.Domain = &d.name
			column.BaseType = d.base
		}
		table.Columns = append(table.Columns, &column)
	}, &oid, &kind, &schema, &relname,
		&number, &c.Name, &typ, &c.Type, &c.Collation.Schema, &c.Collation.Name,
		&c.NotNull, &expression, &identity, &generated, &c.Comment,
		&storage, &compression, &c.StatsTarget, &c.Options)
}

// readGrants reads the privileges on single columns. The owner's are among them where any is set.
func (i *inspection) readGrants() error {
	var oid uint32
	var number int32
	var g dialects.ColumnGrant
	return i.each(ownTables+`
SELECT t.oid, a.attnum,
       CASE WHEN x.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(x.grantee)::text END,
       x.privilege_type, x.is_grantable
FROM tables t
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attacl IS NOT NULL,
     pg_catalog.aclexplode(a.attacl) x
ORDER BY t.oid, a.attnum, 3, 4`, func() {
		name := i.relations[oid].attributes[number]
		if column := i.tables[oid].Column(name); column != nil {
			column.Grants = append(column.Grants, g)
		}
	}, &oid, &number, &g.Role, &g.Privilege, &g.Grantable)
}
