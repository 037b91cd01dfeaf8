package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var computedCondition = lint.Rule{
	ID: "computed-condition", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_WHERE_DISALLOW_FUNCTIONS_AND_CALCULATIONS"},
	Docs: []lint.Doc{{
		Title: "A condition computes with a column, so that no index of the column helps",
		Condition: "A comparison in WHERE or ON has a function, a cast or a calculation of a column on one side and no column on the other, and " +
			"no index of the statement's tables is on that expression.",
		Effect:     "An index has the column's values in order, not those that are computed of them: every row is read.",
		Workaround: "Compute on the other side (created_at >= '2024-05-01' and created_at < '2024-05-02'), or make an index on the expression.",
	}},
	Check: written(dialects.ComputedColumn, func(p *lint.Pass, t dialects.Trait) lint.Finding {
		for i := range indexesUsed(p) {
			if i.Expressions && strings.Contains(squeezed(i.Definition), squeezed(t.Detail)) {
				return lint.Finding{}
			}
		}
		return lint.Finding{
			Message: fmt.Sprintf("a condition compares %s", t.Detail),
			Why:     "an index has the column's own values in order, so every row is read",
			Instead: "compute on the other side of the comparison, or make an index on the expression",
		}
	}),
}

// squeezed is an expression without what its spellings differ in.
func squeezed(expression string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "`", "", `"`, "").Replace(expression))
}
