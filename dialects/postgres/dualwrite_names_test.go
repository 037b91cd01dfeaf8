package postgres

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
)

func TestHelperNamesFit(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"email", `We "ird" Name`, "Größe", strings.Repeat("ü", 31), strings.Repeat("a", 63), strings.Repeat("日", 21)} {
		for _, migration := range []string{"0001", "0002"} {
			spec := dialects.DualWriteSpec{Migration: migration, Table: dialects.Name{Schema: "public", Name: name}, Old: name, New: "n"}
			trigger, _ := triggerName(spec, "")
			for _, got := range []string{functionName(spec).Name, proofName(spec), helperName(spec, name, "index "+name), trigger} {
				if len(got) > maxNameBytes || !utf8.ValidString(got) {
					t.Errorf("%q has %d bytes", got, len(got))
				}
				if before, is := seen[got]; is {
					t.Errorf("%q is the name for %s and %s", got, before, name)
				}
				seen[got] = name + migration
			}
		}
	}
}

func TestTriggerNameSortsLast(t *testing.T) {
	spec := dialects.DualWriteSpec{Migration: "1", Table: dialects.Name{Schema: "public", Name: "u"}, Old: "a", New: "b"}
	for _, last := range []string{"", "audit", "zzz_segue", "zzzz", "été", "zzz_segue_ffffffffff", strings.Repeat("z", 62) + "a",
		"zz" + strings.Repeat("y", 61), strings.Repeat("é", 31), "za" + strings.Repeat("日", 20)} {
		name, ok := triggerName(spec, last)
		fits := last != strings.Repeat("é", 31) && last != strings.Repeat("z", 62)+"a"
		if ok != fits || ok && (name <= last || len(name) > maxNameBytes || !utf8.ValidString(name)) {
			t.Errorf("after %q: %q, %v", last, name, ok)
		}
	}
}

func TestDefaultKinds(t *testing.T) {
	c := Dialect{}.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: 15})
	mood := dialects.Name{Schema: "public", Name: "mood"}
	c.Objects[dialects.ObjectKey{Kind: dialects.EnumType, Name: mood}] = &dialects.Object{Kind: dialects.EnumType, Name: mood}
	for _, test := range []struct {
		expr string
		kind defaultKind
		sql  string
	}{
		{"", nullDefault, ""}, {"NULL", nullDefault, ""}, {"NULL::character varying(3)", nullDefault, ""},
		{"'none'::text", steadyDefault, "'none'::pg_catalog.text"}, {"'-1'::integer", steadyDefault, "'-1'::int"}, {"-1", steadyDefault, "-1"}, {"true", steadyDefault, "true"},
		{"'ok'::mood", steadyDefault, "'ok'::public.mood"}, {"'ok'::app.mood", steadyDefault, "'ok'::app.mood"},
		{"now()", steadyDefault, "pg_catalog.now()"}, {"CURRENT_TIMESTAMP", steadyDefault, "current_timestamp"},
		{"(now() + '1 day'::interval)", steadyDefault, "pg_catalog.now() OPERATOR(pg_catalog.+) '1 day'::interval"},
		{"timezone('utc'::text, now())", steadyDefault, "pg_catalog.timezone('utc'::pg_catalog.text, pg_catalog.now())"},
		{"(now() AT TIME ZONE 'utc'::text)", steadyDefault, "pg_catalog.now() AT TIME ZONE 'utc'::pg_catalog.text"},
		{"ARRAY['a'::text]", steadyDefault, "ARRAY['a'::pg_catalog.text]"}, {"'{}'::jsonb", steadyDefault, "'{}'::pg_catalog.jsonb"},
		{"nextval('s'::regclass)", volatileDefault, ""}, {"gen_random_uuid()", volatileDefault, ""}, {"clock_timestamp()", volatileDefault, ""},
		{"statement_timestamp()", volatileDefault, ""}, {"app.now()", volatileDefault, ""}, {"current_setting('app.tenant')::int", volatileDefault, ""},
		{"1 OPERATOR(app.+) 2", volatileDefault, ""}, {"(SELECT 1)", volatileDefault, ""}, {"not SQL(", volatileDefault, ""},
	} {
		got := defaultOf(c, test.expr)
		if got.kind != test.kind || got.expr != test.sql {
			t.Errorf("%s: %s %s", test.expr, got.kind, got.expr)
		}
	}
}
