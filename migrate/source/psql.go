package source

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
)

// copyIn is COPY FROM STDIN, whose rows follow it, up to a line \. of their own.
var copyIn = regexp.MustCompile(`(?im)^[ \t]*COPY\b[^;]*\bFROM\s+STDIN\b[^;]*;`)

// copiedRows are the stretches of a text that are such a COPY with its rows.
func copiedRows(text string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		for _, found := range copyIn.FindAllStringIndex(text, -1) {
			if !yield(found[0], found[1]+behind(text[found[1]:], "\n\\.")) {
				return
			}
		}
	}
}

// psqlVariable is a variable of psql, such as :name, :'name' or :"name".
var psqlVariable = regexp.MustCompile(`:([A-Za-z_][A-Za-z0-9_]*)`)

// quietCommands are those of psql that change nothing about what is run.
var quietCommands = []string{`\echo`, `\qecho`, `\warn`, `\timing`, `\pset`, `\restrict`, `\unrestrict`, `\set`, `\unset`, `\encoding`}

const psqlHint = "write it in SQL that the server knows, or run the file with psql"

// psqlPart reads a part that psql runs: its commands and COPY rows are blanked, its variables made
// names of.
func psqlPart(p Part) Part {
	text := newSheet(p.Text)
	for at, end := range copiedRows(p.Text) {
		p.unread(at, "COPY FROM STDIN takes its rows from psql", psqlHint)
		text.blank(at, end)
	}
	for at := 0; at < len(p.Text); {
		at = p.psqlCode(text, at)
	}
	p.Text = text.String()
	return p
}

// psqlCode reads from an offset to behind the next command of psql, or to the end. The text is taken
// apart anew there, since a command's arguments may hold a lone quote.
func (p *Part) psqlCode(text *sheet, at int) int {
	rest := text.String()[at:]
	for c := range code(rest) {
		stretch := rest[c.start:c.end]
		slash := strings.IndexByte(stretch, '\\')
		if slash >= 0 {
			stretch = stretch[:slash]
		}
		p.psqlVariables(text, at+c.start, stretch, rest[c.start:])
		if slash < 0 {
			continue
		}
		from := at + c.start + slash
		to := at + c.start + slash + strings.IndexByte(rest[c.start+slash:]+"\n", '\n')
		command := strings.TrimSpace(rest[c.start+slash : to-at])
		p.psqlCommand(from, command)
		text.blank(from, to)
		if strings.HasPrefix(command, `\g`) || command == `\crosstabview` {
			text.separate(from, from+1) // it sends what stands before it
		}
		return to
	}
	return len(p.Text)
}

func (p *Part) psqlCommand(at int, command string) {
	word := strings.Fields(command)[0]
	if !slices.Contains(quietCommands, word) {
		p.unread(at, word+" is a command of psql", psqlHint)
	}
}

// psqlVariables makes names of the variables in a stretch of code. A cast is no variable.
func (p *Part) psqlVariables(text *sheet, start int, stretch, rest string) {
	for i := 0; i < len(stretch); i++ {
		if stretch[i] != ':' {
			continue
		}
		if strings.HasPrefix(stretch[i:], "::") || strings.HasPrefix(stretch[i:], ":=") {
			i++
			continue
		}
		variable := ""
		if found := psqlVariable.FindStringIndex(stretch[i:]); found != nil && found[0] == 0 {
			variable = stretch[i : i+found[1]]
			text.name(start+i, start+i+len(variable))
		} else if i+1 < len(rest) && (rest[i+1] == '\'' || rest[i+1] == '"') {
			quoted := rest[i+1 : i+2+behind(rest[i+2:], rest[i+1:i+2])]
			variable = ":" + quoted
			text.blank(start+i, start+i+1)
		}
		if variable != "" {
			p.unread(start+i, fmt.Sprintf("%s is a variable of psql", variable), psqlHint)
		}
	}
}
