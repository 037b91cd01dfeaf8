package migrate

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Event is one entry of the audit log.
type Event struct {
	At        time.Time       `json:"at"`
	Actor     string          `json:"actor"`
	Host      string          `json:"host"`
	DBUser    string          `json:"db_user"`
	Project   string          `json:"project"`
	Action    string          `json:"action"`
	Migration string          `json:"migration,omitempty"`
	Detail    json.RawMessage `json:"detail"`
}

// detail is what an event says beside who, when and what.
type detail map[string]any

func (c *conn) event(ctx context.Context, q dialects.Queryer, action, migration string, d detail) error {
	if d == nil {
		d = detail{}
	}
	text, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("writing event %s: %w", action, err)
	}
	_, err = q.Exec(ctx, "INSERT INTO "+c.ledger.table("events")+
		" (at, actor, host, db_user, project, action, migration, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		c.clock.Now(), c.actor, c.host, c.server.User, c.ledger.project, action, migration, string(text))
	if err != nil {
		return fmt.Errorf("writing event %s: %w", action, err)
	}
	return nil
}

// Events is the audit log of the project, oldest first; of one migration where version is given.
func (r *Runner) Events(ctx context.Context, version string) ([]Event, error) {
	c, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if !c.hasLedger {
		return nil, nil
	}
	if version != "" {
		if version, err = c.known(ctx, version); err != nil {
			return nil, err
		}
	}
	rows, err := c.session.Query(ctx, "SELECT at, actor, host, db_user, project, action, migration, detail FROM "+c.ledger.table("events")+
		" WHERE project = $1 AND ($2 = '' OR migration = $2) ORDER BY id", c.ledger.project, version)
	if err != nil {
		return nil, fmt.Errorf("reading events: %w", err)
	}
	defer rows.Close()
	var events []Event
	for rows.Next() {
		var e Event
		var text string
		if err := rows.Scan(&e.At, &e.Actor, &e.Host, &e.DBUser, &e.Project, &e.Action, &e.Migration, &text); err != nil {
			return nil, fmt.Errorf("reading events: %w", err)
		}
		e.Detail = json.RawMessage(text)
		events = append(events, e)
	}
	return events, rows.Err()
}
