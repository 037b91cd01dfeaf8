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

// Claim is a layout and the mark in a directory that speaks for it, such as atlas.sum.
type Claim struct {
	Layout Layout
	Mark   string
}

// AmbiguousError is a directory that two layouts claim.
type AmbiguousError struct{ Claims [2]Claim }

func (e *AmbiguousError) Error() string {
	a, b := e.Claims[0], e.Claims[1]
	return fmt.Sprintf("recognising the layout of the migrations directory: it may be that of %s (%s) or that of %s (%s); "+
		"say which in segue.yaml, as in layout: %s", a.Layout, a.Mark, b.Layout, b.Mark, b.Layout)
}

// ForeignError is a directory that is called segue's own and is another runner's. Read as segue's it
// could run what that runner would not, such as a down part.
type ForeignError struct{ Claim Claim }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("reading migrations: %s says that the directory is that of %s; say layout: %s in segue.yaml, "+
		"or take the mark out to make plain SQL files of segue's own", e.Claim.Mark, e.Claim.Layout, e.Claim.Layout)
}

// ListError is something wrong in the file that lists a directory's migrations.
type ListError struct {
	Path    string
	Line    int // 0 where it is the whole file
	Problem string
	Hint    string
}

func (e *ListError) Error() string {
	place := e.Path
	if e.Line > 0 {
		place = fmt.Sprintf("%s:%d", e.Path, e.Line)
	}
	return fmt.Sprintf("reading %s: %s; %s", place, e.Problem, e.Hint)
}
