package mysql

import "strings"

// The parser refuses character sets and collations that TiDB does not have. Where they are a
// column's or a table's a note is kept of them; elsewhere they change nothing that a statement does.

// charsetAt finds what names a character set or collation at i: the index of the name, and the one
// behind it.
func (a *amender) charsetAt(i int) (kind noteKind, name, end int) {
	kind = charsetNote
	switch {
	case a.is(i, "COLLATE"):
		kind, name = collationNote, i+1
	case a.is(i, "CHARACTER", "SET"), a.is(i, "CHAR", "SET"):
		name = i + 2
	case a.is(i, "CHARSET"):
		name = i + 1
	default:
		return "", i, i
	}
	name = a.skip(name, "=")
	if name >= len(a.tokens) || a.kind(name) == openToken {
		return "", i, i
	}
	return kind, name, name + 1
}

// charsets takes character sets and collations out wherever they are not amended yet.
func (a *amender) charsets(lo, hi int) {
	for i := lo; i < hi; i++ {
		if a.is(i, "-", ">") && a.tokens[i].end == a.tokens[i+1].start {
			a.meets(i, jsonArrow)
		}
		if kind, name, end := a.charsetAt(i); end > i && end <= hi {
			if kind == collationNote {
				a.collation(name)
				a.remove(i, end)
			} else {
				a.replaceTokens(name, end, "utf8mb4")
			}
			i = end - 1
			continue
		}
		switch {
		case a.is(i, "USING") && a.is(i+2, ")") && a.kind(i+1) == wordToken,
			a.is(i, "NAMES") && i > 0 && i+1 < hi && a.is(i-1, "SET"):
			a.replaceTokens(i+1, i+2, "utf8mb4")
		case a.kind(i) == wordToken && a.kind(i+1) == stringToken && i+1 < hi && a.isIntroducer(i) && a.word(i)[0] == '_':
			a.remove(i, i+1)
		}
	}
}

// collation meets the collations that one server has.
func (a *amender) collation(i int) {
	switch name := strings.ToLower(a.name(i)); {
	case strings.HasPrefix(name, "utf8mb4_0900"):
		a.meets(i, collation0900)
	case strings.Contains(name, "uca1400"):
		a.meets(i, collation1400)
	}
}

// plainExpression is an expression as the parser gets it.
func plainExpression(text string) *amended {
	a := amender{src: text}
	l := lexer{src: text, delimiter: defaultDelimiter}
	for {
		t, ok := l.next()
		if !ok {
			break
		}
		a.tokens = append(a.tokens, t)
	}
	a.charsets(0, len(a.tokens))
	a.finish(len(text))
	return &a.amended
}

// convertWords reads CONVERT TO CHARACTER SET name COLLATE name, as "name collation".
func convertWords(text string) string {
	fields := strings.Fields(strings.NewReplacer("=", " ").Replace(text))
	var names []string
	for i, f := range fields {
		switch {
		case strings.EqualFold(f, "set") && i+1 < len(fields), strings.EqualFold(f, "charset") && i+1 < len(fields):
			name := charsetName(unquote(fields[i+1]))
			if name == "default" {
				name = ""
			}
			names = append(names, name)
		case strings.EqualFold(f, "collate") && i+1 < len(fields):
			names = append(names, collationName(unquote(fields[i+1])))
		}
	}
	return strings.Join(names, " ")
}
