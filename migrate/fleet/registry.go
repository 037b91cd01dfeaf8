package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

// Registry reads and writes the app versions in the ledger. Its SQL is portable: placeholders are
// $1, and neither upserts nor RETURNING are used.
type Registry struct{ table string }

// New is the registry in a dialect's ledger. It does not connect.
func New(d dialects.Dialect) Registry { return Registry{d.LedgerTable("app_versions")} }

const columns = "app, version, app_group, state, manifest, start_seq, previous, started_at, last_seen_at, retired_at, baseline"

// List is every version that was ever registered, by app, group and start.
func (r Registry) List(ctx context.Context, q dialects.Queryer) ([]Entry, error) {
	return r.read(ctx, q, "ORDER BY app, app_group, start_seq, version")
}

// Find reads one version; nil if it was never registered.
func (r Registry) Find(ctx context.Context, q dialects.Queryer, id ID) (*Entry, error) {
	id = id.normal()
	entries, err := r.read(ctx, q, "WHERE app = $1 AND version = $2 AND app_group = $3", id.App, id.Version, id.Group)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	return &entries[0], nil
}

func (r Registry) read(ctx context.Context, q dialects.Queryer, where string, args ...any) ([]Entry, error) {
	rows, err := q.Query(ctx, "SELECT /* segue:registry */ "+columns+" FROM "+r.table+" "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the registered app versions: %w", err)
	}
	defer rows.Close()
	var entries []Entry
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("reading the registered app versions: %w", err)
		}
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the registered app versions: %w", err)
	}
	return entries, nil
}

func scan(rows dialects.Rows) (Entry, error) {
	var e Entry
	var state string
	var manifest, rollout, baseline *string
	err := rows.Scan(&e.App, &e.Version.Version, &e.Group, &state, &manifest, &e.StartSeq, &rollout,
		&e.StartedAt, &e.LastSeenAt, &e.RetiredAt, &baseline)
	if err != nil {
		return Entry{}, err
	}
	e.State = compat.VersionState(state)
	if e.Manifest, err = decode[compat.Manifest](manifest); err != nil {
		return Entry{}, fmt.Errorf("manifest of %s: %w", e.Version, err)
	}
	if e.Rollout, err = decode[Rollout](rollout); err != nil {
		return Entry{}, fmt.Errorf("rollout of %s: %w", e.Version, err)
	}
	if e.Baseline, err = decode[Baseline](baseline); err != nil {
		return Entry{}, fmt.Errorf("statement baseline of %s: %w", e.Version, err)
	}
	return e, nil
}

func decode[T any](text *string) (*T, error) {
	if text == nil {
		return nil, nil
	}
	value := new(T)
	if err := json.Unmarshal([]byte(*text), value); err != nil {
		return nil, err
	}
	return value, nil
}

// encode is nil, and so NULL, for a nil pointer.
func encode[T any](value *T) (any, error) {
	if value == nil {
		return nil, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return string(text), nil
}

// write stores an entry, new or not. The caller holds the registry lock, so nobody else can insert
// the same row between the two statements.
func (r Registry) write(ctx context.Context, tx dialects.Tx, e Entry) error {
	manifest, err := encode(e.Manifest)
	if err != nil {
		return fmt.Errorf("storing the manifest of %s: %w", e.Version, err)
	}
	rollout, err := encode(e.Rollout)
	if err != nil {
		return fmt.Errorf("storing the rollout of %s: %w", e.Version, err)
	}
	baseline, err := encode(e.Baseline)
	if err != nil {
		return fmt.Errorf("storing the statement baseline of %s: %w", e.Version, err)
	}
	values := []any{string(e.State), manifest, e.StartSeq, rollout, e.StartedAt, e.LastSeenAt, instant(e.RetiredAt), baseline,
		e.App, e.Version.Version, e.Group}
	known, err := tx.Exec(ctx, "UPDATE /* segue:registry */ "+r.table+
		" SET state = $1, manifest = $2, start_seq = $3, previous = $4, started_at = $5, last_seen_at = $6, retired_at = $7, baseline = $8"+
		" WHERE app = $9 AND version = $10 AND app_group = $11", values...)
	if err == nil && known == 0 {
		_, err = tx.Exec(ctx, "INSERT /* segue:registry */ INTO "+r.table+
			" (state, manifest, start_seq, previous, started_at, last_seen_at, retired_at, baseline, app, version, app_group)"+
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", values...)
	}
	if err != nil {
		return fmt.Errorf("storing app version %s: %w", e.Version, err)
	}
	return nil
}

// instant is nil, and so NULL, for no time.
func instant(t *time.Time) any {
	if t == nil {
		return nil
	}
	return *t
}
