package mysql

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// feature is something that not every release of both servers knows. MySQL and MariaDB are the first
// releases that do, as version comments write them; 0 stands for none.
type feature struct {
	name           string // as a message names it; * stands for the word that is there
	mysql, mariadb int
	instead        string // what does the same where the feature is not known
}

// since is the first release of a kind of server that knows the feature.
func (f *feature) since(k dialects.Kind) int {
	if k == dialects.MariaDB {
		return f.mariadb
	}
	return f.mysql
}

// meets notes that the token at i is the start of a feature. What the statement has first of those that
// the server does not know is kept.
func (a *amender) meets(i int, f *feature) {
	v := a.dialect.server()
	since := f.since(v.Kind)
	if i >= len(a.tokens) || since != 0 && number(v) >= since {
		return
	}
	if a.foreign == nil || a.tokens[i].start < a.foreignAt {
		a.foreign, a.foreignAt, a.foreignWord = f, a.tokens[i].start, a.word(i)
	}
}

// ofAnother says what the server does not know, and who does.
func (d Dialect) ofAnother(f *feature, word string) (message, hint string) {
	v := d.server()
	name := strings.Replace(f.name, "*", word, 1)
	own, other := "MySQL", "MariaDB"
	hint = "where the server is MariaDB, say so: --server mariadb:10.11"
	if v.Kind == dialects.MariaDB {
		own, other = other, own
		hint = "where the server is MySQL, say so: --server mysql:8.4"
	}
	message = fmt.Sprintf("%s has no %s here: that is %s's", own, name, other)
	if since := f.since(v.Kind); since != 0 {
		message = fmt.Sprintf("%s %d.%d has no %s: it came with %s", own, v.Major, v.Minor, name, releaseName(since))
		hint = "where the server is newer, say so: --server " + string(v.Kind) + ":" + releaseName(since)
	}
	instead := f.instead
	if instead == "" {
		instead = "leave it out"
	}
	return message, instead + "; or, " + hint
}

// releaseName writes the number of a release as people do: 8.0.13, and 9.0 for its first patch.
func releaseName(number int) string {
	major, minor, patch := number/10000, number/100%100, number%100
	if patch == 0 {
		return fmt.Sprintf("%d.%d", major, minor)
	}
	return fmt.Sprintf("%d.%d.%d", major, minor, patch)
}

// foreign is what a statement has that the server does not know; nil for nothing.
func (d Dialect) foreign(where *dialects.Places, a *amended) *dialects.SyntaxError {
	if a.foreign == nil {
		return nil
	}
	message, hint := d.ofAnother(a.foreign, a.foreignWord)
	return &dialects.SyntaxError{Place: where.At(a.foreignAt), Message: message, Line: where.Line(a.foreignAt), Hint: hint}
}

// storedForms meets what stands in the head of CREATE TRIGGER and the like.
func (a *amender) storedForms() {
	if !a.is(0, "CREATE") {
		return
	}
	if a.is(1, "OR", "REPLACE") {
		a.meets(1, orReplace)
	}
	if i := a.storedHead() + 1; a.is(i, "IF", "NOT", "EXISTS") && !a.is(i-1, "EVENT") {
		a.meets(i, programIfNotExists)
	}
}
