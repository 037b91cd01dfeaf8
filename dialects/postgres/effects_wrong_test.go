package postgres

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// wrong shows that the proof finds wrong predictions: each statement is held against what another one
// does.
func (p *proof) wrong(t *testing.T) {
	for _, test := range []struct{ predicted, done, want string }{
		{"CREATE INDEX i ON users (age)", "ALTER TABLE users ADD CHECK (age > 0)", "public.users predicted SHARE, scans, seen ACCESS EXCLUSIVE, scans"},
		{"ALTER TABLE users ADD e int", "ALTER TABLE users ADD CHECK (age > 0)", "public.users predicted ACCESS EXCLUSIVE, seen ACCESS EXCLUSIVE, scans"},
		{"ALTER TABLE users ADD e int", "ALTER TABLE users ADD e int DEFAULT any_moment()", "public.users predicted ACCESS EXCLUSIVE, seen ACCESS EXCLUSIVE, rewrites"},
		{"ALTER TABLE users ADD e int", "ALTER TABLE users ADD e int REFERENCES teams", "public.teams predicted nothing, seen SHARE ROW EXCLUSIVE"},
		{"ALTER TABLE users ADD e int REFERENCES teams", "ALTER TABLE users ADD e int", "public.teams predicted SHARE ROW EXCLUSIVE, seen nothing"},
		{"VACUUM users", "CREATE INDEX CONCURRENTLY i ON users (age)", "public.users predicted SHARE UPDATE EXCLUSIVE, seen SHARE UPDATE EXCLUSIVE, scans"},
		{"DROP INDEX CONCURRENTLY users_by_age", "VACUUM FULL users", "public.users predicted SHARE UPDATE EXCLUSIVE, seen ACCESS EXCLUSIVE, rewrites"},
	} {
		effects := Dialect{}.Effects(p.catalogs[fmt.Sprint(p.major)], Dialect{}.Parse(test.predicted)[0], nil)
		predicted := p.predicted(effects)
		seen, err := p.inTransaction(t, test.done, "")
		if standsAloneHere(err) {
			seen, err = p.alone(t, test.done, slices.Collect(maps.Keys(predicted)))
		}
		if err != nil {
			t.Fatalf("%s: %v", test.done, err)
		}
		apart := &proof{observer: p.observer, found: &disagreements{}}
		apart.compare("", effectSample{}, predicted, seen)
		var got []string
		for found := range apart.found.servers {
			got = append(got, found.what+" predicted "+found.predicted+", seen "+found.seen)
		}
		if text := strings.Join(got, "; "); text != test.want {
			t.Errorf("%s, where %s is done: %s; want %s", test.predicted, test.done, text, test.want)
		}
	}
}
