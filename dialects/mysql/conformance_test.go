package mysql

import (
	"context"
	"database/sql"
	"os"
	"regexp"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/dialecttest"
)

func TestConformanceMySQL(t *testing.T)   { conformance(t, dialects.MySQL) }
func TestConformanceMariaDB(t *testing.T) { conformance(t, dialects.MariaDB) }

func conformance(t *testing.T, kind dialects.Kind) {
	server := shared[kind](t)
	dialecttest.Run(t, dialecttest.Fixture{
		NewDatabase: server.Database,
		Open:        func(ctx context.Context, url string) (dialects.Database, error) { return Open(ctx, url) },
		Connect:     connectApp,
		Limited:     limitedURL,
		Samples: map[string]string{
			"add column":              `ALTER TABLE users ADD COLUMN born date, ALGORITHM=INSTANT`,
			"add column with default": `ALTER TABLE users ADD COLUMN level int NOT NULL DEFAULT 5, ALGORITHM=INSTANT`,
			"change type":             `ALTER TABLE users MODIFY age bigint`,
			"set default":             `ALTER TABLE users ALTER COLUMN age SET DEFAULT 7, ALGORITHM=INSTANT`,
			"drop default":            `ALTER TABLE users ALTER COLUMN age DROP DEFAULT, ALGORITHM=INSTANT`,
			"set not null":            `ALTER TABLE users MODIFY age int NOT NULL`,
			"create index online":     `CREATE INDEX users_by_team ON users (team_id) ALGORITHM=INPLACE LOCK=NONE`,
			"rename index":            `ALTER TABLE users RENAME INDEX users_by_age TO by_age`,
			"drop index":              `DROP INDEX users_by_age ON users`,
		},
		Histories: histories(t, kind),
		// The servers print who made a trigger, and in what modes.
		Unsaid:  []string{"Trigger.Definition"},
		Spell:   spell,
		Garbage: []string{"DELIMITER //\nSELECT 1", "/*!40101 /*! */", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN IF", "SELECT 'a\\", "# \n#", "SELECT 1 --x", "/*M!100 x", "delimiter ''", "/*!50000"},
		Carries: []string{"view", "incoming foreign key"},
		Riches: map[string]string{
			"incoming foreign key": `CREATE TABLE users (id int NOT NULL PRIMARY KEY, user_email varchar(60) NOT NULL, UNIQUE KEY once (user_email));
				INSERT INTO users VALUES (1, 'a'), (2, 'b');
				CREATE TABLE mails (address varchar(60), CONSTRAINT mails_user FOREIGN KEY (address) REFERENCES users (user_email)); INSERT INTO mails VALUES ('a')`,
			"outgoing foreign key": `CREATE TABLE hosts (name varchar(60) NOT NULL PRIMARY KEY); INSERT INTO hosts VALUES ('a'), ('b');
				CREATE TABLE users (id int NOT NULL PRIMARY KEY, user_email varchar(60) NOT NULL DEFAULT 'a',
					CONSTRAINT users_host FOREIGN KEY (user_email) REFERENCES hosts (name) ON DELETE CASCADE); INSERT INTO users VALUES (1, 'a'), (2, 'b')`,
			"prefixes and charsets": `CREATE TABLE users (id int NOT NULL PRIMARY KEY, user_email varchar(60) CHARACTER SET latin1 COLLATE latin1_general_cs NOT NULL COMMENT 'who''s \\ this',
				n int, KEY part (user_email(10) DESC, n), UNIQUE KEY whole (n, user_email), KEY unseen (user_email)) DEFAULT CHARSET=utf8mb4; INSERT INTO users VALUES (1, 'ä', 3)`,
		},
		SQL: dialecttest.SQL{
			PID: `SELECT CONNECTION_ID()`, Sleep: `SELECT SLEEP(60)`,
			// The pause: innodb_trx is not read anew where it was within 0.1 s.
			Waits: `SELECT (SELECT SLEEP(0.12)) + (SELECT COUNT(*) FROM information_schema.processlist WHERE id = $1 AND (state LIKE 'Waiting for%' OR state = 'User lock')) +
				(SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = $1 AND trx_state = 'LOCK WAIT')`,
			Serializable: `SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE`,
			Bypass:       `SET @segue_backfill = CONNECTION_ID()`, Restore: `SET @segue_backfill = NULL`,
		},
	})
}

// histories are the schemas that replay is held against.
func histories(t *testing.T, kind dialects.Kind) map[string]string {
	read := func(file string) string {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	schema := read("inspect.sql")
	if kind == dialects.MySQL {
		schema += read("inspect_mysql.sql")
	}
	return map[string]string{"schema": schema, "changes": read("replay.sql")}
}

// appConn is an app's connection.
type appConn struct {
	pool *sql.DB
	conn *sql.Conn
}

func (c appConn) Exec(ctx context.Context, sql string) error {
	_, err := c.conn.ExecContext(ctx, sql)
	return err
}

func (c appConn) Close() {
	c.conn.Close()
	c.pool.Close()
}

func connectApp(t testing.TB, url, name string) dialecttest.Client {
	t.Helper()
	config, err := parseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	config.ConnectionAttributes = "program_name:" + name
	config.Logger = &driver.NopLogger{} // of sessions that are ended
	connector, err := driver.NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	c := appConn{pool: sql.OpenDB(connector)}
	if c.conn, err = c.pool.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// limitedURL makes a user who sees the database and may do nothing in it.
func limitedURL(t testing.TB, url string) string {
	t.Helper()
	config, err := parseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	admin := connectApp(t, url, "admin")
	user := "l" + config.DBName[len(config.DBName)-8:]
	for _, sql := range []string{`CREATE USER ` + user + `@'%' IDENTIFIED BY 'sesame'`, `GRANT SHOW VIEW ON ` + quote(config.DBName) + `.* TO ` + user + `@'%'`} {
		if err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := admin.Exec(context.Background(), `DROP USER `+user+`@'%'`); err != nil {
			t.Error(err)
		}
	})
	return "mysql://" + user + ":sesame@" + config.Addr + "/" + config.DBName
}

var (
	introducer    = regexp.MustCompile(`_utf8mb[34]'`)
	insignificant = strings.NewReplacer(" ", "", "`", "", "(", "", ")", "", `\'`, `''`, "%", "mod")
)

// spell writes a field's SQL in one way: the servers print expressions with more quotes and parentheses.
func spell(_ testing.TB, _, text string) string {
	return strings.ToLower(insignificant.Replace(introducer.ReplaceAllString(text, "'")))
}
