package lint

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// overlay is a directory with the texts of some files put over it.
type overlay struct {
	fs.FS
	texts map[string]string
}

// ReadFile is fs.ReadFileFS.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if text, ok := o.texts[name]; ok {
		return []byte(text), nil
	}
	return fs.ReadFile(o.FS, name)
}

// Open is fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if text, ok := o.texts[name]; ok {
		return &overFile{bytes.NewReader([]byte(text)), overInfo{name, len(text), 0}}, nil
	}
	return o.FS.Open(name)
}

// Stat is fs.StatFS.
func (o overlay) Stat(name string) (fs.FileInfo, error) {
	if text, ok := o.texts[name]; ok {
		return overInfo{name, len(text), 0}, nil
	}
	for file := range o.texts {
		if strings.HasPrefix(file, name+"/") {
			return overInfo{name, 0, fs.ModeDir}, nil
		}
	}
	return fs.Stat(o.FS, name)
}

// ReadDir is fs.ReadDirFS.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	added := false
	for file, text := range o.texts {
		within := strings.TrimPrefix(file, name+"/")
		if name == "." {
			within = file
		} else if within == file {
			continue
		}
		first, rest, folder := strings.Cut(within, "/")
		if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == first }) {
			continue
		}
		info := overInfo{first, len(text), 0}
		if folder && rest != "" {
			info = overInfo{first, 0, fs.ModeDir}
		}
		entries, added = append(entries, fs.FileInfoToDirEntry(info)), true
	}
	if err != nil && !added {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// overFile is a file that is put over.
type overFile struct {
	*bytes.Reader
	info overInfo
}

func (f *overFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *overFile) Close() error               { return nil }

// overInfo describes it.
type overInfo struct {
	name string
	size int
	mode fs.FileMode
}

func (i overInfo) Name() string       { return path.Base(i.name) }
func (i overInfo) Size() int64        { return int64(i.size) }
func (i overInfo) Mode() fs.FileMode  { return i.mode | 0o444 }
func (i overInfo) ModTime() time.Time { return time.Time{} }
func (i overInfo) IsDir() bool        { return i.mode.IsDir() }
func (i overInfo) Sys() any           { return nil }
