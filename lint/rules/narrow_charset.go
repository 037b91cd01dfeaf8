package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var narrowCharset = lint.Rule{
	ID: "narrow-charset", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{
		"skeema/charset", "spirit/allow_charset", "bytebase/SYSTEM_CHARSET_ALLOWLIST", "bytebase/SYSTEM_COLLATION_ALLOWLIST",
		"bytebase/TABLE_DISALLOW_SET_CHARSET",
	},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A character set holds only some characters",
		Condition: "A table or column is given a character set, or a collation of one, other than utf8mb4 and binary.",
		Effect: "Other characters are refused, or become question marks. utf8 is utf8mb3, which has no emoji. A comparison with a utf8mb4 " +
			"column converts one side, and uses no index there.",
		Workaround: "CHARACTER SET utf8mb4.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			if charset := charsetOf(change); isNarrow(charset) {
				table := p.Catalog.Resolve(change.Target())
				p.Report(narrow(table.String(), table.String(), charset))
			}
		}
		for d := range newColumns(p) {
			if charset := named(d.Column.Charset, d.Column.Collation.Name); isNarrow(charset) && (d.Was == nil || d.Was.Charset != charset) {
				p.Report(narrow(d.Table.String(), d.String(), charset))
			}
		}
	},
}

func narrow(table, of, charset string) lint.Finding {
	return lint.Finding{
		Table:   table,
		Message: fmt.Sprintf("the character set of %s is %s", of, charset),
		Why:     "it holds only some characters, and comparisons with utf8mb4 columns convert and use no index",
		Instead: "utf8mb4",
	}
}

// charsetOf is the character set that a change names for a table; empty where it names none.
func charsetOf(change dialects.Change) string {
	switch c := change.(type) {
	case dialects.CreateTable:
		if !c.Temporary {
			return named(c.Options.Charset, c.Options.Collation)
		}
	case dialects.AlterTable:
		switch c.What {
		case "charset":
			return c.Value
		case "collate":
			return named("", c.Value)
		case "convert charset":
			charset, _, _ := strings.Cut(c.Value, " ")
			return charset
		}
	}
	return ""
}

// named is the character set that is named, or that a collation's name starts with.
func named(charset, collation string) string {
	if charset == "" {
		charset, _, _ = strings.Cut(collation, "_")
	}
	return charset
}

// isNarrow reports whether a character set is not for all characters. Collations that go with several sets
// name none.
func isNarrow(charset string) bool {
	return !slices.Contains([]string{"", "utf8mb4", "binary", "default", "uca1400"}, charset)
}
