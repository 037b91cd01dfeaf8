package phases

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
)

// sessions gives a reason for each version that the server shows running while the registry does
// not count it. That nobody registered it does not mean that it does not run.
func (g *gate) sessions() {
	for _, s := range busiest(g.Sessions) {
		state, why := g.running(s)
		if state == Open {
			continue
		}
		message := "has a session (pid " + s.PID + "), " + why
		if s.Idle > staleSession {
			state = Unknown
			message += "; it did nothing for " + s.Idle.Round(time.Second).String() +
				": a pooler may have kept the name of an app that is gone"
		}
		g.add(Reason{ID: "session:" + s.App + "@" + s.Version, Kind: FromSession, State: state,
			App: s.App, AppVersion: s.Version, Message: message})
	}
}

// running says what it means that a version runs: open where the registry speaks for it already,
// or where it needs nothing that would go.
func (g *gate) running(s dialects.SessionUse) (state GateState, why string) {
	state, why = g.unregistered, "and nobody registered it"
	if g.Foreign != "" {
		return state, why
	}
	for i, v := range slices.DeleteFunc(slices.Clone(g.Versions), func(v RegisteredVersion) bool {
		return v.App != s.App || v.Version.Version != s.Version
	}) {
		if v.State.Counts() {
			return Open, ""
		}
		if need, message := g.needs(v.Version); i == 0 || need == Closed || need == Unknown && state == Open {
			state, why = need, "though it is "+string(v.State)+", and "+message
		}
	}
	return state, why
}

// busiest is one session of each version: the one that was active last.
func busiest(sessions []dialects.SessionUse) []dialects.SessionUse {
	var kept []dialects.SessionUse
	for _, s := range sessions {
		i := slices.IndexFunc(kept, func(k dialects.SessionUse) bool { return k.App == s.App && k.Version == s.Version })
		switch {
		case i < 0:
			kept = append(kept, s)
		case s.Idle < kept[i].Idle:
			kept[i] = s
		}
	}
	return kept
}

// evidence gives a reason for each statement that names what would go, and for what of the
// server's own record could not be read.
func (g *gate) evidence() {
	for _, s := range g.Statements {
		g.add(Reason{ID: "statement:" + s.ID, Kind: FromStatement, State: Closed,
			Message: fmt.Sprintf("a statement was called %d times as %s since the last version that used the column was retired (statement:%s): %s",
				s.Calls, s.User, s.ID, oneLine(s.Query))})
	}
	for i, what := range g.Unreadable {
		g.add(Reason{ID: fmt.Sprintf("evidence:%d", i+1), Kind: FromEvidence, State: Unknown, Message: what})
	}
	for i, what := range g.Absent {
		g.add(Reason{ID: fmt.Sprintf("no-evidence:%d", i+1), Kind: FromEvidence, State: Open, Message: what})
	}
}

// oneLine folds a query's white space and cuts it to what a line of output bears.
func oneLine(query string) string {
	const most = 160
	text := []rune(strings.Join(strings.Fields(query), " "))
	if len(text) > most {
		return string(text[:most]) + "..."
	}
	return string(text)
}
