package source

import (
	"fmt"
	"strings"
)

// outside is how each runner has a statement run outside of a transaction.
var outside = map[Layout]string{
	Goose:         "put -- +goose NO TRANSACTION at the top of the file",
	GolangMigrate: "give it a file of its own, without BEGIN and COMMIT: of a single statement no transaction is made",
	Dbmate:        "give it a file of its own, and write -- migrate:up transaction:false",
	Flyway:        "give it a file of its own; Flyway leaves the transaction out where it knows the statement, else say executeInTransaction=false in FILE.sql.conf",
	Atlas:         "put -- atlas:txmode none at the top of the file, and a blank line below",
	Prisma:        "give it a migration of its own: of a single statement no transaction is made",
	Drizzle:       "run it by hand: Drizzle runs all migrations in one transaction",
	Sqitch:        "put it behind COMMIT",
	Tern:          "put ---- tern: disable-tx ---- at the top of the file",
	Liquibase:     "give it a changeset of its own with runInTransaction:false",
	Rails:         "say disable_ddl_transaction! in the migration",
	Django:        "say atomic = False in the migration",
	Diesel:        "give it a migration of its own, and say run_in_transaction = false in its metadata.toml",
}

// Outside says how the layout's runner has a statement run outside of a transaction, as an instruction;
// empty where no transaction is made, or segue sees to it.
func (l Layout) Outside() string { return outside[l] }

// alone is in which transactions each layout runs a migration that asks for none: statement by statement, or all of it as
// one text, of which only a single statement is in none.
var alone = map[Layout]Transaction{
	Segue: Planned, Goose: None, GolangMigrate: Implicit, Dbmate: Implicit, Flyway: None, Atlas: None, Prisma: Implicit,
	Sqitch: Scripted, Tern: None, Liquibase: None, Django: Scripted, Diesel: Implicit, Plain: Scripted,
}

// Alone says in which transactions the layout runs a migration that asks for none. The error says what to do where it has
// no word for that in SQL.
func (l Layout) Alone() (Transaction, error) {
	if t, ok := alone[l]; ok {
		return t, nil
	}
	return "", fmt.Errorf("%s makes a transaction of every SQL migration: %s", l, l.Outside())
}

// Unboxed is what has a migration's up part run outside of transactions.
type Unboxed struct {
	Edits []Edit      // of the migration's own file, in order
	Files []DraftFile // beside it; where such a file is there this goes to its end
}

// Edit puts text in the place of text[Start:End] of a file, a byte order mark left out.
type Edit struct {
	Start, End int
	Text       string
}

// Unbox says how the up part of a migration comes to run outside of transactions; statements are those that it is to have.
func (m Migration) Unbox(statements []string) (Unboxed, error) {
	f, err := formatOf(m.Layout)
	if err != nil {
		return Unboxed{}, err
	}
	if f.unbox == nil {
		if _, err := m.Layout.Alone(); err != nil {
			return Unboxed{}, err
		}
		return Unboxed{}, fmt.Errorf("%s has no word in a migration for that: %s", m.Layout, m.Layout.Outside())
	}
	return f.unbox(m, statements)
}

// Company says whether a runner sends a statement together with what stands beside it.
type Company string

// The companies.
const (
	// Apart is a statement that is sent by itself, as several in its place would be.
	Apart Company = "apart"
	// Whole is one that is sent by itself, and so would all be that is put in its place.
	Whole Company = "whole"
	// Joined is sent together with others.
	Joined Company = "joined"
)

// Company says what is sent together with the statement at bytes start to end of the up part. It does not count that a
// part may be sent as one text: Transaction says that.
func (m Migration) Company(start, end int) Company {
	if m.Layout == Goose {
		return gooseCompany(m.SQL, start, end)
	}
	return Apart
}

// Enclosure are the lines of a runner's marks around the statement at bytes start to end that are for it alone, and all
// that is between them.
func (m Migration) Enclosure(start, end int) (from, to int, ok bool) {
	if m.Layout != Goose || m.Company(start, end) != Whole {
		return 0, 0, false
	}
	began, ended, ok := gooseBlock(m.SQL, start, end)
	return began.start, ended.end, ok
}

// lineStart and lineEnd are the ends of the line that an offset is on, without its break.
func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

func lineEnd(text string, at int) int {
	end := len(text)
	if feed := strings.IndexByte(text[at:], '\n'); feed >= 0 {
		end = at + feed
	}
	if end > at && text[end-1] == '\r' {
		end--
	}
	return end
}
