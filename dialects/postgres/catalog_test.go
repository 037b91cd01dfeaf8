package postgres

import "testing"

// definition is a statement as a tree that no longer shows who wrote it: without casts, names in
// public qualified, and without the ONLY that the server prints for partitioned indexes.
func definition(t testing.TB, sql string) string {
	t.Helper()
	stmt, err := parseOne(sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	walk(stmt, func(message any) bool {
		switch m := message.(type) {
		case *astNode:
			for m.GetTypeCast() != nil {
				m.Node = m.GetTypeCast().Arg.Node
			}
		case *astRangeVar:
			m.Inh = true
			if m.Schemaname == "" {
				m.Schemaname = "public"
			}
		}
		return true
	})
	text, err := deparse(stmt)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
