// Package compat is pure: it says whether an app version works on a schema, and what it holds up.
package compat

// Manifest is what an app version needs of the schema (segue.app.yaml, design section 8).
type Manifest struct {
	App     string `yaml:"app" json:"app"`
	Project string `yaml:"project" json:"project,omitempty"` // of unqualified ReadyFor entries; "" is main
	// ReadyFor names migrations, VERSION or PROJECT/VERSION, whose new form the version lives on.
	ReadyFor []string       `yaml:"ready_for" json:"ready_for,omitempty"`
	Uses     map[string]Use `yaml:"uses" json:"uses,omitempty"` // by table, with or without schema
}

// Use is what a version does with one table. Names are exact, as the catalog has them; "*" is
// whatever columns there are.
type Use struct {
	Read   []string `yaml:"read" json:"read,omitempty"`
	Write  []string `yaml:"write" json:"write,omitempty"`
	Insert bool     `yaml:"insert" json:"insert,omitempty"`
	// Positional says that rows are inserted or copied without a column list, so that the order
	// of columns is needed.
	Positional bool `yaml:"positional" json:"positional,omitempty"`
}

// VersionState is where an app version is in its life.
type VersionState string

// The states of an app version. Starting and Serving count; Retired counts for the rollback window.
const (
	Starting VersionState = "starting" // start, no finish yet
	Serving  VersionState = "serving"  // finished rolling out
	Retired  VersionState = "retired"
)

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
