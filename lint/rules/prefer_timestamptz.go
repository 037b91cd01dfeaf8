package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

var preferTimestamptz = lint.Rule{
	ID: "prefer-timestamptz", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/prefer-timestamp-tz"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A timestamp without time zone is a different moment in each session",
		Condition: "A column is of type timestamp, without time zone.",
		Effect: "It keeps what a clock showed, and not where. now() is turned into the session's zone as it is written; a session in " +
			"another zone, or the hour that a change of clocks repeats, reads another moment.",
		Workaround: "timestamptz: it is as large, and keeps the moment itself.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		if bareType(d.Column.Type) != "timestamp without time zone" {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is a timestamp without time zone", d),
			Why:     "it keeps what a clock showed and not where, so sessions in different zones read different moments",
			Instead: "timestamptz, which is as large",
		}
	}),
}
