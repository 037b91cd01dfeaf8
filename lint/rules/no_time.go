package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/lint"
)

var noTime = lint.Rule{
	ID: "no-time", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/has-time"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "The types of time know no zone, or change with the session's",
		Condition: "A column is of type DATETIME, TIME or TIMESTAMP.",
		Effect: "DATETIME and TIME keep what a clock showed and not where, so the hour that a change of clocks repeats is not to be told " +
			"from the one before. TIMESTAMP is turned into UTC and back by the session's time_zone, which apps set differently.",
		Workaround: "A bigint of microseconds since 1970 in UTC; or DATETIME, and every writer in UTC, and a name that says so.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		base := bareType(d.Column.Type)
		if !slices.Contains([]string{"datetime", "time", "timestamp"}, base) {
			return lint.Finding{}
		}
		f := lint.Finding{
			Message: fmt.Sprintf("%s is of type %s", d, base),
			Why:     "it keeps what a clock showed and not in which zone",
			Instead: "a bigint of microseconds since 1970 in UTC, or a rule that every writer is in UTC",
		}
		if base == "timestamp" {
			f.Why = "it is turned into UTC and back by the time_zone of whichever session writes and reads it"
		}
		return f
	}),
}
