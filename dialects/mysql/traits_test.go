package mysql

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/dialecttest"
)

// traitsOf are a statement's traits.
func traitsOf(t *testing.T, kind dialects.Kind, sql string) string {
	t.Helper()
	s := Dialect{Server: dialects.Version{Kind: kind}}.Parse(sql)[0]
	if s.Syntax != nil {
		t.Errorf("%s: %v", sql, s.Syntax)
	}
	return dialecttest.Traits(s)
}

func TestTraits(t *testing.T) {
	many := strings.Repeat("1, ", 19) + "1"
	for _, c := range []struct{ sql, want string }{
		{"SELECT * FROM t WHERE id = 1", "select star *"},
		{"SELECT u.*, t.id FROM t JOIN u ON u.t = t.id WHERE t.id = 1", "select star u.*"},
		{"SELECT count(*) FROM t WHERE EXISTS (SELECT * FROM u WHERE u.t = t.id)", ""},
		{"WITH w AS (SELECT id FROM t WHERE id > 1) SELECT * FROM w WHERE id = 1", ""},
		{"SELECT * FROM (SELECT id FROM t WHERE id > 1) s WHERE id = 1", ""},
		{"SELECT id FROM a WHERE id = 1 UNION SELECT * FROM b WHERE id = 1", "select star *"},
		{"CREATE VIEW v AS SELECT * FROM t", "select star *"},
		{"CREATE TABLE n AS SELECT * FROM t", "select star *"},
		{"SELECT id FROM t WHERE id > 1 ORDER BY rand() LIMIT 3", "random order RAND()"},
		{"SELECT id FROM s.t", "no where s.t"},
		{"SELECT id FROM t LIMIT 1", ""},
		{"SELECT f(1)", ""},
		{"SELECT 1 FROM dual", ""},
		{"INSERT INTO t SELECT id FROM u", "no columns t; no where u"},
		{"INSERT INTO t (id) SELECT id FROM u WHERE id > 3 ORDER BY id LIMIT 9", "limited write LIMIT"},
		{"INSERT INTO t () VALUES ()", ""},
		{"INSERT INTO t SET a = 1", ""},
		{"INSERT INTO t (a, b) VALUES (1, 2)", ""},
		{"REPLACE INTO t VALUES (1, 2)", "no columns t"},
		{"INSERT INTO t (a, A) VALUES (1, 2), (3, 4)", "double column A; many rows  2"},
		{"INSERT INTO t (a) VALUES ((SELECT max(b) FROM u WHERE b = NULL)) ON DUPLICATE KEY UPDATE a = 1, a = 2", "double column a; null comparison = NULL"},
		{"UPDATE t SET a = NULL, c = 1, c = 2 WHERE id = 1 LIMIT 3", "double column c; limited write LIMIT"},
		{"UPDATE t JOIN u ON u.id = t.id SET t.a = 1, u.a = 2 WHERE t.b <> NULL", "null comparison <> NULL"},
		{"UPDATE t SET a = 1 WHERE b <=> NULL OR b IS NULL", ""},
		{"DELETE FROM t WHERE id NOT IN (1, NULL) ORDER BY id", "limited write ORDER BY; null comparison NOT IN (..., NULL)"},
		{"DELETE FROM t WHERE id IN (1, NULL)", ""},
		{"DELETE FROM t WHERE a LIKE '%x' OR a LIKE 'x%' OR a REGEXP '%x'", "leading wildcard %x"},
		{"DELETE FROM t WHERE a LIKE CONCAT('_x', b)", "leading wildcard _x"},
		{"SELECT a LIKE '%x' FROM t WHERE id = 1", ""},
		{"DELETE FROM t WHERE lower(a) = 'x'", "computed column LOWER(`a`)"},
		{"DELETE FROM t WHERE CAST(at AS date) = '2020-01-01' AND (n + 1) > 3", "computed column CAST(`at` AS DATE); computed column `n`+1"},
		{"DELETE FROM t WHERE a = lower('X') AND at < now() - interval 1 day", ""},
		{"DELETE t FROM t JOIN u ON lower(t.a) = u.a", ""},
		{"DELETE t FROM t JOIN u ON lower(t.a) = 'x'", "computed column LOWER(`t`.`a`)"},
		{"DELETE FROM t WHERE id = (SELECT max(id) FROM u WHERE lower(b) IN ('x', 'y'))", "computed column LOWER(`b`)"},
		{"DELETE FROM t WHERE id IN (SELECT lower(b) FROM u WHERE x)", ""},
		{"DELETE FROM t WHERE id IN (" + many + ")", "many alternatives IN 20"},
		{"DELETE FROM t WHERE id IN (1, 2, 3)", ""},
		{"DELETE FROM t WHERE " + strings.Repeat("a = 1 OR ", 11) + "b", "many alternatives OR 12"},

		{"CREATE TABLE t (a int(11), b tinyint(1), c int, d int(5) zerofill, e bool, f varchar(9), g bigint(20) unsigned)",
			"display width a int(11) 11; display width g bigint(20) 20"},
		{"ALTER TABLE t MODIFY a smallint(6)", "display width a smallint(6) 6"},
		{"CREATE TABLE t (a int auto_increment primary key) AUTO_INCREMENT=1000", "start value  1000"},
		{"ALTER TABLE t AUTO_INCREMENT=1000", ""},
		{"CREATE TABLE t (a int) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8", "compression KEY_BLOCK_SIZE=8; compression ROW_FORMAT=COMPRESSED"},
		{"CREATE TABLE t (a int) ROW_FORMAT=DYNAMIC COMPRESSION='none'", ""},
		{"ALTER TABLE t COMPRESSION='zlib'", "compression COMPRESSION='zlib'"},
		{"CREATE DEFINER=`a`@`%` TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", "definer `a`@`%`"},
		{"CREATE OR REPLACE DEFINER = 'a' VIEW v AS SELECT a FROM t", "definer 'a'"},
		{"CREATE OR REPLACE ALGORITHM=MERGE DEFINER = a@localhost SQL SECURITY DEFINER VIEW v AS SELECT a FROM t", "definer a@localhost"},
		{"CREATE DEFINER=CURRENT_USER() FUNCTION f(x int) RETURNS int DETERMINISTIC RETURN x + 1", ""},
		{"ALTER DEFINER = 'a'@'%' EVENT e DISABLE", "definer 'a'@'%'"},
	} {
		if got := traitsOf(t, dialects.MySQL, c.sql); got != c.want {
			t.Errorf("%s\n\thas %q, want %q", c.sql, got, c.want)
		}
	}
	for _, c := range []struct{ sql, want string }{
		{"CREATE TABLE t (a int(11), b int(10) unsigned, c int(9))", "display width c int(9) 9"},
		{"CREATE TABLE t (a int) PAGE_COMPRESSED=1", "compression PAGE_COMPRESSED=1"},
		{"CREATE TABLE t (a text COMPRESSED)", "compression COMPRESSED of a"},
		{"DELETE FROM t WHERE a LIKE '%x' RETURNING *", "leading wildcard %x"},
	} {
		if got := traitsOf(t, dialects.MariaDB, c.sql); got != c.want {
			t.Errorf("%s\n\thas %q, want %q", c.sql, got, c.want)
		}
	}
}
