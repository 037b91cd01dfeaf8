package postgres

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// effectCatalog is a database in use: old, its parent and partitions, and fresh from the same run.
func effectCatalog() *dialects.Catalog {
	c := Dialect{}.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: 16})
	public := func(name string) dialects.Name { return dialects.Name{Schema: "public", Name: name} }
	parent, other := public("parent"), public("other")
	for _, t := range []*dialects.Table{
		{Name: public("old"), Columns: []*dialects.Column{
			{Name: "a", Type: "integer", NotNull: true}, {Name: "s", Type: "character varying(10)"},
			{Name: "n", Type: "numeric(10,2)"}, {Name: "x", Type: "cidr"}, {Name: "c", Type: "character varying(10)"},
			{Name: "v", Type: "character varying(10)"}, {Name: "d", Type: "public.dom"}, {Name: "m", Type: "public.mood"},
		}, Constraints: []*dialects.Constraint{
			{Name: "sized", Kind: dialects.Check, Columns: []string{"c"}, Expression: "length(c) > 1"},
			{Name: "filled", Kind: dialects.Check, Columns: []string{"s"}, Expression: "s IS NOT NULL"},
			{Name: "fk", Kind: dialects.ForeignKey, Columns: []string{"a"}, References: &other},
			{Name: "later", Kind: dialects.ForeignKey, Columns: []string{"a"}, References: &other, NotValid: true},
		}, Indexes: []*dialects.Index{
			{Name: public("old_n"), Keys: []string{"n"}, Columns: []string{"n"}},
			{Name: public("old_s"), Keys: []string{"s"}, Columns: []string{"s"}},
		}},
		{Name: other}, {Name: public("fresh")},
		{Name: parent, Kind: dialects.PartitionedTable, Partition: &dialects.PartitionKey{Strategy: "list", Columns: []string{"a"}}},
		{Name: public("rest"), PartitionOf: &parent, Bound: "DEFAULT"},
		{Name: public("checked"), Constraints: []*dialects.Constraint{{Kind: dialects.Check, Columns: []string{"a"}}}},
	} {
		c.Tables[t.Name] = t
	}
	for _, o := range []dialects.Object{
		{Kind: dialects.Domain, Name: public("dom"), Definition: "text CHECK (VALUE <> '')"},
		{Kind: dialects.EnumType, Name: public("mood")},
		{Kind: dialects.MaterializedView, Name: public("mv")},
		{Kind: dialects.Function, Name: public("mine")},
		{Kind: dialects.Function, Name: public("calm"), Stable: true},
	} {
		c.Objects[dialects.ObjectKey{Kind: o.Kind, Name: o.Name}] = &o
	}
	return c
}

// briefEffect writes an effect as: table LOCK flags [hazards].
func briefEffect(e dialects.Effect) string {
	words := []string{}
	if e.Table.Name != "" {
		words = append(words, e.Table.Name)
	}
	if e.Lock != "" {
		words = append(words, string(e.Lock))
	}
	for _, flag := range []struct {
		set  bool
		word string
	}{{e.Scans, "scans"}, {e.Rewrites, "rewrites"}, {!e.Transactional, "alone"}} {
		if flag.set {
			words = append(words, flag.word)
		}
	}
	for _, h := range e.Hazards {
		words = append(words, "!"+h.ID)
	}
	return strings.Join(words, " ")
}

func TestEffects(t *testing.T) {
	const (
		ae, sre, sue = "ACCESS EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE"
		rewritten    = ae + " scans rewrites "
	)
	for sql, want := range map[string]string{
		"ALTER TABLE old ADD e int":                                      "old " + ae,
		"ALTER TABLE old ADD e int DEFAULT 1":                            "old " + ae,
		"ALTER TABLE old ADD e timestamptz NOT NULL DEFAULT now()":       "old " + ae,
		"ALTER TABLE old ADD e uuid DEFAULT gen_random_uuid()":           "old " + rewritten + "!add-column-rewrite",
		"ALTER TABLE old ADD e int DEFAULT mine()":                       "old " + rewritten + "!add-column-rewrite",
		"ALTER TABLE old ADD e int DEFAULT calm()":                       "old " + ae,
		"ALTER TABLE old ADD e serial":                                   "old " + rewritten + "!add-column-rewrite",
		"ALTER TABLE old ADD e int GENERATED ALWAYS AS IDENTITY":         "old " + rewritten + "!add-column-rewrite",
		"ALTER TABLE old ADD e int GENERATED ALWAYS AS (a * 2) STORED":   "old " + rewritten + "!add-column-rewrite",
		"ALTER TABLE old ADD e dom":                                      "old " + rewritten + "!add-column-rewrite",
		"ALTER TABLE old ADD e int NOT NULL":                             "old " + ae + " !not-null-without-default",
		"ALTER TABLE old ADD IF NOT EXISTS a int NOT NULL":               "old " + ae,
		"ALTER TABLE old ADD e int UNIQUE":                               "old " + ae + " scans !index-not-concurrent",
		"ALTER TABLE old ADD e int CHECK (e > 0)":                        "old " + ae + " scans !check-not-valid",
		"ALTER TABLE old ADD e int REFERENCES other":                     "old " + ae + ", other " + sre,
		"ALTER TABLE old ADD e int DEFAULT 1 REFERENCES other":           "old " + ae + " scans !foreign-key-not-valid, other " + sre,
		"ALTER TABLE fresh ADD e serial NOT NULL UNIQUE":                 "fresh " + ae + " scans rewrites",
		"ALTER TABLE unknown ADD e int NOT NULL":                         "unknown " + ae + " !not-null-without-default",
		"ALTER TABLE old DROP a":                                         "old " + ae + " !drop-column, other " + ae,
		"ALTER TABLE old DROP IF EXISTS zzz":                             "old " + ae,
		"ALTER TABLE old RENAME a TO b":                                  "old " + ae + " !rename-column",
		"ALTER TABLE fresh RENAME a TO b":                                "fresh " + ae,
		"ALTER TABLE old RENAME TO new":                                  "old " + ae + " !rename-table",
		"ALTER TABLE old_n RENAME TO x":                                  "old " + ae,
		"ALTER TABLE old SET SCHEMA s":                                   "old " + ae + " !rename-table",
		"ALTER TABLE old ALTER a TYPE bigint":                            "old " + rewritten + "!change-column-type, other " + ae,
		"ALTER TABLE old ALTER v TYPE varchar(20)":                       "old " + ae,
		"ALTER TABLE old ALTER v TYPE text USING v::text":                "old " + ae,
		"ALTER TABLE old ALTER v TYPE text USING lower(v)":               "old " + rewritten + "!change-column-type",
		"ALTER TABLE old ALTER v TYPE varchar(5)":                        "old " + rewritten + "!change-column-type",
		"ALTER TABLE old ALTER v TYPE text COLLATE \"C\"":                "old " + ae,
		"ALTER TABLE old ALTER c TYPE text":                              "old " + ae + " scans !change-column-type",
		"ALTER TABLE old ALTER x TYPE inet":                              "old " + ae,
		"ALTER TABLE old ALTER a SET DEFAULT 1, ALTER a DROP NOT NULL":   "old " + ae + ", old " + ae,
		"ALTER TABLE old ALTER n SET NOT NULL":                           "old " + ae + " scans !set-not-null",
		"ALTER TABLE old ALTER a SET NOT NULL":                           "old " + ae,
		"ALTER TABLE old ALTER s SET NOT NULL":                           "old " + ae,
		"ALTER TABLE old ALTER s SET STATISTICS 5":                       "old " + sue,
		"ALTER TABLE old ADD CHECK (a > 0)":                              "old " + ae + " scans !check-not-valid",
		"ALTER TABLE old ADD CHECK (a > 0) NOT VALID":                    "old " + ae,
		"ALTER TABLE old VALIDATE CONSTRAINT fk":                         "old " + sue,
		"ALTER TABLE old VALIDATE CONSTRAINT later":                      "old " + sue + " scans, other ROW SHARE",
		"ALTER TABLE old DROP CONSTRAINT fk":                             "old " + ae + ", other " + ae,
		"ALTER TABLE old ADD UNIQUE (a)":                                 "old " + ae + " scans !index-not-concurrent",
		"ALTER TABLE old ADD UNIQUE USING INDEX old_n":                   "old " + ae + " !form-refused",
		"ALTER TABLE old ADD PRIMARY KEY USING INDEX old_n":              "old " + ae + " scans !set-not-null !form-refused",
		"ALTER TABLE old ADD PRIMARY KEY USING INDEX old_s":              "old " + ae + " !form-refused",
		"ALTER TABLE old ADD FOREIGN KEY (a) REFERENCES other":           "old " + sre + " scans !foreign-key-not-valid, other " + sre,
		"ALTER TABLE old ADD FOREIGN KEY (a) REFERENCES other NOT VALID": "old " + sre + ", other " + sre,
		"ALTER TABLE old ADD FOREIGN KEY (a) REFERENCES old":             "old " + sre + " scans !foreign-key-not-valid",
		"ALTER TABLE fresh ADD FOREIGN KEY (a) REFERENCES other":         "fresh " + sre + " scans, other " + sre,
		"ALTER TABLE old SET LOGGED":                                     "old " + rewritten + "!table-rewrite",
		"ALTER TABLE parent SET TABLESPACE x":                            "parent " + ae,
		"ALTER TABLE old SET (fillfactor = 70)":                          "old " + sue,
		"ALTER TABLE old DISABLE TRIGGER x":                              "old " + sre,
		"ALTER TABLE parent ATTACH PARTITION old FOR VALUES IN (1)":      "parent " + sue + ", old " + ae + " scans !attach-partition, rest " + ae + " scans !attach-partition",
		"ALTER TABLE parent ATTACH PARTITION checked DEFAULT":            "parent " + sue + ", checked " + ae,
		"ALTER TABLE parent DETACH PARTITION rest CONCURRENTLY":          "parent " + sue + " alone !form-refused, rest " + ae + " alone",
		"CREATE TABLE t (a int REFERENCES other)":                        "t, other " + sre,
		"CREATE TABLE t PARTITION OF parent FOR VALUES IN (1)":           "t, parent " + ae + ", rest " + ae + " scans !attach-partition",
		"DROP TABLE old":                                                "old " + ae + " !drop-table, other " + ae,
		"DROP TABLE IF EXISTS unknown":                                  "unknown " + ae,
		"DROP TABLE fresh":                                              "fresh " + ae,
		"CREATE INDEX ON old (a)":                                       "old SHARE scans !index-not-concurrent",
		"CREATE INDEX ON fresh (a)":                                     "fresh SHARE scans",
		"CREATE INDEX ON mv (a)":                                        "mv SHARE scans",
		"CREATE INDEX CONCURRENTLY ON old (a)":                          "old " + sue + " scans alone",
		"CREATE INDEX ON ONLY parent (a)":                               "parent SHARE",
		"CREATE INDEX IF NOT EXISTS old_n ON old (n)":                   "old SHARE",
		"DROP INDEX old_n":                                              "old " + ae,
		"DROP INDEX CONCURRENTLY old_n":                                 "old " + sue + " alone",
		"ALTER INDEX old_n RENAME TO x":                                 "old " + sue,
		"REINDEX TABLE old":                                             "old " + ae + " scans !index-not-concurrent",
		"REINDEX INDEX CONCURRENTLY old_n":                              "old " + sue + " scans alone",
		"REINDEX SCHEMA public":                                         ae + " scans alone !index-not-concurrent",
		"VACUUM FULL old":                                               "old " + rewritten + "alone !table-rewrite",
		"VACUUM old":                                                    "old " + sue + " alone",
		"CLUSTER old USING old_n":                                       "old " + rewritten + "!table-rewrite",
		"REFRESH MATERIALIZED VIEW mv":                                  "mv " + rewritten + "!table-rewrite",
		"REFRESH MATERIALIZED VIEW CONCURRENTLY mv":                     "mv EXCLUSIVE scans !form-refused",
		"CREATE TRIGGER g BEFORE UPDATE ON old EXECUTE FUNCTION mine()": "old " + sre,
		"CREATE POLICY p ON old":                                        "old " + ae,
		"CREATE VIEW v AS SELECT a FROM old":                            "",
		"ALTER TYPE mood RENAME VALUE 'a' TO 'b'":                       "!rename-object",
		"ALTER TYPE mood RENAME TO humour":                              "!rename-object",
		"ALTER TYPE mood ADD VALUE 'c'":                                 "",
		"ALTER DOMAIN dom ADD CHECK (VALUE <> 'x')":                     "old SHARE scans !check-not-valid",
		"ALTER DOMAIN dom ADD CHECK (VALUE <> 'x') NOT VALID":           "",
		"ALTER SCHEMA public RENAME TO p":                               "!rename-table",
		"ALTER VIEW v RENAME TO w":                                      "v " + ae + " !rename-table",
		"DROP TYPE mood CASCADE":                                        "old " + ae + " !drop-column !drop-object",
		"UPDATE old SET a = 1":                                          "old ROW EXCLUSIVE scans !unbounded-write",
		"UPDATE old SET a = 1 WHERE a = 2":                              "old ROW EXCLUSIVE",
		"DELETE FROM fresh":                                             "fresh ROW EXCLUSIVE scans",
		"TRUNCATE old":                                                  "old " + ae + " !truncate-table",
		"INSERT INTO old VALUES (1)":                                    "old ROW EXCLUSIVE",
		"SELECT mine() FROM old":                                        "old ACCESS SHARE !opaque-statement",
		"SELECT count(*) FROM old":                                      "old ACCESS SHARE",
		"LOCK TABLE old IN SHARE MODE":                                  "old SHARE",
		"DO $$ BEGIN END $$":                                            "!opaque-statement",
		"CREATE DATABASE d":                                             "alone !opaque-statement",
		"ALTER TABLE old FROBNICATE":                                    "!syntax-error",
		"COMMENT ON TABLE old IS 'x'":                                   "old " + sue,
		"BEGIN":                                                         "alone",
		"SET lock_timeout = '1s'":                                       "",
	} {
		fresh := map[dialects.Name]bool{{Schema: "public", Name: "fresh"}: true}
		s := Dialect{}.Parse(sql)[0]
		var got []string
		for _, e := range (Dialect{}).Effects(effectCatalog(), s, fresh) {
			got = append(got, briefEffect(e))
			for _, h := range e.Hazards {
				if h.Detail == "" || h.Family == "" || strings.Contains(h.Detail, "%!") {
					t.Errorf("%s: hazard %+v is not complete", sql, h)
				}
			}
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s\ngot  %s\nwant %s", sql, text, want)
		}
	}
}

func TestEffectsOfAnOldServer(t *testing.T) {
	c := effectCatalog()
	c.Version.Major = 10
	s := Dialect{}.Parse("ALTER TABLE old ADD e int DEFAULT 1; ALTER TYPE mood ADD VALUE 'c'; ALTER TABLE old ALTER s SET NOT NULL")
	for i, want := range []string{
		"old ACCESS EXCLUSIVE scans rewrites !add-column-rewrite", "alone", "old ACCESS EXCLUSIVE scans !set-not-null",
	} {
		if got := briefEffect((Dialect{}).Effects(c, s[i], nil)[0]); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", s[i].Text, got, want)
		}
	}
}

func TestHazardsSayWhatWaits(t *testing.T) {
	s := Dialect{}.Parse("ALTER TABLE old ADD FOREIGN KEY (a) REFERENCES other")[0]
	e := Dialect{}.Effects(effectCatalog(), s, nil)[0]
	want := "scans public.old under SHARE ROW EXCLUSIVE: writes wait, and writes to public.other"
	if got := e.Hazards[0].Detail; got != want || e.Blocks != dialects.BlocksWrites {
		t.Errorf("got %q and %s", got, e.Blocks)
	}
}

func TestTypeChanges(t *testing.T) {
	for _, test := range []struct {
		from, to string
		keeps    bool
	}{
		{"character varying(10)", "character varying(11)", true},
		{"character varying(10)", "character varying", true},
		{"character varying(10)", "character varying(9)", false},
		{"character varying", "character varying(9)", false},
		{"text", "character varying", true},
		{"text", "character varying(9)", false},
		{"numeric(10,2)", "numeric(12,2)", true},
		{"numeric(10,2)", "numeric(12,3)", false},
		{"numeric(10,2)", "numeric", true},
		{"numeric", "numeric(10,2)", false},
		{"timestamp(3) with time zone", "timestamp with time zone", true},
		{"timestamp with time zone", "timestamp(3) with time zone", false},
		{"timestamp without time zone", "timestamp with time zone", false},
		{"integer", "bigint", false},
		{"integer[]", "bigint[]", false},
		{"character varying(10)[]", "character varying(11)[]", false},
		{"character(5)", "character(6)", false},
		{"public.mood", "text", false},
		{"text", "citext", true},
		{"timestamp without time zone", "timestamp(6) without time zone", true},
		{"interval", "interval(6)", true},
		{"interval year", "interval", true},
		{"interval", "interval year", false},
		{"interval hour", "interval(3)", true},
		{"interval day to second(3)", "interval(2)", false},
		{"bit(8)", "bit varying", true},
		{"bit(8)", "bit varying(16)", false},
		{"integer", "oid", true},
		{"character(5)", "bpchar", true},
		{"character varying(10)[]", "character varying[]", true},
		{"character varying[]", "text[]", false},
	} {
		if got := (typeChange{from: test.from, to: test.to}).keepsRows(); got != test.keeps {
			t.Errorf("%s to %s keeps rows: %s", test.from, test.to, fmt.Sprint(got))
		}
	}
}
