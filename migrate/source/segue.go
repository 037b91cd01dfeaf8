package source

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// segueFormat is segue's own layout: VERSION_NAME.sql, side by side in one directory. Files that
// are not SQL, hidden files and folders are not migrations.
var segueFormat = format{
	layout: Segue,
	detect: func(fs.FS) bool { return true },
	read:   readSegue,
	next:   nextSegue,
}

var segueName = regexp.MustCompile(`^([0-9]+)(?:_(.*))?$`)

func readSegue(fsys fs.FS) ([]Migration, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, &FileError{Path: ".", Err: err}
	}
	var migrations []Migration
	for _, entry := range entries {
		file := entry.Name()
		extension := path.Ext(file)
		if entry.IsDir() || strings.HasPrefix(file, ".") || !strings.EqualFold(extension, ".sql") {
			continue
		}
		parts := segueName.FindStringSubmatch(strings.TrimSuffix(file, extension))
		if parts == nil {
			return nil, &NameError{Path: file}
		}
		m, err := readText(fsys, file, parts[1], parts[2])
		if err != nil {
			return nil, err
		}
		if err := refuseForeign(m); err != nil {
			return nil, err
		}
		migrations = append(migrations, m)
	}
	return migrations, nil
}

// nextSegue counts on from the newest version in its own width. Versions of 14 digits are times.
func nextSegue(newest *Migration, name string, now time.Time) string {
	version := "0001"
	if newest != nil {
		width := len(newest.Version)
		n, err := strconv.ParseUint(newest.Version, 10, 64)
		if err != nil || width == len("20060102150405") {
			version = now.UTC().Format("20060102150405")
		} else {
			version = fmt.Sprintf("%0*d", width, n+1)
		}
	}
	return version + "_" + name + ".sql"
}
