package compat

import (
	"fmt"
	"slices"
	"strings"
)

// NeedsOld says whether a version needs the old form of a column, which contract takes away. A
// version without a manifest, or whose manifest says neither by column nor in ready_for that it can
// do without, is taken to need it. A table that the manifest names without its schema is any table
// of that name, since only the app's own search path could tell.
func NeedsOld(v Version, f Form) Need { return needed(v, f, oldNeed) }

// NeedsNew says whether a version needs the new form of a column, which a rollback takes away. A
// version that says nothing of it lives on the old form.
func NeedsNew(v Version, f Form) Need { return needed(v, f, newNeed) }

// needed asks the manifest of each start that counts: what one of them needs is needed.
func needed(v Version, f Form, ask func(*Manifest, Form) Need) Need {
	if v.Manifest == nil {
		return ask(nil, f)
	}
	var need Need
	for i, start := range v.Manifest.starts() {
		if n := ask(start, f); i == 0 || n.Needed == Yes && need.Needed != Yes {
			need = n
		}
	}
	return need
}

func oldNeed(m *Manifest, f Form) Need {
	column := f.Table + "." + f.Old
	switch {
	case m == nil:
		return Need{Yes, "has no manifest and is taken to need " + column}
	case m.Uses == nil && m.lets(f):
		return Need{No, "is ready for " + f.id()}
	case m.Uses == nil:
		return Need{Yes, fmt.Sprintf("does not name %s in ready_for and is taken to need %s", f.id(), column)}
	}
	if f.keepsName() && m.lets(f) {
		return Need{No, "is ready for " + f.id()}
	}
	if said := m.naming(f.Table, f.Old); said != "" {
		return Need{Yes, said}
	}
	for _, name := range m.tables(f.Table) {
		if m.Uses[name].Positional && f.Order != OrderKept {
			return Need{Yes, "inserts into " + name + " without a column list, and columns change places"}
		}
	}
	for _, name := range m.tables(f.Table) {
		if use := m.Uses[name]; slices.Contains(use.Read, AnyColumn) || slices.Contains(use.Write, AnyColumn) {
			return Need{No, "takes whatever columns " + name + " has; statements prepared with * fail once"}
		}
	}
	return Need{No, "does not use " + column}
}

func newNeed(m *Manifest, f Form) Need {
	switch {
	case m == nil:
		return Need{No, "has no manifest and is taken to live on " + f.Table + "." + f.Old}
	case m.lets(f):
		return Need{Yes, "is ready for " + f.id() + " and lives on " + f.Table + "." + f.New}
	case f.keepsName():
		return Need{No, "does not name " + f.id() + " in ready_for"}
	}
	if said := m.naming(f.Table, f.New); said != "" {
		return Need{Yes, said}
	}
	return Need{No, "does not use " + f.Table + "." + f.New}
}

// lets reports whether ready_for names the form's migration, and so lets go of the old form.
func (m *Manifest) lets(f Form) bool { return slices.Contains(m.readyFor(), f.id()) }

// naming is what the manifest does with a column by name, in words; empty for nothing.
func (m *Manifest) naming(table, column string) string {
	var said []string
	for _, name := range m.tables(table) {
		use := m.Uses[name]
		reads, writes := slices.Contains(use.Read, column), slices.Contains(use.Write, column)
		switch target := name + "." + column; {
		case reads && writes:
			said = append(said, "reads and writes "+target)
		case reads:
			said = append(said, "reads "+target)
		case writes:
			said = append(said, "writes "+target)
		}
	}
	return strings.Join(said, ", ")
}

// tables are the keys of Uses that may mean the table, in order.
func (m *Manifest) tables(table string) []string {
	var names []string
	for name := range m.Uses {
		if name == table || name == bareName(table) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// bareName is a table's name without its schema.
func bareName(table string) string {
	if _, bare, qualified := strings.Cut(table, "."); qualified {
		return bare
	}
	return table
}

// id spells the form's migration as ready_for does.
func (f Form) id() string { return migrationID(f.Project, f.Migration) }

// keepsName says that old and new form end under one name, so that only ready_for tells which of
// them a version means.
func (f Form) keepsName() bool { return f.Old == f.New }
