package postgres

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
)

// CutNames implements [dialects.NameCutter]. The server keeps 63 bytes of a name (NAMEDATALEN is 64), and no
// half characters.
func (Dialect) CutNames(text string) []dialects.CutName {
	if !mayHoldLongName(text) {
		return nil
	}
	var names []dialects.CutName
	l := lexer{src: text}
	for t, ok := l.next(); ok; t, ok = l.next() {
		name := text[t.start:t.end]
		if quoted, is := strings.CutPrefix(name, `"`); is {
			name = strings.ReplaceAll(strings.TrimSuffix(quoted, `"`), `""`, `"`)
		} else if t.kind != wordToken {
			continue
		}
		if len(name) <= maxName {
			continue
		}
		kept := name[:maxName]
		for !utf8.ValidString(kept) && len(kept) > maxName-utf8.UTFMax && utf8.ValidString(name) {
			kept = kept[:len(kept)-1]
		}
		if n := (dialects.CutName{Written: name, Kept: kept}); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// mayHoldLongName is a quick look that spares most statements the lexer: whether anything between blanks and
// punctuation, or between double quotes, is long enough.
func mayHoldLongName(text string) bool {
	run := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			if end := strings.IndexByte(text[i+1:], '"'); end == 0 || end > maxName { // 0: a quote in a name, it may be
				return true
			}
			run = 0
		case c == '_' || c == '$' || c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z':
			if run++; run > maxName {
				return true
			}
		default:
			run = 0
		}
	}
	return false
}
