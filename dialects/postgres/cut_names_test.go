package postgres_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects/postgres"
)

func TestCutNames(t *testing.T) {
	long := strings.Repeat("a", 64)
	for text, want := range map[string][][2]string{
		"CREATE INDEX " + long[1:] + " ON t (a)":              nil,
		"CREATE INDEX " + long + " ON t (a)":                  {{long, long[1:]}},
		`SELECT "` + long + ` b", ` + long + `, ` + long:      {{long + " b", long[1:]}, {long, long[1:]}},
		"SELECT '" + long + "' /* " + long + " */ -- " + long: nil,
		"CREATE FUNCTION f() AS $$ " + long + " $$":           nil,
		`SELECT "` + strings.Repeat("ä", 32) + `"`:            {{strings.Repeat("ä", 32), strings.Repeat("ä", 31)}},
		`SELECT "a""` + long[2:] + `"`:                        {{`a"` + long[2:], `a"` + long[3:]}},
	} {
		var got [][2]string
		for _, n := range (postgres.Dialect{}).CutNames(text) {
			got = append(got, [2]string{n.Written, n.Kept})
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
