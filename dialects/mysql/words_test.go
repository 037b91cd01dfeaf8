package mysql

import (
	"regexp"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestWords has the servers take each of their keywords for a column's name, unquoted.
func TestWords(t *testing.T) {
	plain := regexp.MustCompile(`^\w+$`)
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		dialect := d.dialect()
		rows, err := s.Query(t.Context(), "SELECT WORD FROM information_schema.KEYWORDS")
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for rows.Next() {
			var word string
			if err := rows.Scan(&word); err != nil {
				t.Fatal(err)
			}
			if plain.MatchString(word) {
				words = append(words, word)
			}
		}
		rows.Close()
		refused := 0
		for _, word := range words {
			_, err := s.Exec(t.Context(), "CREATE TEMPORARY TABLE t ("+word+" int)")
			_, _ = s.Exec(t.Context(), "DROP TEMPORARY TABLE IF EXISTS t")
			if (err != nil) != dialect.Reserved(word) {
				t.Errorf("%s: %v", word, err)
			}
			if err != nil {
				refused++
			}
		}
		if want := len(reservedWords) + len(reservedHere[dialect.Kind()]); refused != want {
			t.Errorf("the server refuses %d words, and the list has %d", refused, want)
		}
	})
	if (Dialect{Server: dialects.Version{Kind: dialects.MySQL}}).Reserved("customer") {
		t.Error("customer is reserved")
	}
}
