package migrate

import (
	"context"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// stepState is where a step is. A step without a row was never begun.
type stepState string

const (
	stepNone   stepState = ""
	stepIntent stepState = "intent" // begun; whether it was carried out is for its probe to say
	stepDone   stepState = "done"
	stepFailed stepState = "failed"
	stepUndone stepState = "undone"
)

// steps are the states of a migration's steps, by step id.
func (l ledger) steps(ctx context.Context, q dialects.Queryer, migration string) (map[string]stepState, error) {
	rows, err := q.Query(ctx, "SELECT step, state FROM "+l.table("steps")+" WHERE project = $1 AND migration = $2", l.project, migration)
	if err != nil {
		return nil, fmt.Errorf("reading the steps of migration %s: %w", migration, err)
	}
	defer rows.Close()
	states := map[string]stepState{}
	for rows.Next() {
		var id, state string
		if err := rows.Scan(&id, &state); err != nil {
			return nil, fmt.Errorf("reading the steps of migration %s: %w", migration, err)
		}
		states[id] = stepState(state)
	}
	return states, rows.Err()
}

// intend writes that a step is about to be run.
func (l ledger) intend(ctx context.Context, q dialects.Queryer, migration, step string) error {
	n, err := q.Exec(ctx, "UPDATE "+l.table("steps")+" SET state = $1, attempts = attempts + 1, error = '' WHERE project = $2 AND migration = $3 AND step = $4",
		string(stepIntent), l.project, migration, step)
	if err == nil && n == 0 {
		_, err = q.Exec(ctx, "INSERT INTO "+l.table("steps")+" (project, migration, step, state, attempts, started_at) VALUES ($1, $2, $3, $4, 1, $5)",
			l.project, migration, step, string(stepIntent), l.clock.Now())
	}
	if err != nil {
		return fmt.Errorf("writing the intent of step %s of %s: %w", step, migration, err)
	}
	return nil
}

// settle writes a step's result. waited is how long it waited for locks, in milliseconds.
func (l ledger) settle(ctx context.Context, q dialects.Queryer, migration, step string, state stepState, waited int64, problem string) error {
	_, err := q.Exec(ctx, "UPDATE "+l.table("steps")+" SET state = $1, finished_at = $2, lock_wait_ms = lock_wait_ms + $3, error = $4"+
		" WHERE project = $5 AND migration = $6 AND step = $7",
		string(state), l.clock.Now(), waited, problem, l.project, migration, step)
	if err != nil {
		return fmt.Errorf("writing the result of step %s of %s: %w", step, migration, err)
	}
	return nil
}
