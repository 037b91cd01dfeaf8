package mysql

import (
	"fmt"
	"slices"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// lifecycle is a table and a column of it that is renamed.
type lifecycle struct {
	name, setup, table, old, new string
	only                         dialects.Kind // empty for both servers
	undone                       bool          // it is undone after each step too
}

// richUsers has one of everything that goes along.
const richUsers = `
CREATE TABLE hosts (name varchar(60) CHARACTER SET latin1 COLLATE latin1_german1_ci, kind int, UNIQUE (name, kind));
INSERT INTO hosts VALUES ('none', 1), ('a@x', 1), ('b@x', 1);
CREATE TABLE users (
	id bigint AUTO_INCREMENT, tenant int, kind int DEFAULT 1,
	user_email varchar(60) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT 'none' COMMENT 'what''s \\ this',
	name varchar(300), meta json, updated_at timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
	PRIMARY KEY (id),
	UNIQUE KEY ` + "`Uniq X`" + ` (tenant, user_email) COMMENT 'unique',
	KEY prefix (user_email(7), name(3) DESC), KEY turned (user_email DESC, id),
	CONSTRAINT Host FOREIGN KEY (user_email, kind) REFERENCES hosts (name, kind) ON DELETE CASCADE,
	CONSTRAINT other CHECK (kind > 0)
) COMMENT 'users';
INSERT INTO users (tenant, user_email, name) VALUES (1, 'a@x', 'n'), (1, 'b@x', 'n');
CREATE TABLE logins (id int PRIMARY KEY, tenant int, email varchar(60) CHARACTER SET latin1 COLLATE latin1_german1_ci,
	CONSTRAINT login_user FOREIGN KEY (tenant, email) REFERENCES users (tenant, user_email) ON DELETE CASCADE ON UPDATE CASCADE);
INSERT INTO logins VALUES (1, 1, 'a@x');
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW SET NEW.name = COALESCE(NEW.name, 'n');
`

const wideName = "Größe 'der' \\ `Spalte`, so breit wie es nur irgend geht: drei 64"

var lifecycles = []lifecycle{
	{name: "rich on MySQL", undone: true, only: dialects.MySQL, setup: richUsers + "ALTER TABLE users ADD INDEX hidden (user_email, tenant) INVISIBLE, ADD INDEX expressed ((tenant + 1));",
		table: "users", old: "user_email", new: "email"},
	{name: "rich on MariaDB", undone: true, only: dialects.MariaDB, setup: richUsers + `ALTER TABLE users ADD INDEX hidden (user_email, tenant) IGNORED,
		ADD CONSTRAINT named CHECK (user_email <> '' AND lower(user_email) <> name), ADD CHECK (user_email <> 'x');
		CREATE TABLE t (o json NOT NULL CHECK (json_valid(o) AND o <> '7'), p int DEFAULT (json_length(o)));`,
		table: "users", old: "user_email", new: "email"},
	{name: "no default", undone: true, setup: `CREATE TABLE t (id int PRIMARY KEY, o varchar(20) NOT NULL, UNIQUE (o)); INSERT INTO t VALUES (1, 'a')`, table: "t", old: "o", new: "n"},
	{name: "json", setup: `CREATE TABLE t (id int PRIMARY KEY, o json NOT NULL); INSERT INTO t VALUES (1, '{"a": 1}')`, table: "t", old: "o", new: "n"},
	{name: "checks in the column", only: dialects.MariaDB, setup: `CREATE TABLE t (o json NOT NULL CHECK (json_valid(o) AND o <> '7'), p int DEFAULT (json_length(o))); INSERT INTO t (o) VALUES ('[1]')`,
		table: "t", old: "o", new: "n"},
	{name: "expression default", setup: `CREATE TABLE t (id varchar(36) NOT NULL DEFAULT (uuid()), b text DEFAULT ('x'), UNIQUE (id)); INSERT INTO t (b) VALUES ('y')`, table: "t", old: "id", new: "uid"},
	{name: "steady expression", setup: `CREATE TABLE t (id int PRIMARY KEY, o text DEFAULT (concat('a', 'b')), KEY (o(9))); INSERT INTO t (id) VALUES (1)`, table: "t", old: "o", new: "n"},
	{name: "now", undone: true, setup: `CREATE TABLE t (id int PRIMARY KEY, o timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3), d datetime DEFAULT CURRENT_TIMESTAMP); INSERT INTO t (id, o) VALUES (1, '2020-01-01')`,
		table: "t", old: "o", new: "n"},
	{name: "enum", setup: `CREATE TABLE t (id int PRIMARY KEY, o enum('it''s','b\\c') CHARACTER SET utf8mb4 NOT NULL DEFAULT 'it''s'); INSERT INTO t VALUES (1, 2)`, table: "t", old: "o", new: "n"},
	{name: "numbers", setup: `CREATE TABLE t (id int PRIMARY KEY, o decimal(10,3) unsigned zerofill NOT NULL DEFAULT 1.5); INSERT INTO t VALUES (1, 2)`, table: "t", old: "o", new: "n"},
	{name: "invisible", setup: `CREATE TABLE t (id int PRIMARY KEY, o int NOT NULL DEFAULT 3 INVISIBLE, KEY (o)); INSERT INTO t (id, o) VALUES (1, 2)`, table: "t", old: "o", new: "n"},
	{name: "partitioned", setup: `CREATE TABLE t (id int, k int, o varchar(20) NOT NULL, UNIQUE (o, k)) PARTITION BY HASH (k) PARTITIONS 3; INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b')`,
		table: "t", old: "o", new: "n"},
	{name: "64 characters", setup: fmt.Sprintf("CREATE TABLE %[1]s (%[1]s varchar(9) NOT NULL, id int PRIMARY KEY, KEY %[1]s (%[1]s)); INSERT INTO %[1]s VALUES ('x', 1)", quote(wideName)),
		table: wideName, old: wideName, new: "`" + string([]rune(wideName)[:63])},
	{name: "sequence", only: dialects.MariaDB, setup: "CREATE SEQUENCE s; CREATE TABLE t (id int PRIMARY KEY DEFAULT (nextval(s)), o int NOT NULL); INSERT INTO t (o) VALUES (1), (2)",
		table: "t", old: "o", new: "n"},
	{name: "sequence of the column", only: dialects.MariaDB, setup: "CREATE SEQUENCE s; CREATE TABLE t (id int PRIMARY KEY, o int NOT NULL DEFAULT (nextval(s))); INSERT INTO t (id) VALUES (1), (2)",
		table: "t", old: "o", new: "n"},
	{name: "wide characters", setup: `CREATE TABLE t (id int PRIMARY KEY, o text CHARACTER SET utf16 NOT NULL, p tinytext CHARACTER SET utf32 NOT NULL); INSERT INTO t VALUES (1, 'ä', 'p')`,
		table: "t", old: "o", new: "n"},
	{name: "few wide characters", only: dialects.MariaDB, setup: `CREATE TABLE t (id int PRIMARY KEY, p tinytext CHARACTER SET utf32 NOT NULL); INSERT INTO t VALUES (1, 'p')`,
		table: "t", old: "p", new: "n"},
	{name: "reserved words", setup: "CREATE TABLE `select` (`from` int DEFAULT -1, `order` int, KEY (`from`, `order`)); INSERT INTO `select` VALUES (7, 8)", table: "select", old: "from", new: "NEW"},
}

func eachLifecycle(t *testing.T, test func(t *testing.T, kind dialects.Kind, c lifecycle)) {
	t.Helper()
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		for _, c := range lifecycles {
			if c.only == "" || c.only == kind {
				t.Run(string(kind)+"/"+c.name, func(t *testing.T) { test(t, kind, c) })
			}
		}
	}
}

func TestDualWriteEndsAsARename(t *testing.T) {
	eachLifecycle(t, func(t *testing.T, kind dialects.Kind, c lifecycle) {
		if testing.Short() && !c.undone {
			t.Skip("it takes long: make test runs it")
		}
		plain, l := openLive(t, kind, c.setup), openLive(t, kind, c.setup)
		runScript(t, plain.s, fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO %s", quote(c.table), quote(c.old), quote(c.new)))
		spec, dw := l.plan(t, c.table, c.old, c.new)
		l.toDualWrite(t, dw)
		l.recheck(t, dw.Contract[0], spec, dw)
		l.carryOut(t, dw.Contract...)
		sameText(t, "schema", l.dump(t), plain.dump(t))
		if c.name == "expression default" {
			return // the rows differ by themselves
		}
		rows := fmt.Sprintf("SELECT GROUP_CONCAT(HEX(CAST(%[2]s AS BINARY)) ORDER BY 1) FROM %[1]s", quote(c.table), quote(c.new))
		if got, want := value(t, l.s, rows), value(t, plain.s, rows); got != want {
			t.Errorf("rows are %s, want %s", got, want)
		}
	})
}

func TestDualWriteUndo(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	eachLifecycle(t, func(t *testing.T, kind dialects.Kind, c lifecycle) {
		if !c.undone {
			return
		}
		l := openLive(t, kind, c.setup)
		before := l.dump(t)
		_, dw := l.plan(t, c.table, c.old, c.new)
		actions := slices.Concat(dw.Expand, dw.Build, dw.TwoWay)
		for done := len(actions); done > 0; done-- {
			for n, a := range actions[:done] {
				l.run(t, a, a.SQL)
				if n == len(dw.Expand)-1 {
					l.fill(t, dw.Copy)
				}
			}
			// The next one's undo bears that it was never run.
			for n := min(done, len(actions)-1); n >= 0; n-- {
				runScript(t, l.s, actions[n].Undo)
			}
			if sameText(t, fmt.Sprintf("undone after %d actions", done), l.dump(t), before); t.Failed() {
				return
			}
		}
	})
}
