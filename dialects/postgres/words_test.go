package postgres

import (
	"fmt"
	"testing"

	"github.com/segue-db/segue/internal/scratch"
)

// TestWords compares the words with the server's own list, of the oldest and the newest release.
func TestWords(t *testing.T) {
	for _, major := range []int{14, 18} {
		t.Run(fmt.Sprint(major), func(t *testing.T) {
			d, err := Open(t.Context(), scratch.Postgres(t, scratch.Version(major)).Database(t))
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			s, err := d.Session(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			rows, err := s.Query(t.Context(), "SELECT word, catcode::text FROM pg_get_keywords()")
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			known := 0
			for rows.Next() {
				var word, code string
				if err := rows.Scan(&word, &code); err != nil {
					t.Fatal(err)
				}
				reserved := code == "R" || code == "T"
				if reserved != (Dialect{}).Reserved(word) && !(major < 16 && word == "system_user") {
					t.Errorf("%s has code %s", word, code)
				}
				if code == "C" && !typeWords[word] {
					t.Errorf("%s is no type's word", word)
				}
				if reserved {
					known++
				}
			}
			if major == 18 && known != len(reservedWords) {
				t.Errorf("the server reserves %d words, and the list has %d", known, len(reservedWords))
			}
		})
	}
}
