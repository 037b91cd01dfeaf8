package source

import (
	"path"
	"regexp"
	"strings"
)

// segueFormat is segue's own layout: VERSION_NAME.sql, side by side in one directory. Files that
// are not SQL, hidden files and folders are not migrations. The down part stands in the same text,
// behind segue:down, which is for the dialect to find.
var segueFormat = format{
	layout:  Segue,
	read:    readSegue,
	compare: Compare,
	draft: func(d drafting) (Draft, error) {
		version := d.next("0001")
		return oneFile(version, version+"_"+d.name+".sql", d.up), nil
	},
}

var segueName = regexp.MustCompile(`^([0-9]+)(?:_(.*))?$`)

func readSegue(d *directory) ([]Migration, error) {
	files := d.sql()
	migrations := make([]Migration, 0, len(files))
	for _, file := range files {
		parts := segueName.FindStringSubmatch(strings.TrimSuffix(file, path.Ext(file)))
		if parts == nil {
			return nil, &NameError{Path: file}
		}
		m, err := d.migration(file, parts[1], parts[2])
		if err != nil {
			return nil, err
		}
		m.Up = whole(m, Planned)
		migrations = append(migrations, m)
	}
	return migrations, nil
}
