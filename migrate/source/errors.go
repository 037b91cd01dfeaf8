package source

import "fmt"

// FileError is a file or directory that cannot be read.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string {
	if e.Path == "." {
		return fmt.Sprintf("reading the migrations directory: %v", e.Err)
	}
	return fmt.Sprintf("reading migration %s: %v", e.Path, e.Err)
}

func (e *FileError) Unwrap() error { return e.Err }

// EncodingError is a file that is not UTF-8 text. Line counts from 1.
type EncodingError struct {
	Path string
	Line int
	Byte byte
}

func (e *EncodingError) Error() string {
	return fmt.Sprintf("reading migration %s: line %d has the byte 0x%02x, which is not UTF-8; save the file as UTF-8",
		e.Path, e.Line, e.Byte)
}

// NameError is an SQL file whose name has no version, so that its place in the order is unknown.
type NameError struct{ Path string }

func (e *NameError) Error() string {
	return fmt.Sprintf("reading migration %s: the name does not start with digits and an underscore; "+
		"name it like 0007_what_it_does.sql, or move it out of the directory", e.Path)
}

// DuplicateError is one version in two files.
type DuplicateError struct {
	Version string
	Paths   [2]string
}

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("reading migrations: %s and %s both have version %s; give the newer one the next free version",
		e.Paths[0], e.Paths[1], e.Version)
}

// ForeignError is a file that another runner's rules apply to. Read as segue's own it could run
// what that runner would not, such as its down section.
type ForeignError struct {
	Path   string
	Runner string
	Mark   string // what in the file or its name says so
}

func (e *ForeignError) Error() string {
	return fmt.Sprintf("reading migration %s: %q says that it is written for %s, whose files segue does not read; "+
		"take that mark out to make it a plain SQL file of segue's own", e.Path, e.Mark, e.Runner)
}
