package mysql

import "github.com/segue-db/segue/dialects"

// statement amends by a statement's first words.
func (a *amender) statement(kind dialects.Kind) {
	end := len(a.tokens)
	switch a.word(0) {
	case "CREATE":
		a.create()
	case "ALTER":
		i := a.dropWords(1, "ONLINE")
		i = a.dropWords(i, "OFFLINE")
		i = a.dropWords(i, "IGNORE")
		if a.is(i, "TABLE") {
			a.alterTable(i + 1)
		}
	case "DROP":
		a.drop()
	case "RENAME":
		if a.is(1, "TABLE") || a.is(1, "TABLES") {
			a.dropWords(2, "IF", "EXISTS")
			a.waits(2, end)
		}
	case "TRUNCATE", "OPTIMIZE", "LOCK":
		a.waits(1, end)
	case "INSERT", "REPLACE", "DELETE":
		a.each(1, end, func(i int) int {
			switch {
			case kind == dialects.MariaDB && a.is(i, "RETURNING"):
				a.remove(i, end)
				return end
			case a.is(i, "AS"):
				return a.rowAlias(i)
			}
			return i
		})
	}
}

// rowAlias takes out the alias of the row that INSERT ... AS new ON DUPLICATE KEY UPDATE adds.
func (a *amender) rowAlias(i int) int {
	end := i + 2
	if a.kind(end) == openToken {
		end = a.closing(end, len(a.tokens)) + 1
	}
	if a.is(end, "ON", "DUPLICATE") {
		a.remove(i, end)
		return end
	}
	return i
}

// dropWords takes the words out where they stand at i, and returns the index behind them.
func (a *amender) dropWords(i int, words ...string) int {
	next := a.skip(i, words...)
	a.remove(i, next)
	return next
}

// waits takes out MariaDB's WAIT n and NOWAIT.
func (a *amender) waits(lo, hi int) {
	a.each(lo, hi, func(i int) int {
		switch {
		case a.is(i, "NOWAIT"):
			a.remove(i, i+1)
			return i + 1
		case a.is(i, "WAIT") && a.kind(i+1) == numberToken:
			a.remove(i, i+2)
			return i + 2
		}
		return i
	})
}

func (a *amender) create() {
	i := a.dropWords(1, "OR", "REPLACE")
	a.replace = i > 1
	if a.is(i, "TEMPORARY") {
		i++
	}
	switch {
	case a.is(i, "TABLE"):
		a.createTable(a.skip(i+1, "IF", "NOT", "EXISTS"))
	case a.isIndexHead(i):
		a.createIndex(i)
	case a.replace: // a view, a sequence: the parser knows the words there
		a.edits = a.edits[:len(a.edits)-1]
	}
	// IF NOT EXISTS of a view is of MariaDB, and of MySQL from 9.1 on.
	for ; i < len(a.tokens) && i < maxViewHead; i++ {
		if a.is(i, "VIEW", "IF", "NOT", "EXISTS") {
			a.remove(i+1, i+4)
			a.replace = true
			return
		}
	}
}

// maxViewHead is how far into CREATE VIEW the word VIEW may stand.
const maxViewHead = 20

// isIndexHead reports whether CREATE makes an index: UNIQUE and the like may stand before the word.
func (a *amender) isIndexHead(i int) bool {
	for a.is(i, "ONLINE") || a.is(i, "OFFLINE") || a.is(i, "UNIQUE") || a.is(i, "FULLTEXT") || a.is(i, "SPATIAL") || a.is(i, "VECTOR") {
		i++
	}
	return a.is(i, "INDEX")
}

// createIndex amends CREATE INDEX name ON table (parts) options.
func (a *amender) createIndex(i int) {
	method := ""
	for ; !a.is(i, "INDEX"); i++ {
		switch {
		case a.is(i, "ONLINE"), a.is(i, "OFFLINE"):
			a.remove(i, i+1)
		case a.is(i, "VECTOR"):
			a.remove(i, i+1)
			method = vector
		}
	}
	for i < len(a.tokens) && a.kind(i) != openToken {
		i++
	}
	closed := a.closing(i, len(a.tokens))
	a.keyParts(i+1, closed)
	a.indexOptions(closed+1, len(a.tokens))
	a.waits(closed+1, len(a.tokens))
	if method != "" {
		a.markMethod(closed, method)
	}
}

func (a *amender) drop() {
	end := len(a.tokens)
	i := a.dropWords(1, "ONLINE")
	switch {
	case a.is(i, "INDEX"):
		a.waits(i+1, end)
		a.each(i+1, end, a.algorithmWord)
	case a.is(i, "TABLE"), a.is(i, "TEMPORARY", "TABLE"), a.is(i, "TABLES"):
		a.waits(i+1, end)
	}
}
