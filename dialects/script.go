package dialects

import (
	"fmt"
	"slices"
	"strings"
)

// Script is a migration file: its statements with the directives that hold for each. Down is nil
// where the file has no segue:down.
type Script struct {
	Directives []Directive // of the whole file
	Up         []ScriptStatement
	Down       []ScriptStatement
}

// ScriptStatement is a statement and the directives above it. A segue:phase is among those of every
// statement up to the next one.
type ScriptStatement struct {
	Statement
	Directives []Directive
}

// ReadScript reads a migration file by the rules of design section 3. Every comment that looks like
// a directive is either in the script or among the errors.
func ReadScript(d Dialect, src string) (Script, []*DirectiveError) {
	statements := d.Parse(src)
	r := scriptReader{}
	r.script.Up = slices.Grow(r.script.Up, len(statements))
	for i := range statements {
		s := &statements[i]
		r.take(s.Comments, s)
		for _, c := range s.Within {
			if found, err := readDirective(c); found != nil || err != nil {
				r.fail(c, "a directive stands inside a statement", "put it on a line above the statement")
			}
		}
		r.last = s
	}
	rest := src
	if n := len(statements); n > 0 {
		rest = src[statements[n-1].End.Offset:]
	}
	if strings.Trim(rest, "; \t\r\n") != "" { // else there is no comment, and no need to split the text again
		r.take(d.Tail(src), nil)
	}
	return r.script, r.errors
}

type scriptReader struct {
	script Script
	errors []*DirectiveError
	last   *Statement
	down   bool
	phase  *Directive
}

func (r *scriptReader) fail(c Comment, message, hint string) {
	r.errors = append(r.errors, &DirectiveError{Start: c.Start, End: c.End, Message: message, Hint: hint})
}

// take reads the comments before a statement, or with nil those behind the last.
func (r *scriptReader) take(comments []Comment, s *Statement) {
	above := make([]Directive, 0, 1)
	for i, c := range comments {
		d, err := readDirective(c)
		switch {
		case err != nil:
			r.errors = append(r.errors, err)
		case d == nil:
		case r.last != nil && c.Start.Line == r.last.End.Line:
			r.fail(c, "a directive stands behind a statement", "put it on a line above the statement")
		case d.Word == DownDirective:
			r.startDown(c)
		case d.Word == PhaseDirective:
			r.phase = d
		case s != nil && isAbove(comments[i:], s):
			above = append(above, *d)
		case r.last == nil && !r.down:
			r.fileWide(c, d)
		default:
			r.fail(c, "a directive stands above no statement",
				"put it right above the statement that it is for, without a blank line between them")
		}
	}
	if s != nil {
		r.add(s, above)
	}
}

func (r *scriptReader) startDown(c Comment) {
	if r.down {
		r.fail(c, "segue:down is there twice", "one is enough: all that follows undoes the migration")
	}
	r.down, r.phase = true, nil
	r.script.Down = []ScriptStatement{}
}

func (r *scriptReader) fileWide(c Comment, d *Directive) {
	if d.ofOneChange() {
		r.fail(c, fmt.Sprintf("segue:%s is not for a whole file", d.Word),
			"put it right above the statement that it is for, without a blank line between them")
		return
	}
	r.script.Directives = append(r.script.Directives, *d)
}

// add gives a statement the directives above it.
func (r *scriptReader) add(s *Statement, above []Directive) {
	directives := r.fitting(s, above)
	if r.phase != nil {
		directives = append(directives, *r.phase)
	}
	statement := ScriptStatement{Statement: *s, Directives: directives}
	if r.down {
		r.script.Down = append(r.script.Down, statement)
	} else {
		r.script.Up = append(r.script.Up, statement)
	}
}

// fitting leaves out, with an error each, directives that are there twice or speak of a change that
// the statement does not make.
func (r *scriptReader) fitting(s *Statement, above []Directive) []Directive {
	if len(above) == 0 {
		return nil
	}
	var kept []Directive
	seen := map[DirectiveWord]bool{}
	for _, d := range above {
		name := directiveMark + string(d.Word)
		switch {
		case seen[d.Word] && d.Word != AllowDirective:
			r.errors = append(r.errors, d.wrong(name+" is there twice", "keep one of them"))
		case d.ofOneChange() && len(s.Changes) != 1:
			r.errors = append(r.errors, d.wrong(fmt.Sprintf("%s stands above a statement of %d changes", name, len(s.Changes)),
				"make the change that it is for a statement of its own"))
		case !d.fits(s.Changes[0]):
			r.errors = append(r.errors, d.wrong(name+" does not fit this statement", fitHint(d.Word)))
		default:
			kept = append(kept, d)
		}
		seen[d.Word] = true
	}
	return kept
}

func fitHint(word DirectiveWord) string {
	if word == FillDirective {
		return "it stands above ALTER COLUMN ... SET NOT NULL"
	}
	return "it stands above RENAME COLUMN, ALTER COLUMN ... TYPE or ADD COLUMN"
}

// isAbove reports whether comments lead down to the statement with neither a blank line nor
// segue:down between. The first of them is the one that is asked about.
func isAbove(comments []Comment, s *Statement) bool {
	for i, c := range comments {
		if d, _ := readDirective(c); d != nil && d.Word == DownDirective {
			return false
		}
		next := s.Start.Line
		if i+1 < len(comments) {
			next = comments[i+1].Start.Line
		}
		if next > c.End.Line+1 {
			return false
		}
	}
	return true
}
