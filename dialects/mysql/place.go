package mysql

import (
	"strings"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
)

// byteOrderMark may stand before a text. It is no part of the SQL, nor of the first line's columns.
const byteOrderMark = "\ufeff"

// places turns offsets into places. It is quick for offsets that ascend.
type places struct {
	src  string
	last dialects.Place
	line int // offset of the start of last's line
}

func newPlaces(src string) *places {
	start := len(src) - len(strings.TrimPrefix(src, byteOrderMark))
	return &places{src: src, last: dialects.Place{Offset: start, Line: 1, Column: 1}, line: start}
}

// at is the place of an offset in bytes.
func (p *places) at(offset int) dialects.Place {
	if offset < p.last.Offset {
		*p = *newPlaces(p.src)
		offset = max(offset, p.last.Offset)
	}
	passed := p.src[p.last.Offset:offset]
	if lines := strings.Count(passed, "\n"); lines > 0 {
		p.line = p.last.Offset + strings.LastIndexByte(passed, '\n') + 1
		p.last = dialects.Place{Offset: p.line, Line: p.last.Line + lines, Column: 1}
	}
	p.last.Column += utf8.RuneCountInString(p.src[p.last.Offset:offset])
	p.last.Offset = offset
	return p.last
}

// lineAt is the whole line that an offset is on, without its line break.
func (p *places) lineAt(offset int) string {
	p.at(offset)
	rest := p.src[p.line:]
	return rest[:lineLength(rest)]
}
