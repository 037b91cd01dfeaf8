package source

import (
	"errors"
	"fmt"
	"strings"
)

// unboxChangeset gives a changeset the attribute that has it run outside of transactions, in the place of one that says
// the contrary.
func unboxChangeset(m Migration, statements []string) (Unboxed, error) {
	head, attributes, ok := m.changeset()
	if !ok {
		return Unboxed{}, errors.New("its changeset is not found")
	}
	at := head.end
	edit := Edit{at, at, liquibaseNone}
	for _, found := range changesetValue.FindAllStringSubmatchIndex(attributes, -1) {
		value := unquoted(attributes[found[4]:found[5]])
		switch strings.ToLower(attributes[found[2]:found[3]]) {
		case "runintransaction":
			if !strings.EqualFold(value, "true") {
				return Unboxed{}, fmt.Errorf("its changeset has runInTransaction:%s, which is neither true nor false", value)
			}
			start := at - len(attributes)
			edit = Edit{start + found[4], start + found[5], "false"}
		case "splitstatements":
			if strings.EqualFold(value, "false") && len(statements) > 1 {
				return Unboxed{}, errors.New("its changeset has splitStatements:false: all of it is sent as one text")
			}
		}
	}
	return Unboxed{Edits: []Edit{edit}}, nil
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
// others. None asks for one that runs outside of transactions. It runs where and when this one does; that it cannot is
// the error.
func (m Migration) Append(name, sql string, t Transaction) (Edit, bool, error) {
	if m.Layout != Liquibase {
		return Edit{}, false, nil
	}
	attributes, err := m.inherited()
	if err != nil {
		return Edit{}, true, err
	}
	author, _, _ := strings.Cut(m.Version, ":")
	if strings.ContainsAny(author, " \t") {
		author = `"` + author + `"`
	}
	id := name
	for n := 2; strings.Contains(m.SQL, ":"+id+"\n") || strings.Contains(m.SQL, ":"+id+"\r") || strings.Contains(m.SQL, ":"+id+" "); n++ {
		id = fmt.Sprintf("%s_%d", name, n)
	}
	if t == None {
		attributes += liquibaseNone
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
	if strings.Contains(m.SQL, "\r\n") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	}
	return Edit{end, end, text}, true, nil
}

// inherited are the attributes that a changeset behind this one needs so that it runs where this one does. How its text is
// split is its own. What has Liquibase decide anew for each changeset whether it runs cannot be shared: by then the
// schema is another one.
// https://docs.liquibase.com/concepts/changelogs/sql-format.html
func (m Migration) inherited() (string, error) {
	const apart = "what is moved out of its changeset "
	head, text, ok := m.changeset()
	if !ok {
		return "", errors.New("its changeset is not found")
	}
	for l := range lines(m.SQL[head.end:len(m.Up.Text)]) {
		word := liquibaseLine.FindStringSubmatch(m.SQL[head.end+l.start : head.end+l.end])
		if word != nil && strings.HasPrefix(strings.ToLower(word[1]), "precondition") {
			return "", errors.New(apart + "would not run by its preconditions")
		}
	}
	attributes := ""
	for _, found := range changesetValue.FindAllStringSubmatch(text, -1) {
		switch key, value := found[1], unquoted(found[2]); strings.ToLower(key) {
		case "runintransaction", "splitstatements", "enddelimiter", "rollbacksplitstatements", "rollbackenddelimiter":
		case "runonchange", "runalways":
			if !strings.EqualFold(value, "false") {
				return "", fmt.Errorf(apart+"would not run again with it, which has %s", found[0])
			}
		case "runorder", "runwith":
			return "", fmt.Errorf(apart+"would not run as it does, which has %s", found[0])
		default:
			attributes += " " + found[0]
		}
	}
	return attributes, nil
}
