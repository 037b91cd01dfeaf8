package postgres

import (
	"context"
	"fmt"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/dialecttest"
)

// users is the table of most copy tests: its key, and the two forms of a column.
var users = dialects.CopySpec{
	Table: dialects.Name{Schema: "public", Name: "users"}, From: "user_email", To: "email",
	Key: []string{"id"}, Leaves: []dialects.Name{{Schema: "public", Name: "users"}},
}

// usersTable makes the table with rows 1 to n, whose new form is unfilled.
func usersTable(t *testing.T, q dialects.Queryer, n int) {
	t.Helper()
	runScript(t, q, fmt.Sprintf(`
		CREATE TABLE users (id bigint PRIMARY KEY, user_email text, name text);
		INSERT INTO users SELECT i, 'user' || i || '@example.com', 'n' || i FROM generate_series(1, %d) i;
		ALTER TABLE users ADD COLUMN email text`, n))
}

// syncTrigger keeps two columns in step as expand's triggers do: a NULL new side never wins.
func syncTrigger(t *testing.T, q dialects.Queryer, c dialects.CopySpec) {
	t.Helper()
	runScript(t, q, fmt.Sprintf(`
		CREATE FUNCTION segue_sync() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
		  IF TG_OP = 'INSERT' THEN
		    IF NEW.%[3]s IS NOT NULL THEN NEW.%[2]s := NEW.%[3]s; ELSE NEW.%[3]s := NEW.%[2]s; END IF;
		  ELSIF NEW.%[3]s IS NOT NULL AND pg_catalog.record_image_ne(ROW(NEW.%[3]s), ROW(OLD.%[3]s)) THEN
		    NEW.%[2]s := NEW.%[3]s;
		  ELSIF pg_catalog.record_image_ne(ROW(NEW.%[2]s), ROW(OLD.%[2]s)) OR NEW.%[3]s IS NULL THEN
		    NEW.%[3]s := NEW.%[2]s;
		  END IF;
		  RETURN NEW;
		END $$;
		CREATE TRIGGER zzz_segue BEFORE INSERT OR UPDATE ON %[1]s FOR EACH ROW
		  WHEN (pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM pg_catalog.pg_backend_pid()::text)
		  EXECUTE FUNCTION segue_sync()`, qualified(c.Table), quote(c.From), quote(c.To)))
}

// plainRole makes a role that may not set session_replication_role, gives it the table, and
// returns a session that works as it.
func plainRole(t *testing.T, d *Database, c dialects.CopySpec) *session {
	t.Helper()
	s := sessionTest(t, d)
	role := quote(d.config.Database + "_owner")
	runScript(t, s, fmt.Sprintf(`CREATE ROLE %[1]s; GRANT USAGE ON SCHEMA public TO %[1]s; ALTER TABLE %[2]s OWNER TO %[1]s`, role, qualified(c.Table)))
	plain := sessionTest(t, d)
	runScript(t, plain, `SET SESSION AUTHORIZATION `+role)
	t.Cleanup(func() {
		for _, sql := range []string{`REASSIGN OWNED BY ` + role + ` TO CURRENT_USER`, `DROP OWNED BY ` + role, `DROP ROLE ` + role} {
			if _, err := s.Exec(context.Background(), sql); err != nil {
				t.Errorf("%s: %v", sql, err)
			}
		}
	})
	return plain
}

// copyOnce is one batch, committed.
func copyOnce(t *testing.T, s *session, c dialects.CopySpec, r dialects.CopyRange, cursor string, size int) dialects.CopyBatch {
	t.Helper()
	return dialecttest.CopyOnce(t, Dialect{}, s, c, r, cursor, size)
}

// copyAll walks new ranges to their ends and adds up the batches.
func copyAll(t *testing.T, s *session, c dialects.CopySpec, workers, size int) (sum dialects.CopyBatch, ranges []dialects.CopyRange) {
	t.Helper()
	return dialecttest.CopyAll(t, Dialect{}, s, c, workers, size)
}

func differing(t *testing.T, s *session, c dialects.CopySpec) []dialects.RowDiff {
	t.Helper()
	return dialecttest.Differing(t, Dialect{}, s, c)
}

func wantIdentical(t *testing.T, s *session, c dialects.CopySpec) {
	t.Helper()
	for _, row := range differing(t, s, c) {
		t.Errorf("%s %s differs", row.Table, row.Key)
	}
}
