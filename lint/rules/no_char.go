package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

// longestChar is how long a char of the MySQL family may be before it is found: codes are shorter.
const longestChar = 20

var noChar = lint.Rule{
	ID: "no-char", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/ban-char-field", "bytebase/COLUMN_MAXIMUM_CHARACTER_LENGTH"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A char(n) is padded with blanks, and compared without them",
		Condition: "A column is of type char(n), character(n) or bpchar.",
		Effect: "Values are padded to the length and stored so; comparisons leave the blanks out, but LIKE, regular expressions and " +
			"what apps read have them. It is neither smaller nor faster than text.",
		Workaround: "text, with CHECK (length(code) = 2) where a length is meant.",
	}, {
		Servers:   onMySQL,
		Title:     "A long char(n) takes its full length in every row",
		Condition: fmt.Sprintf("A column is a char of more than %d characters.", longestChar),
		Effect: "Shorter values are padded, so pages and indexes fill with blanks, and what is read has lost the blanks that were " +
			"meant at its end.",
		Workaround: "varchar(n), or binary(16) for what is bytes, such as a UUID.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		switch base, length := bareType(d.Column.Type), typeLength(d.Column.Type); {
		case base == "character" || base == "bpchar":
			return lint.Finding{
				Message: fmt.Sprintf("%s is of type char", d),
				Why:     "values are padded with blanks, which comparisons leave out, and LIKE and apps do not",
				Instead: fmt.Sprintf("text, with CHECK (length(%s) = %d) where a length is meant", d.Column.Name, max(length, 1)),
			}
		case base == "char" && length > longestChar:
			return lint.Finding{
				Message: fmt.Sprintf("%s is of type %s", d, d.Column.Type),
				Why:     "shorter values are padded with blanks to the full length in every row and index",
				Instead: fmt.Sprintf("varchar(%d), or binary(n) for what is bytes", length),
			}
		}
		return lint.Finding{}
	}),
}
