package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// SyntaxErrorID is the rule of what is no SQL of the server: perhaps it is another server's.
const SyntaxErrorID = "syntax-error"

var syntaxError = lint.Rule{
	ID: SyntaxErrorID, Family: lint.SourceFamily, Severity: lint.Error,
	Peers: []string{"squawk/syntax-error"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A statement cannot be parsed",
		Condition: "A statement is not valid SQL of the server, is a command of its client (such as psql's \\copy), or is newer than " +
			"segue's parser.",
		Effect: "The server most likely refuses it, and the migration stops there. segue cannot say what it would do, nor what " +
			"the schema is after it.",
		Workaround: "Mend it. If the server does know the syntax, allow it: -- segue:allow syntax-error REASON, and it is run as " +
			"it stands.",
	}, {
		Servers: onMySQL,
		Title:   "A statement cannot be parsed",
		Condition: "A statement is not valid SQL of the server, is a command of its client (such as SOURCE or \\!), or is newer " +
			"than segue's parser. What another server of the family knows is not-on-this-server.",
		Effect: "The server most likely refuses it, and the migration stops there, with what stands before it done. segue " +
			"cannot say what it would do, nor what the schema is after it.",
		Workaround: "Mend it. If the server does know the syntax, allow it: -- segue:allow syntax-error REASON, and it is run as " +
			"it stands.",
	}},
	Check: func(p *lint.Pass) {
		e := p.Statement.Syntax
		if e == nil {
			return
		}
		instead := e.Hint
		switch {
		case instead == "":
			instead = "mend it"
		case strings.HasPrefix(e.Message, "syntax error"):
			instead = "mend it; " + instead
		}
		p.ReportAt(e.Place, wordEnd(p.Statement.Text[e.Place.Offset-p.Statement.Start.Offset:], e.Place), lint.Finding{
			Message: e.Message, Instead: instead,
			Why: "the server would refuse it, or do what nobody can tell beforehand",
		})
	},
}

// wordEnd is the place behind the first word of text, which begins at start.
func wordEnd(text string, start dialects.Place) dialects.Place {
	end := start
	for _, r := range text {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		end.Offset += utf8.RuneLen(r)
		end.Column++
	}
	return end
}
