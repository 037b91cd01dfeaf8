package dialects_test

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

func TestFirstLine(t *testing.T) {
	for query, want := range map[string]string{
		" \n SELECT 1 \n FROM t": "SELECT 1 ...",
		"SELECT 1\n":             "SELECT 1",
		strings.Repeat("é", 201): strings.Repeat("é", 200) + " ...",
	} {
		if got := dialects.FirstLine(query); got != want {
			t.Errorf("%q: %q", query, got)
		}
	}
}

func TestNamesWord(t *testing.T) {
	for _, test := range []struct {
		text, word string
		want       bool
	}{
		{"select user_email from u", "user_email", true}, {`NEW."user_email":=1`, "user_email", true}, {"USER_EMAIL", "user_email", true},
		{"user_email_2", "user_email", false}, {"my_user_email", "user_email", false}, {"xuser_email user_email", "user_email", true},
		{"", "a", false}, {"a", "a", true}, {"größe", "größ", false}, {"(größe)", "größe", true}, {"a$b", "a", false},
	} {
		if got := dialects.NamesWord(test.text, test.word); got != test.want {
			t.Errorf("%q in %q: %v", test.word, test.text, got)
		}
	}
}
