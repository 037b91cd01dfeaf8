// Package source reads a directory of migrations: an [fs.FS] in, ordered migrations out. It knows
// names and bytes, not SQL.
//
// To add a directory layout:
//
//  1. Write one file with a format value: what its directories look like, and how they are read.
//  2. Add its line to formats, before segue's own, which takes what no other recognises.
//  3. Add a directory of testdata.
package source

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Layout is how a directory of migrations is laid out.
type Layout string

// The layouts. Auto is not one: it asks Read to recognise the directory's.
const (
	Auto  Layout = "auto"
	Segue Layout = "segue"
)

// Migration is one migration as it lies in its directory.
type Migration struct {
	Version  string // as it is written: "0007"
	Name     string // "rename_user_email"; empty where the file has none
	Path     string // within the directory, with slashes
	SQL      string // the file's text without a byte order mark; line ends are the author's
	Checksum string // see Checksum
}

// Set is a directory's migrations in the order in which they run. No two have the same version.
type Set struct {
	Layout     Layout
	Migrations []Migration
}

// format is one layout.
type format struct {
	layout Layout
	detect func(fsys fs.FS) bool
	// read returns the migrations in any order.
	read func(fsys fs.FS) ([]Migration, error)
	// next names the file of a new migration; newest is nil in an empty directory.
	next func(newest *Migration, name string, now time.Time) string
}

// formats are the layouts in the order in which they are tried.
var formats = []format{
	segueFormat,
}

// ParseLayout reads a layout's name; empty is Auto.
func ParseLayout(s string) (Layout, error) {
	names := []string{string(Auto)}
	for _, f := range formats {
		names = append(names, string(f.layout))
	}
	switch {
	case s == "":
		return Auto, nil
	case slices.Contains(names, s):
		return Layout(s), nil
	}
	return "", fmt.Errorf("reading layout %q: the layouts are %s", s, strings.Join(names, ", "))
}

// Read reads all migrations of a directory. An empty directory has none and is no error; one that
// is not there is a *FileError.
func Read(fsys fs.FS, layout Layout) (*Set, error) {
	f, err := formatOf(fsys, layout)
	if err != nil {
		return nil, err
	}
	migrations, err := f.read(fsys)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(migrations, func(a, b Migration) int { return Compare(a.Version, b.Version) })
	for i := 1; i < len(migrations); i++ {
		if a, b := migrations[i-1], migrations[i]; Compare(a.Version, b.Version) == 0 {
			return nil, &DuplicateError{Version: b.Version, Paths: [2]string{a.Path, b.Path}}
		}
	}
	return &Set{Layout: f.layout, Migrations: migrations}, nil
}

func formatOf(fsys fs.FS, layout Layout) (format, error) {
	for _, f := range formats {
		if f.layout == layout || layout == Auto && f.detect(fsys) {
			return f, nil
		}
	}
	return format{}, fmt.Errorf("reading migrations: there is no layout %q", layout)
}

// Next is the path of the migration that name would get if it were made now. Letters and digits of
// name are kept, runs of anything else become one underscore; a name with neither is an error.
func (s *Set) Next(name string, now time.Time) (string, error) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !isWord(r) })
	if len(words) == 0 {
		return "", fmt.Errorf("naming a migration %q: a name needs letters or digits, such as add_users_email", name)
	}
	var newest *Migration
	if n := len(s.Migrations); n > 0 {
		newest = &s.Migrations[n-1]
	}
	for _, f := range formats {
		if f.layout == s.Layout {
			return f.next(newest, strings.Join(words, "_"), now), nil
		}
	}
	return "", fmt.Errorf("naming a migration: there is no layout %q", s.Layout)
}

func isWord(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || r >= utf8.RuneSelf
}

// readText reads one file for a format and makes the migration of it.
func readText(fsys fs.FS, path, version, name string) (Migration, error) {
	raw, err := fs.ReadFile(fsys, path)
	if err != nil {
		return Migration{}, &FileError{Path: path, Err: err}
	}
	text := strings.TrimPrefix(string(raw), byteOrderMark)
	if at, ok := invalidUTF8(text); ok {
		return Migration{}, &EncodingError{Path: path, Line: 1 + strings.Count(text[:at], "\n"), Byte: text[at]}
	}
	return Migration{Version: version, Name: name, Path: path, SQL: text, Checksum: Checksum(text)}, nil
}

func invalidUTF8(text string) (at int, found bool) {
	if utf8.ValidString(text) {
		return 0, false
	}
	for i, r := range text {
		if _, size := utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && size == 1 {
			return i, true
		}
	}
	return 0, false
}
