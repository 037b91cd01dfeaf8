package source

import (
	"errors"
	"path"
	"regexp"
	"strings"
)

// atlasFormat is Atlas's: *.sql in the order of their names, guarded by atlas.sum. Each file is a
// transaction unless a directive says otherwise.
var atlasFormat = format{
	layout: Atlas,
	mark: func(d *directory) (string, error) {
		if d.has(atlasSum) {
			return atlasSum, nil
		}
		return d.markedText("atlas:", atlasDirective)
	},
	read:    readAtlas,
	compare: compareNames,
	unbox: func(m Migration, _ []string) (Unboxed, error) {
		directives := atlasDirectives(m.SQL)
		if _, archive := directives["txtar"]; archive || directives["txmode"] != "" {
			return Unboxed{}, errors.New("it has atlas:txtar or atlas:txmode already")
		}
		at := 0
		if first := m.SQL[:lineEnd(m.SQL, 0)]; strings.Contains(first, "atlas:delimiter") { // which stands in the first line
			return Unboxed{Edits: []Edit{{len(first), len(first), "\n" + strings.TrimRight(atlasNone, "\n")}}}, nil
		}
		return Unboxed{Edits: []Edit{{at, at, atlasNone}}}, nil
	},
	draft: func(d drafting) (Draft, error) {
		version, head := d.stamp(), ""
		if newest := d.set.Newest(); newest != "" && len(newest) < len(timestamp) {
			version = d.next("")
		}
		if d.transaction == None {
			head = atlasNone
		}
		draft := oneFile(version, version+"_"+d.name+".sql", head+d.up)
		draft.Note = "when it is written, run atlas migrate hash, so that atlas.sum knows it"
		return draft, nil
	},
}

// atlasNone is the directive that has a file run outside of transactions, with the blank line that makes it the file's.
const atlasNone = "-- atlas:txmode none\n\n"

var (
	atlasDirective = regexp.MustCompile(`(?m)^--[ \t]*atlas:(delimiter|checkpoint|txmode|nolint|sum|import|txtar)\b[ \t]*(.*)$`)
	txtarMember    = regexp.MustCompile(`^-- (\S.*\S|\S) --$`)
)

// compareNames orders versions as the names of files that start with them: bytewise, 10_b before 1_a.
func compareNames(a, b string) int { return strings.Compare(a+"_", b+"_") }

func readAtlas(d *directory) ([]Migration, error) {
	changed, err := d.atlasChanged()
	if err != nil {
		return nil, err
	}
	var migrations []Migration
	for _, file := range d.sql() {
		version, name, _ := strings.Cut(strings.TrimSuffix(file, path.Ext(file)), "_")
		m, err := d.migration(file, version, name)
		if err != nil {
			return nil, err
		}
		directives := atlasDirectives(m.SQL)
		if _, checkpoint := directives["checkpoint"]; checkpoint && len(migrations) > 0 {
			continue // what the files before it make
		}
		m.Up, m.Down = atlasParts(m, directives)
		if changed[file] {
			m.Up.broken(0, "atlas.sum knows it with another content, or not at all", "run atlas migrate hash when it is right")
		}
		migrations = append(migrations, m)
	}
	return migrations, nil
}

// atlasDirectives are those of the comments at the head of a file, by their words.
func atlasDirectives(text string) map[string]string {
	directives := map[string]string{}
	for l := range lines(text) {
		s := text[l.start:l.end]
		if bare := strings.TrimSpace(s); bare != "" && !strings.HasPrefix(bare, "--") && !strings.HasPrefix(bare, "#") {
			break
		}
		if found := atlasDirective.FindStringSubmatch(s); found != nil {
			directives[found[1]] = strings.TrimSpace(found[2])
		}
	}
	return directives
}

func atlasParts(m Migration, directives map[string]string) (up, down Part) {
	up = whole(m, One)
	if directives["txmode"] == "none" {
		up.Transaction = None
	}
	if _, archive := directives["txtar"]; archive {
		up, down = txtarParts(m, up.Transaction)
	}
	if of, imports := directives["import"]; imports {
		up.unread(0, "it imports "+of, "put the text itself here, or run the file with Atlas")
	}
	if delimiter := directives["delimiter"]; delimiter != "" {
		up.Text = splitBy(up.Text, unescaped(delimiter))
	}
	return up, down
}

// unescaped reads \n, \r and \t as line ends and tabs.
func unescaped(s string) string {
	return strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(s)
}

// splitBy puts a semicolon in the place of each delimiter that stands outside of quotes. One that is, or
// is in, a comment counts too where it is a line of its own.
func splitBy(text, delimiter string) string {
	s := newSheet(text)
	comment := strings.HasPrefix(delimiter, "--") || strings.HasPrefix(delimiter, "#") || strings.Trim(delimiter, "\r\n") == ""
	if comment {
		for at := 0; ; {
			i := strings.Index(text[at:], delimiter)
			if i < 0 {
				return s.String()
			}
			s.mark(at, at+i, at+i+len(delimiter))
			at += i + len(delimiter)
		}
	}
	for c := range code(text) {
		for at := c.start; ; {
			i := strings.Index(text[at:c.end], delimiter)
			if i < 0 {
				break
			}
			s.mark(at, at+i, at+i+len(delimiter))
			at += i + len(delimiter)
		}
	}
	return s.String()
}

// txtarParts reads a file that is an archive of several.
func txtarParts(m Migration, t Transaction) (up, down Part) {
	s := newSections(m, t)
	member := ""
	for l := range lines(m.SQL) {
		text := m.SQL[l.start:l.end]
		if found := txtarMember.FindStringSubmatch(text); found != nil && strings.HasSuffix(found[1], ".sql") {
			member = found[1]
			s.leave(l)
			if strings.HasPrefix(member, "checks") {
				s.up.unrun(l.start, "its "+member+" is checked by Atlas before it runs", "make the check in the migration itself")
			}
			continue
		}
		switch member {
		case "", "migration.sql":
			s.now = upward
			s.take(l)
		case "down.sql":
			s.now = downward
			s.take(l)
		default:
			s.leave(l)
		}
	}
	return s.parts()
}
