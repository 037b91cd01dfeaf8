package postgres

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestEffectsReachOtherTables judges on what migrations left. What servers do is in TestEffectsOnServers.
func TestEffectsReachOtherTables(t *testing.T) {
	const (
		ae, sre, sue = "ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"
		rewritten    = ae + " scans rewrites"
	)
	c := Dialect{}.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: 16})
	for _, s := range (Dialect{}).Parse(`
		CREATE TABLE teams (id int PRIMARY KEY, name varchar(20) UNIQUE);
		CREATE TABLE users (id int PRIMARY KEY, team int REFERENCES teams, team_name varchar(20) REFERENCES teams (name), nick varchar(10));
		CREATE INDEX users_nick ON users (lower(nick));
		CREATE VIEW nicks AS SELECT nick FROM users;
		CREATE TABLE events (id int NOT NULL, at int NOT NULL, what varchar(10)) PARTITION BY RANGE (at);
		CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (10);
		CREATE TABLE events_rest PARTITION OF events DEFAULT;
		ALTER TABLE events_rest ADD CONSTRAINT shut CHECK (NOT (at >= 10 AND at < 20));
		CREATE INDEX events_what ON events (what);
		CREATE TABLE ready (id int NOT NULL, at int NOT NULL CHECK (at >= 10 AND at < 20), what varchar(10));
		CREATE INDEX ready_what ON ready (what);
		CREATE TABLE bare (id int NOT NULL, at int NOT NULL CHECK (at >= 10 AND at <= 20), what varchar(10));
		CREATE INDEX bare_what ON bare (what);
		CREATE FOREIGN TABLE abroad (id int) SERVER s;`) {
		Dialect{}.Replay(c, s)
	}
	for sql, want := range map[string]string{
		"ALTER TABLE teams ALTER id TYPE bigint":                                 "teams " + rewritten + " !change-column-type, users " + ae + " scans",
		"ALTER TABLE teams ALTER name TYPE text":                                 "teams " + ae + ", users " + ae,
		"ALTER TABLE users ALTER team TYPE bigint":                               "users " + rewritten + " !change-column-type, teams " + ae,
		"ALTER TABLE users ALTER nick TYPE text":                                 "users " + ae + " scans !change-column-type !still-needed",
		"ALTER TABLE events ALTER what TYPE text":                                "events " + ae + " scans !change-column-type, events_1 " + ae + " scans, events_rest " + ae + " scans",
		"ALTER TABLE events ADD e int":                                           "events " + ae + ", events_1 " + ae + ", events_rest " + ae,
		"ALTER TABLE events ALTER what SET NOT NULL":                             "events " + ae + " scans !set-not-null, events_1 " + ae + " scans, events_rest " + ae + " scans",
		"CREATE INDEX ON events (id)":                                            "events SHARE scans !index-not-concurrent, events_1 SHARE scans, events_rest SHARE scans",
		"ALTER TABLE events ATTACH PARTITION ready FOR VALUES FROM (10) TO (20)": "events " + sue + ", ready " + ae + ", events_rest " + ae,
		"ALTER TABLE events ATTACH PARTITION ready FOR VALUES FROM (10) TO (15)": "events " + sue + ", ready " + ae + " scans !attach-partition, events_rest " + ae,
		"ALTER TABLE events ATTACH PARTITION bare FOR VALUES FROM (10) TO (20)":  "events " + sue + ", bare " + ae + " scans !attach-partition, events_rest " + ae,
		"ALTER TABLE events ATTACH PARTITION ready FOR VALUES FROM (10) TO (30)": "events " + sue + ", ready " + ae + ", events_rest " + ae + " scans !attach-partition",
		"DROP TABLE teams CASCADE":                                               "teams " + ae + " !drop-table, users " + ae,
		"DROP TABLE users CASCADE":                                               "users " + ae + " !drop-table, teams " + ae + ", nicks " + ae,
		"DROP TABLE events_1":                                                    "events_1 " + ae + " !drop-table, events " + ae + ", events_rest " + ae,
		"TRUNCATE teams CASCADE":                                                 "teams " + ae + " !truncate-table, users " + ae + " !truncate-table",
		"ALTER TABLE users ADD e int REFERENCES teams":                           "users " + ae + ", teams " + sre,
		"ALTER TABLE users ADD e int DEFAULT NULL REFERENCES teams":              "users " + ae + " scans !foreign-key-not-valid, teams " + sre,
		"ALTER TABLE abroad ADD e uuid DEFAULT gen_random_uuid()":                "abroad " + ae,
		"DROP VIEW nicks":                                                        "nicks " + ae + " !drop-object",
		"LOCK TABLE nicks IN SHARE MODE":                                         "nicks SHARE, users SHARE",
		"REINDEX TABLE events":                                                   "events SHARE scans alone !index-not-concurrent, events_1 " + ae + " scans alone, events_rest " + ae + " scans alone",
		"DROP INDEX events_what":                                                 "events " + ae + ", events_1 " + ae + ", events_rest " + ae,
	} {
		var got []string
		s := Dialect{}.Parse(sql)[0]
		for _, e := range (Dialect{}).Effects(c, s, nil) {
			got = append(got, briefEffect(e))
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s\ngot  %s\nwant %s", sql, text, want)
		}
	}
}
