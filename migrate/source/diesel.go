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
	unbox: func(m Migration, _ []string) (Unboxed, error) {
		return Unboxed{Files: []DraftFile{dieselMetadata(path.Dir(m.Path))}}, nil
	},
	draft: func(d drafting) (Draft, error) {
		version := d.time().Format("2006-01-02-150405")
		folder := version + "_" + d.name
		draft := Draft{Version: strings.ReplaceAll(version, "-", ""), Files: []DraftFile{{folder + "/up.sql", d.up}, {folder + "/down.sql", d.down}}}
		if d.transaction == None {
			draft.Files = append(draft.Files, dieselMetadata(folder))
		}
		return draft, nil
	},
}

// dieselMetadata is the file that has Diesel run a migration outside of transactions.
func dieselMetadata(folder string) DraftFile {
	return DraftFile{path.Join(folder, "metadata.toml"), "run_in_transaction = false\n"}
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
