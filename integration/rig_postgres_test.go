package integration_test

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

var onPostgres = rig{
	kind: dialects.Postgres, shared: scratch.Postgres, own: scratch.OwnPostgres,
	users: `CREATE TABLE users (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	user_email text NOT NULL UNIQUE CHECK (user_email <> ''),
	name text
);`,
	rows:     "INSERT INTO users (user_email, name) SELECT 'u' || i || '@example.com', 'n' || i FROM generate_series(1, $1) i",
	insert:   "INSERT INTO {t} ({a}, name) VALUES ($1, 'new') RETURNING id",
	returns:  true,
	differs:  "pg_catalog.record_image_ne(ROW({a}), ROW({b}))",
	column:   "SELECT count(*) FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2 AND NOT attisdropped",
	table:    "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)",
	sessions: "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'segue'",
	looking:  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%segue: transactions%'",
	open:     "SELECT count(*) FROM pg_stat_activity WHERE pid = $1::int AND state LIKE 'idle in transaction%'",
	rowsText: "SELECT md5(string_agg(concat_ws('|', id, email, name), ',' ORDER BY id)) FROM users WHERE id > $1 AND id <= $2",
	helpers: `SELECT string_agg(name, ', ') FROM (
		SELECT tgname AS name FROM pg_trigger WHERE tgname LIKE '%segue%'
		UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE '%segue%'
		UNION ALL SELECT conname FROM pg_constraint WHERE conname LIKE '%segue%'
		UNION ALL SELECT relname FROM pg_class WHERE relname LIKE '%segue%'
		UNION ALL SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass AND (attname LIKE '%segue%' OR attname = 'user_email')) helpers`,
	ledger:      "segue.",
	unsafe:      "CREATE INDEX users_name ON users (name);\nALTER TABLE users ALTER COLUMN name TYPE varchar(50);",
	dropped:     "user_email",
	dropIndex:   "DROP INDEX {a}",
	past:        "SET session_replication_role = replica",
	repeatable:  "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = ''repeatable read''', current_database()); END $$",
	building:    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'virtualxid' AND query ~ 'CREATE UNIQUE INDEX CONCURRENTLY'",
	holdsBuilds: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1",
	invalid:     "SELECT count(*) FROM pg_index WHERE NOT indisvalid",
	terminated: func(err error) bool {
		var server *pgconn.PgError
		return errors.As(err, &server) && server.Code == "57P01"
	},
	restartRows: 20_000,
	races:       15,
	moments:     10,
	killRows:    10_000,
	concat:      func(parts ...string) string { return strings.Join(parts, " || ") },
	quote:       doubleQuoted,
	content:     content,
	alike:       unordered,
	dump:        dump,
	lifecycles:  lifecycles,
}

func doubleQuoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// dump is the schema as pg_dump prints it, without segue's own and without what differs between
// two dumps of the same schema.
func dump(t *testing.T, s *scratch.Server, url string) string {
	t.Helper()
	program, ok := s.Bin("pg_dump")
	if !ok {
		scratch.Lacks(t, dialects.Postgres, "there is no pg_dump of the server's version")
	}
	out, err := exec.CommandContext(t.Context(), program, "--schema-only", "--exclude-schema=segue", url).Output()
	if err != nil {
		t.Fatalf("pg_dump: %v", err)
	}
	var lines []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, `\restrict`) && !strings.HasPrefix(line, `\unrestrict`) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// unordered sorts the lines within each CREATE TABLE, so that the order of columns does not count.
func unordered(dump string) string {
	var out, columns []string
	in := false
	for line := range strings.Lines(dump) {
		switch {
		case strings.HasPrefix(line, "CREATE TABLE"):
			in = true
			out = append(out, line)
		case in && strings.HasPrefix(line, ")"):
			slices.Sort(columns)
			out, columns, in = append(append(out, columns...), line), nil, false
		case in:
			columns = append(columns, strings.TrimSuffix(strings.TrimSpace(line), ",")+"\n")
		default:
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}
