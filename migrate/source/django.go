package source

import (
	"path"
	"regexp"
	"strings"
)

// djangoFormat is what manage.py sqlmigrate prints, kept as NNNN_NAME.sql, and Django's own migrations in
// Python, which are refused. The text has its own BEGIN and COMMIT.
var djangoFormat = format{
	layout: Django,
	mark: func(d *directory) (string, error) {
		if d.has("__init__.py") {
			if python := d.markedName(djangoPython); python != "" {
				return python, nil
			}
		}
		return d.markedText("\n-- ", djangoBox)
	},
	read:    readDjango,
	compare: Compare,
	draft: func(d drafting) (Draft, error) {
		version, text := d.next("0001"), "--\n-- Raw SQL operation\n--\n"+d.up
		if d.transaction != None {
			text = "BEGIN;\n" + text + "COMMIT;\n"
		}
		return oneFile(version, version+"_"+d.name+".sql", text), nil
	},
}

var (
	djangoPython = regexp.MustCompile(`^([0-9]{4})_(.*)\.py$`)
	// djangoBox is the comment above an operation, in the words of its describe().
	djangoBox = regexp.MustCompile(`(?m)^--\r?\n-- ((Create|Delete|Rename) model|(Add|Remove|Alter|Rename) field|` +
		`(Create|Remove|Rename) (index|constraint)|Concurrently (create|remove) index|Change Meta options|Change managers|` +
		`Rename table for|Alter (unique_together|index_together|order_with_respect_to)|Raw (SQL|Python) operation|` +
		`Custom state/database change|Creates extension)\b.*\r?\n--\r?$`)
	djangoUnwritten = regexp.MustCompile(`(?m)^-- (THIS OPERATION CANNOT BE WRITTEN AS SQL|Raw Python operation)\b`)
)

func readDjango(d *directory) ([]Migration, error) {
	var migrations []Migration
	for _, file := range d.files {
		version, name := versionBefore(strings.TrimSuffix(file, path.Ext(file)))
		var m Migration
		var err error
		switch {
		case djangoPython.MatchString(file):
			m, err = d.inCode(file, version, name, "Python", Django)
		case isSQL(file):
			if m, err = d.migration(file, version, name); err == nil {
				m.Up = whole(m, Scripted)
				for _, found := range djangoUnwritten.FindAllStringIndex(m.SQL, -1) {
					m.Up.unread(found[0], "one of its operations is in Python", "run it with manage.py migrate")
				}
			}
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		migrations = append(migrations, m)
	}
	return migrations, nil
}

// versionBefore takes a file's name apart: digits and an underscore, then the name. Without them
// all of it is the version.
func versionBefore(stem string) (version, name string) {
	if parts := segueName.FindStringSubmatch(stem); parts != nil {
		return parts[1], parts[2]
	}
	return stem, stem
}

// nameBehind is what follows the first underscore.
func nameBehind(s string) string {
	_, name, _ := strings.Cut(s, "_")
	return name
}
