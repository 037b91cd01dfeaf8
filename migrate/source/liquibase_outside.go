package source

import (
	"errors"
	"fmt"
	"strings"
)

// unboxChangeset gives a changeset the attribute that has it run outside of transactions.
func unboxChangeset(m Migration, statements []string) (Unboxed, error) {
	head, attributes, ok := m.changeset()
	if !ok {
		return Unboxed{}, errors.New("its changeset is not found")
	}
	lower := strings.ToLower(attributes)
	switch {
	case strings.Contains(lower, "runintransaction:"):
		return Unboxed{}, errors.New("its changeset has runInTransaction already")
	case strings.Contains(lower, "splitstatements:false") && len(statements) > 1:
		return Unboxed{}, errors.New("its changeset has splitStatements:false: all of it is sent as one text")
	}
	return Unboxed{Edits: []Edit{{head.end, head.end, liquibaseNone}}}, nil
}

// changeset is the line that starts a changeset, and the attributes on it.
func (m Migration) changeset() (head line, attributes string, ok bool) {
	for l := range lines(m.SQL) {
		found := changesetHead.FindStringSubmatch(m.SQL[l.start:l.end])
		if found != nil && strings.TrimSuffix(m.Version, "@"+m.Path) == unquoted(found[1])+":"+unquoted(found[2]) {
			return l, found[3], true
		}
	}
	return line{}, "", false
}

func unquoted(s string) string { return strings.Trim(strings.TrimSpace(s), `"`) }

// Append is an edit that puts a migration behind this one in its file, in a layout whose files hold several; false in all
// others. None asks for one that runs outside of transactions.
func (m Migration) Append(name, sql string, t Transaction) (Edit, bool) {
	if m.Layout != Liquibase {
		return Edit{}, false
	}
	author, _, _ := strings.Cut(m.Version, ":")
	if strings.ContainsAny(author, " \t") {
		author = `"` + author + `"`
	}
	id := name
	for n := 2; strings.Contains(m.SQL, ":"+id+"\n") || strings.Contains(m.SQL, ":"+id+" "); n++ {
		id = fmt.Sprintf("%s_%d", name, n)
	}
	attributes := ""
	if t == None {
		attributes = liquibaseNone
	}
	text := fmt.Sprintf("--changeset %s:%s%s\n%s\n--rollback not required\n", author, id, attributes, sql)
	end := len(m.Up.Text)
	switch before := m.SQL[:end]; {
	case end < len(m.SQL):
		text += "\n"
	case strings.HasSuffix(before, "\n"):
		text = "\n" + text
	default:
		text = "\n\n" + text
	}
	return Edit{end, end, text}, true
}
