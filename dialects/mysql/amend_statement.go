package mysql

import "strings"

// statement amends by a statement's first words.
func (a *amender) statement() {
	end := len(a.tokens)
	switch a.word(0) {
	case "CREATE":
		a.create()
	case "ALTER":
		i := a.dropWord(1, "ONLINE", onlineWord)
		i = a.dropWords(i, "OFFLINE")
		i = a.dropWord(i, "IGNORE", ignoreWord)
		if a.is(i, "TABLE") {
			a.conditions(i+1, end)
			a.alterTable(i + 1)
		}
		if a.isViewHead(1) { // it replaces the whole view, and the parser knows no ALTER VIEW
			a.replace = true
			a.replaceTokens(0, 1, "CREATE OR REPLACE")
		}
		if a.is(1, "USER") {
			a.passwords()
		}
	case "SET":
		a.persists()
		a.passwords()
	case "FLUSH":
		a.each(1, end, func(i int) int {
			if a.is(i, "FOR", "EXPORT") { // it locks as WITH READ LOCK does
				a.replaceTokens(i, i+2, "WITH READ LOCK")
			}
			return i
		})
	case "DROP":
		a.drop()
	case "RENAME":
		if a.is(1, "TABLE") || a.is(1, "TABLES") {
			a.conditions(2, end)
			a.dropWords(2, "IF", "EXISTS")
			a.waits(2, end)
		}
	case "TRUNCATE", "OPTIMIZE", "LOCK":
		a.waits(1, end)
	case "INSERT", "REPLACE", "DELETE":
		a.each(1, end, func(i int) int {
			switch {
			case a.is(i, "RETURNING") && !a.is(i+1, "=") && !a.is(i+1, ","):
				a.returning(i)
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
		a.meets(i, rowAliasWord)
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

// dropWord takes out a word that is a feature.
func (a *amender) dropWord(i int, word string, f *feature) int {
	if a.is(i, word) {
		a.meets(i, f)
	}
	return a.dropWords(i, word)
}

// conditions meets IF EXISTS and IF NOT EXISTS.
func (a *amender) conditions(lo, hi int) {
	a.each(lo, hi, func(i int) int {
		switch {
		case a.is(i, "IF", "EXISTS"):
			a.meets(i, ifExists)
		case a.is(i, "IF", "NOT", "EXISTS"):
			a.meets(i, ifNotExists)
		}
		return i
	})
}

// returning takes out RETURNING and what follows.
func (a *amender) returning(i int) {
	if a.is(0, "DELETE") {
		a.meets(i, returningWord)
	} else {
		a.meets(i, insertReturning)
	}
	a.remove(i, len(a.tokens))
}

// waits takes out MariaDB's WAIT n and NOWAIT.
func (a *amender) waits(lo, hi int) {
	a.each(lo, hi, func(i int) int {
		switch {
		case a.is(i, "NOWAIT"):
			a.meets(i, waitWord)
			a.remove(i, i+1)
			return i + 1
		case a.is(i, "WAIT") && a.kind(i+1) == numberToken:
			a.meets(i, waitWord)
			a.remove(i, i+2)
			return i + 2
		}
		return i
	})
}

func (a *amender) create() {
	i := a.dropWords(1, "OR", "REPLACE")
	a.replace = i > 1
	if a.replace && replaceable[a.word(i)] {
		a.meets(1, orReplace)
	}
	if a.is(i, "TEMPORARY") {
		i++
	}
	switch {
	case a.is(i, "TABLE"):
		a.createTable(a.skip(i+1, "IF", "NOT", "EXISTS"))
	case a.isIndexHead(i):
		a.conditions(i+1, len(a.tokens))
		a.createIndex(i)
	case a.is(i, "SEQUENCE"):
		a.meets(i, sequenceWord)
	case a.replace: // a view: the parser knows the words there
		a.edits = a.edits[:len(a.edits)-1]
	}
	// IF NOT EXISTS of a view is of MariaDB, and of MySQL from 9.1 on.
	for ; i < len(a.tokens) && i < maxViewHead; i++ {
		if a.is(i, "VIEW", "IF", "NOT", "EXISTS") {
			a.meets(i+1, viewIfNotExists)
			a.remove(i+1, i+4)
			a.replace = true
			return
		}
	}
}

// maxViewHead is how far into CREATE VIEW the word VIEW may stand.
const maxViewHead = 20

// isViewHead reports whether what is made or altered is a view: how it is carried out and who made it may stand
// before the word.
func (a *amender) isViewHead(i int) bool {
	if a.is(i, "ALGORITHM", "=") {
		i += 3
	}
	if a.is(i, "DEFINER", "=") {
		i = a.accountEnd(i + 2)
	}
	if a.is(i, "SQL", "SECURITY") {
		i += 3
	}
	return a.is(i, "VIEW")
}

// passwords takes out what becomes of the password that an account has had.
func (a *amender) passwords() {
	a.each(1, len(a.tokens), func(i int) int {
		switch {
		case a.is(i, "RETAIN", "CURRENT", "PASSWORD"):
			a.meets(i, retainPassword)
			a.keepsPassword = true
			return a.dropWords(i, "RETAIN", "CURRENT", "PASSWORD")
		case a.is(i, "DISCARD", "OLD", "PASSWORD"):
			a.meets(i, retainPassword)
			a.dropsPassword = true
			return a.dropWords(i, "DISCARD", "OLD", "PASSWORD")
		}
		return i
	})
}

// persists turns SET PERSIST, which sets the global value too and keeps it over a restart, into SET GLOBAL.
func (a *amender) persists() {
	a.list(1, len(a.tokens), func(lo, _ int) {
		const variable = "@@persist."
		switch text := a.textOf(lo, lo+1); {
		case a.is(lo, "PERSIST") && a.kind(lo+1) == wordToken:
			a.meets(lo, persistWord)
			a.replaceTokens(lo, lo+1, "GLOBAL")
		case len(text) > len(variable) && strings.EqualFold(text[:len(variable)], variable):
			a.meets(lo, persistWord)
			a.replaceTokens(lo, lo+1, "@@global."+text[len(variable):])
		}
	})
}

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
		a.conditions(i+1, end)
		a.waits(i+1, end)
		a.each(i+1, end, func(i int) int {
			if a.is(i, "ALGORITHM") || a.is(i, "LOCK") {
				a.meets(i, dropAlgorithm)
			}
			return a.algorithmWord(i)
		})
	case a.is(i, "TABLE"), a.is(i, "TEMPORARY", "TABLE"), a.is(i, "TABLES"):
		a.waits(i+1, end)
	}
}
