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
	j := d.judge(c, s)
	if s.Foreign != nil || !j.alters() || s.Algorithm != "" || s.Locking != "" {
		return nil, nil, nil
	}
	whole := j.outcome()
	judged := !slices.ContainsFunc(whole.parts, func(a ability) bool { return a.unjudged })
	if !judged || !whole.instant && (whole.work >= rebuilds || whole.waits) || whole.exclusive {
		return nil, nil, nil
	}
	algorithm := j.algorithm(whole.ability)
	sql, ok := d.naming(s, algorithm)
	if !ok {
		return nil, nil, nil
	}
	effects := j.effects()
	action := dialects.Action{
		SQL: sql, Probe: d.Probe(c, s), Blocks: dialects.BlocksNothing, Scans: effects[0].Scans,
		Why: "names the algorithm, so that the server refuses where it would copy the table",
	}
	if algorithm == dialects.AlgorithmInstant {
		action.Lock, action.Blocks = lockExclusive, dialects.BlocksAll // for a moment
	}
	var cured []string
	for _, e := range effects {
		for _, h := range e.Hazards {
			if h.ID == bareAlter || h.ID == indexNotOnline {
				cured = append(cured, h.ID)
			}
		}
		if e.Table.Name != "" && !slices.Contains(action.Tables, e.Table) {
			action.Tables = append(action.Tables, e.Table)
		}
	}
	return []dialects.Action{action}, cured, nil
}

// naming is the statement's text with an algorithm named, and LOCK=NONE where MySQL bears both. In
// ALTER TABLE the clauses stand behind the table's name: a partitioning clause may end the text.
func (d Dialect) naming(s dialects.Statement, algorithm dialects.Algorithm) (string, bool) {
	clauses := "ALGORITHM=" + string(algorithm)
	separator := " "
	alter := false
	pieces, _ := d.split(s.Text)
	if len(pieces) != 1 {
		return "", false
	}
	a := amender{src: s.Text, tokens: pieces[0].tokens}
	if a.is(0, "ALTER") {
		alter, separator = true, ", "
	}
	if algorithm != dialects.AlgorithmInstant {
		clauses += separator + "LOCK=NONE"
	}
	switch {
	case alter && len(pieces[0].marks) == 0:
		at, ok := a.behindTable()
		if !ok {
			return "", false
		}
		return s.Text[:at] + " " + clauses + "," + s.Text[at:], true
	case a.is(0, "CREATE"):
		return s.Text + " " + clauses, true
	}
	return "", false
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
