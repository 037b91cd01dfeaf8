package postgres

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Parse splits and lowers a source text.
func (Dialect) Parse(src string) []dialects.Statement {
	where := dialects.NewPlaces(src)
	pieces, _ := split(src)
	statements := slices.Grow([]dialects.Statement(nil), len(pieces))
	for _, p := range pieces {
		statements = append(statements, dialects.Statement{
			Text:     src[p.start:p.end],
			Comments: comments(where, p.comments),
			Start:    where.At(p.start),
			Within:   comments(where, p.within),
			End:      where.At(p.end),
		})
		lowerPiece(&statements[len(statements)-1], where, p)
	}
	return statements
}

// Tail is the comments behind the last statement.
func (Dialect) Tail(src string) []dialects.Comment {
	_, tail := split(src)
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
func lowerPiece(s *dialects.Statement, where *dialects.Places, p piece) {
	refuse := func(offset int, message, hint string) {
		s.Changes = []dialects.Change{dialects.Opaque{Reason: message}}
		s.Syntax = &dialects.SyntaxError{
			Place: where.At(p.start + offset), Message: message,
			Line: where.Line(p.start + offset), Hint: hint,
		}
	}
	if p.command != "" {
		refuse(strings.LastIndex(s.Text, p.command),
			fmt.Sprintf("%s is a command of psql; the server does not know it", p.command),
			commandHint(p.command))
		return
	}
	if p.data {
		refuse(0, "COPY FROM stdin takes its rows from the client, as psql and pg_dump write them",
			"write the rows as INSERT (pg_dump --inserts does), or load them outside of migrations")
		return
	}
	tree, err := parseSQL(s.Text)
	var refusal *parseError
	if errors.As(err, &refusal) {
		refuse(refusal.Offset, refusal.Message, syntaxHint(s.Text, refusal))
		return
	}
	if len(tree.Stmts) == 1 {
		s.Tree = tree.Stmts[0].Stmt
	}
	l := lowerer{text: s.Text}
	for _, stmt := range tree.Stmts {
		if s.Body = l.block(stmt.Stmt); s.Body == nil {
			s.Changes = append(s.Changes, l.lower(stmt.Stmt)...)
		}
	}
	for _, inner := range s.Body {
		s.Changes = append(s.Changes, inner.Changes...)
	}
	s.Traits = l.traits
	if len(s.Changes) == 0 {
		s.Changes = []dialects.Change{dialects.Opaque{Reason: "the statement does nothing that segue knows of"}}
	}
}

// treeOf is a statement's tree, which must not be changed.
func treeOf(s dialects.Statement) (*astNode, error) {
	if tree, parsed := s.Tree.(*astNode); parsed {
		return tree, nil
	}
	return parseOne(s.Text)
}

// runAnyway is the way out for a statement that the server knows and the parser does not.
const runAnyway = "-- segue:plan off and -- segue:allow syntax-error REASON above the statement have it run as written"

// syntaxHint says what to do about a refusal by the parser; empty where mending it is all there is.
func syntaxHint(text string, refusal *parseError) string {
	rest := text[refusal.Offset:]
	switch {
	case len(rest) > 1 && rest[0] == ':' && (rest[1] == '\'' || rest[1] == '"' || isWordStart(rest[1])):
		return "variables such as :name are psql's: write the value itself"
	case strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "${"):
		return "segue fills in no templates: write the value itself"
	case refusal.Message == tooDeep:
		return runAnyway
	case strings.HasPrefix(refusal.Message, "syntax error"):
		return fmt.Sprintf("segue's parser knows the grammar of Postgres %d; where the server knows a newer one, %s",
			grammarVersion, runAnyway)
	}
	return ""
}

// commandHints say what to write in the place of psql's commands.
var commandHints = map[string]string{
	`\.`:          `no COPY FROM stdin stands before it: remove the line`,
	`\c`:          `a migration runs on one database: remove the line`,
	`\connect`:    `a migration runs on one database: remove the line`,
	`\copy`:       `write the rows as INSERT, or load them outside of migrations`,
	`\gexec`:      `use a DO block with EXECUTE`,
	`\gset`:       `write the value where it is used`,
	`\i`:          `put the file's statements here`,
	`\include`:    `put the file's statements here`,
	`\ir`:         `put the file's statements here`,
	`\restrict`:   `pg_dump writes it to guard psql; it changes nothing: remove the line`,
	`\set`:        `write the value where it is used`,
	`\unrestrict`: `pg_dump writes it to guard psql; it changes nothing: remove the line`,
}

func commandHint(command string) string {
	if hint, ok := commandHints[command]; ok {
		return hint
	}
	return "remove the line"
}
