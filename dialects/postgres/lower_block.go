package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// block looks into a DO block of plain statements that add to the schema, as tools write it around what may be there
// already; nil where it has anything else of PL/pgSQL:
//
//	BEGIN CREATE TYPE ...; EXCEPTION WHEN duplicate_object THEN null; END
//	BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE ...) THEN CREATE TYPE ...; END IF; END
func (l *lowerer) block(stmt *astNode) []dialects.Statement {
	do := stmt.GetDoStmt()
	body := ""
	for _, arg := range do.GetArgs() {
		switch def := arg.GetDefElem(); {
		case def.GetDefname() == "as":
			body = def.GetArg().GetString_().GetSval()
		case !strings.EqualFold(argText(def.GetArg()), "plpgsql"):
			return nil
		}
	}
	r := newBlockReader(body)
	if body == "" || !r.read() {
		return nil
	}
	var statements []dialects.Statement
	for _, text := range r.statements {
		tree, err := parseOne(text)
		if err != nil {
			return nil
		}
		inner := lowerer{text: text}
		s := dialects.Statement{Text: text, Tree: tree, Changes: inner.lower(tree)}
		for i, change := range s.Changes {
			if !adds(change) {
				return nil
			}
			if r.guarded {
				s.Changes[i] = unlessThere(change)
			}
		}
		l.traits = append(l.traits, inner.traits...)
		statements = append(statements, s)
	}
	return statements
}

// adds reports whether a change adds to the schema, and may be in a block.
func adds(change dialects.Change) bool {
	switch c := change.(type) {
	case dialects.CreateTable, dialects.AddColumn, dialects.AddForeignKey, dialects.AddConstraint, dialects.CreateObject:
		return true
	case dialects.Describe:
		return c.What == "grant" || c.What == "grant role" || c.What == "create user" || c.What == "comment" || c.What == "alter default privileges"
	case dialects.CreateIndex:
		return !c.Concurrently
	case dialects.AlterObject:
		return c.What == "add value"
	}
	return false
}

// unlessThere is a change of a block that leaves what is there already as it is.
func unlessThere(change dialects.Change) dialects.Change {
	switch c := change.(type) {
	case dialects.CreateTable:
		c.IfNotExists = true
		return c
	case dialects.AddColumn:
		c.IfNotExists = true
		return c
	case dialects.CreateIndex:
		c.IfNotExists = true
		return c
	case dialects.CreateObject:
		c.Replace = c.Replace || c.Kind != dialects.View && c.Kind != dialects.Function
		return c
	}
	return change
}

// blockReader reads a block's body, token by token.
type blockReader struct {
	src        string
	tokens     []token
	statements []string
	guarded    bool // what is there already is no failure
}

func newBlockReader(body string) *blockReader {
	r := &blockReader{src: body}
	l := lexer{src: body}
	for t, ok := l.next(); ok; t, ok = l.next() {
		if t.kind != commentToken {
			r.tokens = append(r.tokens, t)
		}
	}
	return r
}

// take goes on behind the words if they are next.
func (r *blockReader) take(words ...string) bool {
	if len(r.tokens) < len(words) {
		return false
	}
	for i, word := range words {
		if t := r.tokens[i]; !strings.EqualFold(r.src[t.start:t.end], word) {
			return false
		}
	}
	r.tokens = r.tokens[len(words):]
	return true
}

// until is the text before the next such word, which it goes on behind; empty where there is none.
func (r *blockReader) until(word string) string {
	at := slices.IndexFunc(r.tokens, func(t token) bool { return strings.EqualFold(r.src[t.start:t.end], word) })
	if at <= 0 {
		return ""
	}
	text := r.src[r.tokens[0].start:r.tokens[at-1].end]
	r.tokens = r.tokens[at+1:]
	return text
}

// idle goes on behind a statement that does nothing.
func (r *blockReader) idle() bool {
	return r.take("null", ";") || r.take("raise", "notice") && r.until(";") != ""
}

func (r *blockReader) read() bool {
	if !r.take("begin") {
		return false
	}
	for conditions := 0; len(r.tokens) > 0; {
		switch {
		case r.idle():
		case r.take("if", "not", "exists"):
			if !asksForObjects(r.until("then")) {
				return false
			}
			r.guarded = true
			conditions++
		case r.take("end", "if", ";"):
			conditions--
		case r.take("exception"):
			return conditions == 0 && r.handlers() && r.end()
		case r.take("end"):
			return conditions == 0 && r.end()
		default:
			text := r.until(";")
			if text == "" {
				return false
			}
			r.statements = append(r.statements, text)
		}
	}
	return false
}

func (r *blockReader) end() bool {
	r.take(";")
	return len(r.tokens) == 0
}

// handlers reads EXCEPTION's part up to END: each is about something being there already, and does nothing.
func (r *blockReader) handlers() bool {
	for r.take("when") {
		for _, condition := range strings.Split(strings.ToLower(r.until("then")), " or ") {
			if !strings.HasPrefix(strings.TrimSpace(condition), "duplicate_") {
				return false
			}
		}
		for r.idle() {
		}
		r.guarded = true
	}
	return r.take("end")
}

// asksForObjects reports whether a query, in parentheses, reads the server's own catalog alone.
func asksForObjects(query string) bool {
	tree, err := parseOne("SELECT EXISTS " + query)
	if err != nil {
		return false
	}
	own := true
	walk(tree, func(m any) bool {
		switch n := m.(type) {
		case *astRangeVar:
			own = own && (n.Schemaname == "information_schema" || strings.HasPrefix(n.Relname, "pg_"))
		case *astFuncCall:
			own = own && slices.Contains([]string{"current_schema", "current_schemas", "to_regclass", "to_regtype", "lower"}, listName(n.Funcname).Name)
		}
		return own
	})
	return own
}
