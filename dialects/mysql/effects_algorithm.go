package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// refusedAlgorithm is of an ALTER that asks for an algorithm, or for a lock, that the server does not have for it:
// then nothing is done at all (errors 1845, 1846 and 1221), so that nothing is copied either.
func (j judge) refusedAlgorithm(effects []dialects.Effect, whole outcome) []dialects.Effect {
	algorithm, lock := j.statement.Algorithm, j.statement.Locking
	if algorithm == "" && lock == "" || whole.anyUnjudged() {
		return effects
	}
	if j.guesses() { // it is refused, or done as it was asked for
		if algorithm == dialects.AlgorithmInstant || algorithm == dialects.AlgorithmNoCopy {
			return withoutLocks(effects)
		}
		return effects
	}
	if j.meets(whole.ability, algorithm, lock) {
		return effects
	}
	at := max(0, slices.IndexFunc(whole.parts, func(a ability) bool { return !j.meets(a, algorithm, lock) }))
	e := effects[at]
	first := slices.IndexFunc(e.Hazards, isLock)
	var otherwise *dialects.Hazard
	if first >= 0 {
		otherwise = &dialects.Hazard{Detail: e.Hazards[first].Detail, Instead: e.Hazards[first].Instead}
		if otherwise.Instead == "" {
			otherwise.Instead = j.instead(e, e.Hazards[first].ID)
		}
	}
	effects = withoutLocks(effects)
	effects[at] = j.refusal(effects[at], whole, otherwise)
	return effects
}

func (j judge) refusal(e dialects.Effect, whole outcome, otherwise *dialects.Hazard) dialects.Effect {
	algorithm, lock := j.statement.Algorithm, j.statement.Locking
	if algorithm == dialects.AlgorithmInstant && lock != "" && whole.instant && !j.isMariaDB() {
		return wayOut(breaks(e, algorithmRefused, "MySQL takes no LOCK=%s beside ALGORITHM=INSTANT, so it does nothing", lock),
			"leave LOCK out: what is done at once lets reads and writes go on")
	}
	var asked []string
	if algorithm != "" {
		asked = append(asked, "ALGORITHM="+string(algorithm))
	}
	if lock != "" && (algorithm == "" || j.accepts(whole.ability, algorithm, "")) {
		asked = append(asked, "LOCK="+lock)
	}
	words := strings.Join(asked, ", ")
	if otherwise != nil {
		return wayOut(breaks(e, algorithmRefused, "it has no way to do this by %s, so it does nothing; without these words %s", words, otherwise.Detail),
			"%s", otherwise.Instead)
	}
	cheapest := clausesFor(j.algorithm(whole.ability))
	if whole.exclusive {
		cheapest = "ALGORITHM=" + string(j.algorithm(whole.ability)) + " without LOCK"
	}
	return wayOut(breaks(e, algorithmRefused, "it has no way to do this by %s, so it does nothing", words), "ask for %s", cheapest)
}

// meets reports whether the server does an ALTER as it is asked to. No algorithm is any.
func (j judge) meets(a ability, algorithm dialects.Algorithm, lock string) bool {
	if algorithm != "" {
		return j.accepts(a, algorithm, lock)
	}
	if a.instant && lock == "NONE" {
		return !a.exclusive
	}
	return j.accepts(a, dialects.AlgorithmInPlace, lock) || j.accepts(a, dialects.AlgorithmCopy, lock)
}

// guesses reports whether what the statement takes is a guess, since no migration shows a column that it changes.
func (j judge) guesses() bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.RedefineColumn)
		if !ok {
			return false
		}
		t := j.Table(c.Table)
		return t == nil || findColumn(t, c.Column) == nil
	})
}

func (o outcome) anyUnjudged() bool {
	return slices.ContainsFunc(o.parts, func(a ability) bool { return a.unjudged })
}

func isLock(h dialects.Hazard) bool { return h.Family == dialects.LockFamily }

// withoutLocks leaves out what has traffic wait.
func withoutLocks(effects []dialects.Effect) []dialects.Effect {
	for i := range effects {
		effects[i].Hazards = slices.DeleteFunc(effects[i].Hazards, isLock)
	}
	return effects
}
