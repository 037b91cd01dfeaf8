package dialects

import "fmt"

// DualWriter is the capability of a dialect to keep an old and a new form of a column, both
// written by apps, identical. The recipes that need two forms are built on it.
type DualWriter interface {
	// DualWrite works out everything that such a pair needs, from the catalog alone. It returns
	// a *Refusal that names every object in the way.
	DualWrite(c *Catalog, spec DualWriteSpec) (*DualWrite, error)
}

// DualWriteSpec asks for a new form of a column. Migration makes the helper objects' names unique.
// Accepted are the risks that the author accepted: see MultiPrimaryRisk.
type DualWriteSpec struct {
	Migration string
	Table     Name
	Old       string
	New       string
	Accepted  []string
}

// MultiPrimaryRisk is what a segue:allow directive names to have a dual write on a cluster of which
// several servers take writes. Only a live server shows that it is one, so lint finds no such
// thing. See Flavour.
const MultiPrimaryRisk = "multi-primary"

// DualWrite is what it takes to hold two forms of a column, as actions in the order they are run.
// Each list belongs to one phase or part of one; see design section 4.
type DualWrite struct {
	// Expand adds the new column and the triggers that only fill.
	Expand []Action
	// Copy says what the backfill copies. It runs between Expand and Build. CopyLock is what it
	// takes of a table, and ReadLock what comparing its rows does; empty where that has no name.
	Copy     CopySpec
	CopyLock Lock
	ReadLock Lock
	// Build makes the new form's indexes and constraints.
	Build []Action
	// TwoWay gives the triggers their two-way body. Transactions that were running when the
	// copy was found complete must have ended before.
	TwoWay []Action
	// Prove shows that both forms are identical, and holds them so.
	Prove []Action
	// Contract takes the old form out. From its first action on there is no way back: where that
	// is not one transaction with the ledger, its intent alone counts as crossed.
	Contract []Action
	// Order says whether the new form stands in the old one's place at the end.
	Order ColumnOrder
	// Recheck are the objects that depend on the old form, as the plan knows them. Contract
	// stops where the catalog shows one that is not among them: see DualWriteRecheck.
	Recheck []string
	// Notices say in words what an app may see, and what the plan does about triggers.
	Notices []string
	// Unknowns are reasons for which nobody can tell whether the old form is still used, such
	// as a function whose text names it. They hold the gate of contract.
	Unknowns []string
}

// ColumnOrder says what becomes of the order of a table's columns.
type ColumnOrder string

// The orders. One that changes shifts the values of whoever inserts without a column list.
const (
	OrderChanges ColumnOrder = ""
	OrderKept    ColumnOrder = "kept"
)

// Action is one thing to do to the server, inert and serialisable.
type Action struct {
	// SQL is one statement, or a script of several that commit together.
	SQL string `json:"sql"`
	// Undo takes the action back; it must bear being run when SQL was not, or only in part.
	Undo string `json:"undo,omitempty"`
	// Probe is a query of one row and one text column: done, absent, partial or unknown. After a partial
	// run Undo is run before SQL is run again. It is needed where SQL is not transactional.
	Probe string `json:"probe,omitempty"`
	Why   string `json:"why"`
	// Tables are locked by the action; sessions that hold them are its blockers.
	Tables        []Name `json:"tables,omitempty"`
	Lock          Lock   `json:"lock,omitempty"`
	Blocks        Blocks `json:"blocks"`
	Scans         bool   `json:"scans"`
	Rewrites      bool   `json:"rewrites"`
	Transactional bool   `json:"transactional"`
	// Compound is what may commit in parts, such as the call of a procedure: an error does not say that
	// nothing was carried out, so it is not tried again.
	Compound bool `json:"compound,omitempty"`
	// Patient actions wait for locks without a timeout, since others do not queue behind them.
	Patient bool `json:"patient,omitempty"`
	// Hold are tables that nobody else reads or writes while the action runs and its result is
	// written: see TxOptions.
	Hold []Name `json:"hold,omitempty"`
}

// CopySpec says which values a backfill copies: To is made identical to From wherever it differs.
type CopySpec struct {
	Table Name   `json:"table"`
	From  string `json:"from"`
	To    string `json:"to"`
	// Key is the columns of a full, valid, non-deferrable unique key without NULLs; empty where
	// there is none and physical blocks are walked.
	Key []string `json:"key,omitempty"`
	// Leaves are the tables that hold the rows: partitions, or Table itself.
	Leaves []Name `json:"leaves"`
	// Keep are columns that the server would change by itself in a row that is written, such as
	// those with ON UPDATE CURRENT_TIMESTAMP: the copy leaves their values.
	Keep []string `json:"keep,omitempty"`
	// Accepted are the risks that the author accepted, as in DualWriteSpec.
	Accepted []string `json:"accepted,omitempty"`
}

// Refusal says why a recipe does not carry a change out. Nothing was changed.
type Refusal struct {
	What    string   // the change: rename column user_email of public.users
	Reasons []string // each names the object in the way, and the way out where there is one
}

func (r *Refusal) Error() string {
	s := fmt.Sprintf("refusing to %s:", r.What)
	for _, reason := range r.Reasons {
		s += "\n  - " + reason
	}
	return s
}
