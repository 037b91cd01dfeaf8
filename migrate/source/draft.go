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
	Files []DraftFile // the first is the one to write the change into
	Note  string      // what the directory's runner wants besides; empty for nothing
}

// DraftFile is a file of a draft.
type DraftFile struct{ Path, Text string }

// drafting is what a new migration is made of.
type drafting struct {
	set  *Set
	name string
	now  time.Time
}

const draftHint = "-- What should be in the end, in plain SQL. segue works out how to get there.\n\n"

// Draft makes the files of the migration that name would get if it were made now, as the directory's
// runner would. Letters and digits of name are kept, runs of anything else become one underscore; a name
// with neither is an error.
func (s *Set) Draft(name string, now time.Time) (Draft, error) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !isWord(r) })
	if len(words) == 0 {
		return Draft{}, fmt.Errorf("naming a migration %q: a name needs letters or digits, such as add_users_email", name)
	}
	f, err := formatOf(s.Layout)
	if err != nil {
		return Draft{}, fmt.Errorf("naming a migration: there is no layout %q", s.Layout)
	}
	return f.draft(drafting{set: s, name: strings.Join(words, "_"), now: now})
}

func isWord(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || r >= utf8.RuneSelf
}

const timestamp = "20060102150405"

// stamp is the version that runners make which go by the time.
func (d drafting) stamp() string { return d.now.UTC().Format(timestamp) }

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

func oneFile(path, text string) Draft { return Draft{Files: []DraftFile{{path, text}}} }

// upAndDown are two files side by side.
func upAndDown(up, down string) Draft {
	return Draft{Files: []DraftFile{{up, draftHint}, {down, "-- What undoes it.\n\n"}}}
}
