package mysql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// The parser knows neither all of MySQL nor much of MariaDB. What it would reject, or drop, is taken
// out of the text that it gets and kept as a note; where the note belongs to a part of the
// statement, a comment or a constant that names it stands in its place. The author's text is never
// touched: it is what runs.

// noteMark starts the text that stands for a note. No SQL that a person writes has it.
const noteMark = "\x01segue:"

// noteKind says what a note is about.
type noteKind string

const (
	typeNote       noteKind = "type"       // a type that the parser does not know
	defaultNote    noteKind = "default"    // what stands behind DEFAULT
	onUpdateNote   noteKind = "on update"  // likewise
	virtualNote    noteKind = "virtual"    // a generated column's expression
	storedNote     noteKind = "stored"     // likewise
	visibilityNote noteKind = "visibility" // INVISIBLE or VISIBLE
	optionNote     noteKind = "option"     // an attribute that is kept as it is
	expressionNote noteKind = "expression" // a check's, or a key part's
	commandNote    noteKind = "command"    // a whole subcommand of ALTER TABLE
	versionedNote  noteKind = "versioned"  // WITH SYSTEM VERSIONING
	methodNote     noteKind = "method"     // the method of an index that is another to the parser
	charsetNote    noteKind = "charset"    // the name of a character set; the parser knows few
	collationNote  noteKind = "collation"  // likewise
	binaryNote     noteKind = "binary"     // CHAR(9) BINARY: the character set's _bin collation
)

// note is a part of the text that the parser does not see. Start is its offset in the source.
type note struct {
	kind  noteKind
	text  string
	start int
}

// amended is a statement as the parser gets it.
type amended struct {
	text     string
	edits    []edit // ascending, disjoint
	start    int    // of the statement in the source
	notes    []note
	replace  bool            // OR REPLACE
	ifExists map[string]bool // constraints dropped with IF EXISTS
	noCopy   bool            // ALGORITHM=NOCOPY, which the parser sees as INPLACE
	// keepsPassword is RETAIN CURRENT PASSWORD, dropsPassword DISCARD OLD PASSWORD: the parser knows neither.
	keepsPassword, dropsPassword bool
	// foreign is what the statement has first that the server does not know; nil for nothing.
	foreign     *feature
	foreignAt   int // its offset in the source
	foreignWord string
}

// edit puts text in the place of source[start:end].
type edit struct {
	start, end int
	text       string
}

// amender walks the tokens of one statement.
type amender struct {
	src     string
	tokens  []token
	dialect Dialect
	amended
}

// amend makes the text that the parser gets.
func (d Dialect) amend(src string, p piece) *amended {
	a := amender{src: src, tokens: p.tokens, dialect: d, amended: amended{start: p.start, ifExists: map[string]bool{}}}
	for _, t := range slices.Concat(p.within, p.marks) {
		a.edits = append(a.edits, edit{t.start, t.end, " "})
	}
	a.statement()
	a.charsets(0, len(a.tokens))
	a.finish(p.end)
	return &a.amended
}

// finish applies the edits. Of two that overlap the wider one holds, of two alike the first.
func (a *amender) finish(end int) {
	slices.SortStableFunc(a.edits, func(x, y edit) int {
		if x.start != y.start {
			return x.start - y.start
		}
		return y.end - x.end
	})
	var text strings.Builder
	at := a.start
	kept := a.edits[:0]
	for _, e := range a.edits {
		if e.start < at {
			continue
		}
		text.WriteString(a.src[at:e.start])
		text.WriteString(e.text)
		at = e.end
		kept = append(kept, e)
	}
	text.WriteString(a.src[at:end])
	a.edits, a.text = kept, text.String()
}

// offset turns an offset in the parser's text into one in the source.
func (a *amended) offset(at int) int {
	shift := a.start
	for _, e := range a.edits {
		from := e.start - shift // where the edit starts in the parser's text
		if at < from {
			break
		}
		if at < from+len(e.text) {
			return e.start
		}
		shift += e.end - e.start - len(e.text)
	}
	return at + shift
}

// noted is the note that a comment or constant stands for.
func (a *amended) noted(text string) (note, bool) {
	number, ok := strings.CutPrefix(text, noteMark)
	if !ok {
		return note{}, false
	}
	n, err := strconv.Atoi(number)
	if err != nil || n >= len(a.notes) {
		return note{}, false
	}
	return a.notes[n], true
}

// keep makes a note of the tokens from lo to hi, hi left out, and returns the constant that stands
// for it.
func (a *amender) keep(kind noteKind, lo, hi int) string {
	text, start := a.textOf(lo, hi), len(a.src)
	if lo < len(a.tokens) {
		start = a.tokens[lo].start
	}
	a.notes = append(a.notes, note{kind, text, start})
	return fmt.Sprintf("'%s%d'", noteMark, len(a.notes)-1)
}

// replaceTokens puts text in the place of the tokens from lo to hi, hi left out.
func (a *amender) replaceTokens(lo, hi int, text string) {
	if lo < hi && hi <= len(a.tokens) {
		a.edits = append(a.edits, edit{a.tokens[lo].start, a.tokens[hi-1].end, text})
	}
}

func (a *amender) remove(lo, hi int) { a.replaceTokens(lo, hi, "") }

// textOf is the source of tokens, without comments.
func (a *amender) textOf(lo, hi int) string {
	var text strings.Builder
	for i := lo; i < hi && i < len(a.tokens); i++ {
		t := a.tokens[i]
		if i > lo && a.tokens[i-1].end < t.start {
			text.WriteByte(' ')
		}
		text.WriteString(a.src[t.start:t.end])
	}
	return text.String()
}

// word is a token as a keyword or sign; empty for names in backticks, strings, and behind the end.
func (a *amender) word(i int) string {
	if i < 0 || i >= len(a.tokens) {
		return ""
	}
	t := a.tokens[i]
	switch t.kind {
	case wordToken:
		return strings.ToUpper(a.src[t.start:t.end])
	case openToken, closeToken, commaToken, otherToken:
		return a.src[t.start:t.end]
	}
	return ""
}

// kind is a token's kind; otherToken behind the end.
func (a *amender) kind(i int) tokenKind {
	if i >= len(a.tokens) {
		return otherToken
	}
	return a.tokens[i].kind
}

// is reports whether the words stand at i.
func (a *amender) is(i int, words ...string) bool {
	for n, w := range words {
		if a.word(i+n) != w {
			return false
		}
	}
	return true
}

// skip is the index behind the words where they stand at i, else i.
func (a *amender) skip(i int, words ...string) int {
	if a.is(i, words...) {
		return i + len(words)
	}
	return i
}

// closing is the index of the parenthesis that closes the one at i, or hi.
func (a *amender) closing(i, hi int) int {
	depth := 0
	for ; i < hi; i++ {
		switch a.kind(i) {
		case openToken:
			depth++
		case closeToken:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return hi
}

// list calls f for each part between the commas of tokens lo to hi.
func (a *amender) list(lo, hi int, f func(lo, hi int)) {
	from := lo
	for i := lo; i < hi; i++ {
		switch a.kind(i) {
		case openToken:
			i = a.closing(i, hi)
		case commaToken:
			f(from, i)
			from = i + 1
		}
	}
	if from < hi {
		f(from, hi)
	}
}

// each calls f for each token of lo to hi that is in no parentheses; f returns where to go on.
func (a *amender) each(lo, hi int, f func(i int) int) {
	for i := lo; i < hi; {
		next := f(i)
		if next <= i && a.kind(i) == openToken {
			next = a.closing(i, hi) + 1
		}
		i = max(next, i+1)
	}
}

// name is the identifier that a token spells.
func (a *amender) name(i int) string {
	if i >= len(a.tokens) {
		return ""
	}
	return unquote(a.src[a.tokens[i].start:a.tokens[i].end])
}

// qualifiedEnd is the index behind a name of one or two parts at i.
func (a *amender) qualifiedEnd(i int) int {
	if a.is(i+1, ".") {
		return i + 3
	}
	// An unquoted name may be followed by .name without space, which reads as one number.
	return i + 1
}

// algorithmWord turns MariaDB's NOCOPY into what the parser knows.
func (a *amender) algorithmWord(i int) int {
	if !a.is(i, "ALGORITHM") {
		return i
	}
	i = a.skip(i+1, "=")
	if a.is(i, "INSTANT") {
		a.meets(i, instantWord)
	}
	if a.is(i, "NOCOPY") {
		a.meets(i, algorithmNoCopy)
		a.noCopy = true
		a.replaceTokens(i, i+1, string(dialects.AlgorithmInPlace))
	}
	return i + 1
}
