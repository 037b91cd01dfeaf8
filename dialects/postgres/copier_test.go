package postgres

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// The keys that a copy walks, each over 500 rows in batches of 7.
func TestCopyWalksKeysOfAnyType(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	s := sessionTest(t, openTest(t))
	for _, test := range []struct{ name, key, columns, values, setup string }{
		{"bigint", "id", "id bigint", "i", ""},
		{"negative and greatest integer", "id", "id bigint", "i * 18014398509481983 - 9223372036854775808 + i % 2", ""},
		{"text in its own collation", "id", `id text COLLATE "C"`, "md5(i::text)", ""},
		{"varchar cut to its length", "id", "id varchar(12)", "left(md5(i::text), 12)", ""},
		{"char", "id", "id char(40)", "md5(i::text)", ""},
		{"name", "id", "id name", "md5(i::text)::name", ""},
		{"uuid", "id", "id uuid", "md5(i::text)::uuid", ""},
		{"bytea", "id", "id bytea", "decode(md5(i::text), 'hex')", ""},
		{"numeric", "id", "id numeric(20,3)", "i * 1.001 - 250", ""},
		{"double", "id", "id float8", "1.0 / i", ""},
		{"timestamptz", "id", "id timestamptz", "'2026-01-01'::timestamptz + i * interval '1.5 hours'", ""},
		{"date before Christ", "id", "id date", "'0001-01-01'::date - i", ""},
		{"enum", "a,id", "a mood, id int", "(ARRAY['sad', 'ok', 'happy'])[i % 3 + 1]::mood, i", "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')"},
		{"domain", "id", "id positive", "i", "CREATE DOMAIN positive AS int CHECK (VALUE > 0)"},
		{"array", "id", "id int[]", "ARRAY[i % 5, i]", ""},
		{"two columns", "tenant,id", "tenant int, id int", "i % 3, i", ""},
		{"three columns", "a,b,c", "a text, b date, c uuid", "'t' || i % 2, '2026-01-01'::date + i % 4, md5(i::text)::uuid", ""},
		{"quotes and capitals", `Sch"lüssel,été'`, `"Sch""lüssel" text, "été'" int`, "chr(39) || i % 5 || chr(92), i", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := dialects.CopySpec{
				Table: dialects.Name{Schema: `Schéma "1"`, Name: `Us"ers`}, From: `user"Email`, To: "E-Mäil",
				Key: strings.Split(test.key, ","),
			}
			c.Leaves = []dialects.Name{c.Table}
			runScript(t, s, test.setup)
			runScript(t, s, fmt.Sprintf(`DROP SCHEMA IF EXISTS "Schéma ""1""" CASCADE; CREATE SCHEMA "Schéma ""1"""; CREATE TABLE %[1]s (%[2]s, "user""Email" text, PRIMARY KEY (%[3]s));
				INSERT INTO %[1]s SELECT %[4]s, 'v' || i FROM generate_series(1, 500) i;
				ALTER TABLE %[1]s ADD COLUMN "E-Mäil" text`, qualified(c.Table), test.columns, quoteList(c.Key), test.values))
			sum, ranges := copyAll(t, s, c, 1, 7)
			if sum.Seen != 500 || sum.Written != 500 || sum.Skipped != 0 {
				t.Errorf("seen, written, skipped = %+v, want 500, 500, 0", sum)
			}
			if ranges[0].Storage != "" {
				t.Error("the blocks were walked, not the key")
			}
			wantIdentical(t, s, c)
		})
	}
}

// Operators of a key's type are found although its schema is not in the search_path, where the
// server would quietly compare as text, in another order than the index has.
func TestCopyFindsOperatorsOutsideSearchPath(t *testing.T) {
	s := sessionTest(t, openTest(t))
	if value(t, s, `SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'`) == "0" {
		scratch.Lacks(t, dialects.Postgres, "the server has no citext")
	}
	runScript(t, s, `CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext;
		CREATE TABLE users (id ext.citext PRIMARY KEY, user_email ext.citext, email ext.citext);
		INSERT INTO users SELECT CASE WHEN i % 2 = 0 THEN 'k' ELSE 'K' END || i, 'V' || i FROM generate_series(1, 300) i;
		SET search_path = ''`)
	sum, ranges := copyAll(t, s, users, 1, 11)
	if sum.Seen != 300 || sum.Written != 300 || ranges[0].Storage != "" {
		t.Errorf("%+v over %v, want each of 300 rows once, by key", sum, ranges)
	}
	wantIdentical(t, s, users)
}

func TestRangesAreDisjointAndHoldEveryRow(t *testing.T) {
	const rows = 20_000
	for name, key := range map[string][]string{"key": {"tenant", "id"}, "blocks": nil} {
		t.Run(name, func(t *testing.T) {
			s := sessionTest(t, openTest(t))
			runScript(t, s, fmt.Sprintf(`CREATE TABLE users (tenant int, id int, user_email text, PRIMARY KEY (tenant, id));
				INSERT INTO users SELECT i %% 3, i, repeat('x', 100) FROM generate_series(1, %d) i;
				ANALYZE users; ALTER TABLE users ADD COLUMN email text`, rows))
			c := users
			c.Key = key
			sum, ranges := copyAll(t, s, c, 4, 1000)
			if len(ranges) != 4 {
				t.Errorf("%d ranges, want 4: %v", len(ranges), ranges)
			}
			var estimate int64
			for _, r := range ranges {
				estimate += r.Rows
			}
			if estimate < rows/2 || estimate > 2*rows {
				t.Errorf("the estimate is %d rows, there are %d", estimate, rows)
			}
			if sum.Written != rows {
				t.Errorf("%+v, want each of %d rows once", sum, rows)
			}
			// Over blocks a row that the copy moved into the next one is seen twice.
			if sum.Seen != rows && key != nil {
				t.Errorf("%+v, want each of %d keys passed once", sum, rows)
			}
			wantIdentical(t, s, c)
		})
	}
}

func TestRangesOfAnEmptyTable(t *testing.T) {
	s := sessionTest(t, openTest(t))
	usersTable(t, s, 0)
	for _, key := range [][]string{{"id"}, nil} {
		c := users
		c.Key = key
		if ranges, err := (Dialect{}).Ranges(t.Context(), s, c, 4); err != nil || len(ranges) != 0 {
			t.Errorf("key %v: ranges %v, error %v; want none", key, ranges, err)
		}
	}
}

// A key that no index bears in its own order is walked by blocks: the partial and the deferrable one
// would miss rows, the other would read the table once for each batch.
func TestRangesFallBackToBlocks(t *testing.T) {
	s := sessionTest(t, openTest(t))
	for _, index := range []string{
		`CREATE UNIQUE INDEX ON users (id) WHERE id > 10`,
		`ALTER TABLE users ADD UNIQUE (id) DEFERRABLE`,
		`CREATE UNIQUE INDEX ON users (tag text_pattern_ops, id)`,
	} {
		runScript(t, s, `DROP TABLE IF EXISTS users; CREATE TABLE users (id int NOT NULL, tag text NOT NULL DEFAULT 'x', user_email text, email text);
			INSERT INTO users (id, user_email) SELECT i, i FROM generate_series(1, 300) i; `+index)
		c := users
		if strings.Contains(index, "tag") {
			c.Key = []string{"tag", "id"}
		}
		sum, ranges := copyAll(t, s, c, 1, 50)
		if ranges[0].Storage == "" {
			t.Errorf("%s: walked by key", index)
		}
		if sum.Written != 300 {
			t.Errorf("%s: %+v, want 300 rows", index, sum)
		}
		if key := differingKey(t, s, c); !strings.HasPrefix(key, "ctid=(") {
			t.Errorf("%s: a differing row is called %q", index, key)
		}
	}
}

// differingKey makes one row differ and says what it is called.
func differingKey(t *testing.T, s *session, c dialects.CopySpec) string {
	t.Helper()
	runScript(t, s, `UPDATE users SET email = 'other' WHERE id = 5`)
	rows := differing(t, s, c)
	if len(rows) != 1 {
		t.Fatalf("%d rows differ, want 1", len(rows))
	}
	return rows[0].Key
}

func TestBlockCursorIsVoidAfterARewrite(t *testing.T) {
	s := sessionTest(t, openTest(t))
	usersTable(t, s, 2000)
	c := users
	c.Key = nil
	ranges, err := Dialect{}.Ranges(t.Context(), s, c, 1)
	if err != nil {
		t.Fatal(err)
	}
	first := copyOnce(t, s, c, ranges[0], "", 1000)
	// Another order of the rows: what was behind the cursor is before it.
	runScript(t, s, `CREATE INDEX backwards ON users ((-id)); CLUSTER users USING backwards`)
	cursor, sum := first.Cursor, int64(0)
	for done := false; !done; {
		b := copyOnce(t, s, c, ranges[0], cursor, 1000)
		cursor, done, sum = b.Cursor, b.Done, sum+b.Written
	}
	if first.Written == 0 || first.Written == 2000 || first.Written+sum != 2000 {
		t.Errorf("%d rows before the rewrite and %d after it, want 2000 together", first.Written, sum)
	}
	wantIdentical(t, s, c)
}

func TestCopyOfPartitions(t *testing.T) {
	s := sessionTest(t, openTest(t))
	runScript(t, s, `CREATE TABLE users (id int, region text, user_email text, email text, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
		CREATE TABLE "users EU" PARTITION OF users FOR VALUES IN ('eu');
		CREATE TABLE users_us PARTITION OF users FOR VALUES IN ('us') PARTITION BY RANGE (id);
		CREATE TABLE users_us_1 PARTITION OF users_us FOR VALUES FROM (0) TO (500);
		CREATE TABLE users_us_2 PARTITION OF users_us DEFAULT;
		INSERT INTO users SELECT i, CASE WHEN i % 4 = 0 THEN 'eu' ELSE 'us' END, 'v' || i FROM generate_series(1, 1000) i`)
	c := users
	c.Key = []string{"region", "id"}
	c.Leaves = []dialects.Name{{Schema: "public", Name: "users EU"}, {Schema: "public", Name: "users_us_1"}, {Schema: "public", Name: "users_us_2"}}
	syncTrigger(t, s, c)
	if sum, _ := copyAll(t, s, c, 2, 100); sum.Written != 1000 {
		t.Errorf("%+v, want 1000 rows", sum)
	}
	wantIdentical(t, s, c)
	runScript(t, s, `CREATE TABLE late (LIKE users); INSERT INTO late VALUES (9, 'late', 'here', NULL);
		ALTER TABLE users ATTACH PARTITION late FOR VALUES IN ('late')`)
	rows := differing(t, s, c)
	if len(rows) != 1 || rows[0].Table.Name != "late" || rows[0].Key != "region=late, id=9" {
		t.Fatalf("differing rows are %+v, want the one of the partition that was attached", rows)
	}
	tx := begin(t, s, dialects.TxOptions{})
	if done, err := (Dialect{}).Repair(t.Context(), tx, c, rows[0], dialects.Old); err != nil || !done {
		t.Errorf("repaired %v, error %v", done, err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantIdentical(t, s, c)
}

// What is equal and not identical is copied; types without equality are too.
func TestCopyGoesByIdentity(t *testing.T) {
	s := sessionTest(t, openTest(t))
	for _, test := range []struct{ kind, old, new string }{
		{"numeric", "1.00", "1.0"}, {"interval", "30 days", "1 month"}, {"float8", "0", "-0"},
		{"json", `{"a": 1}`, `{"a":1}`}, {"box", "(1,1),(0,0)", "(2,2),(1,1)"}, {"xml", "<a/>", "<b/>"},
	} {
		runScript(t, s, fmt.Sprintf(`DROP TABLE IF EXISTS users; CREATE TABLE users (id int PRIMARY KEY, user_email %[1]s, email %[1]s);
			INSERT INTO users VALUES (1, '%[2]s', '%[3]s'), (2, '%[2]s', NULL), (3, '%[2]s', '%[2]s'), (4, NULL, '%[3]s')`, test.kind, test.old, test.new))
		if n := len(differing(t, s, users)); n != 3 {
			t.Errorf("%s: %d rows differ, want 3", test.kind, n)
		}
		if sum, _ := copyAll(t, s, users, 1, 100); sum.Written != 3 {
			t.Errorf("%s: %d rows written, want 3", test.kind, sum.Written)
		}
		wantIdentical(t, s, users)
		if got := value(t, s, `SELECT coalesce(email::text, 'NULL') FROM users WHERE id = 1`); value(t, s, `SELECT $1::text::`+test.kind+`::text`, test.old) != got {
			t.Errorf("%s: copied as %s", test.kind, got)
		}
	}
}
