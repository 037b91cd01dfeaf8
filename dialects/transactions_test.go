package dialects_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
)

// places writes where statements run: the number of their unit, brackets where that is a transaction block, and a sign
// of what is about transactions: / for what begins or ends one of the script's, ! for what nothing makes room for.
func places(t *testing.T, d dialects.Dialect, rule dialects.TransactionRule, sql string) string {
	t.Helper()
	script, errs := dialects.ReadScript(d, sql)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	placed := rule.Place(script.Up)
	var units []int
	var all []string
	for _, p := range placed {
		if !slices.Contains(units, p.Unit) {
			units = append(units, p.Unit)
		}
		place := fmt.Sprint(1 + slices.Index(units, p.Unit))
		if p.Boxed {
			place = "[" + place + "]"
		}
		all = append(all, place+map[dialects.Role]string{dialects.Delimits: "/", dialects.Misplaced: "!"}[p.Role])
	}
	return strings.Join(all, " ")
}

func TestPlace(t *testing.T) {
	const scripted, one, none, implicit = dialects.ScriptedTransactions, dialects.OneTransaction, dialects.NoTransaction, dialects.ImplicitTransaction
	for _, c := range []struct {
		rule      dialects.TransactionRule
		sql, want string
	}{
		{scripted, "SELECT 1; SELECT 2", "1 2"},
		{scripted, "BEGIN; SELECT 1; SELECT 2; COMMIT; SELECT 3", "1/ [1] [1] 1/ 2"},
		{scripted, "BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT; SELECT 3", "1/ [1] 1! [2] 2/ 3"},
		{scripted, "BEGIN; SELECT 1; ROLLBACK AND CHAIN; SELECT 2; END; SELECT 3", "1/ [1] 1! [2] 2/ 3"},
		{scripted, "COMMIT AND CHAIN; SELECT 2", "1! 2"},
		{scripted, "BEGIN; SELECT 1; ROLLBACK; SELECT 2", "1/ [1] 1! 2"},
		{scripted, "BEGIN; SELECT 1; COMMIT AND NO CHAIN; SELECT 2", "1/ [1] 1/ 2"},
		{scripted, "BEGIN; SAVEPOINT a; SELECT 1; ROLLBACK TO a; SELECT 2; COMMIT", "1/ 1! [1] 1! [1] 1/"},
		{scripted, "BEGIN; SELECT 1; PREPARE TRANSACTION 'a'; SELECT 2", "1/ [1] 1! 2"},
		{none, "BEGIN; SELECT 1; ROLLBACK; SELECT 2", "1/ [1] 1! 2"},
		{one, "SELECT 1; COMMIT AND CHAIN; SELECT 2; ROLLBACK", "[1] 1! [1] 1!"},
		{implicit, "SELECT 1; SELECT 2", "[1] [1]"},
		{implicit, "SELECT 1; BEGIN; SELECT 2; COMMIT; SELECT 3", "[1] 1/ [1] 1/ 2"},
		{implicit, "SELECT 1; SELECT 2; ROLLBACK; SELECT 3; SELECT 4", "[1] [1] 1! [2] [2]"},
	} {
		if got := places(t, postgres.Dialect{}, c.rule, c.sql); got != c.want {
			t.Errorf("%s: %s runs in %s, not in %s", c.rule, c.sql, got, c.want)
		}
	}
	const chained = "BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; ROLLBACK; SELECT 3"
	if got := places(t, mysql.Dialect{}, scripted, chained); got != "1/ [1] 1! [2] 2! 3" {
		t.Errorf("on MySQL %s runs in %s", chained, got)
	}
}
