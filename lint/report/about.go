package report

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/segue-db/segue/lint"
)

// homepage is where the project is.
const homepage = "https://github.com/segue-db/segue"

// About is what a format for other programs says beside the findings.
type About struct {
	Version string      // segue's own
	Rules   []lint.Rule // the suite with its examples, for formats that explain a rule; the others need none
	// Root is the repository's root and Dir the working directory, both absolute, with slashes. CI
	// systems want files to be named from Root; where it is empty their names stay as they are.
	Root, Dir string
}

// file is a finding's file as seen from the repository's root. A file outside of it keeps its name.
func (a About) file(name string) string {
	name = filepath.ToSlash(name)
	if name == "" || name == lint.Stdin {
		return name
	}
	full := path.Clean(name)
	if a.Root == "" {
		return full
	}
	if !absolute(name) {
		full = path.Join(a.Dir, name)
	}
	if within, ok := strings.CutPrefix(full, strings.TrimSuffix(a.Root, "/")+"/"); ok {
		return within
	}
	return path.Clean(name)
}

// absolute reports whether a name with slashes is absolute, on Windows too: a report may be written
// there and tested elsewhere.
func absolute(name string) bool {
	drive := len(name) > 2 && name[1] == ':' && name[2] == '/'
	return drive || strings.HasPrefix(name, "/")
}

// rulePage is the documentation of a rule.
func rulePage(id string) string { return homepage + "/blob/main/docs/rules/" + id + ".md" }
