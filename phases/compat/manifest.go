// Package compat is pure: it says whether an app version works on a schema, and what it holds up.
package compat

import "strings"

// Manifest is what an app version needs of the schema (segue.app.yaml, design section 8). Nil Uses
// say nothing of columns; Uses that are there and empty say that no table is used. A manifest is
// never changed once it is made.
type Manifest struct {
	App     string `json:"app"`
	Project string `json:"project,omitempty"` // of unqualified ReadyFor entries; "" is main
	// ReadyFor names migrations, VERSION or PROJECT/VERSION, whose new form the version lives on.
	ReadyFor []string       `json:"ready_for,omitempty"`
	Uses     map[string]Use `json:"uses,omitzero"` // by table, with or without schema
	// With holds what other starts of the same version said, while instances of them may be left:
	// what any of them needs is needed. A file never says it; see [Union].
	With []Manifest `json:"with,omitempty"`
}

// Use is what a version does with one table. Names are exact, as the catalog has them; "*" is
// whatever columns there are.
type Use struct {
	Read   []string `json:"read,omitempty"`
	Write  []string `json:"write,omitempty"` // what an INSERT or an UPDATE gives
	Insert bool     `json:"insert,omitempty"`
	// Positional says that rows are inserted or copied without a column list, so that the order
	// of columns is needed.
	Positional bool `json:"positional,omitempty"`
}

// AnyColumn stands for whatever columns there are, and needs no particular one.
const AnyColumn = "*"

// VersionState is where an app version is in its life.
type VersionState string

// The states of an app version. Starting and Serving count; Retired counts for the rollback window.
const (
	Starting VersionState = "starting" // start, no finish yet
	Serving  VersionState = "serving"  // finished rolling out
	Retired  VersionState = "retired"
	Aborted  VersionState = "aborted" // its only start was aborted: nothing is rolled back to it
	Gone     VersionState = "gone"    // the whole app was retired, and is not expected back
)

// Counts reports whether instances of a version in this state may be running.
func (s VersionState) Counts() bool { return s == Starting || s == Serving }

// Version is a registered version of an app in one group. Manifest is nil where none was given.
type Version struct {
	App      string
	Version  string
	Group    string
	State    VersionState
	Manifest *Manifest
}

// String is APP@VERSION, with the group where it is not main.
func (v Version) String() string {
	s := v.App + "@" + v.Version
	if v.Group != "" && v.Group != DefaultGroup {
		s += " (" + v.Group + ")"
	}
	return s
}

// DefaultGroup and DefaultProject are the names that are meant where none is given.
const (
	DefaultGroup   = "main"
	DefaultProject = "main"
)

// migrationID spells a migration as ReadyFor does: PROJECT/VERSION, without the project for main.
func migrationID(project, version string) string {
	if project == "" || project == DefaultProject {
		return version
	}
	return project + "/" + version
}

// readyFor lists the migrations of ReadyFor as migrationID spells them.
func (m *Manifest) readyFor() []string {
	ids := make([]string, 0, len(m.ReadyFor))
	for _, entry := range m.ReadyFor {
		if project, version, qualified := strings.Cut(entry, "/"); qualified {
			ids = append(ids, migrationID(project, version))
		} else {
			ids = append(ids, migrationID(m.Project, entry))
		}
	}
	return ids
}

// starts are the manifests of each start that counts: the manifest itself first, then With.
func (m *Manifest) starts() []*Manifest {
	all := []*Manifest{m}
	for i := range m.With {
		all = append(all, &m.With[i])
	}
	return all
}
