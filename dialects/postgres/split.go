package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// piece is one statement of a text, not yet parsed: src[start:end].
type piece struct {
	start, end int
	comments   []token // since the statement before
	within     []token // comments between its first token and its last
	// command is the psql command, such as \copy, that the piece is or ends with.
	command string
	// data says that the piece is COPY FROM stdin, its rows included where they follow.
	data bool
}

// split finds the statements of a text, and the comments behind the last. Empty ones are left out.
func split(src string) (pieces []piece, tail []token) {
	s := splitter{src: src, lexer: lexer{src: src, at: dialects.TextStart(src)}}
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
	held    []token  // comments behind the last token: within the piece if another token follows
	words   []string // the piece's first words
	word    string   // the word before
	parens  int
	blocks  int // BEGIN ATOMIC and the CASEs within
}

func (s *splitter) take(t token) {
	switch {
	case t.kind == commentToken && s.started:
		s.held = append(s.held, t)
	case t.kind == commentToken:
		s.current.comments = append(s.current.comments, t)
	case t.kind == backslashToken:
		s.takeCommand(t)
	case t.kind == semicolonToken && s.endsHere():
		s.finish()
	default:
		s.extend(t)
		s.track(t)
	}
}

// extend makes the token part of the piece.
func (s *splitter) extend(t token) {
	if !s.started {
		s.current.start, s.started = t.start, true
	}
	s.current.within = append(s.current.within, s.held...)
	s.held = nil
	s.current.end = t.end
}

// takeCommand ends the piece with psql's command, which reaches to the end of its line.
func (s *splitter) takeCommand(t token) {
	line := strings.TrimRight(s.src[t.start:t.end], " \t\f\v")
	t.end = t.start + len(line)
	s.extend(t)
	s.current.command = strings.Fields(line)[0]
	s.finish()
}

// track counts what a semicolon may stand in without ending the statement.
func (s *splitter) track(t token) {
	before := s.word
	s.word = ""
	switch t.kind {
	case openToken:
		s.parens++
	case closeToken:
		s.parens--
	case wordToken:
		s.word = strings.ToLower(s.src[t.start:t.end])
		if len(s.words) < 4 {
			s.words = append(s.words, s.word)
		}
		switch {
		case s.word == "stdin" && before == "from" && s.words[0] == "copy":
			s.current.data = true
		case s.word == "atomic" && before == "begin" && s.creates("function", "procedure"):
			s.blocks = 1
		case s.word == "case" && s.blocks > 0:
			s.blocks++
		case s.word == "end" && s.blocks > 0:
			s.blocks--
		}
	}
}

// creates reports whether the piece starts with CREATE, or CREATE OR REPLACE, and one of the words.
func (s *splitter) creates(kinds ...string) bool {
	words := s.words
	if len(words) < 2 || words[0] != "create" {
		return false
	}
	if len(words) == 4 && words[1] == "or" && words[2] == "replace" {
		return slices.Contains(kinds, words[3])
	}
	return slices.Contains(kinds, words[1])
}

// endsHere reports whether a semicolon ends the statement. Parentheses hold one only in the actions of
// CREATE RULE; elsewhere an unclosed one must not swallow the statements that follow.
func (s *splitter) endsHere() bool {
	return s.blocks == 0 && (s.parens <= 0 || !s.creates("rule"))
}

func (s *splitter) finish() {
	if s.started {
		if s.current.data {
			s.takeData()
		}
		s.pieces = append(s.pieces, s.current)
		s.current = piece{}
	}
	s.current.comments = append(s.current.comments, s.held...)
	s.held, s.started, s.words, s.word, s.parens, s.blocks = nil, false, nil, "", 0, 0
}

// takeData makes the rows of COPY FROM stdin part of the piece, where a line \. ends them.
func (s *splitter) takeData() {
	rest := s.src[s.lexer.at:]
	const mark = `\.`
	for from := 0; ; {
		line := rest[from:]
		line = line[:dialects.LineLength(line)]
		if line == mark && from > 0 {
			s.lexer.at += from + len(mark)
			s.current.end = s.lexer.at
			return
		}
		feed := strings.IndexByte(rest[from:], '\n')
		if feed < 0 {
			return
		}
		from += feed + 1
	}
}
