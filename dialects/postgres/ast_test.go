package postgres

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestParseErrorOffset(t *testing.T) {
	for _, test := range []struct {
		sql, at string
	}{
		{"SELECT 'Grüße', FROM t", "FROM"},
		{"ALTER TABLE größe ADDD x int", "ADDD"},
		{"SELECT 'x\x00y'", "\x00"},
		{"SELECT 'x\xffy'", "\xff"},
		{"SELECT 1 +", ""},
	} {
		_, err := parseSQL(test.sql)
		var refusal *parseError
		if !errors.As(err, &refusal) {
			t.Fatalf("%q: error is %v, want a *parseError", test.sql, err)
		}
		if rest := test.sql[refusal.Offset:]; !strings.HasPrefix(rest, test.at) || test.at == "" && rest != "" {
			t.Errorf("%q: the error %q is at %q, want at %q", test.sql, refusal.Message, rest, test.at)
		}
	}
}

func TestExpressionsSurviveRewriting(t *testing.T) {
	expr, err := parseExpression(`lower(a || t.a) = 'A' AND "B" IS NOT NULL`)
	if err != nil {
		t.Fatal(err)
	}
	walk(expr, func(m any) bool {
		if ref, ok := m.(*astColumnRef); ok {
			last := len(ref.Fields) - 1
			if ref.Fields[last].GetString_().GetSval() == "a" {
				ref.Fields[last] = stringNode("Größe")
			}
		}
		return true
	})
	got, err := deparseExpression(expr)
	if err != nil {
		t.Fatal(err)
	}
	if want := `lower("Größe" || t."Größe") = 'A' AND "B" IS NOT NULL`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWrapIsUndoneByUnwrap(t *testing.T) {
	stmt, err := parseOne("CREATE INDEX ON t (a)")
	if err != nil {
		t.Fatal(err)
	}
	index, ok := unwrap(stmt).(*astIndexStmt)
	if !ok {
		t.Fatalf("unwrap gives %T", unwrap(stmt))
	}
	if sql, err := deparse(wrap(index)); err != nil || sql != "CREATE INDEX ON t USING btree (a)" {
		t.Errorf("got %q, %v", sql, err)
	}
}

func TestDeparseQuotesColumnsOfStatistics(t *testing.T) {
	const sql = `CREATE STATISTICS s ON "Mixed Case", b, (lower(c)) FROM t`
	stmt, err := parseOne(sql)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the tree itself stays as it is
		if got, err := deparse(stmt); err != nil || got != sql {
			t.Errorf("got  %s, %v\nwant %s", got, err, sql)
		}
	}
}

// Each thread has the parser's memory, errors and settings for itself. A mistake is met by many goroutines at once.
func TestParserIsForAnyNumberAtOnce(t *testing.T) {
	var work sync.WaitGroup
	for n := range 16 {
		work.Go(func() {
			sql := fmt.Sprintf("SELECT a%d, 'text %d' FROM t%d WHERE b > %d", n, n, n, n)
			wrong := "SELECT " + strings.Repeat("a, ", n+1)
			for range 500 {
				stmt, err := parseOne(sql)
				if err != nil {
					t.Errorf("%s: %v", sql, err)
					return
				}
				if got, err := deparse(stmt); err != nil || got != sql {
					t.Errorf("got %s, %v, want %s", got, err, sql)
					return
				}
				var refusal *parseError
				if _, err := parseSQL(wrong + "FROM t"); !errors.As(err, &refusal) || refusal.Offset != len(wrong) {
					t.Errorf("%s: %v", wrong, err)
					return
				}
			}
		})
	}
	work.Wait()
}
