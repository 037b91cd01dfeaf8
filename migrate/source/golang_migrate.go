package source

import (
	"fmt"
	"regexp"
	"strconv"
)

// golangMigrateFormat is golang-migrate's: VERSION_NAME.up.sql and VERSION_NAME.down.sql, each of which is
// sent as one text.
var golangMigrateFormat = format{
	layout: GolangMigrate,
	mark: func(d *directory) (string, error) {
		return d.markedName(golangMigrateName), nil
	},
	reads:   func(file, _ string) bool { return golangMigrateName.MatchString(file) },
	read:    readGolangMigrate,
	compare: Compare,
	draft: func(d drafting) (Draft, error) {
		version := d.next(d.stamp())
		stem := version + "_" + d.name
		draft := oneFile(version, stem+".up.sql", d.up)
		if d.up == draftHint { // a file with nothing to run is an error on MySQL, one that is not there is none
			draft.Files = append(draft.Files, DraftFile{stem + ".down.sql", d.down})
		}
		return draft, nil
	},
}

var golangMigrateName = regexp.MustCompile(`^([0-9]+)_(.*)\.(down|up)\.(sql|pgsql|mysql)$`)

func readGolangMigrate(d *directory) ([]Migration, error) {
	pairs := pairing{directory: d}
	for _, file := range d.files {
		name := golangMigrateName.FindStringSubmatch(file)
		if name == nil {
			continue
		}
		if _, err := strconv.ParseUint(name[1], 10, 64); err != nil {
			continue
		}
		if err := pairs.add(file, name[1], name[2], section(name[3]), Implicit); err != nil {
			return nil, err
		}
	}
	return pairs.migrations()
}

// pairing brings the files of a migration's two parts together.
type pairing struct {
	*directory
	ups   []Migration
	downs []Migration
}

func (p *pairing) add(file, version, name string, s section, t Transaction) error {
	m, err := p.migration(file, version, name)
	if err != nil {
		return err
	}
	m.Up = whole(m, t)
	if s == downward {
		p.downs = append(p.downs, m)
	} else {
		p.ups = append(p.ups, m)
	}
	return nil
}

// migrations are those with an up part; a down part by itself is refused.
func (p *pairing) migrations() ([]Migration, error) {
	at := map[string]int{}
	for i, m := range p.ups {
		at[versionKey(m.Version)] = i
	}
	for _, down := range p.downs {
		i, ok := at[versionKey(down.Version)]
		if !ok {
			m := down
			m.Down, m.Up = down.Up, blank(m, Implicit)
			m.Up.unrun(0, "it has no up part", fmt.Sprintf("write the up part, or remove %s", down.Path))
			at[versionKey(down.Version)] = len(p.ups)
			p.ups = append(p.ups, m)
			continue
		}
		if other := p.ups[i].Down; other.Path != "" {
			return nil, &DuplicateError{Version: down.Version, Paths: [2]string{other.Path, down.Path}}
		}
		p.ups[i].Down = down.Up
	}
	return p.ups, nil
}
