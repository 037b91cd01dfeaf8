package fleet

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

// Baseline is how often the server had counted each statement that named an old form, at a time
// when a version stopped counting. Servers count for ever, so only what was called since then
// shows that an old form is still used.
type Baseline struct {
	At    time.Time        `json:"at"`
	Forms []string         `json:"forms"` // those whose statements were looked for
	Calls map[string]int64 `json:"calls"` // by statement ID
}

// TakeBaseline is the baseline for the forms in flight. It is nil where there are none, or where
// some evidence is not kept or cannot be read: what could not be seen then would look new later.
func TakeBaseline(forms []compat.Form, e dialects.Evidence, now time.Time) *Baseline {
	if len(forms) == 0 || len(e.Unreadable) > 0 || len(e.Absent) > 0 {
		return nil
	}
	b := Baseline{At: now, Calls: map[string]int64{}}
	for _, f := range forms {
		b.Forms = append(b.Forms, formKey(f))
		for _, s := range e.Statements {
			if uses(s.Query, f) {
				b.Calls[s.ID] = s.Calls
			}
		}
	}
	return &b
}

// Grown are the apps' statements that name an old form and were called since the last version that
// used it stopped counting; Calls are those since. It is evidence of use only: that nothing grew,
// or that nothing is known of the time, proves nothing. A form that a version which counts still
// uses is left out, since its calls say nothing new.
func Grown(forms []compat.Form, entries []Entry, e dialects.Evidence) []dialects.StatementUse {
	var grown []dialects.StatementUse
	for _, f := range forms {
		last := lastUser(f, entries)
		if last == nil || last.Baseline == nil || !slices.Contains(last.Baseline.Forms, formKey(f)) {
			continue
		}
		for _, s := range e.Statements {
			if before := last.Baseline.Calls[s.ID]; s.Calls >= before { // fewer: the server's counts were reset
				s.Calls -= before
			}
			known := slices.ContainsFunc(grown, func(g dialects.StatementUse) bool { return g.ID == s.ID })
			if s.Calls > 0 && !known && uses(s.Query, f) {
				grown = append(grown, s)
			}
		}
	}
	return grown
}

// lastUser is the version that needed the old form and stopped counting last; nil if there was
// none, or one that needs it counts.
func lastUser(f compat.Form, entries []Entry) *Entry {
	var last *Entry
	for i, e := range entries {
		if compat.NeedsOld(e.Version, f).Needed == compat.No {
			continue
		}
		if e.State.Counts() {
			return nil
		}
		if last == nil || e.stopped().After(last.stopped()) {
			last = &entries[i]
		}
	}
	return last
}

// stopped is when instances of a version that does not count were last known to run.
func (e Entry) stopped() time.Time {
	var t time.Time
	if e.RetiredAt != nil {
		t = *e.RetiredAt
	}
	if e.Baseline != nil && e.Baseline.At.After(t) {
		t = e.Baseline.At
	}
	return t
}

func formKey(f compat.Form) string {
	return f.Project + "/" + f.Migration + " " + f.Table + "." + f.Old
}

var (
	ownTag = regexp.MustCompile(`/\* ?segue:`)
	// appStatement begins what apps send; DDL is the work of people and of segue.
	appStatement = regexp.MustCompile(`(?is)^(\s|--[^\n]*\n|/\*.*?\*/)*\(*\s*(select|insert|update|delete|merge|replace|with|copy|values|table|call|declare)\b`)
	// word is an identifier, quoted or not, or a string; of the latter nothing is a name.
	word = regexp.MustCompile("'(?:[^']|'')*'|\"((?:[^\"]|\"\")*)\"|`((?:[^`]|``)*)`|[\\pL_][\\pL\\pN_$]*")
)

// uses reports whether an app's statement names both the table and the old form's column.
func uses(query string, f compat.Form) bool {
	if ownTag.MatchString(query) || !appStatement.MatchString(query) {
		return false
	}
	_, table, qualified := strings.Cut(f.Table, ".")
	if !qualified {
		table = f.Table
	}
	return names(query, table) && names(query, f.Old)
}

// names reports whether a statement has a name among its words: in whatever case where it is not
// quoted, or quoted as MySQL does, whose columns ignore case; exactly in double quotes. A name within
// a string is none.
func names(query, name string) bool {
	for _, m := range word.FindAllStringSubmatch(query, -1) {
		switch {
		case strings.HasPrefix(m[0], "'"):
		case strings.HasPrefix(m[0], `"`):
			if strings.ReplaceAll(m[1], `""`, `"`) == name {
				return true
			}
		case strings.HasPrefix(m[0], "`"):
			if strings.EqualFold(strings.ReplaceAll(m[2], "``", "`"), name) {
				return true
			}
		case strings.EqualFold(m[0], name):
			return true
		}
	}
	return false
}
