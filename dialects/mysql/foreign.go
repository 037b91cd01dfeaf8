package mysql

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// replaceable is what MariaDB has CREATE OR REPLACE for and MySQL has not.
var replaceable = []string{
	"TABLE", "TEMPORARY", "TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "INDEX", "UNIQUE", "FULLTEXT", "SEQUENCE", "DATABASE", "USER", "ROLE",
}

// foreign finds what only MariaDB understands in a statement for MySQL, which would stop the migration
// there with half of it done. It looks at what people take over most: IF EXISTS and IF NOT EXISTS of
// columns and indexes, OR REPLACE, ONLINE, IGNORE, WAIT and NOCOPY.
func (d Dialect) foreign(src string, p piece) (offset int, message string) {
	if d.Kind() != dialects.MySQL {
		return 0, ""
	}
	a := amender{src: src, tokens: p.tokens}
	theirs := func(i int, what string) (int, string) {
		return p.tokens[i].start, fmt.Sprintf("MySQL has no %s here: that is MariaDB's", what)
	}
	if a.is(0, "CREATE", "OR", "REPLACE") && slices.Contains(replaceable, a.word(3)) {
		return theirs(1, "OR REPLACE")
	}
	index := 1
	for a.is(index, "UNIQUE") || a.is(index, "FULLTEXT") || a.is(index, "SPATIAL") {
		index++
	}
	alters := a.is(0, "ALTER") && (a.is(1, "TABLE") || a.is(2, "TABLE"))
	indexes := (a.is(0, "CREATE") || a.is(0, "DROP")) && a.is(index, "INDEX")
	if !alters && !indexes {
		return 0, ""
	}
	if a.is(1, "ONLINE") || a.is(1, "IGNORE") {
		return theirs(1, a.word(1))
	}
	depth := 0
	for i, t := range p.tokens {
		switch {
		case t.kind == openToken:
			depth++
		case t.kind == closeToken:
			depth--
		case depth > 0 || t.kind != wordToken:
		case a.is(i, "IF", "EXISTS"):
			return theirs(i, "IF EXISTS")
		case a.is(i, "IF", "NOT", "EXISTS"):
			return theirs(i, "IF NOT EXISTS")
		case a.is(i, "NOCOPY") && (a.is(i-1, "ALGORITHM") || i > 1 && a.is(i-2, "ALGORITHM")):
			return theirs(i, "ALGORITHM=NOCOPY")
		case a.is(i, "WAIT") && a.kind(i+1) == numberToken, a.is(i, "NOWAIT") && i == 3:
			return theirs(i, a.word(i))
		}
	}
	return 0, ""
}

const foreignHint = "leave it out; or, where the server is MariaDB, say so: --server mariadb:10.11"
