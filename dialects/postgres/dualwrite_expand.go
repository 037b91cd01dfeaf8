package postgres

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// expand adds the new column, empty in every row there is, and the trigger that fills it. Column
// and trigger come in one transaction, so that no row is written between them.
//
// The default is set after the column is there: rows that are there keep NULL (dual-write.md, A5, A6).
// Partitioned indexes come along, empty as they are: a partition that is made while rows are copied then
// has its own like any other.
func (p *pair) expand(all *twins) dialects.Action {
	s := newScript()
	s.add("ALTER TABLE %s ADD COLUMN %s %s%s%s", qualified(p.table.Name), quote(p.spec.New),
		strings.TrimPrefix(p.typ, "pg_catalog."), p.collation(), p.domainCover())
	if p.dflt.kind == steadyDefault {
		s.add("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s", qualified(p.table.Name), quote(p.spec.New), p.dflt.expr)
	}
	for _, t := range p.family {
		p.settings(s, t)
	}
	for _, twin := range all.indexes {
		if twin.table.Kind == dialects.PartitionedTable {
			s.add("%s", strings.TrimSuffix(twin.sql, ";"))
		}
	}
	s.add("%s", p.functionSQL("CREATE FUNCTION", fillOnly))
	s.add("COMMENT ON FUNCTION %s() IS %s", qualified(p.function), quoteLiteral(fmt.Sprintf(
		"segue: keeps %s identical to %s while migration %s is carried out", p.newName(), p.spec.Old, p.spec.Migration)))
	s.add("%s", p.triggerSQL())
	return p.brief(s.String(), p.expandUndo(),
		"adds the new column, empty, and the trigger that fills it in every row written from now on")
}

func (p *pair) expandUndo() string {
	s := newScript()
	s.add("DROP TRIGGER IF EXISTS %s ON %s", quote(p.trigger), qualified(p.table.Name))
	s.add("DROP FUNCTION IF EXISTS %s()", qualified(p.function))
	s.add("ALTER TABLE IF EXISTS %s DROP COLUMN IF EXISTS %s", qualified(p.table.Name), quote(p.spec.New))
	return s.String()
}

func (p *pair) collation() string {
	if p.old.Collation == (dialects.Name{}) {
		return ""
	}
	name := p.old.Collation
	if name.Schema == "" {
		name.Schema = "pg_catalog"
	}
	return " COLLATE " + qualified(name)
}

// domainCover is an explicit NULL, so that a domain's own default does not fill the rows there are.
func (p *pair) domainCover() string {
	if p.old.Domain == nil {
		return ""
	}
	return " DEFAULT NULL"
}

// settings gives the new column what the old one has on one table: storage, statistics, options,
// comment and privileges. Apps with privileges on columns would fail without theirs (A19).
func (p *pair) settings(s *script, t *dialects.Table) {
	c := t.Column(p.spec.Old)
	if c == nil {
		return
	}
	if c.Storage != "" {
		s.alterColumn(t, p.spec.New, "SET STORAGE %s", c.Storage)
	}
	if c.Compression != "" {
		s.alterColumn(t, p.spec.New, "SET COMPRESSION %s", quote(c.Compression))
	}
	if c.StatsTarget > 0 || c.StatsTarget == 0 && p.c.Live {
		s.alterColumn(t, p.spec.New, "SET STATISTICS %d", c.StatsTarget)
	}
	if len(c.Options) > 0 {
		s.alterColumn(t, p.spec.New, "SET (%s)", optionList(c.Options))
	}
	column := qualified(t.Name) + "." + quote(p.spec.New)
	if c.Comment != "" {
		s.add("COMMENT ON COLUMN %s IS %s", column, quoteLiteral(c.Comment))
	}
	for _, g := range c.Grants {
		role, option := "PUBLIC", ""
		if g.Role != "" {
			role = quote(g.Role)
		}
		if g.Grantable {
			option = " WITH GRANT OPTION"
		}
		s.add("GRANT %s (%s) ON TABLE %s TO %s%s", g.Privilege, quote(p.spec.New), qualified(t.Name), role, option)
	}
}

// optionList writes a column's options, n_distinct=-0.5 and the like.
func optionList(options []string) string {
	list := make([]string, len(options))
	for i, option := range options {
		name, value, _ := strings.Cut(option, "=")
		list[i] = fmt.Sprintf("%s = %s", quote(name), quoteLiteral(value))
	}
	return strings.Join(list, ", ")
}
