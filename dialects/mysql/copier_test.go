package mysql

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// copiedKeys are keys of each type, in 100 rows: columns, their values for i, and those columns.
var copiedKeys = []struct {
	name, columns, values, key string
	only                       dialects.Kind
}{
	{"bigint", "id bigint", "(i - 50) * 184467440737095516 + i % 2", "id", ""},
	{"unsigned bigint", "id bigint unsigned", "18446744073709551615 - 100 + i", "id", ""},
	{"decimal", "id decimal(30,3) zerofill", "i * 1.001", "id", ""},
	{"negative decimal", "id decimal(40,3)", "i * 1.001 - 100000000000000000000", "id", ""},
	{"double", "id double", "1e0 / i - 0.5", "id", ""},
	{"float", "id float", "1e0 / i - 0.5", "id", ""},
	{"bit", "id bit(40)", "i * 1000", "id", ""},
	{"year", "a year, id int", "2000 + i % 4, i", "a,id", ""},
	{"text by accents and case", "id varchar(40) CHARACTER SET utf8mb4", "CONCAT(ELT(i % 4 + 1, 'a', 'B', 'é', 'ß'), CHAR(39), CHAR(92), i)", "id", ""},
	{"text by bytes", "id varchar(60) COLLATE utf8mb4_bin", "SHA2(i, 224)", "id", ""},
	{"blanks at the end", "a char(9), id varchar(9)", "IF(i % 2, 'x', 'x  '), CONCAT(i, ' ')", "a,id", ""},
	{"blanks that count", "id varchar(40) COLLATE %nopad", "CONCAT('x', REPEAT(' ', i % 30), IF(i < 30, '', i))", "id", ""},
	{"latin1", "id varchar(40) CHARACTER SET latin1", "CONCAT('ü', i)", "id", ""},
	{"utf16", "id varchar(40) CHARACTER SET utf16", "CONCAT('ü', i)", "id", ""},
	{"binary", "id binary(30)", "UNHEX(SHA2(i, 224))", "id", ""},
	{"varbinary", "id varbinary(18)", "LEFT(UNHEX(SHA2(i, 224)), 2 + i % 16)", "id", ""},
	{"datetime", "id datetime(6)", "TIMESTAMP('2026-01-01') + INTERVAL i * 1000001 MICROSECOND", "id", ""},
	{"timestamp", "id timestamp(3)", "TIMESTAMP('2026-01-01') + INTERVAL i * 1001000 MICROSECOND", "id", ""},
	{"date", "id date", "DATE('1000-01-01') + INTERVAL i DAY", "id", ""},
	{"time", "id time(2)", "SEC_TO_TIME(i * 10000.25 - 500000)", "id", ""},
	{"enum", "a enum('z', 'y', 'x', '10', '2'), id int", "i % 5 + 1, i", "a,id", ""},
	{"set", "a set('z', 'y', 'x'), id int", "i % 8, i", "a,id", ""},
	{"three columns", "a varchar(9), b date, c binary(28)", "CONCAT('t', i % 2), DATE('2026-01-01') + INTERVAL i % 4 DAY, UNHEX(SHA2(i, 224))", "a,b,c", ""},
	{"quotes and capitals", "`Schl``üssel` varchar(9), `été'` int", "CHAR(39 + i % 5), i", "Schl`üssel,été'", ""},
	{"uuid", "id uuid", "CONCAT(LEFT(SHA2(i, 224), 8), '-0000-1000-8000-', RIGHT(SHA2(i, 224), 12))", "id", dialects.MariaDB},
	{"inet6", "id inet6", "CONCAT('::', HEX(i))", "id", dialects.MariaDB},
}

// The keys that a copy walks, in batches of 15, over the primary key and over a unique one in
// descending order.
func TestCopyWalksKeysOfAnyType(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		nopad := map[dialects.Kind]string{dialects.MySQL: "utf8mb4_0900_ai_ci", dialects.MariaDB: "utf8mb4_nopad_bin"}[d.dialect().Kind()]
		for _, test := range copiedKeys {
			if test.only != "" && test.only != d.dialect().Kind() {
				continue
			}
			t.Run(test.name, func(t *testing.T) {
				c := dialects.CopySpec{Table: dialects.Name{Name: "Us`ers"}, From: "user`Email", To: "E-Mäil", Key: strings.Split(test.key, ",")}
				for _, key := range []string{"PRIMARY KEY (%s)", "other int AUTO_INCREMENT PRIMARY KEY, UNIQUE KEY `by key` (%s DESC)"} {
					columns := strings.ReplaceAll(strings.ReplaceAll(test.columns, "%nopad", nopad), ",", " NOT NULL,") + " NOT NULL"
					columns = strings.ReplaceAll(columns, "(30 NOT NULL,3)", "(30,3)")
					columns = strings.ReplaceAll(columns, "(40 NOT NULL,3)", "(40,3)")
					columns = strings.ReplaceAll(columns, "' NOT NULL,", "',")
					runScript(t, s, "DROP TABLE IF EXISTS `Us``ers`")
					runScript(t, s, fmt.Sprintf("CREATE TABLE `Us``ers` (%s, `user``Email` varchar(9), `E-Mäil` varchar(9), %s)",
						columns, fmt.Sprintf(key, strings.Join(quoted(c.Key), " DESC, "))))
					runScript(t, s, fmt.Sprintf("INSERT INTO `Us``ers` (%s, `user``Email`) SELECT %s, CONCAT('v', i) FROM %s",
						quoteList(c.Key), test.values, numbers(2)))
					sum, ranges := copyAll(t, s, c, 1, 15)
					if sum.Seen != 100 || sum.Written != 100 || sum.Skipped != 0 {
						t.Errorf("%s: seen, written, skipped = %+v, want 100, 100, 0", key, sum)
					}
					wantIdentical(t, s, c)
					wantLookup(t, s, c, ranges[0])
				}
			})
		}
	})
}

func quoted(names []string) []string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = quote(n)
	}
	return all
}

// wantLookup makes sure that rows are found by their keys: an UPDATE that walks the table would wait
// for rows that others have locked.
func wantLookup(t *testing.T, s *session, c dialects.CopySpec, r dialects.CopyRange) {
	t.Helper()
	table, err := s.conn.database.dialect().copyTable(t.Context(), s, c)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := table.keysOf(t.Context(), s, "SELECT "+table.keyTexts()+" FROM "+table.source()+" LIMIT 3")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := table.among(keys)
	if err != nil {
		t.Fatal(err)
	}
	explained, err := s.Query(t.Context(), "EXPLAIN FORMAT=TRADITIONAL UPDATE "+table.source()+" SET "+table.set()+" WHERE "+rows)
	if err != nil {
		t.Fatal(err)
	}
	defer explained.Close()
	names, err := explained.(interface{ Columns() ([]string, error) }).Columns()
	if err != nil || !explained.Next() {
		t.Fatal(err, explained.Err())
	}
	plan := make([]*string, len(names))
	dest := make([]any, len(names))
	for i := range plan {
		dest[i] = &plan[i]
	}
	if err := explained.Scan(dest...); err != nil {
		t.Fatal(err)
	}
	if kind := plan[slices.Index(names, "type")]; kind == nil || *kind != "range" {
		t.Errorf("rows are not looked up by a range of the index, but by %v", kind)
	}
}

func TestRangesAreDisjointAndHoldEveryRow(t *testing.T) {
	const rows = 100_000
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, `CREATE TABLE users (tenant int, id int, user_email char(30), PRIMARY KEY (tenant, id)) PARTITION BY HASH (tenant) PARTITIONS 2;
			INSERT INTO users SELECT i % 3, i, 'x' FROM `+numbers(5)+`;
			ANALYZE TABLE users; ALTER TABLE users ADD COLUMN email char(30)`)
		c := users
		c.Key = []string{"tenant", "id"}
		sum, ranges := copyAll(t, s, c, 4, 10_000)
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
		if sum.Written != rows || sum.Seen != rows {
			t.Errorf("%+v, want each of %d rows once", sum, rows)
		}
		wantIdentical(t, s, c)
		runScript(t, s, `UPDATE users SET email = 'other' WHERE id IN (5, 99998)`)
		if got := differing(t, s, c); len(got) != 2 || got[0].Key != "tenant=2, id=5" || *got[0].Old != "x" || *got[0].New != "other" {
			t.Errorf("%+v", got)
		}
		runScript(t, s, `TRUNCATE users`)
		if ranges, err := d.dialect().Ranges(t.Context(), s, c, 4); err != nil || len(ranges) != 0 {
			t.Errorf("of an empty table: ranges %v, error %v", ranges, err)
		}
	})
}

// A key whose rows an index cannot give in order, or that may hold a row twice, is refused.
func TestCopyNeedsAKey(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		hidden := map[dialects.Kind]string{dialects.MySQL: "INVISIBLE", dialects.MariaDB: "IGNORED"}[d.dialect().Kind()]
		for _, key := range []string{
			"UNIQUE KEY (id(5))", "UNIQUE KEY (id) " + hidden, "KEY (id)", "UNIQUE KEY (other)", "UNIQUE KEY (id, name)",
		} {
			runScript(t, s, `DROP TABLE IF EXISTS users; CREATE TABLE users (id varchar(9) NOT NULL, other int, name varchar(9),
				user_email char(9), email char(9), PRIMARY KEY (name), `+key+`)`)
			for _, columns := range [][]string{{"id"}, {"other"}, {"id", "other"}, nil} {
				c := users
				c.Key = columns
				if _, err := d.dialect().Ranges(t.Context(), s, c, 1); err == nil {
					t.Errorf("%s: walked by %v", key, columns)
				}
			}
		}
	})
}
