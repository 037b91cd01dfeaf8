package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
)

// readsAsProtobuf reports whether a text's tree is read from JSON. It is the one that protobuf tells.
func readsAsProtobuf(t *testing.T, sql string) bool {
	t.Helper()
	json, err := jsonTree(sql)
	if err != nil {
		return false
	}
	got := treeFromJSON(sql, json)
	if got == nil {
		return false
	}
	want, err := treeFromProtobuf(sql)
	if err != nil {
		t.Fatalf("%q: protobuf is refused, and JSON is not: %v", sql, err)
	}
	if !proto.Equal(got, want) {
		t.Fatalf("%q\nJSON      %v\nprotobuf  %v", sql, got, want)
	}
	return true
}

func TestJSONTreesAreProtobufs(t *testing.T) {
	for _, sql := range []string{
		"SELECT 0, 1, 2147483647, 2147483648, 1.5, NULL, true, false, B'01', x'1f', '', 'é', $1, a[1], b",
		`SELECT E'a\\b"c\n\r\t\b\f\x01\x7f<>&/', '\u0041', U&'\0041', "a""b", "ü\", '` + "\u2028\U0001f600'",
		"CREATE TABLE t (a int DEFAULT 0 CHECK (a >= 0), b numeric(10, 2), c timestamp(3) with time zone, d interval day to second)",
		"COPY t FROM 'x' WITH (FORMAT csv)", "SET a = 1", "FETCH 5 FROM c", "", "; ;", "SELECT 1; SELECT 2",
		"SELECT 1 + '1 day'::interval OVER", "ALTER TABLE t ALTER a SET STATISTICS 100",
	} {
		if !readsAsProtobuf(t, sql) {
			if _, err := treeFromProtobuf(sql); err == nil {
				t.Errorf("%q: not read", sql)
			}
		}
	}
	for _, sql := range []string{ // of which JSON does not say all
		"SELECT -1", "SELECT 1 - 0", "CREATE TABLE t (a int[])", "CREATE TABLE t (a int ARRAY)", "CREATE SEQUENCE s MINVALUE -1", "CREATE SEQUENCE s START 0",
		`SELECT E'\xff'`, "SELECT " + strings.Repeat("NOT ", 600) + "a",
	} {
		if readsAsProtobuf(t, sql) {
			t.Errorf("%q: read", sql)
		}
	}
	read, all := 0, 0
	for _, pattern := range []string{"testdata/*.sql", "../../integration/testdata/*/*.sql", "../../lint/rules/testdata/*/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pieces, _ := split(string(text))
			for _, p := range pieces {
				sql := string(text[p.start:p.end])
				if readsAsProtobuf(t, sql) {
					read++
					all++
				} else if _, err := treeFromProtobuf(sql); err == nil {
					all++
				}
			}
		}
	}
	if read < all*95/100 {
		t.Errorf("only %d of %d statements were read", read, all)
	}
}

func FuzzJSONTree(f *testing.F) {
	for _, sql := range []string{
		"SELECT -1, 0, a[1], 'é', E'\\xff' FROM t WHERE a IN (1, 2)", "CREATE TABLE t (a int[] DEFAULT '{}', b int ARRAY NOT NULL)",
		"CREATE SEQUENCE s MINVALUE -1 START 0", `SELECT E'a\\b"c\n\x01<>'`, "ALTER TABLE t ADD CHECK (a > 0) NOT VALID",
	} {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		if !strings.Contains(sql, "\x00") && len(sql) < maxChain {
			readsAsProtobuf(t, sql)
		}
	})
}
