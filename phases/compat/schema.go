package compat

// Stage is how far a migration that has an old and a new form has come, as far as apps can tell.
type Stage string

// The stages. Undoing comes from any stage before Contracting; Undone is like Pending.
const (
	Pending     Stage = "pending"     // not started: only the old form is there
	Filling     Stage = "filling"     // expand and backfill: the new form must not be used yet
	Both        Stage = "both"        // dual-write: either form
	Contracting Stage = "contracting" // the old form is going or gone, no way back
	Contracted  Stage = "contracted"
	Undoing     Stage = "undoing" // rollback: the new form is going
	Undone      Stage = "undone"
)

// Form is one column that a migration gives a new form. Table is schema.name.
type Form struct {
	Project   string `json:"project"`
	Migration string `json:"migration"`
	Table     string `json:"table"`
	Old       string `json:"old"`
	New       string `json:"new"`
	Stage     Stage  `json:"stage"`
	Order     Order  `json:"order,omitempty"`
}

// Order says whether the new form stands in the old one's place at the end.
type Order string

// The orders, by the words of a plan.
const (
	OrderChanges Order = ""
	OrderKept    Order = "kept"
)

// Migration is a migration as readiness sees it: those with forms are in Schema.Forms too.
type Migration struct {
	Project string
	Version string
	// Done says that everything it does is there; Applied that it has at least begun.
	Progress Progress
}

// Progress of a migration.
type Progress string

// How far a migration is.
const (
	NotStarted Progress = "not-started"
	InProgress Progress = "in-progress"
	Finished   Progress = "finished"
)

// Schema is a schema state: what is there now, and what is on its way.
type Schema struct {
	DefaultSchema string
	// Columns are those of each table, by schema.name. Required are the columns that an INSERT
	// must give: NOT NULL, no default, not generated, and not filled by a sync trigger.
	Columns  map[string][]string
	Required map[string][]string
	// Coming are columns that pending migrations add, with the migration that does.
	Coming map[string]map[string]string
	Forms  []Form
	// Migrations are all that the ledger or the directory knows.
	Migrations []Migration
	// Contracted says that a contract has been passed on this database at any time.
	Contracted bool
}
