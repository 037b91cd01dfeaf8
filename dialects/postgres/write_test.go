package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPlainTextsAreTheParsers compares what is written without the parser with what it writes.
func TestPlainTextsAreTheParsers(t *testing.T) {
	sources := []string{
		`CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "I ""x" ON ONLY s."T" USING gin (a, "B" DESC, c ASC NULLS FIRST, d NULLS LAST) INCLUDE (e) NULLS NOT DISTINCT;
		CREATE INDEX ON t (a text_pattern_ops); CREATE INDEX ON t (a COLLATE "C"); CREATE INDEX ON t (lower(a)); CREATE INDEX ON t ((a + 1));
		CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (lower(a)) WHERE a > 0; CREATE INDEX ON t (a) WITH (fillfactor = 70); CREATE INDEX ON t (a) TABLESPACE x`,
		`CREATE TABLE t (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, b int UNIQUE NULLS NOT DISTINCT REFERENCES s."U", "C" int DEFAULT -1 CHECK ("C" > 0) NO INHERIT,
		UNIQUE (a, b) INCLUDE ("C"), PRIMARY KEY (a) WITH (fillfactor = 70), EXCLUDE USING gist (a WITH =),
		CONSTRAINT "K" FOREIGN KEY (a, b) REFERENCES s.u (x, "Y") MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (a),
		FOREIGN KEY (a) REFERENCES u ON UPDATE SET DEFAULT ON DELETE RESTRICT DEFERRABLE, FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE)`,
		`ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i, ADD FOREIGN KEY ("select") REFERENCES u NOT VALID, ADD CHECK (a > 0) NOT VALID`,
		`SELECT 1, -1, 2147483648, 1.5, 'x', 'it''s', E'a\\b\n', '', NULL, true, false, B'01', x'1f', now(), s.now(), "Now"(), "left"(), count(*), now(1), a, "A", t.a, "order",
		count() FILTER (WHERE a), rank() OVER (), $1, 'é', current_date, array_agg(), f(VARIADIC a)`,
	}
	files, err := filepath.Glob("testdata/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, string(text))
	}
	compared := map[string]int{}
	compare := func(kind, got string, plain bool, want string) {
		if !plain {
			return
		}
		if compared[kind]++; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	for _, src := range sources {
		for _, s := range (Dialect{}).Parse(src) {
			tree, err := treeOf(s)
			if err != nil {
				continue
			}
			walk(tree, func(m any) bool {
				switch n := m.(type) {
				case *astIndexStmt:
					got, plain := plainIndex(n)
					index := clone(n)
					index.Concurrent, index.IfNotExists = false, false
					want, _ := deparse(wrap(index))
					compare("index", got, plain, want)
					if text := indexText(n); text != want {
						t.Errorf("got  %s\nwant %s", text, want)
					}
				case *astConstraint:
					if len(n.Keys)+len(n.FkAttrs) == 0 {
						return true // of a column: ofTable makes it the table's first
					}
					got, plain := plainConstraint(n)
					constraint := clone(n)
					constraint.Conname = ""
					want, _ := deparse(addConstraint("t", constraint))
					compare("constraint", got, plain, strings.TrimPrefix(want, constraintHead))
				case *astNode:
					if got, plain := plainExpression(n); plain {
						want, err := deparse(wrap(&astSelectStmt{TargetList: []*astNode{wrap(&astResTarget{Val: n})}, LimitOption: 1, Op: 1}))
						if err != nil {
							t.Error(err)
						}
						compare("expression", got, plain, strings.TrimPrefix(want, "SELECT "))
					}
				}
				return true
			})
		}
	}
	for _, kind := range []string{"index", "constraint", "expression"} {
		if compared[kind] < 3 {
			t.Errorf("only %d of kind %s were compared", compared[kind], kind)
		}
	}
}

// TestPlainTreesAreTheParsers compares what is read without the parser with what it reads.
func TestPlainTreesAreTheParsers(t *testing.T) {
	read := 0
	for _, expr := range []string{
		"''", "'x'", "'it''s'", `'a\b'`, "'é\n'", "'-- x'", "'a' 'b'", "now()", "left()", "\"left\"()", "clock_timestamp()", "s.f()", "coalesce()", "f ()", "f(1)", "()", "'", "1",
	} {
		got := plainTree(expr)
		if got == nil {
			continue
		}
		read++
		stmt, err := parseOne("SELECT " + expr)
		if err != nil {
			t.Errorf("%s: the parser says %v", expr, err)
		} else if want := stmt.GetSelectStmt().TargetList[0].GetResTarget().Val; !sameTree(got, want) {
			t.Errorf("%s: got %v, want %v", expr, got, want)
		}
	}
	if read != 6 {
		t.Errorf("%d were read", read)
	}
}

// TestPlainKeysAreTheParsers compares keys that are read without the parser with what it reads.
func TestPlainKeysAreTheParsers(t *testing.T) {
	read := 0
	for _, definition := range []string{
		"PRIMARY KEY (a, b)", `PRIMARY KEY ("A")`, "PRIMARY KEY (a) INCLUDE (b)", "PRIMARY KEY", "UNIQUE (a)", "UNIQUE NULLS NOT DISTINCT (a)", "UNIQUE (a) DEFERRABLE",
		"FOREIGN KEY (a) REFERENCES t", "FOREIGN KEY (a, b) REFERENCES s.t (x, y)", "FOREIGN KEY (a) REFERENCES s.t (x) ON UPDATE SET DEFAULT ON DELETE CASCADE NOT VALID",
		"FOREIGN KEY (a) REFERENCES t ON DELETE SET NULL", "FOREIGN KEY (a) REFERENCES t ON UPDATE RESTRICT NOT VALID", "FOREIGN KEY (a) REFERENCES t MATCH FULL",
		"FOREIGN KEY (a) REFERENCES t (x) ON DELETE SET NULL (a)", "FOREIGN KEY (a) REFERENCES a.b.c", "FOREIGN KEY (a) REFERENCES t DEFERRABLE",
		"FOREIGN KEY (a) REFERENCES t (x) (y)", "FOREIGN KEY (a,b) REFERENCES t", "CHECK (a > 0)", "FOREIGN KEY () REFERENCES t",
	} {
		got := plainKey(definition)
		if got == nil {
			continue
		}
		read++
		stmt, err := parseOne(constraintHead + definition)
		if err != nil {
			t.Errorf("%s: the parser says %v", definition, err)
			continue
		}
		if want := stmt.GetAlterTableStmt().Cmds[0].GetAlterTableCmd().Def; !sameTree(wrap(got), want) {
			t.Errorf("%s\ngot  %v\nwant %v", definition, got, want)
		}
	}
	if read != 7 {
		t.Errorf("%d were read", read)
	}
}
