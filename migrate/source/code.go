package source

import (
	"iter"
	"strings"
)

// code are the stretches of an SQL text outside of quotes, dollar quotes and comments. A backslash is
// an escape in E” strings alone, as on Postgres.
func code(text string) iter.Seq[line] {
	return func(yield func(line) bool) {
		start := 0
		for at := 0; at < len(text); {
			end := quoteEnd(text, at)
			if end == at {
				at++
				continue
			}
			if start < at && !yield(line{start, at}) {
				return
			}
			start, at = end, end
		}
		if start < len(text) {
			yield(line{start, len(text)})
		}
	}
}

// quoteEnd is where the quote or comment ends that starts at an offset; the offset where none does.
func quoteEnd(text string, at int) int {
	rest := text[at:]
	switch {
	case rest[0] == '\'' && at > 0 && (text[at-1] == 'e' || text[at-1] == 'E') && (at == 1 || !isNamePart(text[at-2])):
		return at + escapedEnd(rest)
	case rest[0] == '\'' || rest[0] == '"' || rest[0] == '`':
		return at + 1 + behind(rest[1:], rest[:1])
	case strings.HasPrefix(rest, "--"):
		return at + strings.IndexByte(rest+"\n", '\n')
	case strings.HasPrefix(rest, "/*"):
		return at + 2 + behind(rest[2:], "*/")
	case rest[0] == '$' && (at == 0 || !isNamePart(text[at-1])):
		if tag := dollarTag(rest); tag != "" {
			return at + len(tag) + behind(rest[len(tag):], tag)
		}
	}
	return at
}

// behind is the offset behind the first mark; the text's end where there is none.
func behind(text, mark string) int {
	if at := strings.Index(text, mark); at >= 0 {
		return at + len(mark)
	}
	return len(text)
}

func escapedEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '\'':
			return i + 1
		}
	}
	return len(text)
}

// dollarTag is the tag, such as $$ or $body$, that a text starts with; empty where it does not.
func dollarTag(text string) string {
	for i := 1; i < len(text); i++ {
		switch b := text[i]; {
		case b == '$':
			return text[:i+1]
		case !isNamePart(b) || i == 1 && isDigit(b):
			return ""
		}
	}
	return ""
}

func isNamePart(b byte) bool {
	return b == '_' || b >= 0x80 || isDigit(b) || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// statements are the statements of an SQL text without what is quoted and commented in them, roughly:
// a function's body that is not quoted is several.
func statements(text string) iter.Seq[string] {
	var bare strings.Builder
	for c := range code(text) {
		bare.WriteString(text[c.start:c.end])
		bare.WriteByte(' ')
	}
	return func(yield func(string) bool) {
		for s := range strings.SplitSeq(bare.String(), ";") {
			if s = strings.TrimSpace(s); s != "" && !yield(s) {
				return
			}
		}
	}
}
