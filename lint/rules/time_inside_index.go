package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/lint"
)

var timeInsideIndex = lint.Rule{
	ID: "time-inside-index", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"spirit/datetime_index_position"},
	Docs: []lint.Doc{{
		Title:     "An index goes on behind a column of time",
		Condition: "An index in order that is not unique has a column of a date or time before its last one.",
		Effect: "Times are mostly asked for as a range, and behind a range the order of further columns is of no use: they neither find rows " +
			"nor sort them.",
		Workaround: "The columns that are compared by = first, and the time last.",
	}},
	Check: func(p *lint.Pass) {
		for table, i := range newIndexes(p) {
			if i.Unique || !isOrdered(&i) {
				continue
			}
			for _, key := range i.Keys[:max(0, len(i.Keys)-1)] {
				if typ := bareType(typeOfColumn(p, table, key)); slices.Contains(clockTypes, typ) {
					p.Report(lint.Finding{
						Table:   table.String(),
						Message: fmt.Sprintf("%s of %s goes on behind %s, which is of type %s", label(&i), table, key, typ),
						Why:     "times are mostly asked for as a range, and behind a range the order of further columns is of no use",
						Instead: "put the time last",
					})
					break
				}
			}
		}
	},
}

var clockTypes = []string{"date", "datetime", "timestamp", "timestamp with time zone", "timestamp without time zone"}
