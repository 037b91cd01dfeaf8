package source

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Draft is a migration that is yet to be written.
type Draft struct {
	Version string
	Files   []DraftFile // the first is the one to write the change into
	Note    string      // what the directory's runner wants besides; empty for nothing
}

// DraftFile is a file of a draft.
type DraftFile struct{ Path, Text string }

// drafting is what a new migration is made of.
type drafting struct {
	set         *Set
	name        string
	now         time.Time
	up, down    string      // what it runs, and what undoes it; each ends in a line
	transaction Transaction // None asks for a migration that runs outside of transactions
}

const draftHint = "-- What should be in the end, in plain SQL. segue works out how to get there.\n\n"

// Draft makes the files of the migration that name would get if it were made now, as the directory's
// runner would. Letters and digits of name are kept, runs of anything else become one underscore; a name
// with neither is an error.
func (s *Set) Draft(name string, now time.Time) (Draft, error) {
	return s.draft(drafting{set: s, name: name, now: now, up: draftHint, down: "-- What undoes it.\n\n"})
}

// DraftOf is Draft with what it runs written into it: one statement or several, each with its semicolon. None asks for
// a migration that runs outside of transactions; where the layout has no such, or its next version would not be behind all
// others, that is the error. Of plain files nobody knows the order.
func (s *Set) DraftOf(name, sql string, t Transaction, now time.Time) (Draft, error) {
	if t == None {
		if _, err := s.Layout.Alone(); err != nil {
			return Draft{}, err
		}
	}
	d, err := s.draft(drafting{set: s, name: name, now: now, up: sql + "\n", down: "-- The migration before it undoes it too.\n", transaction: t})
	if newest := s.Newest(); err == nil && newest != "" && s.Layout != Plain && s.Compare(d.Version, newest) <= 0 {
		return Draft{}, fmt.Errorf("the version that it would get, %s, comes before %s", d.Version, newest)
	}
	return d, err
}

func (s *Set) draft(d drafting) (Draft, error) {
	words := strings.FieldsFunc(strings.ToLower(d.name), func(r rune) bool { return !isWord(r) })
	if len(words) == 0 {
		return Draft{}, fmt.Errorf("naming a migration %q: a name needs letters or digits, such as add_users_email", d.name)
	}
	f, err := formatOf(s.Layout)
	if err != nil {
		return Draft{}, fmt.Errorf("naming a migration: there is no layout %q", s.Layout)
	}
	d.name = strings.Join(words, "_")
	return f.draft(d)
}

func isWord(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || r >= utf8.RuneSelf
}

const timestamp = "20060102150405"

// stamp is the version that runners make which go by the time.
func (d drafting) stamp() string { return d.time().Format(timestamp) }

// time is now, or what comes behind the newest version where that is a time and not before now.
func (d drafting) time() time.Time {
	newest := strings.ReplaceAll(d.set.Newest(), "-", "")
	last, err := time.Parse(timestamp, newest[:min(len(newest), len(timestamp))])
	if now := d.now.UTC(); err != nil || last.Before(now.Truncate(time.Second)) {
		return now
	}
	return last.Add(time.Second)
}

// next counts on from the newest version in its own width; without any it is first. Versions of 14
// digits are times.
func (d drafting) next(first string) string {
	newest := d.set.Newest()
	if newest == "" {
		return first
	}
	n, err := strconv.ParseUint(newest, 10, 64)
	if err != nil || len(newest) == len(timestamp) {
		return d.stamp()
	}
	return fmt.Sprintf("%0*d", len(newest), n+1)
}

func oneFile(version, path, text string) Draft {
	return Draft{Version: version, Files: []DraftFile{{path, text}}}
}
