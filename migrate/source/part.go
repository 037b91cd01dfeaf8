package source

import (
	"fmt"
	"slices"
	"strings"
)

// Transaction says in which transactions a runner runs a part.
type Transaction string

// The ways to run a part.
const (
	// Planned is segue's own: what can commits together, the rest by itself.
	Planned Transaction = ""
	// One is one transaction around the part. What cannot run in a transaction fails.
	One Transaction = "one"
	// Implicit sends the part as one text: Postgres makes one transaction of several statements, and
	// none around a single one.
	Implicit Transaction = "implicit"
	// None lets every statement commit by itself.
	None Transaction = "none"
	// Scripted leaves it to the part: what stands between its BEGIN and COMMIT commits together, all
	// else by itself.
	Scripted Transaction = "scripted"
)

// Part is what a runner runs in one direction.
type Part struct {
	Path string // of its file, within the directory
	SQL  string // its file's text
	// Text is the file's, perhaps without its end, with nothing moved: what is not SQL of this part is blanked, what separates
	// statements there is a semicolon, and what is put in when it runs is a made-up name.
	Text string
	// MadeUp are the made-up names in Text, and what the file has in their place.
	MadeUp      map[string]string
	Transaction Transaction
	// Databases are those that the part is for, or with ! those that it is not for, as its runner calls
	// them; nil for all.
	Databases []string
	// Refusals are what segue cannot run as the runner would. Lint reads the rest all the same.
	Refusals []*Refusal
}

// Refusal is something in a migration that segue does not run.
type Refusal struct {
	Kind RefusalKind
	Path string
	At   int    // in bytes from the start of the file's text
	Line int    // from 1
	What string // `\copy is a command of psql`
	Hint string // the way out
}

// RefusalKind says who else does not.
type RefusalKind string

// The kinds of refusal.
const (
	// Unread is what the layout's runner can carry out and segue cannot: what it does is not read.
	Unread RefusalKind = "unread"
	// Unrun is read, and the runner does something with it that segue does not.
	Unrun RefusalKind = "unrun"
	// Broken is what the layout's runner would refuse too.
	Broken RefusalKind = "broken"
)

// Read reports whether what is refused is read all the same.
func (r *Refusal) Read() bool { return r.Kind == Unrun }

// Broken reports whether the layout's runner would refuse it too.
func (r *Refusal) Broken() bool { return r.Kind == Broken }

func (r *Refusal) Error() string {
	if r.Broken() {
		return fmt.Sprintf("%s:%d: %s: %s", r.Path, r.Line, r.What, r.Hint)
	}
	return fmt.Sprintf("%s:%d: %s, which segue cannot run: %s", r.Path, r.Line, r.What, r.Hint)
}

// whole is a part that is its whole file.
func whole(m Migration, t Transaction) Part {
	return Part{Path: m.Path, SQL: m.SQL, Text: m.SQL, Transaction: t}
}

// For reports whether the part is for a kind of server: postgres, mysql or mariadb.
func (p Part) For(kind string) bool {
	only := false
	for _, database := range p.Databases {
		switch left, not := strings.CutPrefix(database, "!"); {
		case strings.HasPrefix(left, kind): // postgresql
			return !not
		case !not:
			only = true
		}
	}
	return !only
}

// unread adds what segue cannot read, at a place of the part's text.
func (p *Part) unread(at int, what, hint string) { p.add(Unread, at, what, hint) }

// unrun adds what segue reads and does not run.
func (p *Part) unrun(at int, what, hint string) { p.add(Unrun, at, what, hint) }

// broken adds what the layout's runner would refuse.
func (p *Part) broken(at int, what, hint string) { p.add(Broken, at, what, hint) }

// add adds a refusal; what is there already is said once, where it stands first.
func (p *Part) add(kind RefusalKind, at int, what, hint string) {
	if slices.ContainsFunc(p.Refusals, func(r *Refusal) bool { return r.What == what }) {
		return
	}
	p.Refusals = append(p.Refusals, &Refusal{Kind: kind, Path: p.Path, At: at, Line: lineOf(p.Text, at), What: what, Hint: hint})
}

// blank is a part of which nothing can be read.
func blank(m Migration, t Transaction) Part {
	p := whole(m, t)
	p.Text = newSheet(m.SQL).blankAll().String()
	return p
}

// inCode is a migration that is written in a programming language: there is no SQL to read.
func (d *directory) inCode(path, version, name, language string, l Layout) (Migration, error) {
	m, err := d.migration(path, version, name)
	if err != nil {
		return m, err
	}
	m.Up = blank(m, One)
	m.Up.unread(0, "it is written in "+language, fmt.Sprintf("run it with %s, then segue adopt --through %s", l, version))
	return m, nil
}
