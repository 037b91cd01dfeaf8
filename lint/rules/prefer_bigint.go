package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

var preferBigint = lint.Rule{
	ID: "prefer-bigint", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/prefer-bigint-over-int", "squawk/prefer-bigint-over-smallint"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "An integer column can run out of numbers",
		Condition: "A column is an integer, smallint or serial.",
		Effect: "integer ends at 2,147,483,647 and smallint at 32,767: at the next number writes fail, and the way out rewrites the " +
			"table and all that refers to it. The bytes that the smaller type saves are often lost to alignment again.",
		Workaround: "bigint, for whatever counts rows or grows with them.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		base := bareType(d.Column.Type)
		end := map[string]string{"integer": "2,147,483,647", "smallint": "32,767"}[base]
		if end == "" {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is of type %s", d, base),
			Why:     fmt.Sprintf("it ends at %s: at the next number writes fail", end),
			Instead: "make it a bigint",
		}
	}),
}
