package source

import (
	"path"
	"regexp"
	"strings"
)

// flywayCallback is SQL that Flyway runs around migrations.
var flywayCallback = regexp.MustCompile(`^(before|after)[A-Z][A-Za-z]*(__.*)?\.sql$`)

// Aside reports whether a file of the directory belongs to it and is no migration: a list, a configuration, or SQL
// that the layout's runner runs at another time. Other SQL that is no migration has a name that
// the runner passes over.
func (s *Set) Aside(file string) bool {
	if !isSQL(file) {
		return true
	}
	switch s.Layout {
	case Flyway:
		return flywayCallback.MatchString(path.Base(file))
	case Sqitch:
		return strings.HasPrefix(file, "verify/") || strings.Contains(file, "/verify/")
	case Tern:
		return strings.Contains(file, "/") // what templates put in
	}
	return false
}
