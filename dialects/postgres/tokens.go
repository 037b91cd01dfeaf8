package postgres

import "strings"

// words are the tokens of one statement, its comments left out.
type words struct {
	src      string
	tokens   []token
	comments []token
}

func wordsOf(src string) words {
	w := words{src: src}
	l := lexer{src: src}
	for {
		t, ok := l.next()
		switch {
		case !ok:
			return w
		case t.kind == commentToken:
			w.comments = append(w.comments, t)
		default:
			w.tokens = append(w.tokens, t)
		}
	}
}

// word is a token as a keyword or a sign; empty for quoted names and strings, and behind the end.
func (w words) word(i int) string {
	if i < 0 || i >= len(w.tokens) {
		return ""
	}
	text := w.src[w.tokens[i].start:w.tokens[i].end]
	if text[0] == '"' || text[0] == '\'' {
		return ""
	}
	return strings.ToUpper(text)
}

// kind is a token's kind; otherToken behind the end.
func (w words) kind(i int) tokenKind {
	if i < 0 || i >= len(w.tokens) {
		return otherToken
	}
	return w.tokens[i].kind
}

// is reports whether the words stand at i.
func (w words) is(i int, words ...string) bool {
	for n, word := range words {
		if w.word(i+n) != word {
			return false
		}
	}
	return true
}

// skip is the index behind the words where they stand at i, else i.
func (w words) skip(i int, words ...string) int {
	if w.is(i, words...) {
		return i + len(words)
	}
	return i
}

// closing is the index of the parenthesis that closes the one at i; behind the end where none does.
func (w words) closing(i int) int {
	depth := 0
	for ; i < len(w.tokens); i++ {
		switch w.tokens[i].kind {
		case openToken:
			depth++
		case closeToken:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}

// nameEnd is the index behind a name at i, with what it is qualified by.
func (w words) nameEnd(i int) int {
	if strings.EqualFold(w.word(i), "U") && w.is(i+1, "&") { // U&"name"
		i += 2
	}
	for i++; w.is(i, "."); i += 2 {
	}
	return i
}

// list are the parts between the commas of tokens from lo on, to the end.
func (w words) list(lo int) []span {
	var parts []span
	from := lo
	for i := lo; i < len(w.tokens); i++ {
		switch {
		case w.tokens[i].kind == openToken:
			i = w.closing(i)
		case w.is(i, ","):
			parts = append(parts, span{from, i})
			from = i + 1
		}
	}
	return append(parts, span{from, len(w.tokens)})
}

// find is the index of the first of the words from lo to hi that is in no parentheses; hi where none is.
func (w words) find(lo, hi int, words ...string) int {
	for i := lo; i < hi; i++ {
		if w.is(i, words...) {
			return i
		}
		if w.tokens[i].kind == openToken {
			i = w.closing(i)
		}
	}
	return hi
}

// span is tokens[lo:hi].
type span struct{ lo, hi int }

// start and end are a span's place in the text; an empty one has none.
func (w words) start(s span) int { return w.tokens[s.lo].start }
func (w words) end(s span) int   { return w.tokens[s.hi-1].end }

// text is the source of tokens, with what is between them.
func (w words) text(lo, hi int) string {
	if lo >= hi || hi > len(w.tokens) {
		return ""
	}
	return w.src[w.tokens[lo].start:w.tokens[hi-1].end]
}

// commentsIn are the comments in a stretch of the text.
func (w words) commentsIn(start, end int) []string {
	var found []string
	for _, c := range w.comments {
		if c.start >= start && c.end <= end {
			found = append(found, w.src[c.start:c.end])
		}
	}
	return found
}
