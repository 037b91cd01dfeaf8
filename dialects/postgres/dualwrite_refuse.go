package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// systemColumns are names that every table has taken.
var systemColumns = map[string]bool{"tableoid": true, "xmin": true, "cmin": true, "xmax": true, "cmax": true, "ctid": true}

// missing are the reasons for which there is nothing to plan: names that are not there, or taken.
func (p *pair) missing() []string {
	if p.table == nil {
		return []string{fmt.Sprintf("table %s is not there", p.spec.Table)}
	}
	var reasons []string
	if p.table.Column(p.spec.Old) == nil {
		reasons = append(reasons, fmt.Sprintf("table %s has no column %s", p.spec.Table, p.spec.Old))
	}
	switch to := p.spec.New; {
	case p.table.Column(to) != nil:
		reasons = append(reasons, fmt.Sprintf("table %s has a column %s already; drop it, or choose another name", p.spec.Table, to))
	case systemColumns[to]:
		reasons = append(reasons, fmt.Sprintf("%s is the name of a system column; choose another name", to))
	case len(to) > maxNameBytes:
		reasons = append(reasons, fmt.Sprintf("%s is longer than %d bytes; choose a shorter name", to, maxNameBytes))
	}
	return reasons
}

// obstacles are all reasons for which two forms of this column cannot be kept, each with its object
// and a way out.
func (p *pair) obstacles() []string {
	var reasons []string
	for _, ask := range []func() []string{
		p.badServer, p.badTable, p.badColumn, p.badDefault, p.badDomain, p.readers, p.rowTypes,
		p.incomingKeys, p.sentAway, p.badTriggers, p.badConstraints,
	} {
		reasons = append(reasons, ask()...)
	}
	for _, t := range p.family {
		reasons = append(reasons, p.badParts(t)...)
	}
	return reasons
}

func (p *pair) badServer() []string {
	v := p.c.Version
	switch {
	case v.Major == 0:
	case v.Major < 12:
		return []string{fmt.Sprintf("%s is too old: SET NOT NULL would scan the table under its strongest lock; upgrade to postgres:12 or later", v)}
	case v.Major < 13 && p.table.Kind == dialects.PartitionedTable:
		return []string{fmt.Sprintf("%s has no BEFORE triggers on partitioned tables such as %s; upgrade to postgres:13 or later", v, p.table.Name)}
	}
	return nil
}

func (p *pair) badTable() []string {
	var reasons []string
	say := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	t := p.table
	if t.PartitionOf != nil {
		say("%s is a partition of %s: rename the column of %[2]s", t.Name, p.c.Resolve(*t.PartitionOf))
	}
	for _, parent := range t.Inherits {
		say("%s inherits from %s, where no sync trigger would fire for it; end the inheritance first (NO INHERIT)", t.Name, p.c.Resolve(parent))
	}
	for _, child := range sorted(p.c.Linked(dialects.ParentLink, t.Name)) {
		for _, parent := range child.Inherits {
			if p.c.Resolve(parent) == t.Name {
				say("%s inherits from %s, and the sync trigger would not fire for it; end the inheritance first (NO INHERIT)", child.Name, t.Name)
			}
		}
	}
	for _, member := range p.family {
		if member.Kind == dialects.ForeignTable {
			say("%s is a foreign table, whose rows are another server's; rename the column there", member.Name)
		}
		if member.Temporary {
			say("%s is a temporary table: use -- segue:plan off", member.Name)
		}
		if key := member.Partition; key != nil {
			if slices.Contains(key.Columns, p.spec.Old) {
				say("%s is partitioned by %s; partition a new table by the new column, and move the rows", member.Name, p.spec.Old)
			}
			for _, expr := range key.Expressions {
				if use := usesOfExpression(expr, member, p.spec.Old); use != noUse {
					say("%s is partitioned by %s, which %s; partition a new table, and move the rows", member.Name, expr, use.of(p.spec.Old))
				}
			}
		}
	}
	return reasons
}

func (p *pair) badColumn() []string {
	var reasons []string
	say := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	if p.old.Identity != "" {
		say("%s is an identity column (generated %s); DROP IDENTITY and give it a sequence as default, or keep the name", p.oldName(), p.old.Identity)
	}
	if p.old.Generated != "" {
		say("%s is a generated column; add one of the new name with the same expression, and drop it when no app reads it", p.oldName())
	}
	for _, c := range p.table.Columns {
		if c.Generated == "" || c == p.old {
			continue
		}
		if use := usesOfExpression(c.Generated, p.table, p.spec.Old); use != noUse {
			say("generated column %s.%s %s; drop it first, and add it again afterwards", p.table.Name, c.Name, use.of(p.spec.Old))
		}
	}
	return reasons
}

// of says a use in words about a column.
func (u columnUse) of(column string) string {
	if u == namesColumn {
		return "uses " + column
	}
	return string(u)
}

func (p *pair) badDefault() []string {
	var reasons []string
	if p.dflt.kind == volatileDefault && !p.old.NotNull {
		reasons = append(reasons, fmt.Sprintf(
			"%s may be NULL and has a default that differs from row to row (%s): nobody can tell a NULL that was asked for from one that was not given; make it NOT NULL, or drop the default and have apps give the value",
			p.oldName(), p.old.Default))
	}
	for _, t := range p.family[1:] {
		if c := t.Column(p.spec.Old); c != nil && c.Default != p.old.Default {
			reasons = append(reasons, fmt.Sprintf("partition %s has another default for %s (%s) than %s (%s); give both the same (ALTER TABLE ONLY ... ALTER COLUMN ... SET DEFAULT)",
				t.Name, p.spec.Old, orNone(c.Default), p.table.Name, orNone(p.old.Default)))
		}
	}
	return reasons
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// badDomain looks at what the catalog knows of the column's domain; [Database.Preflight] asks the
// server for the rest.
func (p *pair) badDomain() []string {
	domain := p.domain()
	if domain == nil || !domain.NotNull {
		return nil
	}
	return []string{fmt.Sprintf("%s has the domain %s, which rejects NULL, so that the new column could not be added empty; give the column the domain's base type first, and NOT NULL of its own",
		p.oldName(), domain.Name)}
}

// readers are views and all other objects beside tables that name the column.
func (p *pair) readers() []string {
	var reasons []string
	uses := func(o *dialects.Object) bool {
		return o.Kind != dialects.Sequence && (p.isView(o) && p.viewReads(o) || !p.isView(o) && p.refersToOld(o))
	}
	for _, o := range objectsThat(p.c, uses) {
		verb := "uses"
		if p.isView(o) {
			verb = "reads"
		}
		reasons = append(reasons, fmt.Sprintf("%s %s %s %s; drop it first, and make it again afterwards", o.Kind, o.Name, verb, p.oldName()))
	}
	return reasons
}

func (p *pair) isView(o *dialects.Object) bool {
	return o.Kind == dialects.View || o.Kind == dialects.MaterializedView
}

func (p *pair) refersToOld(o *dialects.Object) bool {
	return slices.ContainsFunc(o.Columns, func(c dialects.ColumnRef) bool {
		return c.Column == p.spec.Old && p.inFamily(c.Table)
	})
}

func (p *pair) inFamily(n dialects.Name) bool {
	n = p.c.Resolve(n)
	return slices.ContainsFunc(p.family, func(t *dialects.Table) bool { return t.Name == n })
}

// viewReads goes by the server's own record where there is one. A view that uses the whole row of the
// table, and one of a replayed catalog whose query cannot be read, may read any column.
func (p *pair) viewReads(o *dialects.Object) bool {
	if p.refersToOld(o) {
		return true
	}
	if !slices.ContainsFunc(o.Reads, p.inFamily) {
		return false
	}
	query, err := parseOne(strings.TrimSuffix(strings.TrimSpace(o.Definition), ";"))
	if err != nil {
		return !p.c.Live
	}
	reads := false
	walk(query, func(m any) bool {
		ref, ok := m.(*astColumnRef)
		if !ok {
			return true
		}
		words := texts(ref.Fields)
		reads = reads || len(words) < len(ref.Fields) || !p.c.Live && words[len(words)-1] == p.spec.Old
		return false
	})
	return reads
}

// rowTypes are columns of other tables that hold this table's rows.
func (p *pair) rowTypes() []string {
	var reasons []string
	row := qualified(p.table.Name)
	for _, t := range sorted(p.c.Linked(dialects.TypeLink, dialects.Name{Name: row})) {
		for _, c := range t.Columns {
			if strings.TrimSuffix(c.Type, "[]") == row {
				reasons = append(reasons, fmt.Sprintf("column %s.%s holds rows of %s, whose shape would change; give it a type of its own", t.Name, c.Name, p.table.Name))
			}
		}
	}
	return reasons
}
