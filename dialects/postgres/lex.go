package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// tokenKind tells tokens apart as far as splitting a text needs it.
type tokenKind int

const (
	wordToken      tokenKind = iota // a keyword or an unquoted identifier
	commentToken                    // -- to the end of the line, or /* */
	semicolonToken                  // between statements, or within a BEGIN ATOMIC body
	openToken                       // (
	closeToken                      // )
	backslashToken                  // outside quotes only psql's commands have one
	otherToken                      // whatever else: strings, quoted identifiers, operators
)

// token is src[start:end].
type token struct {
	kind       tokenKind
	start, end int
}

// lexer reads tokens by the rules of the server's scan.l, with standard_conforming_strings on. What
// is left open, such as a string, ends with the text: the parser says what is wrong with it.
type lexer struct {
	src string
	at  int
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
	kind, end := lexAt(l.src, start)
	l.at = end
	return token{kind, start, end}, true
}

// lexAt is the kind and the end of the token that starts at at.
func lexAt(src string, at int) (tokenKind, int) {
	rest := src[at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "--"):
		return commentToken, at + dialects.LineLength(rest)
	case strings.HasPrefix(rest, "/*"):
		return commentToken, lexBlockComment(src, at)
	case c == ';':
		return semicolonToken, at + 1
	case c == '(':
		return openToken, at + 1
	case c == ')':
		return closeToken, at + 1
	case c == '\\':
		return backslashToken, at + dialects.LineLength(rest)
	case c == '\'':
		return otherToken, lexQuoted(src, at)
	case c == '"':
		return otherToken, lexQuoted(src, at)
	case (c == 'e' || c == 'E') && strings.HasPrefix(rest[1:], "'"):
		return otherToken, lexEscapeString(src, at+1)
	case c == '$':
		return otherToken, lexDollar(src, at)
	case isWordStart(c):
		return wordToken, lexWord(src, at)
	case isDigit(c):
		return otherToken, lexWord(src, at)
	case isOperator(c):
		return otherToken, lexOperator(src, at)
	}
	return otherToken, at + 1
}

// lexQuoted ends behind the closing quote; a doubled quote is part of the text.
func lexQuoted(src string, at int) int {
	mark := src[at]
	for at++; at < len(src); at++ {
		if src[at] != mark {
			continue
		}
		if at++; at == len(src) || src[at] != mark {
			return at
		}
	}
	return at
}

// lexEscapeString is lexQuoted for E”, where a backslash takes the next byte with it. Such a string
// goes on in a further ” after a line break, and keeps its escapes there.
func lexEscapeString(src string, at int) int {
	for at++; at < len(src); at++ {
		switch src[at] {
		case '\\':
			at++
		case '\'':
			if at++; at < len(src) && src[at] == '\'' {
				continue
			}
			next, goesOn := continuation(src, at)
			if !goesOn {
				return at
			}
			at = next
		}
	}
	return len(src)
}

// continuation finds the quote of a string's further part, which only space and comments with at
// least one line break may come before.
func continuation(src string, at int) (int, bool) {
	lines := 0
	for at < len(src) {
		switch {
		case src[at] == '\n' || src[at] == '\r':
			lines++
			at++
		case isSpace(src[at]):
			at++
		case strings.HasPrefix(src[at:], "--"):
			at += dialects.LineLength(src[at:])
		default:
			return at, src[at] == '\'' && lines > 0
		}
	}
	return at, false
}

// lexDollar reads $tag$ ... $tag$, or a lone $, as in $1.
func lexDollar(src string, at int) int {
	tagEnd := at + 1
	for tagEnd < len(src) && isWordPart(src[tagEnd]) && src[tagEnd] != '$' {
		tagEnd++
	}
	if tagEnd == len(src) || src[tagEnd] != '$' || isDigit(src[at+1]) {
		return at + 1
	}
	tag := src[at : tagEnd+1]
	body := src[tagEnd+1:]
	if closing := strings.Index(body, tag); closing >= 0 {
		return tagEnd + 1 + closing + len(tag)
	}
	return len(src)
}

// lexBlockComment ends behind the comment's own end: comments nest.
func lexBlockComment(src string, at int) int {
	depth := 0
	for at < len(src) {
		switch {
		case strings.HasPrefix(src[at:], "/*"):
			depth++
			at += 2
		case strings.HasPrefix(src[at:], "*/"):
			depth--
			at += 2
			if depth == 0 {
				return at
			}
		default:
			at++
		}
	}
	return at
}

func lexWord(src string, at int) int {
	for at < len(src) && isWordPart(src[at]) {
		at++
	}
	return at
}

// lexOperator ends before a comment, which may follow without space.
func lexOperator(src string, at int) int {
	for at++; at < len(src) && isOperator(src[at]); at++ {
		if strings.HasPrefix(src[at:], "--") || strings.HasPrefix(src[at:], "/*") {
			break
		}
	}
	return at
}

// maxChain is how many tokens may follow each other without a comma, a semicolon, AND or OR. The
// parser is recursive C with no limit of its own: 1+1+1+... of fifty thousand terms overruns its
// stack and with it the process. The server's max_stack_depth refuses such a text much earlier.
const maxChain = 16000

// overlong finds where a text goes beyond maxChain, counting all parentheses that are open there.
func overlong(src string) (offset int, found bool) {
	if len(src) <= maxChain {
		return 0, false
	}
	l := lexer{src: src}
	var outer []int
	chain, sum := 0, 0
	for {
		t, ok := l.next()
		switch {
		case !ok:
			return 0, false
		case t.kind == commentToken:
			continue
		case t.kind == openToken:
			outer = append(outer, chain)
			chain = 0
		case t.kind == closeToken && len(outer) > 0:
			sum -= chain
			chain, outer = outer[len(outer)-1], outer[:len(outer)-1]
		case t.kind == semicolonToken || src[t.start] == ',' || isJunction(src[t.start:t.end]):
			sum -= chain
			chain = 0
			continue
		}
		chain++
		if sum++; sum > maxChain {
			return t.start, true
		}
	}
}

// isJunction holds for AND and OR, whose chains are flat to the parser.
func isJunction(word string) bool {
	return strings.EqualFold(word, "and") || strings.EqualFold(word, "or")
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'
}

func isOperator(c byte) bool { return strings.IndexByte("+-*/<>=~!@#%^&|`?", c) >= 0 }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isWordStart holds for every byte of a character beyond ASCII, as in the server.
func isWordStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func isWordPart(c byte) bool { return isWordStart(c) || isDigit(c) || c == '$' }
