package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// piece is one statement of a text, not yet parsed: src[start:end].
type piece struct {
	start, end int
	tokens     []token // without comments and the marks of version comments
	comments   []token // since the statement before
	within     []token // comments between its first token and its last
	marks      []token // of version comments that the server runs, within it
	// command is the mysql client's command, such as \G, that the piece ends with.
	command string
	// open says what has no end: a BEGIN, or a version comment.
	open string
}

// behindSettings is the piece without MariaDB's SET STATEMENT name = value FOR before what it holds for.
func (p piece) behindSettings(src string) piece {
	rest := behindSettings(src, p.tokens)
	if len(rest) == len(p.tokens) {
		return p
	}
	before := func(t token) bool { return t.start < rest[0].start }
	p.start, p.tokens = rest[0].start, rest
	p.within, p.marks = slices.DeleteFunc(slices.Clone(p.within), before), slices.DeleteFunc(slices.Clone(p.marks), before)
	return p
}

func behindSettings(src string, tokens []token) []token {
	a := amender{src: src, tokens: tokens}
	if !a.is(0, "SET", "STATEMENT") {
		return tokens
	}
	for i := 2; i+1 < len(tokens); i++ {
		if a.is(i, "FOR") {
			return tokens[i+1:]
		}
	}
	return tokens
}

// split finds the statements of a text, and the comments behind the last. Empty ones are left out. Lines of DELIMITER are the mysql
// client's: they belong to no statement.
func (d Dialect) split(src string) (pieces []piece, tail []token) {
	s := splitter{src: src, lexer: lexer{src: src, at: dialects.TextStart(src), delimiter: defaultDelimiter, dialect: d}}
	for {
		t, ok := s.lexer.next()
		if !ok {
			s.finish()
			return s.pieces, s.current.comments
		}
		s.take(t)
	}
}

type splitter struct {
	src    string
	lexer  lexer
	pieces []piece

	current piece
	started bool
	held    []token // comments behind the last token: within the piece if another token follows
	body    body
}

func (s *splitter) take(t token) {
	switch {
	case t.kind == commentToken && isUnclosed(s.src[t.start:t.end]):
		t.kind = markToken
		s.extend(t)
		s.current.open = "/*"
	case t.kind == commentToken && s.started:
		s.held = append(s.held, t)
	case t.kind == commentToken:
		s.current.comments = append(s.current.comments, t)
	case t.kind == delimiterToken && s.endsHere():
		s.finish()
	case t.kind == backslashToken:
		s.takeCommand(t)
	case !s.started && t.kind == wordToken && strings.EqualFold(s.src[t.start:t.end], "delimiter"):
		s.setDelimiter(t.end)
	default:
		s.extend(t)
	}
}

// isUnclosed reports whether a comment reaches to the end of the text for want of its end.
func isUnclosed(comment string) bool {
	const shortest = len("/**/")
	return strings.HasPrefix(comment, "/*") && (len(comment) < shortest || !strings.HasSuffix(comment, "*/"))
}

// endsHere reports whether a delimiter ends the statement. The default one may stand within a stored
// program's body and within a version comment; one of the author's own stands nowhere else.
func (s *splitter) endsHere() bool {
	return s.lexer.delimiter != defaultDelimiter || !s.body.isOpen() && s.lexer.marks == 0
}

// extend makes the token part of the piece.
func (s *splitter) extend(t token) {
	if !s.started {
		s.current.start, s.started = t.start, true
	}
	s.current.within = append(s.current.within, s.held...)
	s.held = nil
	s.current.end = t.end
	if t.kind == markToken {
		s.current.marks = append(s.current.marks, t)
		return
	}
	s.current.tokens = append(s.current.tokens, t)
	s.body.take(s.src, t)
}

// setDelimiter follows the client's DELIMITER: the next word of the line, quoted or not.
func (s *splitter) setDelimiter(at int) {
	line := s.src[at:]
	line = line[:dialects.LineLength(line)]
	s.lexer.at = at + len(line)
	if words := strings.Fields(line); len(words) > 0 {
		if word := strings.Trim(words[0], "'\"`"); word != "" {
			s.lexer.delimiter = word
		}
	}
}

// takeCommand ends the piece with a command of the client. \G and \g are one letter; the others
// reach to the end of their line.
func (s *splitter) takeCommand(t token) {
	line := strings.TrimRight(s.src[t.start:t.end], " \t\f\v")
	if len(line) > 1 && (line[1] == 'G' || line[1] == 'g') {
		line = line[:2]
	}
	t.end = t.start + len(line)
	s.lexer.at = t.end
	s.extend(t)
	s.current.command = line
	if len(line) > 2 {
		s.current.command = strings.Fields(line)[0]
	}
	s.finish()
}

func (s *splitter) finish() {
	if s.started {
		switch {
		case s.lexer.marks > 0:
			s.current.open = "/*!"
		case s.body.isOpen() && s.lexer.delimiter == defaultDelimiter:
			s.current.open = "BEGIN"
		}
		s.pieces = append(s.pieces, s.current)
		s.current = piece{}
	}
	s.current.comments = append(s.current.comments, s.held...)
	s.held, s.started, s.body, s.lexer.marks = nil, false, body{}, 0
}
