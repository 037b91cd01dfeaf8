package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/lint"
)

var noFloat = lint.Rule{
	ID: "no-float", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/has-float", "spirit/has_float"},
	Docs: []lint.Doc{{
		Title:     "A floating point column keeps numbers that are near those it was given",
		Condition: "A column is of type float, double precision, double or real.",
		Effect: "0.1 has no exact value there: sums of money drift, and a value that was written is not found again by =. Of a " +
			"single-precision column six digits can be trusted, of a double-precision one fifteen.",
		Workaround: "numeric or decimal with as many digits as are meant; or whole numbers of the smallest unit.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		if !slices.Contains([]string{"real", "double precision", "float", "double"}, bareType(d.Column.Type)) {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is of type %s", d, d.Column.Type),
			Why:     "it keeps a number that is near the one it was given: sums drift, and = does not find it again",
			Instead: "decimal, with as many digits as are meant",
		}
	}),
}
