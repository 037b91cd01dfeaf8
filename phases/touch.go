package phases

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// touches are the columns that a change makes, alters or builds on. An empty column stands for the
// whole table.
func touches(c *dialects.Catalog, change dialects.Change) []dialects.ColumnRef {
	on := func(table dialects.Name, columns ...string) []dialects.ColumnRef {
		var refs []dialects.ColumnRef
		for _, column := range columns {
			refs = append(refs, dialects.ColumnRef{Table: c.Resolve(table), Column: column})
		}
		return refs
	}
	switch v := change.(type) {
	case dialects.AddColumn:
		return on(v.Table, v.Column.Name)
	case dialects.DropColumn:
		return on(v.Table, v.Column)
	case dialects.RenameColumn:
		return on(v.Table, v.Column, v.To)
	case dialects.RedefineColumn:
		return on(v.Table, v.Column, v.To.Name)
	case dialects.AlterColumnType:
		return on(v.Table, v.Column)
	case dialects.SetDefault:
		return on(v.Table, v.Column)
	case dialects.SetNotNull:
		return on(v.Table, v.Column)
	case dialects.DropNotNull:
		return on(v.Table, v.Column)
	case dialects.AlterColumn:
		return on(v.Table, v.Column)
	case dialects.AddForeignKey:
		refs := on(v.Table, v.Constraint.Columns...)
		if v.Constraint.References != nil {
			refs = append(refs, on(*v.Constraint.References, v.Constraint.ReferencedColumns...)...)
		}
		return refs
	case dialects.AddConstraint:
		return on(v.Table, v.Constraint.Columns...)
	case dialects.CreateIndex:
		return on(v.Table, v.Index.Columns...)
	case dialects.CreateObject:
		var refs []dialects.ColumnRef
		for _, t := range v.Reads {
			refs = append(refs, on(t, "")...)
		}
		if v.Table.Name != "" {
			refs = append(refs, on(v.Table, "")...)
		}
		return refs
	case dialects.DropTable, dialects.RenameTable, dialects.AttachPartition, dialects.DetachPartition,
		dialects.AlterTable, dialects.DropConstraint:
		return on(change.Target(), "")
	}
	return nil
}

func (p *Plan) touch(refs []dialects.ColumnRef) {
	for _, r := range refs {
		if !slices.Contains(p.Columns, r) {
			p.Columns = append(p.Columns, r)
		}
	}
}

// Meets reports whether two plans touch the same column, so that one has to wait for the other.
func (p *Plan) Meets(other *Plan) bool {
	for _, a := range p.Columns {
		for _, b := range other.Columns {
			if a.Table == b.Table && (a.Column == b.Column || a.Column == "" || b.Column == "") {
				return true
			}
		}
	}
	return false
}
