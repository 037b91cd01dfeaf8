package postgres

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/dialecttest"
	"github.com/segue-db/segue/internal/scratch"
)

func TestConformance(t *testing.T) {
	scratch.Postgres(t)
	dialecttest.Run(t, dialecttest.Fixture{
		NewDatabase: func(t testing.TB) string { return scratch.Postgres(t).Database(t) },
		Open:        func(ctx context.Context, url string) (dialects.Database, error) { return Open(ctx, url) },
		Connect:     connectApp,
		Limited:     limitedURL,
		Samples: map[string]string{
			"add column":                `ALTER TABLE users ADD COLUMN born date`,
			"add column with default":   `ALTER TABLE users ADD COLUMN level int NOT NULL DEFAULT 5`,
			"change type":               `ALTER TABLE users ALTER COLUMN age TYPE bigint`,
			"set default":               `ALTER TABLE users ALTER COLUMN age SET DEFAULT 7`,
			"drop default":              `ALTER TABLE users ALTER COLUMN age DROP DEFAULT`,
			"set not null":              `ALTER TABLE users ALTER COLUMN age SET NOT NULL`,
			"create index online":       `CREATE INDEX CONCURRENTLY users_by_team ON users (team_id)`,
			"rename index":              `ALTER INDEX users_by_age RENAME TO by_age`,
			"drop index":                `DROP INDEX users_by_age`,
			"refused: generated column": `ALTER TABLE users ADD COLUMN long_email text GENERATED ALWAYS AS (user_email || 'x') STORED`,
		},
		Histories: histories(t),
		Spell:     spell,
		Garbage:   []string{"SELECT U&'\\", "$a$ $b$ $a", "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;", `\copy t from x`, "COPY t FROM stdin;\n1", "/* /* */", `E'\'`},
		Riches: map[string]string{
			"constraints": `CREATE TABLE hosts (name varchar(60) PRIMARY KEY); INSERT INTO hosts VALUES ('a'), ('b');
				CREATE TABLE users (id int PRIMARY KEY, user_email varchar(60) NOT NULL DEFAULT 'a' CHECK (user_email <> ''), UNIQUE (id, user_email),
					CONSTRAINT users_host FOREIGN KEY (user_email) REFERENCES hosts ON DELETE CASCADE); INSERT INTO users VALUES (1, 'a'), (2, 'b')`,
		},
		SQL: dialecttest.SQL{
			PID: `SELECT pg_backend_pid()::text`, Sleep: `SELECT pg_sleep(60)`,
			Waits:        `SELECT count(*)::text FROM pg_stat_activity WHERE pid = $1::text::int AND wait_event_type = 'Lock'`,
			Serializable: `SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE`,
			Statistics:   `CREATE EXTENSION pg_stat_statements`,
			Bypass:       `SET session_replication_role = replica`, Restore: `RESET session_replication_role`,
		},
	})
}

// histories are the schemas that replay is held against.
func histories(t *testing.T) map[string]string {
	all := map[string]string{}
	for _, file := range []string{"testdata/schema.sql", "testdata/replay.sql"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		blocks := strings.Split(string(text), "-- # ")
		if len(blocks) == 1 {
			all[file] = blocks[0]
		}
		for _, block := range blocks[1:] {
			name, sql, _ := strings.Cut(block, "\n")
			all[name] = sql
		}
	}
	return all
}

// appConn is an app's connection.
type appConn struct{ conn *pgx.Conn }

func (c appConn) Exec(ctx context.Context, sql string) error {
	_, err := c.conn.Exec(ctx, sql)
	return err
}

func (c appConn) Close() { c.conn.Close(context.Background()) }

func connectApp(t testing.TB, url, name string) dialecttest.Client {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["application_name"] = name
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	c := appConn{conn}
	t.Cleanup(c.Close)
	return c
}

// limitedURL makes a role that may do nothing but connect.
func limitedURL(t testing.TB, of string) string {
	t.Helper()
	parsed, err := url.Parse(of)
	if err != nil {
		t.Fatal(err)
	}
	admin, err := pgx.Connect(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	role := strings.TrimPrefix(parsed.Path, "/") + "_limited"
	if _, err := admin.Exec(t.Context(), `CREATE ROLE `+role+` LOGIN PASSWORD 'sesame'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec(context.Background(), `DROP ROLE `+role); err != nil {
			t.Error(err)
		}
		admin.Close(context.Background())
	})
	parsed.User = url.UserPassword(role, "sesame")
	return parsed.String()
}

// spell writes a field's SQL without what shows who wrote it.
func spell(t testing.TB, field, text string) string {
	t.Helper()
	switch field {
	case "Column.Type", "Column.BaseType":
		return strings.TrimPrefix(text, "public.")
	case "Column.Default", "Column.Generated", "Constraint.Expression", "PublicationUse.RowFilter", "PartitionKey.Expressions":
		if text == "" {
			return ""
		}
		return strings.TrimPrefix(definition(t, "SELECT "+text), "SELECT ")
	case "Constraint.Definition":
		return definition(t, "ALTER TABLE t ADD "+text)
	case "Index.Definition", "Trigger.Definition", "ExtendedStatistics.Definition":
		return definition(t, text)
	}
	return text
}
