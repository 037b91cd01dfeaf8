package source

import (
	"testing"
	"testing/fstest"
)

func read(t *testing.T, layout Layout, files map[string]string) *Set {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, err := Read(fsys, layout)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// A version is found in any spelling of it, in every kind of order.
func TestAt(t *testing.T) {
	for _, c := range []struct {
		layout  Layout
		files   map[string]string
		version string
		path    string
	}{
		{Segue, map[string]string{"0007_a.sql": "", "0010_b.sql": "", "9_c.sql": ""}, "7", "0007_a.sql"},
		{Segue, map[string]string{"0007_a.sql": "", "0010_b.sql": "", "9_c.sql": ""}, "010", "0010_b.sql"},
		{Segue, map[string]string{"0007_a.sql": "", "0010_b.sql": ""}, "8", ""},
		{Flyway, map[string]string{"V1__a.sql": "", "V1_10__b.sql": "", "R__views.sql": ""}, "1.0", "V1__a.sql"},
		{Flyway, map[string]string{"V1__a.sql": "", "V1_10__b.sql": "", "R__views.sql": ""}, "R:views", "R__views.sql"},
		{Prisma, map[string]string{"2_b/migration.sql": "", "10_a/migration.sql": ""}, "2_b", "2_b/migration.sql"},
		{Sqitch, map[string]string{"sqitch.plan": "%project=p\n\nzebra 2026-01-01T00:00:00Z A <a@b>\nant 2026-01-01T00:00:00Z A <a@b>\n", "deploy/zebra.sql": "", "deploy/ant.sql": ""}, "ant", "deploy/ant.sql"},
		{Sqitch, map[string]string{"sqitch.plan": "%project=p\n\nzebra 2026-01-01T00:00:00Z A <a@b>\n", "deploy/zebra.sql": ""}, "ant", ""},
	} {
		path := ""
		if m := read(t, c.layout, c.files).At(c.version); m != nil {
			path = m.Path
		}
		if path != c.path {
			t.Errorf("%s: version %s is %q, want %q", c.layout, c.version, path, c.path)
		}
	}
}

// What says how a migration is run is part of it; what stands beside it in its file is not.
func TestSame(t *testing.T) {
	const changeset = "--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n"
	for name, c := range map[string]struct {
		layout   Layout
		was, now map[string]string
		same     bool
	}{
		"line ends":      {Segue, map[string]string{"1_a.sql": "SELECT 1;\nSELECT 2;"}, map[string]string{"1_a.sql": "\ufeffSELECT 1;\r\nSELECT 2;"}, true},
		"text":           {Segue, map[string]string{"1_a.sql": "SELECT 1;"}, map[string]string{"1_a.sql": "SELECT 2;"}, false},
		"name":           {Segue, map[string]string{"1_a.sql": "SELECT 1;"}, map[string]string{"1_b.sql": "SELECT 1;"}, true},
		"Flyway's name":  {Flyway, map[string]string{"V1__a.sql": "SELECT 1;"}, map[string]string{"V1__b.sql": "SELECT 1;"}, false},
		"Flyway's conf":  {Flyway, map[string]string{"V1__a.sql": "SELECT 1;"}, map[string]string{"V1__a.sql": "SELECT 1;", "V1__a.sql.conf": "executeInTransaction=false"}, false},
		"its down file":  {GolangMigrate, map[string]string{"1_a.up.sql": "SELECT 1;"}, map[string]string{"1_a.up.sql": "SELECT 1;", "1_a.down.sql": "SELECT 2;"}, false},
		"next changeset": {Liquibase, map[string]string{"a.sql": changeset}, map[string]string{"a.sql": changeset + "--changeset a:2\nSELECT 2;\n"}, true},
		"its rollback":   {Liquibase, map[string]string{"a.sql": changeset}, map[string]string{"a.sql": changeset + "--rollback SELECT 2;\n"}, false},
	} {
		was, now := read(t, c.layout, c.was), read(t, c.layout, c.now)
		if got := now.Migrations[0].Same(was.Migrations[0]); got != c.same {
			t.Errorf("%s: same %v, want %v", name, got, c.same)
		}
	}
}
