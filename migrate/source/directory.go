package source

import (
	"errors"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// directory is a migrations directory and what has been read of it.
type directory struct {
	fsys    fs.FS
	files   []string // side by side in it, in the order of their names; hidden ones are left out
	folders []string
	texts   map[string]string
}

func openDirectory(fsys fs.FS) (*directory, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, &FileError{Path: ".", Err: err}
	}
	d := &directory{fsys: fsys, texts: map[string]string{}}
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			d.folders = append(d.folders, e.Name())
		default:
			d.files = append(d.files, e.Name())
		}
	}
	d.readAhead()
	return d, nil
}

// readAhead reads the SQL files side by side in the directory, several at once: all layouts ask for them. What
// cannot be read is for whoever asks for it to report.
func (d *directory) readAhead() {
	files := d.sql()
	texts := make([]string, len(files))
	var next atomic.Int64
	var readers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
				if text, err := readText(d.fsys, files[i]); err == nil {
					texts[i] = text
				}
			}
		})
	}
	readers.Wait()
	for i, text := range texts {
		if text != "" {
			d.texts[files[i]] = text
		}
	}
}

// sql are the SQL files side by side in the directory.
func (d *directory) sql() []string {
	return slices.DeleteFunc(slices.Clone(d.files), func(file string) bool { return !isSQL(file) })
}

func isSQL(file string) bool { return strings.EqualFold(path.Ext(file), ".sql") }

// all are the SQL files in the directory and in the folders in it, to any depth, in the order of
// their paths.
func (d *directory) all() ([]string, error) {
	var files []string
	err := fs.WalkDir(d.fsys, ".", func(file string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return &FileError{Path: file, Err: err}
		case file != "." && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
		case !e.IsDir() && isSQL(file):
			files = append(files, file)
		}
		return nil
	})
	slices.Sort(files)
	return files, err
}

// near are the SQL files side by side in the directory; where there are none, those in its folders.
func (d *directory) near() ([]string, error) {
	if files := d.sql(); len(files) > 0 || len(d.folders) == 0 {
		return files, nil
	}
	return d.all()
}

// has reports whether a file is there, in the directory or in a folder of it.
func (d *directory) has(file string) bool {
	if path.Dir(file) == "." {
		return slices.Contains(d.files, file)
	}
	info, err := fs.Stat(d.fsys, file)
	return err == nil && !info.IsDir()
}

// text is a file's text, without a byte order mark.
func (d *directory) text(file string) (string, error) {
	if text, read := d.texts[file]; read {
		return text, nil
	}
	text, err := readText(d.fsys, file)
	if err != nil {
		return "", err
	}
	d.texts[file] = text
	return text, nil
}

func readText(fsys fs.FS, file string) (string, error) {
	raw, err := fs.ReadFile(fsys, file)
	if err != nil {
		return "", &FileError{Path: file, Err: err}
	}
	text := strings.TrimPrefix(string(raw), byteOrderMark)
	if at, ok := invalidUTF8(text); ok {
		return "", &EncodingError{Path: file, Line: lineOf(text, at), Byte: text[at]}
	}
	return text, nil
}

// optional is a file's text, empty where it is not there.
func (d *directory) optional(file string) (string, error) {
	text, err := d.text(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return text, err
}

// migration makes a migration of a file. Its parts are for the format to tell.
func (d *directory) migration(file, version, name string) (Migration, error) {
	text, err := d.text(file)
	return Migration{Version: version, Name: name, Path: file, SQL: text, Checksum: Checksum(text)}, err
}

func invalidUTF8(text string) (at int, found bool) {
	if utf8.ValidString(text) {
		return 0, false
	}
	for i, r := range text {
		if _, size := utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && size == 1 {
			return i, true
		}
	}
	return 0, false
}

// raw is a file's bytes as they are.
func (d *directory) raw(file string) (string, error) {
	raw, err := fs.ReadFile(d.fsys, file)
	if err != nil {
		return "", &FileError{Path: file, Err: err}
	}
	return string(raw), nil
}

// openFolder lists the files of a folder.
func openFolder(fsys fs.FS, folder string) ([]string, error) {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return nil, &FileError{Path: folder, Err: err}
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, e.Name())
		}
	}
	return files, nil
}
