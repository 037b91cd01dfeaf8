package phases

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// renameColumn gives a column a second name by way of a second column: both are written by apps,
// triggers keep them identical, and the old one goes when no app version needs it.
//
// The order of the steps is what keeps every row. The triggers come with the column and only fill;
// the copy follows; then what is built on the column; then everything that was running when the
// copy was complete has ended (such a transaction may hold a NULL that it read before its row was
// filled, and write it back); only then does the new name get a vote.
var renameColumn = Recipe{
	ID: "rename-column",
	Matches: func(c dialects.Change) bool {
		_, ok := c.(dialects.RenameColumn)
		return ok
	},
	Build: buildRenameColumn,
}

func buildRenameColumn(p *Plan, r Request) error {
	change := r.Change.(dialects.RenameColumn)
	table := r.Catalog.Resolve(change.Table)
	writer, ok := r.Dialect.(dialects.DualWriter)
	if !ok {
		return &dialects.Refusal{
			What:    fmt.Sprintf("rename column %s of %s", change.Column, table),
			Reasons: []string{fmt.Sprintf("segue has no dual write for %s", r.Dialect.Kind())},
		}
	}
	w, err := writer.DualWrite(r.Catalog, dialects.DualWriteSpec{
		Migration: p.Migration, Table: table, Old: change.Column, New: change.To, Accepted: r.Accepted,
	})
	if err != nil {
		return err
	}

	fill := Step{Kind: CopyRow, Copy: &w.Copy, Action: dialects.Action{
		Why:    fmt.Sprintf("copies %s into %s in batches; rows written meanwhile are filled by the trigger", change.Column, change.To),
		Tables: []dialects.Name{table}, Lock: w.CopyLock, Blocks: dialects.BlocksNothing, Transactional: true,
	}}
	settle := Step{Kind: Settle, Action: dialects.Action{
		Why:    "waits for the transactions that may have read a row before it was filled; nothing is locked meanwhile",
		Blocks: dialects.BlocksNothing, Transactional: true,
	}}
	verify := Step{Kind: Verify, Copy: &w.Copy, Action: dialects.Action{
		Why:    fmt.Sprintf("reads every row and stops if %s and %s are not identical in one of them", change.Column, change.To),
		Tables: []dialects.Name{table}, Lock: w.ReadLock, Blocks: dialects.BlocksNothing, Scans: true, Transactional: true,
	}}

	copying := append([]Step{fill}, ddl(w.Build)...)
	copying = append(append(copying, settle), ddl(w.TwoWay)...)
	final := ddl(w.Contract)
	for i := range final {
		final[i].Final = Irreversible
	}
	contract := append(append([]Step{verify}, ddl(w.Prove)...), final...)

	p.Phases = []Phase{
		{Name: Expand, Steps: ddl(w.Expand)},
		{Name: Backfill, Steps: copying},
		{Name: DualWrite, Steps: []Step{}},
		{Name: Contract, Steps: contract},
	}
	p.Forms = []PlannedForm{{Table: table, Old: change.Column, New: change.To, Order: w.Order, Known: w.Recheck}}
	p.Notices = w.Notices
	p.Unknowns = w.Unknowns
	return nil
}
