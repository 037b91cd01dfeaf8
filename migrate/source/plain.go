package source

import (
	"path"
	"strings"
)

// plainFormat is SQL files that have no versions: scripts that people or other tools run. They are read
// in the order of their names, which is a guess; so segue lints them and does not run them.
var plainFormat = format{
	layout:  Plain,
	read:    readPlain,
	compare: Compare,
	draft: func(d drafting) (Draft, error) {
		return oneFile(d.name, d.name+".sql", d.up), nil
	},
}

func readPlain(d *directory) ([]Migration, error) {
	var migrations []Migration
	for _, file := range d.sql() {
		name := strings.TrimSuffix(file, path.Ext(file))
		m, err := d.migration(file, name, name)
		if err != nil {
			return nil, err
		}
		m.Up = psqlPart(whole(m, Scripted))
		m.Up.unrun(0, "its name has no version, so that its place in the order is unknown",
			"name it like 0007_what_it_does.sql, and say layout: segue in segue.yaml")
		migrations = append(migrations, m)
	}
	return migrations, nil
}
