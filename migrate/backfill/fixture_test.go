package backfill_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate/backfill"
)

func TestMain(m *testing.M) { os.Exit(scratch.Main(m)) }

// spec copies user_email to email in the table that newTable makes.
var spec = dialects.CopySpec{
	Table: dialects.Name{Schema: "public", Name: "users"}, From: "user_email", To: "email",
	Key: []string{"id"}, Leaves: []dialects.Name{{Schema: "public", Name: "users"}},
}

// syncTriggers fill the new column, and the old one of rows that only have the new one.
const syncTriggers = `
CREATE FUNCTION segue_sync() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.email IS NOT NULL THEN NEW.user_email := NEW.email; ELSE NEW.email := NEW.user_email; END IF;
  ELSIF NEW.email IS NOT NULL AND pg_catalog.record_image_ne(ROW(NEW.email), ROW(OLD.email)) THEN
    NEW.user_email := NEW.email;
  ELSIF pg_catalog.record_image_ne(ROW(NEW.user_email), ROW(OLD.user_email)) OR NEW.email IS NULL THEN
    NEW.email := NEW.user_email;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER zzz_segue BEFORE INSERT OR UPDATE ON users FOR EACH ROW
  WHEN (pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM pg_catalog.pg_backend_pid()::text)
  EXECUTE FUNCTION segue_sync();`

// table is a database with users 1 to n, whose new column is unfilled.
type table struct {
	db *postgres.Database
	s  dialects.Session // for the test's own statements
}

func newTable(t testing.TB, rows int) table {
	t.Helper()
	db, err := postgres.Open(t.Context(), scratch.Postgres(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	u := table{db: db}
	u.s = u.session(t)
	u.script(t, fmt.Sprintf(`
		CREATE TABLE users (id bigint PRIMARY KEY, user_email text, name text);
		INSERT INTO users SELECT i, 'user' || i || '@example.com', 'name ' || i FROM generate_series(1, %d) i;
		ALTER TABLE users ADD COLUMN email text;
		CREATE TABLE checkpoints (id text PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, state json NOT NULL);
		CREATE TABLE waiting (reason text NOT NULL);
		ANALYZE users`, rows))
	u.script(t, syncTriggers)
	return u
}

func (u table) session(t testing.TB) dialects.Session {
	t.Helper()
	s, err := u.db.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func (u table) script(t testing.TB, sql string) {
	t.Helper()
	if err := u.s.Script(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// number is a query's only value.
func (u table) number(t testing.TB, sql string) (n int64) {
	t.Helper()
	rows, err := u.s.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if !rows.Next() {
		t.Fatalf("%s: no row: %v", sql, rows.Err())
	}
	if err := rows.Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (u table) wantIdentical(t testing.TB) {
	t.Helper()
	if n := u.number(t, `SELECT count(*) FROM users WHERE pg_catalog.record_image_ne(ROW(user_email), ROW(email))`); n != 0 {
		t.Errorf("%d rows differ", n)
	}
}

// options are for a run in a session of its own. No wait takes time.
func (u table) options(t testing.TB) backfill.Options {
	return backfill.Options{
		Session: u.session(t), Database: u.db, Copier: postgres.Dialect{}, Spec: spec,
		Store: checkpoints{}, Clock: hasty{},
	}
}

// hasty tells the right time and waits for nothing.
type hasty struct{ backfill.SystemClock }

func (hasty) After(time.Duration) <-chan time.Time { return time.After(time.Millisecond) }

// checkpoints is a store in two tables.
type checkpoints struct{}

func (checkpoints) Load(ctx context.Context, q dialects.Queryer) (ranges []backfill.RangeState, err error) {
	rows, err := q.Query(ctx, `SELECT state::text FROM checkpoints ORDER BY n`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		var r backfill.RangeState
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			return nil, err
		}
		ranges = append(ranges, r)
	}
	return ranges, rows.Err()
}

func (c checkpoints) Create(ctx context.Context, tx dialects.Queryer, ranges []backfill.RangeState) error {
	for _, r := range ranges {
		if err := c.put(ctx, tx, `INSERT INTO checkpoints (id, state) VALUES ($1, $2::text::json)`, r); err != nil {
			return err
		}
	}
	return nil
}

func (c checkpoints) Save(ctx context.Context, tx dialects.Queryer, r backfill.RangeState) error {
	return c.put(ctx, tx, `UPDATE checkpoints SET state = $2::text::json WHERE id = $1`, r)
}

func (checkpoints) put(ctx context.Context, q dialects.Queryer, sql string, r backfill.RangeState) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	n, err := q.Exec(ctx, sql, r.Range.ID, string(text))
	if err == nil && n != 1 {
		err = fmt.Errorf("no range %s", r.Range.ID)
	}
	return err
}

func (checkpoints) Waiting(ctx context.Context, q dialects.Queryer, reason string) error {
	_, err := q.Exec(ctx, `INSERT INTO waiting VALUES ($1)`, reason)
	return err
}

// reports keeps what a run says of its progress.
type reports struct {
	mu   sync.Mutex
	said []backfill.Progress
}

func (r *reports) add(p backfill.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, p)
}

// awaitReason waits until the run, which must not end before, has said that it waits for this.
func (r *reports) awaitReason(t *testing.T, reason string, ended <-chan error) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for !r.has(reason) {
		select {
		case err := <-ended:
			t.Fatalf("the run ended with %v before it waited for %q", err, reason)
		case <-deadline:
			t.Fatalf("waited 30s until the run waits for %q", reason)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (r *reports) has(reason string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.said, func(p backfill.Progress) bool { return p.WaitingFor == reason })
}

// throttle is a function that is asked between batches.
type throttle func(ctx context.Context) (string, error)

func (f throttle) Reason(ctx context.Context) (string, error) { return f(ctx) }
