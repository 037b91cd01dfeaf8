package integration_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate"
)

const (
	wide64    = "Größe `der` Spalte \"so breit\", wie es nur geht: vierundsechzig,6" // 64 characters
	wide64Too = "Größe 'der' Spalte \\so breit\\, wie es nur geht: vierundsechzig$7" // 64 characters
)

// numbered inserts rows 1 to n of the form ({columns}), with values over i.
func numbered(n int, columns, values string) string {
	return fmt.Sprintf("INSERT INTO {t} (%s) SELECT %s FROM %s WHERE i <= %d ORDER BY i", columns, values, series, n)
}

// onBothServers are tables that MySQL and MariaDB rename a column of alike.
var onBothServers = []lifecycle{
	{name: "composite key", table: "members", old: "nick", young: "handle",
		setup:   []string{"CREATE TABLE {t} (tenant int, id int, {c} varchar(60) UNIQUE, n int DEFAULT 0, PRIMARY KEY (tenant, id))"},
		rows:    numbered(1000, "tenant, id, {c}", "i % 7, i, CONCAT('n', i)"),
		filling: []string{"UPDATE {t} SET {c} = 'f' WHERE id = 1", "INSERT INTO {t} (tenant, id, {c}) VALUES (1, 9001, 'g')", "DELETE FROM {t} WHERE id = 2", "UPDATE {t} SET {c} = NULL WHERE id = 3"},
		both: []string{"UPDATE {t} SET {c} = CONCAT({c}, 'b') WHERE id BETWEEN 10 AND 20", "UPDATE {t} SET {c} = NULL WHERE id = 30", "UPDATE {t} SET tenant = tenant + 10 WHERE id = 40",
			"UPDATE {t} SET {c} = UPPER({c}) WHERE id = 50", "UPDATE {t} SET {c} = CONCAT({c}, ' ') WHERE id = 51", "REPLACE INTO {t} (tenant, id, {c}) VALUES (4, 60, 'r')",
			"INSERT INTO {t} (tenant, id, {c}) VALUES (0, 70, 'k') ON DUPLICATE KEY UPDATE {c} = CONCAT({c}, VALUES({c}))"},
		last: []string{"INSERT IGNORE INTO {t} (tenant, id, {c}) VALUES (1, 9002, 'h'), (1, 9004, 'h')", "INSERT INTO {t} (tenant, id) VALUES (1, 9003)"}},
	{name: "unique with another", table: "accounts", old: "login", young: "user_name",
		setup: []string{"CREATE TABLE {t} (id int AUTO_INCREMENT PRIMARY KEY, realm int NOT NULL, {c} varchar(60) NOT NULL COMMENT 'it''s one', UNIQUE KEY by_realm (realm, {c}), KEY ({c}(5), realm), KEY second ({c} DESC))"},
		rows:  numbered(500, "realm, {c}", "i % 3, CONCAT('l', i)"), filling: []string{"UPDATE {t} SET {c} = 'f', realm = 9 WHERE id = 1"},
		both: []string{"INSERT INTO {t} (realm, {c}) VALUES (7, 'same') ON DUPLICATE KEY UPDATE {c} = CONCAT({c}, '+')", "REPLACE INTO {t} (realm, {c}) VALUES (8, 'same')",
			"UPDATE {t} a JOIN {t} b ON b.id = a.id + 1 SET a.{c} = CONCAT(b.{c}, '<') WHERE a.id BETWEEN 20 AND 25"},
		last: []string{"INSERT INTO {t} (realm, {c}) SELECT 50, {c} FROM {t} WHERE id < 10"}},
	{name: "foreign key", table: "posts", old: "author", young: "author_id",
		setup: []string{"CREATE TABLE people (id int PRIMARY KEY)", "INSERT INTO people SELECT i FROM " + series + " WHERE i <= 50",
			"CREATE TABLE {t} (id int PRIMARY KEY, {c} int, CONSTRAINT written_by FOREIGN KEY ({c}) REFERENCES people (id) ON DELETE CASCADE)"},
		rows:    numbered(500, "id, {c}", "i, 1 + i % 50"),
		filling: []string{"UPDATE {t} SET {c} = 3 WHERE id = 1", "DELETE FROM people WHERE id = 12"},
		both:    []string{"UPDATE {t} SET {c} = 4 WHERE id = 2", "DELETE FROM people WHERE id = (SELECT * FROM (SELECT MAX(id) FROM people) p)", "UPDATE {t} SET {c} = NULL WHERE id = 5"},
		last:    []string{"INSERT INTO {t} (id, {c}) VALUES (9001, 5)"}},
	{name: "referred to", table: "plans", old: "code", young: "plan_code",
		setup: []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(20) NOT NULL UNIQUE)",
			"CREATE TABLE subscriptions (id int PRIMARY KEY, plan varchar(20), CONSTRAINT of_plan FOREIGN KEY (plan) REFERENCES {t} ({c}) ON UPDATE CASCADE)"},
		rows:    numbered(300, "id, {c}", "i, CONCAT('p', i)"),
		filling: []string{"INSERT INTO subscriptions SELECT id, {c} FROM {t} WHERE id <= 20", "UPDATE {t} SET {c} = 'changed' WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = CONCAT({c}, 'b') WHERE id = 2"},
		last:    []string{"INSERT INTO {t} (id, {c}) VALUES (9001, 'x')", "INSERT INTO subscriptions VALUES (9001, 'x')"}},
	{name: "on update current_timestamp", table: "pages", old: "title", young: "heading",
		setup: []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(60) NOT NULL, n int DEFAULT 0, changed_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), seen_at datetime NULL ON UPDATE CURRENT_TIMESTAMP)"},
		rows:  numbered(500, "id, {c}, changed_at, seen_at", "i, CONCAT('t', i), '2020-01-01', IF(i % 2, NULL, '2020-01-02')"),
		// Who writes says what the columns are to be, so that they can be compared.
		filling: []string{"UPDATE {t} SET {c} = 'f', changed_at = '2021-01-01', seen_at = NULL WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = CONCAT({c}, 'b'), changed_at = '2021-01-02', seen_at = '2021-01-03' WHERE id = 2", "UPDATE {t} SET {c} = {c}, changed_at = changed_at, seen_at = seen_at WHERE id = 3"},
		last:    []string{"INSERT INTO {t} (id, {c}, changed_at) VALUES (9001, 'h', '2021-02-02')"}},
	{name: "mixed case", table: "Users", old: "userEmail", young: "select",
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(40) CHARACTER SET latin1 COLLATE latin1_german1_ci, CONSTRAINT `Uniq` UNIQUE ({c}))"},
		rows:    numbered(500, "id, {c}", "i, CONCAT('ä', i)"),
		filling: []string{"UPDATE {t} SET {c} = 'f' WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = CONCAT({c}, 'ß') WHERE id = 2", "UPDATE {t} SET {c} = UPPER({c}) WHERE id BETWEEN 5 AND 9"},
		last:    []string{"INSERT INTO {t} (id, {c}) VALUES (9001, 'h')"}},
	{name: "64 characters", table: wide64, old: wide64, young: wide64Too,
		setup:   []string{"CREATE TABLE {t} (`ID` int PRIMARY KEY, {c} varchar(60) NOT NULL, UNIQUE ({c}), KEY (`ID`, {c}))"},
		rows:    numbered(300, "`ID`, {c}", "i, CONCAT('n', i)"),
		filling: []string{"UPDATE {t} SET {c} = 'f' WHERE `ID` = 1"},
		both:    []string{"UPDATE {t} SET {c} = CONCAT({c}, 'b') WHERE `ID` = 2"},
		last:    []string{"INSERT INTO {t} (`ID`, {c}) VALUES (9001, 'h')"}},
	{name: "not strict", table: "forms", old: "answer", young: "reply", mode: "NO_ENGINE_SUBSTITUTION",
		setup: []string{"CREATE TABLE {t} (id int AUTO_INCREMENT PRIMARY KEY, {c} varchar(10) NOT NULL, n tinyint)"},
		rows:  numbered(300, "{c}", "CONCAT('a', i)"),
		filling: []string{"INSERT INTO {t} ({c}) VALUES (NULL), ('x')", "UPDATE {t} SET {c} = NULL WHERE id = 5", "INSERT INTO {t} ({c}, n) VALUES ('y', 1000)",
			"UPDATE {t} SET {c} = 'longer than ten' WHERE id = 6", "INSERT IGNORE INTO {t} ({c}) VALUES (NULL)"},
		both: []string{"UPDATE {t} SET {c} = 'also longer than ten' WHERE id = 7", "INSERT INTO {t} ({c}) VALUES ('and this one too'), (12)", "UPDATE {t} SET {c} = id, n = 'x' WHERE id = 8"},
		last: []string{"INSERT INTO {t} ({c}) VALUES ('new'), ('and a long one')"}},
	{name: "insert ignore", table: "forms", old: "answer", young: "reply",
		setup:   []string{"CREATE TABLE {t} (id int AUTO_INCREMENT PRIMARY KEY, {c} varchar(10) NOT NULL UNIQUE)"},
		rows:    numbered(300, "{c}", "CONCAT('a', i)"),
		filling: []string{"INSERT IGNORE INTO {t} ({c}) VALUES (NULL)", "UPDATE IGNORE {t} SET {c} = 'a2' WHERE id = 5"},
		both:    []string{"UPDATE IGNORE {t} SET {c} = 'also longer than ten' WHERE id = 7", "INSERT IGNORE INTO {t} ({c}) VALUES ('a9'), ('longer than ten'), ('a9 ')"},
		last:    []string{"INSERT INTO {t} ({c}) VALUES ('new')"}},
	{name: "not null with default", table: "accounts", old: "plan", young: "tier",
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(20) NOT NULL DEFAULT 'free')"},
		rows:    numbered(300, "id, {c}", "i, CONCAT('p', i)"),
		filling: []string{"INSERT INTO {t} (id) VALUES (9001)", "UPDATE {t} SET {c} = DEFAULT WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = CONCAT({c}, 'b') WHERE id = 2", "UPDATE {t} SET {c} = DEFAULT WHERE id = 3"},
		last:    []string{"INSERT INTO {t} (id) VALUES (9002)", "INSERT INTO {t} (id, {c}) VALUES (9003, 'x')"}},
	{name: "default now", table: "visits", old: "at", young: "seen_at", moments: true,
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} datetime(6) DEFAULT CURRENT_TIMESTAMP(6))"},
		rows:    numbered(300, "id", "i"),
		filling: []string{"INSERT INTO {t} (id) VALUES (9001)", "UPDATE {t} SET {c} = '2020-01-01' WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = {c} - INTERVAL 1 HOUR WHERE id = 2"},
		last:    []string{"INSERT INTO {t} (id) VALUES (9002)", "INSERT INTO {t} (id, {c}) VALUES (9003, NULL)"}},
	{name: "partitioned", table: "parts", old: "note", young: "remark",
		setup:   []string{"CREATE TABLE {t} (id int, day date NOT NULL, {c} varchar(60) NOT NULL DEFAULT 'none', PRIMARY KEY (id, day), KEY ({c})) PARTITION BY RANGE COLUMNS (day) (PARTITION p20 VALUES LESS THAN ('2021-01-01'), PARTITION p21 VALUES LESS THAN MAXVALUE)"},
		rows:    numbered(500, "id, day, {c}", "i, IF(i % 2, '2020-03-01', '2021-03-01'), CONCAT('n', i)"),
		filling: []string{"UPDATE {t} SET day = '2021-06-01' WHERE id BETWEEN 100 AND 110", "INSERT INTO {t} (id, day) VALUES (9001, '2021-07-01')"},
		both:    []string{"UPDATE {t} SET day = '2020-06-01', {c} = CONCAT({c}, 'moved') WHERE id BETWEEN 201 AND 210"},
		last:    []string{"INSERT INTO {t} (id, day) VALUES (9003, '2020-08-01')"}},
}

// typed is a lifecycle of a column of one type, with three values of it.
func typed(name, sql, a, b, c string) lifecycle {
	return lifecycle{name: name, table: "typed", old: "v", young: "w",
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} " + sql + ")"},
		rows:    numbered(20, "id, {c}", "i, IF(i % 2, "+a+", "+b+")"),
		filling: []string{"UPDATE {t} SET {c} = " + c + " WHERE id = 1", "INSERT INTO {t} (id, {c}) VALUES (101, " + a + ")"},
		both:    []string{"UPDATE {t} SET {c} = " + a + " WHERE id IN (2, 3)", "UPDATE {t} SET {c} = " + b + " WHERE id IN (3, 4)", "UPDATE {t} SET {c} = " + c + " WHERE id = 5"},
		last:    []string{"INSERT INTO {t} (id, {c}) VALUES (102, " + c + ")"}}
}

// types have values that are equal, or look so, and are not identical (dual-write.md, B3). All of them
// are tried with SEGUE_SOAK=1, and those that went wrong most easily each time.
func types() []lifecycle {
	if os.Getenv("SEGUE_SOAK") == "" {
		return hardTypes
	}
	return slices.Concat(hardTypes, softTypes)
}

var hardTypes = []lifecycle{
	typed("float", "float NOT NULL", "1", "1.0000002", "16777216"),
	typed("text", "text NOT NULL", "'a'", "'A'", "'a '"),
	typed("json", "json", `'{"a": 1}'`, `'{"a":  1.0}'`, "'null'"),
	typed("enum", "enum('x', 'y', 'Z') NOT NULL", "'x'", "'y'", "'Z'"),
	typed("timestamp", "timestamp NULL", "'2020-01-01 00:00:00'", "'2021-10-31 02:30:00'", "NULL"),
}

var softTypes = []lifecycle{
	typed("double", "double", "0.1", "0.1 + 1e-17 + 2e-16", "-0e0"),
	typed("decimal", "decimal(10,3) NOT NULL", "1.5", "1.500", "-3"),
	typed("blob", "mediumblob", "'a'", "X'00FF'", "''"),
	typed("varbinary", "varbinary(9) NOT NULL", "'a'", "'a '", "X'6100'"),
	typed("char", "char(5) NOT NULL", "'a'", "'Á'", "''"),
	typed("set", "set('x', 'y', 'z')", "'x'", "'x,z'", "''"),
	typed("bit", "bit(9) NOT NULL", "b'1'", "b'101'", "b'0'"),
	typed("time", "time(3)", "'10:00:00.001'", "'-10:00:00'", "'838:00:00'"),
	typed("year", "year NOT NULL", "2020", "1999", "2021"),
	typed("unsigned", "bigint unsigned NOT NULL", "18446744073709551614", "0", "7"),
	typed("emoji", "varchar(10) COLLATE utf8mb4_bin NOT NULL", "'🙂'", "'a'", "''"),
}

// checked is for MariaDB: MySQL renames no column of a CHECK.
var checked = lifecycle{name: "checks", table: "people", old: "nick", young: "handle",
	setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(60) NOT NULL CHECK ({c} <> ''), n int, CONSTRAINT both_ok CHECK (n > 0 OR {c} LIKE 'n%'))"},
	rows:    numbered(300, "id, {c}", "i, CONCAT('n', i)"),
	filling: []string{"UPDATE {t} SET {c} = 'nf' WHERE id = 1", "INSERT INTO {t} (id, {c}, n) VALUES (9001, 'g', 4)"},
	both:    []string{"UPDATE {t} SET {c} = CONCAT({c}, 'b') WHERE id = 2", "UPDATE IGNORE {t} SET {c} = '' WHERE id = 3"},
	last:    []string{"INSERT INTO {t} (id, {c}) VALUES (9002, 'nh')"}}

// forgotten is for MySQL: MariaDB gives nobody a way to leave the column out and be told from one who gave it,
// so there it is an error until contract, which the plan says.
var forgotten = lifecycle{name: "not strict, not given", table: "forms", old: "answer", young: "reply", mode: "NO_ENGINE_SUBSTITUTION",
	setup:   []string{"CREATE TABLE {t} (id int AUTO_INCREMENT PRIMARY KEY, {c} varchar(10) NOT NULL, n tinyint)"},
	rows:    numbered(300, "{c}", "CONCAT('a', i)"),
	filling: []string{"INSERT INTO {t} (n) VALUES (1000)"},
	both:    []string{"INSERT INTO {t} (n) VALUES (7)", "INSERT INTO {t} (n) SELECT n FROM {t} WHERE id < 5"},
	last:    []string{"INSERT INTO {t} (n) VALUES (8)"}}

// hidden is for MySQL; MariaDB says IGNORED.
var hidden = lifecycle{name: "invisible index", table: "people", old: "nick", young: "handle",
	setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(60) NOT NULL, n int INVISIBLE, KEY hidden ({c}) INVISIBLE, KEY ((UPPER(id)), {c}))"},
	rows:    numbered(300, "id, {c}", "i, CONCAT('n', i)"),
	filling: []string{"UPDATE {t} SET {c} = 'nf' WHERE id = 1"},
	both:    []string{"UPDATE {t} SET {c} = CONCAT({c}, 'b') WHERE id = 2"},
	last:    []string{"INSERT INTO {t} VALUES (9002, 'nh')"}}

var familyLifecycles = map[dialects.Kind][]lifecycle{
	dialects.MySQL:   slices.Concat(onBothServers, []lifecycle{hidden, forgotten}, types()),
	dialects.MariaDB: slices.Concat(onBothServers, []lifecycle{checked}, types()),
}

// TestRefusedTables: what cannot be renamed online is refused before anything is changed.
func TestRefusedTables(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		long(t)
		server := on.shared(t)
		tests := []struct{ name, setup, names string }{
			{"primary key", "CREATE TABLE items (n int PRIMARY KEY)", "primary key"},
			{"auto increment", "CREATE TABLE items (id int PRIMARY KEY, n int AUTO_INCREMENT UNIQUE)", "AUTO_INCREMENT"},
			{"generated column", "CREATE TABLE items (id int PRIMARY KEY, n int, twice int AS (n * 2))", "twice"},
			{"cascading foreign key", "CREATE TABLE owners (id int PRIMARY KEY); CREATE TABLE items (id int PRIMARY KEY, n int, CONSTRAINT owned FOREIGN KEY (n) REFERENCES owners (id) ON DELETE SET NULL)", "owned"},
			{"partition key", "CREATE TABLE items (id int, n int, PRIMARY KEY (id, n)) PARTITION BY HASH (n)", "partition"},
			{"trigger", "CREATE TABLE items (id int PRIMARY KEY, n int); CREATE TRIGGER doubled BEFORE INSERT ON items FOR EACH ROW SET NEW.n = NEW.n * 2", "doubled"},
			{"fulltext", "CREATE TABLE items (id int PRIMARY KEY, n text, FULLTEXT KEY words (n))", "words"},
		}
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				url := server.Database(t)
				f := files{"0001_items.sql": test.setup + ";"}
				if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
					t.Fatal(err)
				}
				before := on.dump(t, server, url)
				f["0002_rename.sql"] = "ALTER TABLE items RENAME COLUMN n TO m;"
				r := runner(t, url, f, migrate.Options{})
				_, err := r.Up(t.Context())
				var refusal *dialects.Refusal
				if !errors.As(err, &refusal) || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(test.names)) {
					t.Fatalf("got %v, want a refusal that names %s", err, test.names)
				}
				if after := on.dump(t, server, url); after != before {
					t.Errorf("a refused up changed the schema:\n%s", after)
				}
			})
		}
	})
}
