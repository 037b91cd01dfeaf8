package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

var noTimestamp = lint.Rule{
	ID: "no-timestamp", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"spirit/has_timestamp"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A TIMESTAMP ends in 2038, and changes with the session's time zone",
		Condition: "A column is of type TIMESTAMP.",
		Effect: "The last moment that it holds is 2038-01-19 03:14:07 UTC (2106-02-07 06:28:15 on MariaDB from 11.5 on): later ones, as an " +
			"expiry date may be, fail. And it is turned into UTC and back by the session's time_zone.",
		Workaround: "DATETIME(6), which holds the years 1000 to 9999, written in UTC.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		if bareType(d.Column.Type) != "timestamp" {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is of type timestamp", d),
			Why: "it ends on 2038-01-19 (on MariaDB from 11.5 on 2106-02-07), and is turned into UTC and back by the session's " +
				"time_zone",
			Instead: "DATETIME(6), written in UTC",
		}
	}),
}
