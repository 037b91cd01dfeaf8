package postgres

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

const fixTables = `
CREATE TABLE teams (id int PRIMARY KEY, name text);
CREATE TABLE users (id int NOT NULL, email text, "Nick" text, team int, born date NOT NULL, EXCLUDE USING gist (born WITH =));
CREATE UNIQUE INDEX users_id ON users (id);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE TABLE posts (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE posts_2024 PARTITION OF posts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX posts_id ON posts (id);
CREATE TABLE logs (a int, b int, CHECK (a > 0)) PARTITION BY LIST (a);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES IN (1);
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
CREATE MATERIALIZED VIEW totals AS SELECT team FROM users;
CREATE UNIQUE INDEX ON totals (team);
CREATE UNIQUE INDEX totals_team ON totals (team);
CREATE MATERIALIZED VIEW blank AS SELECT team FROM users WITH NO DATA;
CREATE UNIQUE INDEX blank_team ON blank (team);
CREATE MATERIALIZED VIEW keyless AS SELECT team FROM users;
CREATE UNIQUE INDEX keyless_team ON keyless (team) WHERE team > 0;
`

// fixed writes what a statement becomes: its parts, one a line, with a mark for how far apart they are.
func fixed(t *testing.T, version int, sql string) string {
	t.Helper()
	d := Dialect{}
	c := d.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: version})
	for _, s := range d.Parse(fixTables) {
		d.Replay(c, s)
	}
	s := d.Parse(sql)[0]
	wanted := []string{dropIndexNotConcurrent, validateUnderLock, detachPartitionNotConcurrent}
	for _, e := range d.Effects(c, s, nil) {
		for _, h := range e.Hazards {
			wanted = append(wanted, h.ID)
		}
	}
	r := d.Fix(c, s, wanted)
	if r == nil {
		return ""
	}
	var lines []string
	for _, p := range r.Parts {
		mark := map[dialects.Apart]string{dialects.Committed: "| ", dialects.Outside: "|| "}[p.Apart]
		lines = append(lines, mark+p.SQL)
	}
	return strings.Join(lines, "\n")
}

func TestFix(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"CREATE INDEX ON users (team)", "|| CREATE INDEX CONCURRENTLY ON users (team)"},
		{"create /* a */ unique index -- b\n if not exists i on only users (team) where team > 0",
			"|| create /* a */ unique index CONCURRENTLY -- b\n if not exists i on only users (team) where team > 0"},
		{"CREATE INDEX i ON posts (at)", ""},
		{"DROP INDEX users_email", "|| DROP INDEX CONCURRENTLY users_email"},
		{"DROP INDEX IF EXISTS public.users_email , users_id RESTRICT",
			"|| DROP INDEX CONCURRENTLY IF EXISTS public.users_email\n|| DROP INDEX CONCURRENTLY IF EXISTS users_id"},
		{"DROP INDEX users_email CASCADE", ""},
		{"DROP INDEX posts_id", ""},
		{"REINDEX (VERBOSE) TABLE teams", "|| REINDEX (VERBOSE) TABLE CONCURRENTLY teams"},
		{"REINDEX INDEX teams_pkey", "|| REINDEX INDEX CONCURRENTLY teams_pkey"},
		{"REINDEX TABLE users", ""},
		{"ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams ON DELETE CASCADE -- why\n",
			"ALTER TABLE users ADD CONSTRAINT users_team_fkey FOREIGN KEY (team) REFERENCES teams ON DELETE CASCADE NOT VALID\n" +
				"| ALTER TABLE users VALIDATE CONSTRAINT users_team_fkey"},
		{"ALTER TABLE IF EXISTS public.users ADD CONSTRAINT \"C\" CHECK (team > 0 AND id IN (1, 2)) NO INHERIT, ADD a int DEFAULT 1",
			"ALTER TABLE IF EXISTS public.users ADD CONSTRAINT \"C\" CHECK (team > 0 AND id IN (1, 2)) NO INHERIT NOT VALID, ADD a int DEFAULT 1\n" +
				"| ALTER TABLE IF EXISTS public.users VALIDATE CONSTRAINT \"C\""},
		{"ALTER TABLE posts ADD FOREIGN KEY (id) REFERENCES teams", ""},
		{"ALTER TABLE posts ADD CHECK (id > 0)", "ALTER TABLE posts ADD CONSTRAINT posts_id_check CHECK (id > 0) NOT VALID\n" +
			"| ALTER TABLE posts VALIDATE CONSTRAINT posts_id_check"},
		{"ALTER TABLE users ADD UNIQUE NULLS NOT DISTINCT (\"Nick\", team) INCLUDE (id) WITH (fillfactor=70) USING INDEX TABLESPACE pg_default DEFERRABLE",
			"|| CREATE UNIQUE INDEX CONCURRENTLY \"users_Nick_team_id_key\" ON users (\"Nick\", team) INCLUDE (id) NULLS NOT DISTINCT WITH (fillfactor=70) TABLESPACE pg_default\n" +
				"ALTER TABLE users ADD CONSTRAINT \"users_Nick_team_id_key\" UNIQUE USING INDEX \"users_Nick_team_id_key\" DEFERRABLE"},
		{"ALTER TABLE users ADD PRIMARY KEY (id)", "|| CREATE UNIQUE INDEX CONCURRENTLY users_pkey ON users (id)\n" +
			"ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey"},
		{"ALTER TABLE users ADD CONSTRAINT p PRIMARY KEY (email)",
			"ALTER TABLE users ADD CONSTRAINT users_email_not_null_check CHECK (email IS NOT NULL) NOT VALID\n" +
				"| ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null_check\nALTER TABLE users ALTER COLUMN email SET NOT NULL\n" +
				"ALTER TABLE users DROP CONSTRAINT users_email_not_null_check\n|| CREATE UNIQUE INDEX CONCURRENTLY p ON users (email)\n" +
				"ALTER TABLE users ADD CONSTRAINT p PRIMARY KEY USING INDEX p"},
		{"ALTER TABLE users ADD CONSTRAINT p PRIMARY KEY USING INDEX users_email",
			"ALTER TABLE users ADD CONSTRAINT users_email_not_null_check CHECK (email IS NOT NULL) NOT VALID\n" +
				"| ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null_check\nALTER TABLE users ALTER COLUMN email SET NOT NULL\n" +
				"ALTER TABLE users DROP CONSTRAINT users_email_not_null_check\nALTER TABLE users ADD CONSTRAINT p PRIMARY KEY USING INDEX users_email"},
		{"ALTER TABLE posts ADD PRIMARY KEY (id, at)", ""},
		{"ALTER TABLE users ALTER email SET NOT NULL, ALTER team SET DEFAULT 1",
			"ALTER TABLE users ADD CONSTRAINT users_email_not_null_check CHECK (email IS NOT NULL) NOT VALID, ALTER team SET DEFAULT 1\n" +
				"| ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null_check\nALTER TABLE users ALTER COLUMN email SET NOT NULL\n" +
				"ALTER TABLE users DROP CONSTRAINT users_email_not_null_check"},
		{"ALTER TABLE users ADD COLUMN boss int CONSTRAINT b REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED NOT NULL DEFAULT 1 CHECK (boss <> id) COLLATE \"C\"",
			"ALTER TABLE users ADD COLUMN boss int NOT NULL DEFAULT 1 COLLATE \"C\", ADD CONSTRAINT b FOREIGN KEY (boss) REFERENCES teams (id) DEFERRABLE INITIALLY DEFERRED NOT VALID, " +
				"ADD CONSTRAINT users_check CHECK (boss <> id) NOT VALID\n" +
				"| ALTER TABLE users VALIDATE CONSTRAINT b\n| ALTER TABLE users VALIDATE CONSTRAINT users_check"},
		{"ALTER TABLE users ADD a int UNIQUE, ADD b int",
			"ALTER TABLE users ADD a int, ADD b int\n|| CREATE UNIQUE INDEX CONCURRENTLY users_a_key ON users (a)\n" +
				"ALTER TABLE users ADD CONSTRAINT users_a_key UNIQUE USING INDEX users_a_key"},
		{"ALTER TABLE users\n  ADD a int, -- one\n  ADD CONSTRAINT u UNIQUE (a, team), -- two\n  ADD b int",
			"ALTER TABLE users\n  ADD a int, -- one\n  ADD b int\n|| -- two\nCREATE UNIQUE INDEX CONCURRENTLY u ON users (a, team)\n" +
				"ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u"},
		{"ALTER TABLE users ADD a int, ADD UNIQUE (a)",
			"ALTER TABLE users ADD a int\n|| CREATE UNIQUE INDEX CONCURRENTLY users_a_key ON users (a)\nALTER TABLE users ADD CONSTRAINT users_a_key UNIQUE USING INDEX users_a_key"},
		{"ALTER TABLE users ADD a int UNIQUE, ADD b int REFERENCES users (a)", ""},
		{"ALTER TABLE users ADD COLUMN IF NOT EXISTS a int UNIQUE", ""},
		{"ALTER TABLE missing ADD FOREIGN KEY (team) REFERENCES teams", ""},
		{"ALTER TABLE missing ADD CONSTRAINT f FOREIGN KEY (team) REFERENCES teams",
			"ALTER TABLE missing ADD CONSTRAINT f FOREIGN KEY (team) REFERENCES teams NOT VALID\n| ALTER TABLE missing VALIDATE CONSTRAINT f"},
		{"ALTER TABLE users ADD CHECK (team > 0), ADD CHECK (team < 9)", ""},
		{"ALTER TABLE users ADD CONSTRAINT c CHECK (team > 0) NOT VALID, VALIDATE CONSTRAINT c",
			"ALTER TABLE users ADD CONSTRAINT c CHECK (team > 0) NOT VALID\n| ALTER TABLE users VALIDATE CONSTRAINT c"},
		{"ALTER TABLE posts DETACH PARTITION public.posts_2024", "|| ALTER TABLE posts DETACH PARTITION public.posts_2024 CONCURRENTLY\n" +
			"-- Detached concurrently it keeps its bound as a CHECK.\nALTER TABLE public.posts_2024 DROP CONSTRAINT IF EXISTS posts_2024_at_check"},
		{"ALTER TABLE logs DETACH PARTITION logs_1", ""},
		{"ALTER TABLE missing DETACH PARTITION logs_1", ""},
		{"REFRESH MATERIALIZED VIEW public.totals WITH DATA", "REFRESH MATERIALIZED VIEW CONCURRENTLY public.totals WITH DATA"},
		{"REFRESH MATERIALIZED VIEW blank", ""},
		{"REFRESH MATERIALIZED VIEW keyless", ""},
		{"ALTER TABLE users DROP COLUMN team", ""},
		{"UPDATE users SET team = 1", ""},
	} {
		if got := fixed(t, 16, test.sql); got != test.want {
			t.Errorf("%s\ngot\n%s\nwant\n%s", test.sql, got, test.want)
		}
	}
}
