package migrate

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
)

// circles finds two renames in a row that hold each other up, and says so on both: the second waits
// for the contract of the first; that waits for the versions on the oldest name to go; and a
// version that knows only the newest name, which would replace them, may not start before the
// second is expanded (dual-write.md, C9).
func (c *conn) circles(list []MigrationStatus, records map[string]*record) {
	for i := range list {
		second := &list[i]
		if second.State != phases.Pending {
			continue
		}
		first := c.waitedFor(second.Migration, list, records)
		if first == nil || first.Gate == nil || first.Gate.State == phases.Open {
			continue
		}
		form := records[first.Migration].Plan.Forms[0]
		second.Reason = fmt.Sprintf("it waits for the contract of %s, which works on the same column", first.Migration)
		first.Reason = fmt.Sprintf("%s waits for this contract, so a version that lives on the column of %s alone cannot replace those on %s: "+
			"deploy a version that lives on %s, or roll back with segue rollback %s and write both renames as one migration",
			second.Migration, second.Migration, form.Old, form.New, first.Migration)
	}
}

// waitedFor is the migration in dual-write whose new form a pending migration renames again.
func (c *conn) waitedFor(version string, list []MigrationStatus, records map[string]*record) *MigrationStatus {
	file, err := c.set.Find(version)
	if err != nil {
		return nil
	}
	m, err := parse(c.db.Dialect(), *file)
	if err != nil {
		return nil // up says what is wrong with the file; status shows the rest
	}
	for _, s := range m.Script.Up {
		for _, change := range s.Changes {
			rename, ok := change.(dialects.RenameColumn)
			if !ok {
				continue
			}
			for i := range list {
				r := records[list[i].Migration]
				if r == nil || list[i].Gate == nil {
					continue
				}
				for _, f := range r.Plan.Forms {
					if f.Table.Name == rename.Table.Name && f.New == rename.Column {
						return &list[i]
					}
				}
			}
		}
	}
	return nil
}
