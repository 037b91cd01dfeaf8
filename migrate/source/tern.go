package source

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ternFormat is tern's: NNN_NAME.sql, counted from 1 without a gap, its down part below a line. Each part
// is a transaction unless it says otherwise. Files are Go templates; folders hold what these share.
var ternFormat = format{
	layout: Tern,
	mark: func(d *directory) (string, error) {
		if d.has("tern.conf") {
			return "tern.conf", nil
		}
		return d.markedText("---- ", ternAnyMark)
	},
	read:    readTern,
	compare: Compare,
	unbox: func(Migration, []string) (Unboxed, error) {
		return Unboxed{Edits: []Edit{{0, 0, ternDisable + "\n"}}}, nil
	},
	draft: func(d drafting) (Draft, error) {
		version, head := d.next("001"), ""
		if d.transaction == None {
			head = ternDisable + "\n"
		}
		return oneFile(version, version+"_"+d.name+".sql", head+d.up+ternSeparator+"\n\n"+strings.TrimRight(d.down, "\n")+"\n"), nil
	},
}

const (
	ternSeparator = "---- create above / drop below ----"
	ternDisable   = "---- tern: disable-tx ----"
)

var (
	ternAnyMark = regexp.MustCompile(`(?m)^---- (create above / drop below|tern: disable-tx) ----$`)
	ternName    = regexp.MustCompile(`^([0-9]+)_(.+)\.sql$`)
)

func readTern(d *directory) ([]Migration, error) {
	var migrations []Migration
	for _, file := range d.files {
		name := ternName.FindStringSubmatch(file)
		if name == nil {
			continue
		}
		m, err := d.migration(file, name[1], name[2])
		if err != nil {
			return nil, err
		}
		m.Up, m.Down = ternParts(m)
		migrations = append(migrations, m)
	}
	slices.SortStableFunc(migrations, func(a, b Migration) int { return Compare(a.Version, b.Version) })
	for i := range migrations {
		if m := &migrations[i]; Compare(m.Version, strconv.Itoa(i+1)) > 0 {
			m.Up.broken(0, fmt.Sprintf("tern counts without a gap, and %d is missing before it", i+1), "give it the next number")
			break
		}
	}
	return migrations, nil
}

func ternParts(m Migration) (up, down Part) {
	s := newSections(m, One)
	s.now = upward
	for l := range lines(m.SQL) {
		switch text := m.SQL[l.start:l.end]; {
		case text == ternDisable:
			s.part().Transaction = None
			s.leave(l)
		case s.now == upward && strings.TrimSpace(text) == ternSeparator:
			s.leave(l)
			s.now = downward
		default:
			s.take(l)
		}
	}
	for _, action := range actionPlaceholder.FindAllStringIndex(m.SQL, -1) {
		part, text := &s.up, s.upText
		if text.text[action[0]] != '{' {
			part, text = &s.down, s.downText
		}
		part.template(text, line{action[0], action[1]}, m.SQL[action[0]:action[1]])
	}
	return s.parts()
}

// template makes a name of a template's value, and blanks what puts in a text or decides what there is.
func (p *Part) template(text *sheet, l line, action string) {
	p.unread(l.start, action+" is a template", "write what it stands for")
	inner := strings.TrimSpace(strings.Trim(action, "{}- \t"))
	if strings.HasPrefix(inner, ".") || strings.HasPrefix(inner, "$") {
		p.makeUp(text, l.start, l.end)
		return
	}
	text.blank(l.start, l.end)
}
