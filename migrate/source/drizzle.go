package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// drizzleFormat is Drizzle's: files in the order of meta/_journal.json, or in its newer form folders with a
// snapshot.json. Statements are sent one by one, in one transaction; Drizzle puts all that is pending
// into the same one, segue each migration into its own.
var drizzleFormat = format{
	layout: Drizzle,
	mark: func(d *directory) (string, error) {
		if d.has(drizzleJournal) {
			return drizzleJournal, nil
		}
		if d.folderWith("migration.sql", "") != "" {
			return d.folderWith("snapshot.json", ""), nil
		}
		return "", nil
	},
	read: readDrizzle,
	draft: func(d drafting) (Draft, error) {
		return Draft{}, fmt.Errorf("naming a migration %s: Drizzle keeps a journal and snapshots of its migrations; "+
			"let it make the file: drizzle-kit generate --custom --name=%s", d.name, d.name)
	},
}

const (
	drizzleJournal    = "meta/_journal.json"
	drizzleBreakpoint = "--> statement-breakpoint"
)

func readDrizzle(d *directory) ([]Migration, error) {
	if !d.has(drizzleJournal) {
		migrations, err := d.foldersWith("migration.sql", One)
		for i := range migrations {
			migrations[i].Up.breakpoints()
		}
		return migrations, err
	}
	text, err := d.text(drizzleJournal)
	if err != nil {
		return nil, err
	}
	var journal struct {
		Entries []struct {
			Tag string `json:"tag"`
		} `json:"entries"`
	}
	if err := json.Unmarshal([]byte(text), &journal); err != nil {
		return nil, &ListError{Path: drizzleJournal, Problem: err.Error(), Hint: "mend it, or restore it from version control"}
	}
	var migrations []Migration
	for _, e := range journal.Entries {
		version, name := e.Tag, e.Tag
		if parts := segueName.FindStringSubmatch(e.Tag); parts != nil {
			version, name = parts[1], parts[2]
		}
		m, err := d.migration(e.Tag+".sql", version, name)
		if missing := (*FileError)(nil); errors.As(err, &missing) && !d.has(e.Tag+".sql") {
			return nil, &ListError{Path: drizzleJournal, Problem: fmt.Sprintf("it lists %s.sql, which is not there", e.Tag),
				Hint: "restore the file, or drop the entry with drizzle-kit drop"}
		}
		if err != nil {
			return nil, err
		}
		m.Up = whole(m, One)
		m.Up.breakpoints()
		migrations = append(migrations, m)
	}
	return migrations, nil
}

// breakpoints separates statements where Drizzle does. To MySQL the mark is no comment.
func (p *Part) breakpoints() {
	text := newSheet(p.Text)
	for at := 0; ; {
		i := strings.Index(p.Text[at:], drizzleBreakpoint)
		if i < 0 {
			break
		}
		text.separate(at+i, at+i+len(drizzleBreakpoint))
		at += i + len(drizzleBreakpoint)
	}
	p.Text = text.String()
}
