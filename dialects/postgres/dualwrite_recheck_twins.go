package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// partsQuery reads the indexes and constraints of the table and its partitions, as they are now.
// Copies of a parent's are left out: a partitioned index is valid only where it has all of them.
// It is asked with pg_catalog as the search_path, so that every other schema is in the definitions.
const partsQuery = familyCTE + `
SELECT 'index', n.nspname, t.relname, c.relname, pg_catalog.pg_get_indexdef(i.indexrelid), i.indisvalid,
	old.attnum = ANY (i.indkey::int2[]) OR EXISTS (SELECT FROM pg_catalog.pg_depend d
		WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
			AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = old.relid AND d.refobjsubid = old.attnum)
FROM old
JOIN pg_catalog.pg_index i ON i.indrelid = old.relid
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND NOT c.relispartition
JOIN pg_catalog.pg_class t ON t.oid = old.relid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
UNION ALL
SELECT 'constraint', n.nspname, t.relname, k.conname, pg_catalog.pg_get_constraintdef(k.oid), k.convalidated, old.attnum = ANY (k.conkey)
FROM old
JOIN pg_catalog.pg_constraint k ON k.conrelid = old.relid AND k.contype IN ('c', 'f') AND k.coninhcount = 0 AND k.conparentid = 0
JOIN pg_catalog.pg_class t ON t.oid = old.relid
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
ORDER BY 1, 2, 3, 4`

// part is an index or constraint as the server has it.
type part struct {
	kind, name, definition string
	table                  dialects.Name
	valid, onOld           bool
}

// object is what [Database.Recheck] calls it.
func (p part) object() string {
	if p.kind == "index" {
		return "index " + dialects.Name{Schema: p.table.Schema, Name: p.name}.String()
	}
	return fmt.Sprintf("constraint %s on %s", p.name, p.table)
}

// planned reports whether a plan accounts for it. An index that carries a constraint is planned
// under the constraint's name, which is its own.
func (p part) planned(known []string) bool {
	return slices.Contains(known, p.object()) || slices.Contains(known, fmt.Sprintf("constraint %s on %s", p.name, p.table))
}

// twin is the name of its second form.
func (p part) twin(spec dialects.DualWriteSpec) string {
	if p.kind == "index" {
		return helperName(spec, p.name, "index "+dialects.Name{Schema: p.table.Schema, Name: p.name}.String())
	}
	return helperName(spec, p.name, "constraint "+p.table.String()+" "+p.name)
}

// strayed names what is planned on the old column and has no second form that is the same on the new:
// contract would put the second form in its place without a word.
func strayed(ctx context.Context, q dialects.Queryer, spec dialects.DualWriteSpec, known []string) ([]string, error) {
	if err := q.Script(ctx, "SET LOCAL search_path = pg_catalog"); err != nil {
		return nil, fmt.Errorf("setting the search_path: %w", err)
	}
	var parts []part
	var p part
	err := dialects.ReadRows(ctx, q, partsQuery, []any{qualified(spec.Table), spec.Old}, func() error {
		parts = append(parts, p)
		return nil
	}, &p.kind, &p.table.Schema, &p.table.Name, &p.name, &p.definition, &p.valid, &p.onOld)
	if err != nil {
		return nil, fmt.Errorf("reading the indexes and constraints of %s: %w", spec.Table, err)
	}
	var messages []string
	for _, p := range parts {
		if !p.onOld || !p.planned(known) || p.kind == "constraint" && p.name == proofName(spec) {
			continue
		}
		name := p.twin(spec)
		at := slices.IndexFunc(parts, func(t part) bool { return t.kind == p.kind && t.table == p.table && t.name == name })
		what := ""
		switch {
		case at < 0:
			what = "is gone"
		case p.valid && !parts[at].valid && p.kind == "index":
			what = "is not valid, and does not hold for every row"
		case p.valid && !parts[at].valid:
			what = "is not validated"
		case !p.same(parts[at], spec):
			what = "is defined otherwise: one of the two was changed"
		default:
			continue
		}
		messages = append(messages, fmt.Sprintf("%s, which is to take the place of %s, %s; roll back and start again", name, p.object(), what))
	}
	return messages, nil
}

// same reports whether the second form says of the new column what the first says of the old.
func (p part) same(twin part, spec dialects.DualWriteSpec) bool {
	r := columnRename{from: spec.Old, to: spec.New}
	a, err := r.comparable(p)
	b, berr := r.comparable(twin)
	return err == nil && berr == nil && sameTree(a, b)
}

// comparable is the tree of a definition on the new column, without what names and validates it.
func (r columnRename) comparable(p part) (*astNode, error) {
	text := p.definition
	if p.kind == "constraint" {
		text = "ALTER TABLE t ADD CONSTRAINT c " + text
	}
	stmt, err := parseOne(text)
	if err != nil {
		return nil, err
	}
	if index := stmt.GetIndexStmt(); index != nil {
		index.Idxname = ""
		r.renameIndexed(index)
	}
	for _, cmd := range stmt.GetAlterTableStmt().GetCmds() {
		c := cmd.GetAlterTableCmd().GetDef().GetConstraint()
		c.SkipValidation, c.InitiallyValid = false, true
		r.renameConstrained(c)
	}
	r.renameReferences(stmt)
	return stmt, nil
}
