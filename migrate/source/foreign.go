package source

import (
	"regexp"
	"strings"
)

// foreignMarks are what other runners' files have in their text and segue's own do not.
var foreignMarks = []struct {
	runner string
	mark   *regexp.Regexp
}{
	{"goose", regexp.MustCompile(`(?im)^[ \t]*--[ \t]*\+goose[ \t]+(up|down|no transaction)\b`)},
	{"sql-migrate", regexp.MustCompile(`(?m)^-- \+migrate (Up|Down)\b`)},
	{"dbmate", regexp.MustCompile(`(?m)^--[ \t]*migrate:(up|down)\b`)},
	{"tern", regexp.MustCompile(`(?m)^---- create above / drop below ----`)},
	{"Liquibase", regexp.MustCompile(`(?im)\A\s*--[ \t]*liquibase[ \t]+formatted`)},
}

// refuseForeign finds what would make a file mean something else to the runner it was written for.
func refuseForeign(m Migration) error {
	for _, suffix := range []string{".up", ".down"} {
		if strings.HasSuffix(m.Name, suffix) {
			return &ForeignError{Path: m.Path, Runner: "golang-migrate", Mark: suffix + ".sql"}
		}
	}
	for _, f := range foreignMarks {
		if mark := f.mark.FindString(m.SQL); mark != "" {
			return &ForeignError{Path: m.Path, Runner: f.runner, Mark: strings.TrimSpace(mark)}
		}
	}
	return nil
}
