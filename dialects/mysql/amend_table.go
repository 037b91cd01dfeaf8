package mysql

// unknownTypes are types that the parser does not know, or knows as another server's.
var unknownTypes = map[string]bool{
	"GEOMETRY": true, "POINT": true, "LINESTRING": true, "POLYGON": true, "MULTIPOINT": true,
	"MULTILINESTRING": true, "MULTIPOLYGON": true, "GEOMETRYCOLLECTION": true, "GEOMCOLLECTION": true,
	"UUID": true, "INET4": true, "INET6": true, "VECTOR": true, "XMLTYPE": true,
}

// constraintWords start what is no column in a table's definition.
var constraintWords = map[string]bool{
	"CONSTRAINT": true, "PRIMARY": true, "UNIQUE": true, "KEY": true, "INDEX": true, "FULLTEXT": true,
	"SPATIAL": true, "FOREIGN": true, "CHECK": true,
}

// createTable amends what follows CREATE TABLE IF NOT EXISTS.
func (a *amender) createTable(i int) {
	i = a.qualifiedEnd(i)
	if a.kind(i) == openToken && !a.is(i+1, "LIKE") && !a.is(i+1, "SELECT") && !a.is(i+1, "WITH") {
		closed := a.closing(i, len(a.tokens))
		a.elements(i+1, closed)
		i = closed + 1
	}
	a.tableOptions(i, len(a.tokens))
}

// elements amends the columns and constraints between a table's parentheses.
func (a *amender) elements(lo, hi int) {
	a.list(lo, hi, func(from, to int) {
		switch {
		case a.is(from, "PERIOD", "FOR"):
			a.meets(from, periodFor)
			if from > lo {
				from-- // with the comma before
			} else {
				to = min(to+1, hi)
			}
			a.remove(from, to)
		case a.isConstraint(from):
			a.constraint(from, to)
		default:
			a.column(from+1, to)
		}
	})
}

// isConstraint tells a constraint or index from a column. VECTOR and PERIOD are no reserved words.
func (a *amender) isConstraint(i int) bool {
	return constraintWords[a.word(i)] || a.is(i, "VECTOR", "INDEX") || a.is(i, "VECTOR", "KEY")
}

// constraint amends an index or constraint of a table.
func (a *amender) constraint(lo, hi int) {
	method := ""
	switch a.word(lo) {
	case "VECTOR":
		method = vector
		a.remove(lo, lo+1)
	case "SPATIAL":
		method = rtree
		a.replaceTokens(lo, lo+1, fulltext)
	}
	a.each(lo, hi, func(i int) int {
		a.enforced(i)
		switch {
		case a.is(i, "CHECK", "("):
			return a.check(i+1, hi)
		case a.kind(i) == openToken:
			closed := a.closing(i, hi)
			a.keyParts(i+1, closed)
			a.indexOptions(closed+1, hi)
			if method != "" {
				a.markMethod(closed, method)
			}
			return hi
		}
		return i
	})
}

// check keeps the expression in the parentheses at i.
func (a *amender) check(i, hi int) int {
	closed := a.closing(i, hi)
	a.replaceTokens(i+1, closed, a.keep(expressionNote, i+1, closed))
	return closed + 1
}

// keyParts amends the parts of an index: those that are expressions stand in parentheses of their own.
func (a *amender) keyParts(lo, hi int) {
	a.list(lo, hi, func(from, to int) {
		if a.kind(from) == openToken {
			a.meets(from, functionalIndex)
			a.check(from, to)
		}
		a.each(from, to, func(i int) int {
			if a.is(i, "WITHOUT", "OVERLAPS") {
				a.meets(i, withoutOverlaps)
			}
			return a.dropWords(i, "WITHOUT", "OVERLAPS")
		})
	})
}

// indexOptions amends what follows an index's parts.
func (a *amender) indexOptions(lo, hi int) {
	a.each(lo, hi, func(i int) int {
		switch {
		case a.is(i, "NOT", "IGNORED"):
			a.meets(i, indexIgnored)
			a.replaceTokens(i, i+2, "VISIBLE")
			return i + 2
		case a.is(i, "VISIBLE"), a.is(i, "INVISIBLE"):
			a.meets(i, indexVisibility)
		case a.is(i, "IGNORED"):
			a.meets(i, indexIgnored)
			a.replaceTokens(i, i+1, "INVISIBLE")
			return i + 1
		case a.is(i, "ENGINE_ATTRIBUTE"), a.is(i, "M", "="), a.is(i, "DISTANCE", "="), a.is(i, "CLUSTERING"):
			next := a.skip(i+1, "=") + 1
			a.remove(i, next)
			return next
		}
		return a.algorithmWord(i)
	})
}

// markMethod makes a note of the method of the index whose parts end at closed.
func (a *amender) markMethod(closed int, method string) {
	if closed < len(a.tokens) {
		a.notes = append(a.notes, note{kind: methodNote, text: method, start: a.tokens[closed].start})
		a.replaceTokens(closed, closed+1, ") COMMENT "+a.lastNote())
	}
}

// nationalTypes are short for NATIONAL and a type, whose characters are utf8mb3.
var nationalTypes = map[string]string{"NCHAR": "CHAR", "NVARCHAR": "VARCHAR"}

// national gives a national type at i the character set that it stands for.
func (a *amender) national(i, hi int) {
	word := nationalTypes[a.word(i)]
	if a.is(i, "NATIONAL") {
		a.remove(i, i+1)
		i++
		word = a.word(i)
	}
	a.notes = append(a.notes, note{kind: charsetNote, text: "utf8mb3"})
	charset := " COMMENT " + a.lastNote()
	if closed := a.closing(i+1, hi); a.kind(i+1) == openToken && closed < hi {
		a.replaceTokens(i, i+1, word)
		a.replaceTokens(closed, closed+1, ")"+charset)
		return
	}
	a.replaceTokens(i, i+1, word+charset)
}

// column amends a column's type and attributes, which follow its name.
func (a *amender) column(lo, hi int) {
	if a.is(lo, "NATIONAL") || nationalTypes[a.word(lo)] != "" {
		a.national(lo, hi)
	}
	if f := columnTypes[a.word(lo)]; f != nil {
		a.meets(lo, f)
	}
	typ := a.word(lo)
	if unknownTypes[typ] {
		end := lo + 1
		if a.kind(end) == openToken && end < hi {
			end = a.closing(end, hi) + 1
		}
		a.replaceTokens(lo, end, "INT COMMENT "+a.keep(typeNote, lo, end))
		lo = end - 1
	}
	a.each(min(lo+1, hi), hi, func(i int) int {
		a.enforced(i)
		if a.is(i, "DEFAULT") {
			a.defaultForms(typ, i+1)
		}
		return a.attribute(i, hi)
	})
}

// defaultForms meets what stands behind DEFAULT.
func (a *amender) defaultForms(typ string, i int) {
	word := a.word(i)
	switch {
	case a.kind(i) == openToken:
		a.meets(i, defaultExpression)
	case a.is(i, "NULL"):
	case withoutDefault[typ]:
		a.meets(i, defaultOfText)
	case a.kind(i) == wordToken && !plainDefaults[word] && a.kind(i+1) != stringToken:
		a.meets(i, defaultFunction)
	}
}

// enforced meets ENFORCED at i, which no column's name may be there.
func (a *amender) enforced(i int) {
	if a.is(i, "ENFORCED") {
		a.meets(i, enforcedWord)
	}
}

// attribute amends the attribute of a column at i and returns the index behind it; i where there is
// nothing to amend.
func (a *amender) attribute(i, hi int) int {
	comment := func(kind noteKind, lo, end, all int) int {
		a.replaceTokens(i, all, " COMMENT "+a.keep(kind, lo, end)+" ")
		return all
	}
	if kind, name, end := a.charsetAt(i); end > i && end <= hi {
		return comment(kind, name, end, end)
	}
	switch {
	case a.is(i, "BINARY"):
		return comment(binaryNote, i, i+1, i+1)
	case a.is(i, "DEFAULT"):
		end := a.valueEnd(i+1, hi)
		return comment(defaultNote, i+1, end, end)
	case a.is(i, "ON", "UPDATE") && a.word(i+2) != "CASCADE" && !a.isReference(i+2):
		end := a.valueEnd(i+2, hi)
		return comment(onUpdateNote, i+2, end, end)
	case a.is(i, "INVISIBLE"), a.is(i, "VISIBLE"):
		if a.is(i, "VISIBLE") {
			a.meets(i, columnVisible)
		} else {
			a.meets(i, columnInvisible)
		}
		return comment(visibilityNote, i, i+1, i+1)
	case a.is(i, "GENERATED", "ALWAYS", "AS"), a.is(i, "AS", "("), a.is(i, "AS", "ROW"):
		return a.generated(i, hi)
	case a.is(i, "CHECK", "("):
		return a.check(i+1, hi)
	case a.is(i, "SRID"), a.is(i, "REF_SYSTEM_ID", "="):
		if a.is(i, "SRID") {
			a.meets(i, srid)
		} else {
			a.meets(i, referenceSystem)
		}
		end := a.skip(i+1, "=") + 1
		return comment(optionNote, i, end, end)
	case a.is(i, "COMPRESSED", "="):
		a.meets(i, columnCompressed)
		return comment(optionNote, i, i+3, i+3)
	case a.is(i, "COMPRESSED"):
		a.meets(i, columnCompressed)
		return comment(optionNote, i, i+1, i+1)
	case a.is(i, "ENGINE_ATTRIBUTE"), a.is(i, "SECONDARY_ENGINE_ATTRIBUTE"):
		end := a.skip(i+1, "=") + 1
		a.remove(i, end)
		return end
	case a.is(i, "WITH", "SYSTEM", "VERSIONING"), a.is(i, "WITHOUT", "SYSTEM", "VERSIONING"):
		a.meets(i, systemVersioning)
		a.remove(i, i+3)
		return i + 3
	}
	return i
}

// isReference reports whether ON UPDATE at i-2 is a foreign key's.
func (a *amender) isReference(i int) bool {
	return a.is(i, "RESTRICT") || a.is(i, "SET", "NULL") || a.is(i, "SET", "DEFAULT") || a.is(i, "NO", "ACTION")
}

// generated keeps [GENERATED ALWAYS] AS (expression) [VIRTUAL|STORED|PERSISTENT].
func (a *amender) generated(i, hi int) int {
	open := a.skip(i, "GENERATED", "ALWAYS") + 1
	if a.is(open, "ROW") {
		a.meets(open, systemVersioning)
		a.replaceTokens(i, open+2, " NOT NULL COMMENT "+a.keep(storedNote, open, open+2)+" ")
		return open + 2
	}
	closed := a.closing(open, hi)
	kind, end := virtualNote, closed+1
	switch a.word(end) {
	case "STORED", "PERSISTENT":
		if a.is(end, "PERSISTENT") {
			a.meets(end, persistentWord)
		}
		kind = storedNote
		end++
	case "VIRTUAL":
		end++
	}
	end = min(end, hi)
	if a.is(end, "NOT", "NULL") {
		a.meets(end, generatedNotNull)
	}
	a.replaceTokens(i, end, " COMMENT "+a.keep(kind, open+1, closed)+" ")
	return end
}

// valueEnd is the index behind a default's value: an expression in parentheses, a constant with its
// sign or character set, a function, or MariaDB's NEXT VALUE FOR a sequence.
func (a *amender) valueEnd(i, hi int) int {
	if a.is(i, "NEXT", "VALUE", "FOR") {
		return min(a.qualifiedEnd(i+3), hi)
	}
	if a.is(i, "-") || a.is(i, "+") {
		i++
	}
	if a.kind(i) == openToken {
		return min(a.closing(i, hi)+1, hi)
	}
	introducer := a.kind(i) == wordToken
	i++
	switch {
	case i < hi && introducer && a.kind(i) == openToken:
		return min(a.closing(i, hi)+1, hi)
	case i < hi && introducer && a.kind(i) == stringToken && a.isIntroducer(i-1):
		return i + 1
	}
	return min(i, hi)
}

// isIntroducer reports whether a word belongs to the string behind it: _utf8mb4'a', x'41', b'0', N'a'.
func (a *amender) isIntroducer(i int) bool {
	switch w := a.word(i); w {
	case "X", "B", "N", "DATE", "TIME", "TIMESTAMP":
		return true
	default:
		return w[0] == '_'
	}
}

// tableOptions amends what follows a table's elements.
func (a *amender) tableOptions(lo, hi int) {
	a.each(lo, hi, func(i int) int {
		if kind, name, end := a.charsetAt(a.skip(i, "DEFAULT")); kind != "" && end <= hi {
			a.replaceTokens(i, end, "COMMENT="+a.keep(kind, name, end))
			return end
		}
		switch {
		case a.is(i, "AS"), a.is(i, "SELECT"), a.is(i, "TABLE"), a.is(i, "VALUES"), a.is(i, "PARTITION"):
			return hi
		case a.is(i, "WITH", "SYSTEM", "VERSIONING"):
			a.meets(i, systemVersioning)
			a.replaceTokens(i, i+3, "COMMENT="+a.keep(versionedNote, i, i+3))
			return i + 3
		case a.is(i, "ENCRYPTION"):
			a.meets(i, encryptionOption)
		case a.is(i, "COMPRESSION"):
			a.meets(i, compressionOption)
		case a.is(i, "PAGE_COMPRESSED"):
			a.meets(i, pageCompressed)
		case a.is(i, "ENCRYPTED"), a.is(i, "ENCRYPTION_KEY_ID"):
			a.meets(i, encryptedOption)
			end := a.skip(i+1, "=") + 1
			if a.is(0, "ALTER") { // the parser knows MySQL's word for it
				a.replaceTokens(i, end, "ENCRYPTION='Y'")
			} else {
				a.remove(i, end)
			}
			return end
		}
		return i
	})
}
