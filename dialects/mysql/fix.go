package mysql

import (
	"reflect"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.Fixer = Dialect{}

// Fix names the algorithm of a statement that is cheap, and takes one apart that is dear only because one of its
// changes stands beside another: what is done at once, what is done in place and the rest become statements of
// their own.
func (d Dialect) Fix(c *dialects.Catalog, s dialects.Statement, wanted []string) *dialects.Rewrite {
	if s.Syntax != nil || s.Foreign != nil || s.Algorithm != "" || s.Locking != "" {
		return nil
	}
	const naming = "name the algorithm, so that the server refuses where it would copy the table"
	if text, cured, ok := d.named(c, s); ok {
		if cured = wantedOf(cured, wanted); len(cured) == 0 {
			return nil
		}
		return &dialects.Rewrite{Title: naming, Cures: cured, Parts: []dialects.Part{{SQL: text}}}
	}
	groups, ok := d.apart(s)
	if !ok {
		return nil
	}
	r := &dialects.Rewrite{Title: "make changes of different cost statements of their own, and name their algorithms"}
	catalog := c.CloneTable(s.Changes[0].Target())
	var left []string
	for _, text := range d.joined(catalog, groups) {
		part := d.Parse(text)[0]
		if clauses, _, ok := d.named(catalog, part); ok {
			part = d.Parse(clauses)[0]
		}
		for _, e := range d.Effects(catalog, part, nil) {
			for _, h := range e.Hazards {
				left = append(left, h.ID)
			}
		}
		d.Replay(catalog, part)
		name := "alter_" + c.Resolve(s.Changes[0].Target()).Name
		r.Parts = append(r.Parts, dialects.Part{SQL: part.Text, Apart: dialects.Committed, Name: strings.ToLower(name)})
	}
	r.Parts[0].Apart = dialects.Together
	for _, id := range wanted {
		if !slices.Contains(left, id) && isCost(id) {
			r.Cures = append(r.Cures, id)
		}
	}
	if len(r.Parts) < 2 || len(r.Cures) == 0 {
		return nil
	}
	return r
}

func wantedOf(cured, wanted []string) []string {
	return slices.DeleteFunc(slices.Clone(cured), func(id string) bool { return !slices.Contains(wanted, id) })
}

// isCost reports whether a hazard is about how a statement is carried out.
func isCost(id string) bool {
	return slices.Contains([]string{addColumnRewrite, bareAlter, changeColumnType, foreignKeyNotOnline, indexNotOnline, mixedAlter, setNotNull, tableRewrite}, id)
}

// apart makes a statement of each subcommand of an ALTER TABLE. It is false where together they might mean something
// else than one after the other.
func (d Dialect) apart(s dialects.Statement) ([]dialects.Statement, bool) {
	pieces, _ := d.split(s.Text)
	if len(pieces) != 1 || len(pieces[0].marks) > 0 || slices.ContainsFunc(s.Changes, isEntangled) {
		return nil, false
	}
	a := amender{src: s.Text, tokens: pieces[0].tokens}
	head, ok := a.behindTable()
	if !a.is(0, "ALTER") || !ok {
		return nil, false
	}
	first := slices.IndexFunc(a.tokens, func(t token) bool { return t.start >= head })
	var statements []dialects.Statement
	var changes []dialects.Change
	a.list(first, len(a.tokens), func(lo, hi int) {
		for _, text := range a.withoutUnique(lo, hi) {
			part := d.Parse(s.Text[:head] + " " + text)
			if len(part) != 1 {
				ok = false
				return
			}
			statements = append(statements, part[0])
			changes = append(changes, part[0].Changes...)
		}
	})
	if !ok || len(statements) < 2 || !sameChanges(changes, s.Changes) {
		return nil, false
	}
	return statements, true
}

// sameChanges compares what parts do with what their statement does: a key that stood within its column counts as
// one that is added.
func sameChanges(parts, whole []dialects.Change) bool {
	var flat []dialects.Change
	for _, change := range whole {
		c, ok := change.(dialects.AddColumn)
		if !ok {
			flat = append(flat, change)
			continue
		}
		indexes := c.Indexes
		c.Indexes = nil
		flat = append(flat, c)
		for _, index := range indexes {
			flat = append(flat, dialects.CreateIndex{Table: c.Table, Index: index})
		}
	}
	return reflect.DeepEqual(parts, flat)
}

// isEntangled holds for changes that may depend on those beside them.
func isEntangled(change dialects.Change) bool {
	switch c := change.(type) {
	case dialects.AddColumn, dialects.DropColumn, dialects.CreateIndex, dialects.DropIndex, dialects.SetDefault, dialects.AddConstraint, dialects.AddForeignKey:
		return false
	case dialects.RedefineColumn:
		return c.Column != c.To.Name
	}
	return true
}

// joined are the statements with neighbours of one cost made one again.
func (d Dialect) joined(c *dialects.Catalog, statements []dialects.Statement) []string {
	catalog := c.CloneTable(statements[0].Changes[0].Target())
	var texts []string
	last := dearest
	for _, s := range statements {
		now := d.priceOf(catalog, s)
		d.Replay(catalog, s)
		if now == last && now != dearest {
			a := amender{src: s.Text, tokens: d.tokens(s.Text)}
			head, _ := a.behindTable()
			texts[len(texts)-1] += "," + s.Text[head:]
			continue
		}
		texts, last = append(texts, s.Text), now
	}
	return texts
}

// price is what a statement costs, as far as it may share an ALTER with another.
type price int

const (
	atOnce  price = iota // the dictionary alone
	inPlace              // writes go on, the rows stay where they are
	dearest
)

func (d Dialect) priceOf(c *dialects.Catalog, s dialects.Statement) price {
	j := d.judge(c, s)
	switch whole := j.outcome(); {
	case whole.instant:
		return atOnce
	case whole.work < rebuilds && !whole.waits && !whole.exclusive:
		return inPlace
	}
	return dearest
}

func (d Dialect) tokens(text string) []token {
	if pieces, _ := d.split(text); len(pieces) == 1 {
		return pieces[0].tokens
	}
	return nil
}

// withoutUnique is the text of a subcommand; where a new column has UNIQUE within it the key is a second one.
func (a *amender) withoutUnique(lo, hi int) []string {
	text := a.src[a.tokens[lo].start:a.tokens[hi-1].end]
	i := a.skip(lo+1, "COLUMN")
	if !a.is(lo, "ADD") || a.isConstraint(lo+1) || a.is(i, "IF") || a.kind(i) == openToken {
		return []string{text}
	}
	unique := -1
	a.each(i+1, hi, func(t int) int {
		if a.is(t, "UNIQUE") {
			unique = t
		}
		return t
	})
	if unique < 0 {
		return []string{text}
	}
	end := min(a.skip(unique+1, "KEY"), hi)
	start := a.tokens[unique-1].end
	name := a.src[a.tokens[i].start:a.tokens[i].end]
	return []string{
		a.src[a.tokens[lo].start:start] + a.src[a.tokens[end-1].end:a.tokens[hi-1].end],
		"ADD UNIQUE KEY (" + name + ")",
	}
}
