package source

import "strings"

// Stdin is the path of a text that is no file of a directory.
const Stdin = "<stdin>"

// WithText is the set with a text behind all of it, as a migration that its author has still to name. Segue
// runs it as any other of its own; elsewhere nobody knows who runs it, and it is a script.
func (s *Set) WithText(text string) (*Set, error) {
	text = strings.TrimPrefix(text, byteOrderMark)
	if at, is := invalidUTF8(text); is {
		return nil, &EncodingError{Path: Stdin, Line: lineOf(text, at), Byte: text[at]}
	}
	m := Migration{Layout: Plain, Version: "stdin", Path: Stdin, SQL: text, Checksum: Checksum(text)}
	m.Up = psqlPart(whole(m, Scripted))
	if s.Layout == Segue {
		m.Layout = Segue
		m.Up = whole(m, Planned)
	}
	return &Set{Layout: s.Layout, Migrations: append(s.Migrations[:len(s.Migrations):len(s.Migrations)], m)}, nil
}
