package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// tokenKind tells tokens apart as far as splitting and amending a text needs it.
type tokenKind int

const (
	wordToken      tokenKind = iota // a keyword or an unquoted identifier
	quotedToken                     // an identifier in backticks
	stringToken                     // '...' or "...", or $$...$$
	numberToken                     // 1, 1.5, 1e3, 0x1f
	commentToken                    // # and -- to the end of the line, /* */, and what this server skips
	markToken                       // the start or end of a version comment that this server runs
	delimiterToken                  // between statements: ; or what DELIMITER said
	openToken                       // (
	closeToken                      // )
	commaToken                      // ,
	backslashToken                  // outside quotes only the mysql client's commands have one
	otherToken                      // operators, variables
)

// token is src[start:end].
type token struct {
	kind       tokenKind
	start, end int
}

// defaultDelimiter is what ends a statement until DELIMITER says otherwise.
const defaultDelimiter = ";"

// lexer reads tokens by the rules of the server's sql_lex.cc, in the default sql_mode: backslashes
// escape, double quotes make strings. What is left open, such as a string, ends with the text.
type lexer struct {
	src       string
	at        int
	delimiter string
	dialect   Dialect
	marks     int // version comments that are open
}

// next is the next token; false at the end of the text.
func (l *lexer) next() (token, bool) {
	for l.at < len(l.src) && isSpace(l.src[l.at]) {
		l.at++
	}
	if l.at == len(l.src) {
		return token{}, false
	}
	start := l.at
	kind, end := l.lexAt(start)
	l.at = end
	return token{kind, start, end}, true
}

// lexAt is the kind and the end of the token that starts at at.
func (l *lexer) lexAt(at int) (tokenKind, int) {
	rest := l.src[at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, l.delimiter):
		return delimiterToken, at + len(l.delimiter)
	case c == '#' || isLineComment(rest):
		return commentToken, at + dialects.LineLength(rest)
	case strings.HasPrefix(rest, "/*"):
		return l.lexComment(at)
	case strings.HasPrefix(rest, "*/") && l.marks > 0:
		l.marks--
		return markToken, at + 2
	case c == '(':
		return openToken, at + 1
	case c == ')':
		return closeToken, at + 1
	case c == ',':
		return commaToken, at + 1
	case c == '\\':
		return backslashToken, at + dialects.LineLength(rest)
	case c == '\'' || c == '"':
		return stringToken, lexString(l.src, at)
	case c == '`':
		return quotedToken, lexQuoted(l.src, at)
	case c == '@':
		return otherToken, l.lexVariable(at)
	case isDigit(c) || c == '.' && len(rest) > 1 && isDigit(rest[1]):
		return l.lexNumber(at)
	case c == '$' && l.dollarQuoted(rest) > 0:
		return stringToken, at + l.dollarQuoted(rest)
	case isWordPart(c):
		return wordToken, l.lexWord(at)
	}
	return otherToken, at + 1
}

// dollarQuoted is the length of a dollar-quoted string, in which MySQL from 9.0 on takes the body of a
// program in JavaScript; 0 where s starts none, or none that is closed.
func (l *lexer) dollarQuoted(s string) int {
	if l.dialect.Kind() != dialects.MySQL || !l.dialect.server().AtLeast(9, 0) {
		return 0
	}
	tag := 1
	for tag < len(s) && s[tag] != '$' && isWordPart(s[tag]) {
		tag++
	}
	if tag == len(s) || s[tag] != '$' {
		return 0
	}
	mark := s[:tag+1]
	end := strings.Index(s[len(mark):], mark)
	if end < 0 {
		return 0
	}
	return len(mark) + end + len(mark)
}

// isLineComment holds for -- that white space or the end follows: 5--1 is a subtraction.
func isLineComment(s string) bool {
	return strings.HasPrefix(s, "--") && (len(s) == 2 || s[2] <= ' ')
}

// lexComment reads a comment. Of a version comment that this server runs it reads the start alone.
func (l *lexer) lexComment(at int) (tokenKind, int) {
	head, runs := l.dialect.versionComment(l.src[at:])
	switch {
	case head > 0 && runs:
		l.marks++
		return markToken, at + head
	case head > 0:
		return commentToken, lexSkipped(l.src, at)
	}
	if end := strings.Index(l.src[at+2:], "*/"); end >= 0 {
		return commentToken, at + 2 + end + 2
	}
	return commentToken, len(l.src)
}

// lexSkipped ends behind a version comment that the server skips: others may be within.
func lexSkipped(src string, at int) int {
	depth := 0
	for at < len(src) {
		switch {
		case strings.HasPrefix(src[at:], "/*"):
			depth++
			at += 2
		case strings.HasPrefix(src[at:], "*/"):
			at += 2
			if depth--; depth == 0 {
				return at
			}
		default:
			at++
		}
	}
	return len(src)
}

// lexString ends behind the closing quote. A doubled quote is part of the text, and a backslash takes
// the next byte with it.
func lexString(src string, at int) int {
	mark := src[at]
	for at++; at < len(src); at++ {
		switch src[at] {
		case '\\':
			at++
		case mark:
			if at++; at == len(src) || src[at] != mark {
				return at
			}
		}
	}
	return len(src)
}

func lexQuoted(src string, at int) int {
	for at++; at < len(src); at++ {
		if src[at] == '`' {
			if at++; at == len(src) || src[at] != '`' {
				return at
			}
		}
	}
	return len(src)
}

// lexVariable reads @name, @@global.name, @'name'.
func (l *lexer) lexVariable(at int) int {
	for at++; at < len(l.src) && l.src[at] == '@'; at++ {
	}
	if at == len(l.src) {
		return at
	}
	switch c := l.src[at]; {
	case c == '\'' || c == '"':
		return lexString(l.src, at)
	case c == '`':
		return lexQuoted(l.src, at)
	}
	for at < len(l.src) && (isWordPart(l.src[at]) || l.src[at] == '.') && !strings.HasPrefix(l.src[at:], l.delimiter) {
		at++
	}
	return at
}

// lexNumber reads a number, or an identifier that starts with a digit.
func (l *lexer) lexNumber(at int) (tokenKind, int) {
	src, start := l.src, at
	digits := func() {
		for at < len(src) && isDigit(src[at]) {
			at++
		}
	}
	digits()
	if at < len(src) && src[at] == '.' {
		at++
		digits()
	}
	if at < len(src) && (src[at] == 'e' || src[at] == 'E') {
		power := at + 1
		if power < len(src) && (src[power] == '+' || src[power] == '-') {
			power++
		}
		if power < len(src) && isDigit(src[power]) {
			at = power
			digits()
		}
	}
	if at < len(src) && isWordPart(src[at]) && !strings.HasPrefix(src[at:], l.delimiter) {
		word := l.lexWord(at)
		if second := src[start+1]; second == 'x' || second == 'b' {
			return numberToken, word
		}
		return wordToken, word
	}
	return numberToken, at
}

// lexWord ends before the delimiter, which may follow without space: END$$.
func (l *lexer) lexWord(at int) int {
	for at < len(l.src) && isWordPart(l.src[at]) && !strings.HasPrefix(l.src[at:], l.delimiter) {
		at++
	}
	return at
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWordPart holds for every byte of a character beyond ASCII.
func isWordPart(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c >= 0x80
}
