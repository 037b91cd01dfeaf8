package source

import (
	"fmt"
	"strings"
)

// UnknownVersionError is a version that the directory does not have.
type UnknownVersionError struct {
	Version    string
	Suggestion string // the version that was likely meant; empty where none is near
	Newest     string // empty in an empty directory
}

func (e *UnknownVersionError) Error() string {
	head := fmt.Sprintf("finding migration %s: ", e.Version)
	switch {
	case e.Newest == "":
		return head + "the directory has no migrations"
	case e.Suggestion != "":
		return head + fmt.Sprintf("there is none; did you mean %s?", e.Suggestion)
	}
	return head + fmt.Sprintf("there is none; the newest is %s", e.Newest)
}

// Find finds a migration by its version, with or without leading zeros, by what stands before the
// underscore in it, or by its file's name. Its error is an *UnknownVersionError.
func (s *Set) Find(version string) (*Migration, error) {
	for i := range s.Migrations {
		m := &s.Migrations[i]
		if s.Compare(m.Version, version) == 0 || m.Path == version || m.Path == version+".sql" ||
			strings.HasPrefix(m.Version, version+"_") {
			return m, nil
		}
	}
	unknown := &UnknownVersionError{Version: version, Suggestion: s.nearest(version)}
	if n := len(s.Migrations); n > 0 {
		unknown.Newest = s.Migrations[n-1].Version
	}
	return nil, unknown
}

// nearest is the version whose text or name is at most one slip away; of several the newest.
func (s *Set) nearest(version string) string {
	for i := len(s.Migrations) - 1; i >= 0; i-- {
		m := &s.Migrations[i]
		near := oneSlip(strings.TrimLeft(m.Version, "0"), strings.TrimLeft(version, "0"))
		if strings.EqualFold(m.Name, version) || near && len(version) > 1 {
			return m.Version
		}
	}
	return ""
}

// oneSlip reports whether a becomes b by one character put in, left out or changed, or by two
// neighbours changing places.
func oneSlip(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	swapped := len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
	return len(a) <= 1 && len(b) <= 1 || swapped
}
