package source

import (
	"path"
	"regexp"
	"strings"
)

// dieselFormat is Diesel's: FOLDER/up.sql and FOLDER/down.sql. Each is sent as one text, in a transaction
// unless the folder's metadata.toml says otherwise.
var dieselFormat = format{
	layout:  Diesel,
	mark:    func(d *directory) (string, error) { return d.folderWith("up.sql", ""), nil },
	reads:   noneBeside,
	read:    readDiesel,
	compare: strings.Compare,
	draft: func(d drafting) (Draft, error) {
		folder := d.now.UTC().Format("2006-01-02-150405") + "_" + d.name
		return upAndDown(folder+"/up.sql", folder+"/down.sql"), nil
	},
}

var dieselAlone = regexp.MustCompile(`(?m)^\s*run_in_transaction\s*=\s*false\b`)

func readDiesel(d *directory) ([]Migration, error) {
	migrations, err := d.foldersWith("up.sql", One)
	if err != nil {
		return nil, err
	}
	for i := range migrations {
		m := &migrations[i]
		version, _, _ := strings.Cut(m.Version, "_")
		m.Version = strings.ReplaceAll(version, "-", "")
		metadata, err := d.optional(path.Join(path.Dir(m.Path), "metadata.toml"))
		if err != nil {
			return nil, err
		}
		if dieselAlone.MatchString(metadata) {
			m.Up.Transaction, m.Down.Transaction = Implicit, Implicit
		}
	}
	return migrations, nil
}
