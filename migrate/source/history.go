package source

import "slices"

// Handling is what a runner does with a migration that is not as its history has it.
type Handling string

// The ways to handle one.
const (
	Runs    Handling = "runs"    // it runs it
	Refuses Handling = "refuses" // it stops until somebody sees to it
	Skips   Handling = "skips"   // it goes on without a word
)

// late is what runners do unasked with a new migration whose version comes before one that has run. Where
// something other than the version says what the order is, none does.
var late = map[Layout]Handling{
	Segue:         Refuses,
	Goose:         Refuses, // unless -allow-missing
	GolangMigrate: Skips,   // of the history it keeps the newest version alone
	Dbmate:        Runs,
	Flyway:        Refuses, // unless outOfOrder=true
	Atlas:         Refuses, // --exec-order linear
	Prisma:        Runs,
	Tern:          Skips, // as golang-migrate
	Rails:         Runs,
	Diesel:        Runs,
}

// Late is what the layout's runner does with a new migration that comes before one that has run; empty
// where its version says nothing of the order.
func (l Layout) Late() Handling { return late[l] }

// Kept is what a runner keeps of a migration that has run, and holds the file against at each run. Prisma
// only warns, and Atlas and sqitch look when they are asked to: these keep nothing.
type Kept string

// What is kept.
const (
	KeptNothing    Kept = ""
	KeptText       Kept = "text" // and Flyway the name
	KeptStatements Kept = "statements"
)

// Keeps is what the layout's runner keeps.
func (l Layout) Keeps() Kept {
	switch l {
	case Segue, Flyway:
		return KeptText
	case Liquibase:
		return KeptStatements
	}
	return KeptNothing
}

// Missing is what the layout's runner does where a migration has run that is not there. In Rails old ones
// are deleted by custom: the schema is in structure.sql.
func (l Layout) Missing() Handling {
	switch l {
	case Flyway:
		return Refuses
	case Rails:
		return Runs
	}
	return Skips
}

// At is the migration of a version in any of its spellings; nil where there is none.
func (s *Set) At(version string) *Migration {
	at, found := 0, false
	if f, err := formatOf(s.Layout); err == nil && f.compare != nil {
		at, found = slices.BinarySearchFunc(s.Migrations, version, func(m Migration, v string) int { return f.compare(m.Version, v) })
	} else if at = s.index(version); at < len(s.Migrations) {
		found = true
	}
	if !found {
		return nil
	}
	return &s.Migrations[at]
}

// Same reports whether a migration is as another one was: its text, what undoes it, and what else says how it
// is run. Its place does not matter, and its name only to Flyway, which keeps it.
func (m Migration) Same(as Migration) bool {
	return m.Checksum == as.Checksum && m.undoing() == as.undoing() &&
		m.Up.Transaction == as.Up.Transaction && slices.Equal(m.Up.Databases, as.Up.Databases) &&
		(m.Layout != Flyway || m.Name == as.Name)
}

// undoing is the checksum of what undoes the migration, where that is a file of its own.
func (m Migration) undoing() string {
	if m.Down.Path == "" || m.Down.Path == m.Path {
		return ""
	}
	return Checksum(m.Down.SQL)
}
