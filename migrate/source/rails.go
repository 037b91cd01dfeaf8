package source

import (
	"path"
	"regexp"
)

// railsFormat is that of Rails: migrations in Ruby, which are refused, SQL files among them, and
// structure.sql, the schema that they end in. Either db or db/migrate is the directory.
var railsFormat = format{
	layout: Rails,
	mark: func(d *directory) (string, error) {
		if d.has(railsStructure) {
			return railsStructure, nil
		}
		return d.markedName(railsRuby), nil
	},
	read:    readRails,
	compare: compareRails,
	draft: func(d drafting) (Draft, error) {
		folder := ""
		for _, m := range d.set.Migrations {
			if m.Path == railsStructure || path.Dir(m.Path) == "migrate" {
				folder = "migrate/"
			}
		}
		version := d.stamp()
		return oneFile(version, folder+version+"_"+d.name+".sql", d.up), nil
	},
}

const railsStructure = "structure.sql"

var (
	railsRuby      = regexp.MustCompile(`^([0-9]+)_([_a-z0-9]*)\.rb$`)
	railsName      = regexp.MustCompile(`^([0-9]+)_(.*)\.(rb|sql)$`)
	railsContained = regexp.MustCompile(`(?s)INSERT INTO [^;(]*schema_migrations[^;(]*\(version\)\s*VALUES(.*?);`)
	railsVersion   = regexp.MustCompile(`'([0-9]+)'`)
)

// compareRails puts structure.sql before all that it does not contain.
func compareRails(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == railsStructure:
		return -1
	case b == railsStructure:
		return 1
	}
	return Compare(a, b)
}

func readRails(d *directory) ([]Migration, error) {
	var migrations []Migration
	contained := map[string]bool{}
	if d.has(railsStructure) {
		m, err := d.migration(railsStructure, railsStructure, "structure")
		if err != nil {
			return nil, err
		}
		m.Up, m.Repeats = psqlPart(whole(m, Scripted)), true
		m.Up.unrun(0, "it is a dump of the whole schema, for an empty database", "load it with bin/rails db:schema:load, then segue adopt")
		migrations = append(migrations, m)
		for _, list := range railsContained.FindAllString(m.SQL, -1) {
			for _, version := range railsVersion.FindAllStringSubmatch(list, -1) {
				contained[versionKey(version[1])] = true
			}
		}
	}
	files, err := d.railsFiles()
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		name := railsName.FindStringSubmatch(path.Base(file))
		if name == nil || contained[versionKey(name[1])] {
			continue
		}
		m, err := d.railsMigration(file, name)
		if err != nil {
			return nil, err
		}
		migrations = append(migrations, m)
	}
	return migrations, nil
}

func (d *directory) railsMigration(file string, name []string) (Migration, error) {
	if name[3] == "rb" {
		return d.inCode(file, name[1], name[2], "Ruby", Rails)
	}
	m, err := d.migration(file, name[1], name[2])
	m.Up = whole(m, One)
	return m, err
}

// railsFiles are those of the directory and of migrate in it.
func (d *directory) railsFiles() ([]string, error) {
	files := append([]string(nil), d.files...)
	for _, folder := range d.folders {
		if folder != "migrate" {
			continue
		}
		inner, err := openFolder(d.fsys, folder)
		if err != nil {
			return nil, err
		}
		for _, file := range inner {
			files = append(files, path.Join(folder, file))
		}
	}
	return files, nil
}
