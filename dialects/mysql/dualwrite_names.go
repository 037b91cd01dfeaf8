package mysql

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
)

// maxName is how many characters an identifier may have, on both servers.
const maxName = 64

// helperPrefix begins the name of every helper object.
const helperPrefix = "segue_"

// helperName is a name that people can read and that fits: what it stands for, cut where it is
// long, and a hash that makes it one plan's own. It follows from the spec alone, so that a plan in
// flight is found again.
func helperName(spec dialects.DualWriteSpec, readable, about string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q",
		spec.Migration, spec.Table.Schema, spec.Table.Name, spec.Old, spec.New, about))
	hash := "_" + hex.EncodeToString(sum[:5])
	name := []rune(helperPrefix + readable)
	return string(name[:min(len(name), maxName-len(hash))]) + hash
}

// namesWord reports whether a text has a word as an identifier of its own, quoted or not. Names of
// columns are compared without regard to case.
func namesWord(text, word string) bool {
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

// isWordRune reports whether a character can be a part of an unquoted identifier. At the ends of a text
// there is none: utf8.RuneError.
func isWordRune(r rune) bool {
	return r != utf8.RuneError && (r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r))
}
