package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// contypes are pg_constraint.contype's letters. Constraint triggers are triggers to us.
var contypes = map[string]dialects.ConstraintKind{
	"p": dialects.PrimaryKey, "u": dialects.Unique, "c": dialects.Check,
	"f": dialects.ForeignKey, "x": dialects.Exclusion, "n": dialects.NotNull,
}

// readConstraints reads each table's. A constraint that a parent has too counts as inherited even
// where the child declared it as well: it cannot be dropped alone.
func (i *inspection) readConstraints() error {
	var oid, referenced uint32
	var c dialects.Constraint
	var kind, refSchema, refName string
	var key, refKey []int32
	return i.each(ownTables+`
SELECT t.oid, k.conname, k.contype::text, k.conkey::int[],
       COALESCE(pg_catalog.pg_get_constraintdef(k.oid), ''),
       COALESCE(pg_catalog.pg_get_expr(k.conbin, k.conrelid), ''),
       k.confrelid, COALESCE(n.nspname, ''), COALESCE(r.relname, ''), k.confkey::int[],
       NOT k.convalidated, k.condeferrable,
       CASE WHEN k.contype IN ('p', 'u', 'x') THEN COALESCE(x.relname, '') ELSE '' END,
       k.coninhcount > 0 OR k.conparentid <> 0, `+comment("pg_constraint", "k.oid")+`
FROM tables t
JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype IN ('p', 'u', 'c', 'f', 'x', 'n')
LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_class x ON x.oid = k.conindid
ORDER BY t.oid, k.conname, k.oid`, func() {
		constraint := c
		constraint.Kind = contypes[kind]
		constraint.Columns = named(nil, i.columnNames(oid, key)...)
		if constraint.Kind == dialects.ForeignKey {
			constraint.References = optional(refSchema, refName)
			constraint.ReferencedColumns = i.columnNames(referenced, refKey)
		}
		constraint.NotEnforced = strings.HasSuffix(constraint.Definition, " NOT ENFORCED")
		i.tables[oid].Constraints = append(i.tables[oid].Constraints, &constraint)
	}, &oid, &c.Name, &kind, &key, &c.Definition, &c.Expression,
		&referenced, &refSchema, &refName, &refKey, &c.NotValid, &c.Deferrable,
		&c.Index, &c.Inherited, &c.Comment)
}
