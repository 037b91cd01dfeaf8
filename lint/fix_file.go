package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// compose makes fixes of what became of the file's statements. A statement that is only written another way is a fix of
// its own. What must run apart from what stands beside it is put together for the whole file.
func (f *file) compose(w *following) {
	var apart []rewriting
	if f.work == Edits {
		f.rewrites = nil // what the other branch has may have run
	}
	for _, r := range f.rewrites {
		if len(r.parts) > 1 || r.parts[0].Apart != dialects.Together {
			apart = append(apart, r)
			continue
		}
		s := f.script.Up[r.at].Statement
		f.give(r, &Fix{Title: r.title, Edits: []Edit{f.edit(s, r.parts[0].SQL)}})
	}
	if len(apart) == 0 || f.undoes {
		return
	}
	for {
		a := f.arrange(apart)
		bad, reason := a.refused()
		if bad < 0 {
			f.together(a, w)
			return
		}
		for _, i := range apart[bad].findings {
			f.findings[i].Unfixed = reason
		}
		if apart = slices.Delete(apart, bad, bad+1); len(apart) == 0 {
			return
		}
	}
}

// give makes a fix that of a rewriting's findings.
func (f *file) give(r rewriting, fix *Fix) {
	f.complete(fix)
	for _, i := range r.findings {
		if f.findings[i].Fix == nil {
			f.findings[i].Fix = fix
		}
	}
}

// complete fills in what every fix has.
func (f *file) complete(fix *Fix) {
	fix.migration = &f.migration
	if fix.Follow == nil {
		fix.Follow = []Follow{}
	}
	if fix.Files == nil {
		fix.Files = []FixFile{}
	}
}

// arrangement says which parts of rewritings stay in the file, and what has it run as they need it.
type arrangement struct {
	*file
	rewritings []rewriting
	stay       []int // how many parts of each do
	unboxed    source.Unboxed
	unbound    []int // statements that begin or end a transaction, and go
	problem    error // why the file cannot run outside of transactions
}

// arrange decides where the parts go.
func (f *file) arrange(rewritings []rewriting) *arrangement {
	a := &arrangement{file: f, rewritings: rewritings, stay: make([]int, len(rewritings))}
	rule := source.Transaction(f.transactions())
	_, commits := f.config.Dialect.(dialects.Autocommitter)
	for i, r := range rewritings {
		a.stay[i] = len(r.parts)
		switch {
		case rule == source.Planned && !commits && !f.tied: // segue commits before what cannot bear what is before it
		case commits, rule == source.Planned:
			a.stay[i] = upTo(r.parts, dialects.Committed)
		case f.placed[r.at].Boxed || rule == source.Implicit || rule == source.One:
			a.stay[i] = upTo(r.parts, dialects.Committed, dialects.Outside)
		}
	}
	switch {
	case commits || !slices.Contains(a.stay, 0):
	case rule == source.Scripted:
		a.unbind()
	case rule == source.One || rule == source.Implicit:
		a.unbox(rule)
	}
	for i, r := range rewritings {
		s := f.script.Up[r.at]
		if f.migration.Company(s.Start.Offset, s.End.Offset) == source.Whole {
			a.stay[i] = min(a.stay[i], 1)
		}
	}
	return a
}

// upTo counts the parts before the first that is so far apart. What a first part must be apart from is the file's own
// statements before it.
func upTo(parts []dialects.Part, apart ...dialects.Apart) int {
	for i, p := range parts {
		if slices.Contains(apart, p.Apart) {
			return i
		}
	}
	return len(parts)
}

// unbox has the whole file run outside of transactions where all of it is fit for that. Where the runner sends a file as
// one text, only a single statement is outside of transactions.
func (a *arrangement) unbox(rule source.Transaction) {
	now := rule
	if rule == source.One {
		if now, a.problem = a.migration.Layout.Alone(); a.problem != nil {
			return
		}
	}
	for i, p := range a.placed {
		if p.Role == dialects.Runs && !a.fitsOutside(i) {
			return
		}
	}
	for i, p := range a.placed {
		if now == source.Implicit && p.Role == dialects.Runs && a.setsTimeout(i) {
			a.problem = fmt.Errorf("line %d is sent with it, and of several statements that are sent at once a transaction is made: take that line out",
				a.script.Up[i].Start.Line)
			return
		}
	}
	var statements []string
	for i, r := range a.rewritings {
		if a.stay[i] > 0 {
			continue
		}
		if now == source.Implicit && len(statements) > 0 {
			continue // it gets a migration of its own
		}
		a.stay[i] = 1
		if now != source.Implicit {
			a.stay[i] = max(1, upTo(r.parts, dialects.Committed))
		}
		for _, p := range r.parts[:a.stay[i]] {
			statements = append(statements, p.SQL)
		}
	}
	if rule == source.Implicit {
		return
	}
	if a.unboxed, a.problem = a.migration.Unbox(statements); a.problem != nil {
		for i, r := range a.rewritings {
			if r.parts[0].Apart == dialects.Outside {
				a.stay[i] = 0
			}
		}
	}
}

// fitsOutside reports whether a statement may run outside of a transaction: it must, or it changes nothing but how long
// others wait.
func (a *arrangement) fitsOutside(at int) bool {
	for _, r := range a.rewritings {
		if r.at == at {
			return r.parts[0].Apart == dialects.Outside
		}
	}
	if a.alone[at] {
		return true
	}
	for _, c := range a.script.Up[at].Changes {
		if s, ok := c.(dialects.Setting); !ok || s.Local || !isTimeout(s.Name) {
			return false
		}
	}
	return true
}

func isTimeout(setting string) bool { return strings.HasSuffix(strings.ToLower(setting), "_timeout") }

// unbind takes BEGIN and COMMIT away from around statements all of which are to run outside.
func (a *arrangement) unbind() {
	if slices.ContainsFunc(a.placed, func(p dialects.Placing) bool { return p.Role == dialects.Misplaced }) {
		return // such as COMMIT AND CHAIN, which is both
	}
	fit := map[int]bool{}
	for i, p := range a.placed {
		if p.Boxed {
			before, seen := fit[p.Unit]
			fit[p.Unit] = (before || !seen) && a.fitsOutside(i)
		}
	}
	for i, p := range a.placed {
		if p.Role == dialects.Delimits && fit[p.Unit] {
			a.unbound = append(a.unbound, i)
		}
	}
	for i, r := range a.rewritings {
		if fit[a.placed[r.at].Unit] && a.placed[r.at].Boxed {
			a.stay[i] = len(r.parts)
		}
	}
}

// refused is the first rewriting that cannot be carried out like this, and why; below 0 where all can.
func (a *arrangement) refused() (int, string) {
	for i, r := range a.rewritings {
		if reason := a.problemOf(i, r); reason != "" {
			return i, reason
		}
	}
	return -1, ""
}

func (a *arrangement) problemOf(i int, r rewriting) string {
	s := a.script.Up[r.at]
	stays := a.stay[i]
	joined := a.migration.Company(s.Start.Offset, s.End.Offset) == source.Joined
	if joined && (stays != 1 || r.parts[0].Apart != dialects.Together) {
		return fmt.Sprintf("%s sends the statement together with another: give each lines of its own", a.migration.Layout)
	}
	if stays != 1 && !a.endsPlainly(r.at) {
		return "what separates the file's statements is no semicolon"
	}
	if stays == len(r.parts) {
		return ""
	}
	if stays == 0 && !a.leavesAny() {
		if a.problem != nil {
			return a.problem.Error()
		}
		return "the file would be left without a statement"
	}
	for j := r.at + 1; j < len(a.touches); j++ {
		if inTheWay(a.touches[j], a.moved(i)) && !a.isBehind(j, i) {
			return fmt.Sprintf("line %d is about the same table, and what would be moved out of the file would come behind it", a.script.Up[j].Start.Line)
		}
	}
	if a.transactions() == dialects.ScriptedTransactions && a.placed[r.at].Boxed {
		return "" // it goes behind COMMIT
	}
	for _, s := range a.script.Up {
		for _, c := range s.Changes {
			if set, ok := c.(dialects.Setting); ok && !isTimeout(set.Name) {
				return fmt.Sprintf("line %d sets %s for the statement, and what would be moved out of the file would run without it", s.Start.Line, set.Name)
			}
		}
	}
	for _, p := range r.parts[stays:] {
		if p.Apart != dialects.Outside {
			continue
		}
		if _, err := a.migration.Layout.Alone(); err != nil {
			return err.Error()
		}
	}
	if _, here, err := a.migration.Append("x", "SELECT 1;", source.Planned); err != nil {
		return err.Error()
	} else if here {
		return ""
	}
	if _, err := a.config.set.DraftOf("x", "SELECT 1;", source.Planned, someDay); err != nil {
		return fmt.Sprintf("it takes a migration behind this one, which segue does not add: %s", err)
	}
	if a.migration.Layout == source.Plain {
		return "it takes a file behind this one, and the order of these is not known"
	}
	return ""
}

// someDay is as good as today for whether a version that is a time comes behind one that is none.
var someDay = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// moved is what of a rewriting does not stay. On Postgres new columns come first, and stay if anything does.
func (a *arrangement) moved(i int) move {
	m := a.rewritings[i].move
	_, commits := a.config.Dialect.(dialects.Autocommitter)
	m.columns = m.columns && (commits || a.stay[i] == 0)
	return m
}

// entangled reports whether what is moved for one rewriting would come behind what another one is about, unless that is
// moved too.
func (a *arrangement) entangled() bool {
	for i, r := range a.rewritings {
		for _, other := range a.rewritings[i+1:] {
			if a.stay[i] < len(r.parts) && inTheWay(a.touches[other.at], a.moved(i)) {
				return true
			}
		}
	}
	return false
}

// isBehind reports whether a statement is moved out of the file as a whole, and so comes behind what is moved before it.
func (a *arrangement) isBehind(at, moved int) bool {
	for i, r := range a.rewritings {
		if r.at == at {
			return a.stay[i] == 0 && i > moved
		}
	}
	return false
}

// leavesAny reports whether a statement stays in the file, other than one that sets a timeout.
func (a *arrangement) leavesAny() bool {
	for at, p := range a.placed {
		if p.Role == dialects.Runs && !a.goes(at) && !a.setsTimeout(at) {
			return true
		}
	}
	return false
}

// goes reports whether nothing of a statement stays in the file.
func (a *arrangement) goes(at int) bool {
	return slices.ContainsFunc(a.rewritings, func(r rewriting) bool { return r.at == at }) &&
		!slices.ContainsFunc(a.staying(), func(r rewriting) bool { return r.at == at })
}

// staying are the rewritings of which a part stays.
func (a *arrangement) staying() []rewriting {
	var staying []rewriting
	for i, r := range a.rewritings {
		if a.stay[i] > 0 {
			staying = append(staying, r)
		}
	}
	return staying
}
