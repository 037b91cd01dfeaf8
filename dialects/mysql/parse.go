package mysql

import (
	"errors"
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Parse splits and lowers a source text. Version comments are SQL where the dialect's server runs
// them.
func (d Dialect) Parse(src string) []dialects.Statement {
	var statements []dialects.Statement
	where := dialects.NewPlaces(src)
	pieces, _ := d.split(src)
	for _, p := range pieces {
		s := dialects.Statement{
			Text:     src[p.start:p.end],
			Comments: comments(where, p.comments),
			Start:    where.At(p.start),
			Within:   comments(where, p.within),
			End:      where.At(p.end),
		}
		d.lowerPiece(&s, src, where, p)
		statements = append(statements, s)
	}
	return statements
}

// Tail is the comments behind the last statement.
func (d Dialect) Tail(src string) []dialects.Comment {
	_, tail := d.split(src)
	return comments(dialects.NewPlaces(src), tail)
}

func comments(where *dialects.Places, tokens []token) []dialects.Comment {
	var list []dialects.Comment
	for _, t := range tokens {
		list = append(list, where.Comment(t.start, t.end))
	}
	return list
}

// lowerPiece parses one statement by itself, so that a broken one spoils no other.
func (d Dialect) lowerPiece(s *dialects.Statement, src string, where *dialects.Places, p piece) {
	refuse := func(offset int, message, hint string) {
		s.Changes = []dialects.Change{dialects.Opaque{Reason: message}}
		s.Syntax = &dialects.SyntaxError{
			Place: where.At(offset), Message: message, Line: where.Line(offset), Hint: hint,
		}
	}
	switch {
	case p.command != "":
		refuse(p.end-len(strings.TrimLeft(s.Text[strings.LastIndex(s.Text, p.command):], " ")),
			fmt.Sprintf("%s is a command of the mysql client; the server does not know it", p.command),
			"end the statement with ; and remove the command")
		return
	case p.open == "BEGIN":
		refuse(p.start, "a block of this statement's body has no END", "close the block; or put DELIMITER // before "+
			"the statement, // behind it and DELIMITER ; after that")
		return
	case p.open != "":
		refuse(p.marksAt(), p.open+" has no */", "close the comment")
		return
	case len(p.tokens) == 0:
		refuse(p.start, "a version comment with nothing in it", "remove it")
		return
	}
	if at, found := p.overlong(); found {
		refuse(at, "the statement is too deeply nested for segue's parser", allowHint)
		return
	}
	if d.Kind() == dialects.MariaDB {
		p = p.behindSettings(src)
	}
	l := lowerer{dialect: d, src: src, tokens: p.tokens, text: s.Text}
	l.definer()
	if changes := l.lowerStored(); changes != nil {
		s.Changes, s.Traits = changes, l.traits
		a := amender{src: src, tokens: p.tokens, dialect: d}
		a.storedForms()
		s.Foreign = d.foreign(where, &a.amended)
		return
	}
	l.amended = d.amend(src, p)
	s.Foreign = d.foreign(where, l.amended)
	stmt, err := parseStatement(l.amended.text)
	if err != nil && s.Foreign != nil {
		s.Changes = []dialects.Change{dialects.Opaque{Reason: s.Foreign.Message}}
		return
	}
	var refusal *parseError
	if errors.As(err, &refusal) {
		if words := l.beyondParser(); words != "" {
			s.Changes = single(dialects.Opaque{Reason: "segue does not know what " + words + " does"})
			return
		}
		offset := l.amended.offset(refusal.Offset)
		refuse(offset, refusal.Message, d.syntaxHint(src[offset:p.end]))
		return
	}
	if at, refusal := l.brokenNote(); refusal != nil {
		refuse(at, refusal.Message, d.syntaxHint(src[min(at, p.end):p.end]))
		return
	}
	s.Changes = l.lower(stmt)
	s.Algorithm, s.Locking, s.Traits = l.algorithm, l.locking, l.traits
	if len(s.Changes) == 0 {
		s.Changes = []dialects.Change{dialects.Opaque{Reason: "the statement does nothing that segue knows of"}}
	}
}

// brokenNote finds an expression that was kept from the parser and that it cannot read.
func (a *amended) brokenNote() (int, *parseError) {
	for _, n := range a.notes {
		switch n.kind {
		case defaultNote, virtualNote, storedNote, expressionNote, onUpdateNote:
		default:
			continue
		}
		upper := strings.ToUpper(n.text)
		if strings.HasPrefix(upper, "NEXT VALUE") || strings.HasPrefix(upper, "ROW ") {
			continue
		}
		var refusal *parseError
		if _, err := parseExpression(n.text); errors.As(err, &refusal) {
			if refusal.Offset >= len(n.text) {
				refusal.Message = "an expression ends too early"
			}
			return n.start + min(refusal.Offset, len(n.text)), refusal
		}
	}
	return 0, nil
}

const allowHint = "-- segue:allow syntax-error REASON above the statement has it run as written"

// syntaxHint says what to do about a refusal by the parser. Rest is the text from there on.
func (d Dialect) syntaxHint(rest string) string {
	switch {
	case strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "${"):
		return "segue fills in no templates: write the value itself"
	case strings.HasPrefix(rest, "$$"):
		return "put DELIMITER $$ on a line above the statement"
	}
	return fmt.Sprintf("segue's parser does not know all of %s; if the statement is right, %s", d.Kind(), allowHint)
}

// marksAt is where the version comment that is open last starts.
func (p piece) marksAt() int {
	if len(p.marks) == 0 {
		return p.start
	}
	return p.marks[len(p.marks)-1].start
}

// maxChain is how many tokens may follow each other without a comma. The tree of 1+1+1+... is as
// deep as it is long, and Go ends a process whose stack grows without end.
const maxChain = 200000

// overlong finds where a statement goes beyond maxChain.
func (p piece) overlong() (offset int, found bool) {
	chain := 0
	for _, t := range p.tokens {
		if chain++; t.kind == commaToken {
			chain = 0
		}
		if chain > maxChain {
			return t.start, true
		}
	}
	return 0, false
}
