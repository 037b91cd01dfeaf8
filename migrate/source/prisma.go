package source

import (
	"path"
	"slices"
)

// prismaFormat is Prisma's: FOLDER/migration.sql in the order of the folders' names, each sent as one text.
var prismaFormat = format{
	layout: Prisma,
	mark: func(d *directory) (string, error) {
		if d.has("migration_lock.toml") {
			return "migration_lock.toml", nil
		}
		return d.folderWith("migration.sql", "snapshot.json"), nil
	},
	reads:   noneBeside,
	read:    func(d *directory) ([]Migration, error) { return d.foldersWith("migration.sql", Implicit) },
	compare: compareNames,
	draft: func(d drafting) (Draft, error) {
		version := d.stamp() + "_" + d.name
		return oneFile(version, version+"/migration.sql", d.up), nil
	},
}

// foldersWith are the migrations of a layout with a folder for each: a file in it, and down.sql where
// that is there. The folder's name is the version, since nothing else about it need be unique.
func (d *directory) foldersWith(file string, t Transaction) ([]Migration, error) {
	var migrations []Migration
	for _, folder := range slices.Sorted(slices.Values(d.folders)) {
		up := path.Join(folder, file)
		if !d.has(up) {
			continue
		}
		m, err := d.migration(up, folder, nameBehind(folder))
		if err != nil {
			return nil, err
		}
		m.Up = whole(m, t)
		if m.Down, err = d.partOf(path.Join(folder, "down.sql"), t); err != nil {
			return nil, err
		}
		migrations = append(migrations, m)
	}
	return migrations, nil
}

// partOf is a part that is a file of its own; empty where it is not there.
func (d *directory) partOf(file string, t Transaction) (Part, error) {
	if !d.has(file) {
		return Part{}, nil
	}
	m, err := d.migration(file, "", "")
	return whole(m, t), err
}
