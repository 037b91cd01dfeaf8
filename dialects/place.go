package dialects

import (
	"strings"
	"unicode/utf8"
)

// byteOrderMark may stand before a text. It is no part of the SQL, nor of the first line's columns.
const byteOrderMark = "\ufeff"

// Places turns offsets into places of one text. It is quick for offsets that ascend.
type Places struct {
	src  string
	last Place
	line int // offset of the start of last's line
}

// NewPlaces is for a text.
func NewPlaces(src string) *Places {
	start := TextStart(src)
	return &Places{src: src, last: Place{Offset: start, Line: 1, Column: 1}, line: start}
}

// TextStart is the offset behind the byte order mark, which is 0 where there is none.
func TextStart(src string) int { return len(src) - len(strings.TrimPrefix(src, byteOrderMark)) }

// At is the place of an offset in bytes.
func (p *Places) At(offset int) Place {
	if offset < p.last.Offset {
		*p = *NewPlaces(p.src)
		offset = max(offset, p.last.Offset)
	}
	passed := p.src[p.last.Offset:offset]
	if lines := strings.Count(passed, "\n"); lines > 0 {
		p.line = p.last.Offset + strings.LastIndexByte(passed, '\n') + 1
		p.last = Place{Offset: p.line, Line: p.last.Line + lines, Column: 1}
	}
	p.last.Column += utf8.RuneCountInString(p.src[p.last.Offset:offset])
	p.last.Offset = offset
	return p.last
}

// Comment is the comment src[start:end].
func (p *Places) Comment(start, end int) Comment {
	return Comment{Text: p.src[start:end], Start: p.At(start), End: p.At(end)}
}

// Line is the whole line that an offset is on, without its line break.
func (p *Places) Line(offset int) string {
	p.At(offset)
	rest := p.src[p.line:]
	return rest[:LineLength(rest)]
}

// LineLength is the length of s up to its first line break.
func LineLength(s string) int {
	if end := strings.IndexAny(s, "\r\n"); end >= 0 {
		return end
	}
	return len(s)
}
