package dialects

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// NamesWord reports whether a text has a word as an identifier of its own, quoted or not. Case is
// not looked at: servers fold unquoted words, or compare names without it.
func NamesWord(text, word string) bool {
	if !mayContain(text, word) {
		return false
	}
	text, word = strings.ToLower(text), strings.ToLower(word)
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		start, end := from+at, from+at+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !isWordRune(before) && !isWordRune(after) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[start:])
		from = start + size
	}
}

// mayContain is a quick look at ASCII that spares a long text that has not the word its copy in lower case.
func mayContain(text, word string) bool {
	if word == "" || word[0] >= utf8.RuneSelf {
		return true
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return true // it may become an ASCII letter in lower case
		case c|0x20 == word[0]|0x20 && i+len(word) <= len(text) && strings.EqualFold(text[i:i+len(word)], word):
			return true
		}
	}
	return false
}

// isWordRune reports whether a character can be a part of an unquoted identifier. At the ends of a text there
// is none: utf8.RuneError.
func isWordRune(r rune) bool {
	return r != utf8.RuneError && (r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r))
}

// queryLength is how much of a query is shown, in characters.
const queryLength = 200

// FirstLine is what of a query fits beside other facts.
func FirstLine(query string) string {
	line, rest, _ := strings.Cut(strings.TrimSpace(query), "\n")
	line = strings.TrimSpace(line)
	if runes := []rune(line); len(runes) > queryLength {
		return string(runes[:queryLength]) + " ..."
	}
	if strings.TrimSpace(rest) != "" {
		line += " ..."
	}
	return line
}
