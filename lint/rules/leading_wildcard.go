package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var leadingWildcard = lint.Rule{
	ID: "leading-wildcard", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_WHERE_NO_LEADING_WILDCARD_LIKE"},
	Docs: []lint.Doc{{
		Title:     "A LIKE that may start with anything reads every row",
		Condition: "A condition has a LIKE whose pattern starts with % or _, and no table of the statement has an index of trigrams.",
		Effect: "An index in order finds what starts with known letters. Here there are none, so every row is read and compared; an UPDATE " +
			"or DELETE on MySQL and MariaDB locks them all.",
		Workaround: "A pattern with a known start; a column that is filled for the search; an index of trigrams or a full-text one.",
	}},
	Check: written(dialects.LeadingWildcard, func(p *lint.Pass, t dialects.Trait) lint.Finding {
		for i := range indexesUsed(p) {
			if strings.Contains(i.Definition, "_trgm_ops") {
				return lint.Finding{}
			}
		}
		return lint.Finding{
			Message: fmt.Sprintf("LIKE '%s' may start with anything", t.Detail),
			Why:     "no index in order helps to find it: every row is read and compared",
			Instead: "a pattern with a known start, or an index that is made for searching within texts",
		}
	}),
}
