package source

import (
	"errors"
	"regexp"
	"strings"
)

// dbmateFormat is dbmate's: a file with one or several pairs of blocks. Each block is sent as one text, in
// a transaction unless its options say otherwise.
var dbmateFormat = format{
	layout:  Dbmate,
	mark:    func(d *directory) (string, error) { return d.markedText("migrate:", dbmateAnyMark) },
	reads:   func(_, text string) bool { return dbmateAnyMark.MatchString(text) },
	read:    readDbmate,
	compare: strings.Compare, // versions are text, 10 before 9
	unbox: func(m Migration, _ []string) (Unboxed, error) {
		for l := range lines(m.SQL) {
			if mark := dbmateMark.FindStringSubmatch(m.SQL[l.start:l.end]); mark != nil && mark[1] == string(upward) {
				if mark[2] != "" {
					return Unboxed{}, errors.New("its -- migrate:up has options already")
				}
				return Unboxed{Edits: []Edit{{l.end, l.end, " transaction:false"}}}, nil
			}
		}
		return Unboxed{}, errors.New("it has no -- migrate:up")
	},
	draft: func(d drafting) (Draft, error) {
		version, options := d.stamp(), ""
		if d.transaction == None {
			options = " transaction:false"
		}
		return oneFile(version, version+"_"+d.name+".sql", "-- migrate:up"+options+"\n"+d.up+"-- migrate:down\n"), nil
	},
}

var (
	dbmateAnyMark = regexp.MustCompile(`(?m)^--[ \t]*migrate:(up|down)\b.*$`)
	dbmateMark    = regexp.MustCompile(`^--\s*migrate:(up|down)(?:\s+(.*))?$`)
	dbmateName    = regexp.MustCompile(`^([0-9]+)_?(.*)\.sql$`)
)

func readDbmate(d *directory) ([]Migration, error) {
	var migrations []Migration
	for _, file := range d.files {
		name := dbmateName.FindStringSubmatch(file)
		if name == nil {
			continue
		}
		m, err := d.migration(file, name[1], name[2])
		if err != nil {
			return nil, err
		}
		m.Up, m.Down = dbmateParts(m)
		migrations = append(migrations, m)
	}
	return migrations, nil
}

func dbmateParts(m Migration) (up, down Part) {
	s := newSections(m, One)
	blocks := map[section]int{}
	for l := range lines(m.SQL) {
		text := m.SQL[l.start:l.end]
		mark := dbmateMark.FindStringSubmatch(text)
		if mark == nil {
			s.take(l)
			bare := strings.TrimSpace(text)
			if s.now == above && bare != "" && !strings.HasPrefix(bare, "--") {
				s.up.broken(l.start, "a statement stands above -- migrate:up", "put -- migrate:up above the first statement")
				s.now = upward
			}
			continue
		}
		s.leave(l)
		s.now = section(mark[1])
		blocks[s.now]++
		s.part().dbmateOptions(mark[2])
	}
	switch {
	case blocks[upward] == 0:
		s.up.broken(0, "it has no -- migrate:up", "put -- migrate:up above the first statement")
	case blocks[upward] > 1:
		s.up.unrun(0, "it has several -- migrate:up", "make each pair of blocks a migration of its own")
	case blocks[downward] == 0:
		s.up.broken(0, "it has no -- migrate:down", "put -- migrate:down at the end")
	}
	s.now = downward
	up, down = s.parts()
	if blocks[downward] == 0 {
		down = Part{}
	}
	return up, down
}

// dbmateOptions reads KEY:VALUE pairs. Without a transaction the block is still one text.
func (p *Part) dbmateOptions(options string) {
	for _, option := range strings.Fields(options) {
		if key, value, ok := strings.Cut(option, ":"); ok && key == "transaction" && value == "false" {
			p.Transaction = Implicit
		}
	}
}
