package mysql

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.OnlineRewriter = Dialect{}

// Online names the algorithm in an ALTER TABLE or CREATE INDEX that says none, so that the server
// refuses where it would copy without a word. It does so for what is done at once, or in place without
// rebuilding the table while writes go on; nothing else has an online form. The rest of the text is
// the author's.
func (d Dialect) Online(c *dialects.Catalog, _ string, s dialects.Statement) ([]dialects.Action, []string, error) {
	sql, cured, ok := d.named(c, s)
	if !ok {
		return nil, nil, nil
	}
	effects := d.Effects(c, s, nil)
	action := dialects.Action{
		SQL: sql, Probe: d.Probe(c, s), Blocks: dialects.BlocksNothing, Scans: effects[0].Scans,
		Why: "names the algorithm, so that the server refuses where it would copy the table",
	}
	if effects[0].Algorithm == dialects.AlgorithmInstant {
		action.Lock, action.Blocks = lockExclusive, dialects.BlocksAll // for a moment
	}
	for _, e := range effects {
		if e.Table.Name != "" && !slices.Contains(action.Tables, e.Table) {
			action.Tables = append(action.Tables, e.Table)
		}
	}
	return []dialects.Action{action}, cured, nil
}

// named is a statement's text with the algorithm named that is cheap for it, and the hazards that this takes away;
// false where it has a name already, or none is cheap.
func (d Dialect) named(c *dialects.Catalog, s dialects.Statement) (sql string, cured []string, ok bool) {
	j := d.judge(c, s)
	if s.Foreign != nil || !j.alters() || s.Algorithm != "" || s.Locking != "" {
		return "", nil, false
	}
	whole := j.outcome()
	judged := !slices.ContainsFunc(whole.parts, func(a ability) bool { return a.unjudged })
	if !judged || !whole.instant && (whole.work >= rebuilds || whole.waits) || whole.exclusive {
		return "", nil, false
	}
	for _, e := range j.effects() {
		for _, h := range e.Hazards {
			if h.ID == bareAlter || h.ID == indexNotOnline {
				cured = append(cured, h.ID)
			}
		}
	}
	sql, ok = d.naming(s, j.algorithm(whole.ability))
	return sql, cured, ok
}

// naming is the statement's text with an algorithm named, and LOCK=NONE where MySQL bears both. Clauses stand at
// the end of ALTER TABLE; what is judged has no partitioning clause there.
func (d Dialect) naming(s dialects.Statement, algorithm dialects.Algorithm) (string, bool) {
	pieces, _ := d.split(s.Text)
	if len(pieces) != 1 || len(pieces[0].marks) > 0 {
		return "", false
	}
	a := amender{src: s.Text, tokens: pieces[0].tokens}
	clauses, separator := "ALGORITHM="+string(algorithm), " "
	if a.is(0, "ALTER") {
		separator = ", "
	}
	if algorithm != dialects.AlgorithmInstant {
		clauses += separator + "LOCK=NONE"
	}
	text := s.Text + separator + clauses
	named := d.Parse(text)
	ok := len(named) == 1 && named[0].Syntax == nil && named[0].Algorithm != "" && len(named[0].Changes) == len(s.Changes)
	return text, ok && (a.is(0, "ALTER") || a.is(0, "CREATE"))
}

// behindTable is where the subcommands of ALTER TABLE start.
func (a *amender) behindTable() (offset int, ok bool) {
	i := 1
	for a.is(i, "ONLINE") || a.is(i, "IGNORE") {
		i++
	}
	if !a.is(i, "TABLE") {
		return 0, false
	}
	i = a.skip(i+1, "IF", "EXISTS")
	i = a.qualifiedEnd(i)
	switch {
	case a.is(i, "NOWAIT"):
		i++
	case a.is(i, "WAIT") && a.kind(i+1) == numberToken:
		i += 2
	}
	if i >= len(a.tokens) {
		return 0, false
	}
	return a.tokens[i-1].end, true
}
