package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropPartition = lint.Rule{
	ID: "drop-partition", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{"spirit/unsafe"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "The rows of a partition go",
		Condition: "A partition of a table from an earlier migration is dropped, truncated, exchanged with another table, or made a table of its own.",
		Effect: "Its rows are gone for every app version at once (exchanged or converted: they are the other table's), no trigger runs, and nothing " +
			"brings them back: the statement commits by itself. Everything on the table waits behind its metadata lock while it waits " +
			"for the transactions that use the table.",
		Workaround: "Where rows go by age that is what partitions are for: make sure that no app version reads them, keep a copy where " +
			"one is wanted, and allow it: -- segue:allow drop-partition REASON.",
	}},
	Check: hazards("drop-partition", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		c, _ := e.Change.(dialects.AlterTable)
		partition, other, _ := strings.Cut(c.Value, " WITH TABLE ")
		fate := "changes places with table " + other
		switch c.What {
		case "drop partition":
			fate = "is dropped with all its rows"
		case "truncate partition":
			fate = "is emptied"
		case "convert partition":
			partition, other, _ = strings.Cut(c.Value, " TO TABLE ")
			fate = "becomes table " + other
		}
		return lint.Finding{Message: fmt.Sprintf("partition %s of %s %s", partition, e.Table, fate)}
	}),
}
