package rules

import (
	"fmt"
	"regexp"

	"github.com/segue-db/segue/lint"
)

var zeroDate = lint.Rule{
	ID: "zero-date", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/zero-date", "spirit/zero_date"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A default is a date that does not exist",
		Condition: "The default of a DATE, DATETIME or TIMESTAMP column has a year, month or day of zero, such as '0000-00-00'.",
		Effect: "With NO_ZERO_DATE and NO_ZERO_IN_DATE, which MySQL's own sql_mode has, the statement fails, and where it was let " +
			"through, a later ALTER of the table does. Most languages have no value for such a date.",
		Workaround: "No default, and NULL for a date that is not known; or a real date.",
	}},
	Check: func(p *lint.Pass) {
		for d := range newColumns(p) {
			if !timeTypes.MatchString(d.Column.Type) || !zeroDates.MatchString(d.Column.Default) {
				continue
			}
			p.Report(lint.Finding{
				Table:   d.Table.String(),
				Message: fmt.Sprintf("the default of %s is the date %s, which does not exist", d, d.Column.Default),
				Why:     "a strict sql_mode refuses it, now or when the table is next altered, and most languages have no value for it",
				Instead: "leave the default out and let NULL stand for what is not known, or take a real date",
			})
		}
	},
}

var (
	timeTypes = regexp.MustCompile(`^(date|datetime|timestamp)\b`)
	zeroDates = regexp.MustCompile(`^'(0000-|\d+-00|\d+-\d+-00)`)
)
