package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var columnOrder = lint.Rule{
	ID: "column-order", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"atlas/PG110"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "The order of a table's columns leaves gaps in every row",
		Condition: "The columns of fixed length of a new table, in the order in which they stand, take eight bytes a row more than the wider ones first. " +
			"Columns of variable length are taken to leave no gap.",
		Effect:     "A bigint or timestamptz starts at a multiple of eight bytes, an integer at one of four; what is left before it is padding, in every row.",
		Workaround: "First the columns of eight bytes, then those of four, two and one, then text, numeric and the like.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateTable)
		if !ok || len(c.Inherits) > 0 || len(c.Like) > 0 || c.PartitionOf != nil {
			return lint.Finding{}
		}
		widths := make([]int, len(c.Columns))
		for i, column := range c.Columns {
			widths[i] = fixedWidths[bareType(column.Type)]
			if strings.HasSuffix(column.Type, "[]") {
				widths[i] = 0
			}
		}
		given := rowBytes(widths)
		slices.SortStableFunc(widths, func(a, b int) int { return cmp.Compare(b, a) })
		if given-rowBytes(widths) < maxAlign {
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(c.Table)
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("the order of the columns of %s costs %d bytes in every row", table, given-rowBytes(widths)),
			Why:     "columns of eight and four bytes start at multiples of their size, and what is left before them is padding",
			Instead: "put the columns of eight bytes first, then those of four, two and one, then those of variable length",
		}
	}),
}

// fixedWidths are the types whose length, in pg_type.typlen, is their alignment as well. Others are taken to
// fit anywhere.
var fixedWidths = map[string]int{
	"boolean": 1, "smallint": 2, "integer": 4, "date": 4, "real": 4, "oid": 4,
	"bigint": 8, "double precision": 8, "timestamp with time zone": 8, "timestamp without time zone": 8, "time without time zone": 8,
}

// maxAlign is what a row's length is a multiple of.
const maxAlign = 8

// rowBytes is the length of columns one behind the other.
func rowBytes(widths []int) int {
	at := 0
	for _, w := range widths {
		if w > 0 {
			at = (at+w-1)/w*w + w
		}
	}
	return (at + maxAlign - 1) / maxAlign * maxAlign
}
