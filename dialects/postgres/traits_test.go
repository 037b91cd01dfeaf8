package postgres

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects/dialecttest"
)

// traitsOf are a statement's traits.
func traitsOf(sql string) string { return dialecttest.Traits((Dialect{}).Parse(sql)[0]) }

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
		{"CREATE MATERIALIZED VIEW m AS SELECT id FROM t ORDER BY random()", "random order random()"},
		{"EXPLAIN ANALYZE SELECT id FROM t", "no where t"},
		{"SELECT id FROM s.t", "no where s.t"},
		{"SELECT id FROM t LIMIT 1", ""},
		{"SELECT f(1)", ""},
		{"SELECT id FROM generate_series(1, 3) id", ""},
		{"INSERT INTO t SELECT id FROM u", "no columns t; no where u"},
		{"INSERT INTO t (id) SELECT id FROM u WHERE id > 3 ORDER BY id LIMIT 9", "limited write LIMIT"},
		{"INSERT INTO t DEFAULT VALUES", ""},
		{"INSERT INTO t (a, b) VALUES (1, 2)", ""},
		{"INSERT INTO t (a, a) VALUES (1, 2), (3, 4)", "double column a; many rows  2"},
		{"INSERT INTO t (a) VALUES ((SELECT max(b) FROM u WHERE b = NULL))", "null comparison = NULL"},
		{"UPDATE t SET a = NULL, b[1] = 2, b[2] = 3, c = 1, c = 2 WHERE id = 1", "double column c"},
		{"UPDATE t SET a = 1 WHERE b <> NULL", "null comparison <> NULL"},
		{"UPDATE t SET a = 1 WHERE NULL::int = b OR b IS NULL", "null comparison = NULL"},
		{"DELETE FROM t WHERE id NOT IN (1, NULL)", "null comparison NOT IN (..., NULL)"},
		{"DELETE FROM t WHERE id IN (1, NULL)", ""},
		{"DELETE FROM t WHERE a LIKE '%x' OR a LIKE 'x%' OR a ~ '%x'", "leading wildcard %x"},
		{"DELETE FROM t WHERE a ILIKE '_x' || b", "leading wildcard _x"},
		{"SELECT a LIKE '%x' FROM t WHERE id = 1", ""},
		{"DELETE FROM t WHERE lower(a) = 'x'", "computed column lower(a)"},
		{"DELETE FROM t WHERE at::date = '2020-01-01' AND n + 1 > 3", "computed column at::date; computed column n + 1"},
		{"DELETE FROM t WHERE a = lower('X') AND a::text = 'x' AND at < now() - interval '1 day'", ""},
		{"DELETE FROM t USING u WHERE lower(t.a) = u.a", ""},
		{"DELETE FROM t WHERE id = (SELECT max(id) FROM u WHERE lower(b) IN ('x', 'y'))", "computed column lower(b)"},
		{"DELETE FROM t WHERE id IN (SELECT lower(b) FROM u WHERE x)", ""},
		{"DELETE FROM t WHERE id IN (" + many + ")", "many alternatives IN 20"},
		{"DELETE FROM t WHERE id IN (1, 2, 3)", ""},
		{"DELETE FROM t WHERE " + strings.Repeat("a = 1 OR ", 11) + "b", "many alternatives OR 12"},
		{"ALTER TABLE t ADD CHECK (a LIKE '%x')", ""},
	} {
		if got := traitsOf(c.sql); got != c.want {
			t.Errorf("%s\n\thas %q, want %q", c.sql, got, c.want)
		}
	}
}
