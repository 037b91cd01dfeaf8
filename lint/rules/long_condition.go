package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// mostAlternatives is how many alternatives a condition may have before it is found.
const mostAlternatives = 100

var longCondition = lint.Rule{
	ID: "long-condition", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_WHERE_MAXIMUM_LOGICAL_OPERATOR_COUNT"},
	Docs: []lint.Doc{{
		Title:     "A condition has very many alternatives",
		Condition: fmt.Sprintf("A condition has more than %d values in one IN, or parts joined by OR.", mostAlternatives),
		Effect: "The server plans each alternative, which can take longer than the work; beyond its limits it gives the index up and reads " +
			"every row (range_optimizer_max_mem_size on MySQL).",
		Workaround: "Put the values into a table, temporary where that will do, and join it.",
	}},
	Check: written(dialects.ManyAlternatives, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		if t.Count <= mostAlternatives {
			return lint.Finding{}
		}
		what := map[string]string{"IN": "values in one IN", "OR": "parts joined by OR"}[t.Detail]
		return lint.Finding{
			Message: fmt.Sprintf("a condition has %d %s", t.Count, what),
			Why:     "planning them can take longer than the work, and beyond the server's limits no index is used",
			Instead: "put the values into a table and join it",
		}
	}),
}
