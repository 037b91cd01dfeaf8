package compat

// Answer says whether an app version works on a schema state.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	NotYet  Answer = "not-yet"
	Unknown Answer = "unknown"
)

// Problem is one reason for an answer other than yes.
type Problem struct {
	Kind      ProblemKind `json:"kind"`
	Table     string      `json:"table,omitempty"`
	Column    string      `json:"column,omitempty"`
	Migration string      `json:"migration,omitempty"`
	Until     string      `json:"until,omitempty"` // the phase that makes it go away
	Message   string      `json:"message"`
}

// ProblemKind tells problems apart.
type ProblemKind string

// The kinds of problem.
const (
	Missing     ProblemKind = "missing"     // a table or column is not there and nothing brings it
	Removed     ProblemKind = "removed"     // it was there; a contract took it
	Backfilling ProblemKind = "backfilling" // the new form is being filled
	PendingForm ProblemKind = "pending"     // a pending migration brings it
	GoingBack   ProblemKind = "going-back"  // a rollback is taking the new form away
	WritesBoth  ProblemKind = "writes-both" // one version writes both names of a column
	NotInserted ProblemKind = "required"    // an insert leaves out a column that must be given
	NoManifest  ProblemKind = "no-manifest" // nothing can be known of it
	// Contradiction: one version names a migration in ready_for and uses its old form.
	Contradiction ProblemKind = "contradiction"
	// Reordered: a version inserts by position, and a contract changed the order of columns.
	Reordered ProblemKind = "reordered"
	// UnknownMigration: ready_for names a migration that neither ledger nor directory knows.
	UnknownMigration ProblemKind = "unknown-migration"
)

// Hold is a phase that waits for this version to go.
type Hold struct {
	Migration string `json:"migration"`
	Phase     string `json:"phase"`
	Message   string `json:"message"`
}

// Readiness is what a deploy pipeline is told of one version.
type Readiness struct {
	Answer   Answer    `json:"answer"`
	Problems []Problem `json:"problems"`
	Holds    []Hold    `json:"holds"`
}

// Need says whether a version needs one form of a column, in words for people.
type Need struct {
	Needed  Answer // Yes, No, or Unknown where nothing can be known
	Message string // "reads users.user_email"; "has no manifest and is taken to need public.users.user_email"
}
