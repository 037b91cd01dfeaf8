package source

import (
	"iter"
	"strings"
)

// sheet is a text that is blanked in places. Nothing moves: it keeps its length and its lines, so that
// places in it are those of the author's file.
type sheet struct{ text []byte }

func newSheet(text string) *sheet { return &sheet{[]byte(text)} }

func (s *sheet) String() string { return string(s.text) }

// blank makes spaces of text[from:to].
func (s *sheet) blank(from, to int) *sheet {
	for i := from; i < to; i++ {
		if s.text[i] != '\n' && s.text[i] != '\r' {
			s.text[i] = ' '
		}
	}
	return s
}

func (s *sheet) blankAll() *sheet { return s.blank(0, len(s.text)) }

// separate puts a semicolon in the place of text[from:to], which separates statements.
func (s *sheet) separate(from, to int) *sheet {
	s.blank(from, to)
	s.text[from] = ';'
	return s
}

// mark is separate for a delimiter that may be line ends alone, behind a statement that begins at start: it
// goes before them where it can. Where not, a space of the statement becomes the line end that the
// semicolon takes the place of, so that the lines behind it keep their numbers.
func (s *sheet) mark(start, from, to int) *sheet {
	s.blank(from, to)
	for i := from; i < to; i++ {
		if s.text[i] == ' ' {
			s.text[i] = ';'
			return s
		}
	}
	for i := from - 1; i >= 0 && isBlank(s.text[i]); i-- {
		if s.text[i] == ' ' || s.text[i] == '\t' {
			s.text[i] = ';'
			return s
		}
	}
	statement, space := string(s.text[start:from]), -1
	for c := range code(statement) {
		if i := strings.LastIndexByte(statement[c.start:c.end], ' '); i >= 0 {
			space = start + c.start + i
		}
	}
	switch {
	case s.text[from] == '\r':
		s.text[from] = ';'
	case space >= 0:
		s.text[space], s.text[from] = '\n', ';'
	}
	return s
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// name makes a name of text[from:to]: letters, digits, underscores and line ends stay.
func (s *sheet) name(from, to int) *sheet {
	for i := from; i < to; i++ {
		if b := s.text[i]; !isNamePart(b) && b != '\n' && b != '\r' {
			s.text[i] = '_'
		}
	}
	return s
}

// line is a line of a text: text[start:end], without its end.
type line struct{ start, end int }

// lines are the lines of a text.
func lines(text string) iter.Seq[line] {
	return func(yield func(line) bool) {
		for start := 0; start < len(text); {
			end, next := len(text), len(text)
			if feed := strings.IndexByte(text[start:], '\n'); feed >= 0 {
				end, next = start+feed, start+feed+1
			}
			if end > start && text[end-1] == '\r' {
				end--
			}
			if !yield(line{start, end}) {
				return
			}
			start = next
		}
	}
}

// lineOf is the number of the line, from 1, that an offset is on.
func lineOf(text string, at int) int { return 1 + strings.Count(text[:at], "\n") }
