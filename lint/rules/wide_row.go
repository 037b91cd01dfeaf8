package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// The servers take rows of this many bytes, without BLOB and TEXT, and wide-row finds those past half.
const (
	longestRow = 65535
	longRow    = longestRow / 2
)

var wideRow = lint.Rule{
	ID: "wide-row", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/TABLE_TEXT_FIELDS_TOTAL_LENGTH"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "The columns of a row may fill most of what a row may have",
		Condition: fmt.Sprintf("The char, varchar, binary and varbinary columns of a new table, at their full length, take more than %d of the %d bytes that a "+
			"row may have without TEXT and BLOB.", longRow, longestRow),
		Effect:     "A later column finds no room, and its ALTER TABLE fails (1118).",
		Workaround: "Lengths that fit what is stored, or text, of which a few bytes count.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateTable)
		if !ok {
			return lint.Finding{}
		}
		charset := named(c.Options.Charset, c.Options.Collation)
		if charset == "" {
			charset = p.Catalog.Charset
		}
		total := 0
		for _, column := range c.Columns {
			total += bytesOf(column, charset)
		}
		if total <= longRow {
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(c.Table)
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("the texts of a row of %s may take %d bytes", table, total),
			Why:     fmt.Sprintf("all columns of a row share %d bytes: a later one finds no room", longestRow),
			Instead: "lengths that fit what is stored, or text",
		}
	}),
}

// charsetBytes are the bytes that a character of a set may take, where it is more than one.
var charsetBytes = map[string]int{"utf8mb4": 4, "utf16": 4, "utf32": 4, "utf8mb3": 3, "utf8": 3, "ucs2": 2}

// bytesOf is the most that a column takes in the row; 0 of types that are short or kept elsewhere.
func bytesOf(c dialects.Column, charset string) int {
	if own := named(c.Charset, c.Collation.Name); own != "" {
		charset = own
	}
	switch bareType(c.Type) {
	case "binary", "varbinary":
		return typeLength(c.Type)
	case "char", "varchar":
		return typeLength(c.Type) * max(1, charsetBytes[charset])
	}
	return 0
}
