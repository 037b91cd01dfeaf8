package postgres

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// notices say in words what an app may see of the plan, and what happens to triggers.
func (p *pair) notices(all *twins) []string {
	notices := []string{
		fmt.Sprintf("a prepared SELECT * or RETURNING * on %s fails once when the new column is added, and once more at contract (cached plan must not change result type)", p.table.Name),
		fmt.Sprintf("columns of %s change places: %s comes last. An INSERT or COPY without a column list writes other columns after contract than before", p.table.Name, p.spec.New),
		"a transaction at REPEATABLE READ or SERIALIZABLE that updates a row which the backfill has just filled gets 40001 (could not serialize access) and must be tried again",
	}
	if names := uniqueNames(all); len(names) > 0 {
		notices = append(notices, fmt.Sprintf(
			"until contract there are two unique indexes for each of %s: concurrent INSERT ... ON CONFLICT (columns) that meet on a value may get 23505 (duplicate key) from the other one, and must be tried again",
			strings.Join(names, ", ")))
	}
	if p.dflt.kind == volatileDefault {
		notices = append(notices, fmt.Sprintf(
			"the default of %s differs from row to row, so %s has none until contract: UPDATE ... SET %[2]s = DEFAULT fails, and an INSERT that gives it NULL gets the default", p.oldName(), p.spec.New))
	}
	if names := p.triggersFired(); len(names) > 0 {
		notices = append(notices, p.triggerNotice(names))
	}
	return notices
}

func uniqueNames(all *twins) []string {
	var names []string
	for _, twin := range all.indexes {
		if twin.index.Unique && twin.index.Parent == nil {
			names = append(names, twin.index.Name.Name)
		}
	}
	return names
}

// triggersFired are the user's triggers that an UPDATE of a row fires.
func (p *pair) triggersFired() []string {
	var names []string
	for _, t := range p.family {
		for _, trigger := range t.Triggers {
			if !trigger.Inherited && !strings.HasPrefix(trigger.Function.Name, helperPrefix) {
				names = append(names, fmt.Sprintf("%s on %s", trigger.Name, t.Name))
			}
		}
	}
	return names
}

func (p *pair) triggerNotice(names []string) string {
	triggers := strings.Join(names, ", ")
	switch p.c.ReplicaRole {
	case dialects.ReplicaRoleMay:
		return "the table's own triggers do not fire for the rows that the backfill fills (session_replication_role = replica), but for those that are ENABLE REPLICA or ALWAYS: " + triggers
	case dialects.ReplicaRoleMayNot:
		return "the table's own triggers fire for each row that the backfill fills, since the role may not set session_replication_role (GRANT SET ON PARAMETER session_replication_role TO the role, from 15 on): " + triggers
	}
	return "where the role may set session_replication_role the table's own triggers do not fire for the rows that the backfill fills; where it may not, they do: " + triggers
}
