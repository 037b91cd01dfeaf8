// Package source reads a directory of migrations: an [fs.FS] in, ordered migrations out, each with the
// parts that its runner runs and the transactions that it runs them in. It knows names and bytes, not SQL.
//
// To add a directory layout:
//
//  1. Write one file with a format value: what its directories look like, and how they are read.
//  2. Add its line to formats.
//  3. Add a directory of testdata.
package source

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Layout is how a directory of migrations is laid out. But for Segue and Plain it is a runner's name.
type Layout string

// The layouts. Auto is not one: it asks Read to recognise the directory's.
const (
	Auto          Layout = "auto"
	Segue         Layout = "segue"
	Goose         Layout = "goose"
	GolangMigrate Layout = "golang-migrate"
	Dbmate        Layout = "dbmate"
	Flyway        Layout = "flyway"
	Atlas         Layout = "atlas"
	Prisma        Layout = "prisma"
	Drizzle       Layout = "drizzle"
	Sqitch        Layout = "sqitch"
	Tern          Layout = "tern"
	Liquibase     Layout = "liquibase"
	Rails         Layout = "rails"
	Django        Layout = "django"
	Diesel        Layout = "diesel"
	Plain         Layout = "plain"
)

// Migration is one migration as it lies in its directory.
type Migration struct {
	Layout   Layout
	Version  string // as it is written: "0007"
	Name     string // "rename_user_email"; empty where the file has none
	Path     string // of the file with its up part, within the directory, with slashes
	SQL      string // the file's text without a byte order mark; line ends are the author's
	Checksum string // see Checksum
	Up       Part
	Down     Part // without a path where the migration has none
	// Repeats says that its runner runs it again when it has changed, or that it is made anew from the others.
	Repeats bool
}

// Set is a directory's migrations in the order in which they run. No two have the same version.
type Set struct {
	Layout     Layout
	Migrations []Migration
}

// format is one layout.
type format struct {
	layout Layout
	// mark is what in a directory says that it is of this layout; empty where nothing does.
	mark func(*directory) (string, error)
	// reads reports whether a numbered SQL file is the layout's; nil where all are.
	reads func(file, text string) bool
	// read returns the migrations: in any order where compare knows it, else in theirs.
	read func(*directory) ([]Migration, error)
	// unbox has a migration's up part run outside of transactions; nil where the layout has no word for it. The
	// statements are those that the part is to have.
	unbox func(m Migration, statements []string) (Unboxed, error)
	// compare orders versions as the runner does; nil where only the directory says how.
	compare func(a, b string) int
	// draft makes a new migration behind those of the set. The name is of letters, digits and
	// underscores.
	draft func(drafting) (Draft, error)
}

// formats are the layouts. Segue's own and Plain have no mark: they are what no other claims.
func formats() []format {
	return []format{
		atlasFormat, sqitchFormat, drizzleFormat, prismaFormat, dieselFormat, golangMigrateFormat, flywayFormat,
		gooseFormat, dbmateFormat, ternFormat, liquibaseFormat, railsFormat, djangoFormat, segueFormat, plainFormat,
	}
}

func formatOf(l Layout) (format, error) {
	for _, f := range formats() {
		if f.layout == l {
			return f, nil
		}
	}
	return format{}, fmt.Errorf("reading migrations: there is no layout %q", l)
}

// ParseLayout reads a layout's name; empty is Auto.
func ParseLayout(s string) (Layout, error) {
	names := []string{string(Auto), string(Segue)}
	for _, f := range formats() {
		if f.layout != Segue {
			names = append(names, string(f.layout))
		}
	}
	slices.Sort(names[2:])
	switch {
	case s == "":
		return Auto, nil
	case slices.Contains(names, s):
		return Layout(s), nil
	}
	return "", fmt.Errorf("reading layout %q: the layouts are %s", s, strings.Join(names, ", "))
}

// Read reads all migrations of a directory. An empty directory has none and is no error; one that
// is not there is a *FileError, and one that two layouts claim an *AmbiguousError.
func Read(fsys fs.FS, layout Layout) (*Set, error) {
	d, err := openDirectory(fsys)
	if err != nil {
		return nil, err
	}
	if layout == Auto || layout == Segue {
		if layout, err = d.recognise(layout); err != nil {
			return nil, err
		}
	}
	f, err := formatOf(layout)
	if err != nil {
		return nil, err
	}
	migrations, err := f.read(d)
	if err != nil {
		return nil, err
	}
	if f.compare != nil {
		slices.SortStableFunc(migrations, func(a, b Migration) int { return f.compare(a.Version, b.Version) })
	}
	for i := range migrations {
		migrations[i].Layout = layout
	}
	set := &Set{Layout: layout, Migrations: migrations}
	return set, set.unique(f)
}

// unique says whether two migrations have one version.
func (s *Set) unique(f format) error {
	seen := map[string]string{}
	for i, m := range s.Migrations {
		other, twice := seen[m.Version]
		if i > 0 && f.compare != nil && f.compare(s.Migrations[i-1].Version, m.Version) == 0 {
			other, twice = s.Migrations[i-1].Path, true
		}
		if twice {
			return &DuplicateError{Version: m.Version, Paths: [2]string{other, m.Path}}
		}
		seen[m.Version] = m.Path
	}
	return nil
}

// Compare orders two versions as the directory's runner does. Where the directory itself says what the
// order is, versions that it lacks come last.
func (s *Set) Compare(a, b string) int {
	f, err := formatOf(s.Layout)
	if err != nil {
		return Compare(a, b)
	}
	if f.compare != nil {
		return f.compare(a, b)
	}
	if byPlace := s.index(a) - s.index(b); byPlace != 0 {
		return byPlace
	}
	return Compare(a, b)
}

// Newest is the version that a new migration comes behind; empty where there is none. Repeatable migrations
// stay behind whatever is new.
func (s *Set) Newest() string {
	for _, m := range slices.Backward(s.Migrations) {
		if s.Layout != Flyway || !isRepeatable(m.Version) {
			return m.Version
		}
	}
	return ""
}

// Places reports whether a version has a place in the order: any has, but where the directory itself says
// what the order is, those that it lacks.
func (s *Set) Places(version string) bool {
	f, err := formatOf(s.Layout)
	return err != nil || f.compare != nil || s.index(version) < len(s.Migrations)
}

func (s *Set) index(version string) int {
	at := slices.IndexFunc(s.Migrations, func(m Migration) bool { return m.Version == version })
	if at < 0 {
		return len(s.Migrations)
	}
	return at
}
