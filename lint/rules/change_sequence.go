package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var changeSequence = lint.Rule{
	ID: "change-sequence", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A sequence that apps draw from gets a smaller range, another step, or starts anew",
		Condition: "ALTER SEQUENCE of one from an earlier migration, or ALTER COLUMN ... SET of an identity, with AS integer or smallint where " +
			"the column that owns it is not of that type, MAXVALUE, INCREMENT, or RESTART; or SELECT setval('seq', CONSTANT).",
		Effect: "With a smaller range nextval fails when it is used up, which may be now. RESTART hands out numbers that rows have: their " +
			"INSERTs fail, or refer to another's row. ORMs that take numbers in blocks (Hibernate: allocationSize) know the step: with " +
			"another one, app versions that run give out the same number twice.",
		Workaround: "Leave the range as wide as it is. Set it ahead of what is in the table: SELECT setval('seq', (SELECT max(id) FROM t)). " +
			"Change the step together with no running version that counts on it.",
	}},
	Check: func(p *lint.Pass) {
		for t := range traits(p, dialects.SequenceSet) {
			sequenceSet(p, t)
		}
		for _, change := range p.Statement.Changes {
			what, table, options := sequenceOptions(p, change)
			if what == "" {
				continue
			}
			for option := range strings.SplitSeq(options, ", ") {
				f := lint.Finding{Table: table}
				switch word, value, _ := strings.Cut(strings.TrimPrefix(option, "set "), "="); {
				case word == "as" && isNarrower(p, change, value):
					f.Message = fmt.Sprintf("%s becomes %s: it ends sooner", what, value)
					f.Why = "nextval fails when the smaller range is used up, which may be now"
					f.Instead = "leave it as wide as it is"
				case word == "maxvalue" && value != "":
					f.Message = fmt.Sprintf("%s ends at %s from now on", what, value)
					f.Why = "nextval fails when that is used up"
					f.Instead = "see that it is more than any table holds, then allow this"
				case word == "increment":
					f.Message = fmt.Sprintf("%s counts by %s from now on", what, value)
					f.Why = "app versions that take numbers in blocks know the step: with another one the same number is given out twice"
					f.Instead = "change it when no version runs that counts on the old step"
				case word == "restart":
					f.Message = fmt.Sprintf("%s starts anew", what)
					f.Why = "it hands out numbers that rows may have: INSERTs fail, or refer to another's row"
					f.Instead = "set it ahead of what is there: SELECT setval('seq', (SELECT max(id) FROM t))"
				default:
					continue
				}
				p.Report(f)
			}
		}
	},
}

// sequenceSet reports a sequence in use that is set to a constant. One of a new table's is nobody's.
func sequenceSet(p *lint.Pass, t dialects.Trait) {
	schema, name, qualified := strings.Cut(t.Detail, ".")
	if !qualified {
		schema, name = "", t.Detail
	}
	sequence := p.Catalog.Resolve(dialects.Name{Schema: schema, Name: name})
	o := p.Catalog.Objects[dialects.ObjectKey{Kind: dialects.Sequence, Name: sequence}]
	if !inUse(p, sequence) || o != nil && o.OwnedBy != nil && !inUse(p, o.OwnedBy.Table) {
		return
	}
	p.Report(lint.Finding{
		Message: fmt.Sprintf("sequence %s goes on behind %d", sequence, t.Count),
		Why:     "where rows have higher numbers it hands those out again: INSERTs fail, or refer to another's row",
		Instead: "set it by what is in the table: SELECT setval('seq', (SELECT max(id) FROM t))",
	})
}

// sequenceOptions are the options that a change gives a sequence in use, and what that is called; empty where
// it gives none.
func sequenceOptions(p *lint.Pass, change dialects.Change) (what, table, options string) {
	switch c := change.(type) {
	case dialects.AlterObject:
		if c.Kind == dialects.Sequence && c.What == "set options" && inUse(p, c.Object) {
			return "sequence " + p.Catalog.Resolve(c.Object).String(), "", c.Value
		}
	case dialects.AlterColumn:
		name := p.Catalog.Resolve(c.Table)
		if c.What == "set generated" && oldColumn(p, name, c.Column) != nil {
			return fmt.Sprintf("the identity of %s.%s", name, c.Column), name.String(), c.Value
		}
	}
	return "", "", ""
}

// isNarrower reports whether a sequence may have had a wider type. One of a column has the column's as a rule.
func isNarrower(p *lint.Pass, change dialects.Change, typ string) bool {
	widths := map[string]int{"smallint": 1, "integer": 2, "bigint": 3}
	was := "bigint"
	if c, ok := change.(dialects.AlterObject); ok {
		o := p.Catalog.Objects[dialects.ObjectKey{Kind: dialects.Sequence, Name: p.Catalog.Resolve(c.Object)}]
		if o != nil && o.OwnedBy != nil {
			if owner := column(p, o.OwnedBy.Table, o.OwnedBy.Column); owner != nil && widths[owner.Type] > 0 {
				was = owner.Type
			}
		}
	}
	return widths[typ] < widths[was]
}
