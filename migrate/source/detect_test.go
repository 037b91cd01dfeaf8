package source_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/migrate/source"
)

func TestDetect(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		want  source.Layout
	}{
		{"nothing", nil, source.Segue},
		{"numbered", []string{"1_a.sql=SELECT 1"}, source.Segue},
		{"numbered, with a folder of another's", []string{"1_a.sql", "old/V1__a.sql"}, source.Segue},
		{"words of others in comments and strings", []string{"1_a.sql=-- as in goose: -- +goose Up\nSELECT '-- migrate:up', 'atlas:txmode none';\n-- like liquibase formatted sql"}, source.Segue},
		{"a dump of pg_dump", []string{"1_a.sql=--\n-- Name: users; Type: TABLE\n--\nCREATE TABLE users (id int);"}, source.Segue},
		{"a transaction of its own", []string{"1_a.sql=BEGIN;\n-- Create model users\nSELECT 1;\nCOMMIT;"}, source.Segue},
		{"names", []string{"a.sql", "b.sql"}, source.Plain},
		{"goose", []string{"1_a.sql=--+goose up\nSELECT 1;"}, source.Goose},
		{"goose, indented and in capitals", []string{"1_a.sql=\n  --  +goose UP\nSELECT 1;"}, source.Goose},
		{"goose without Up", []string{"1_a.sql=-- +goose NO TRANSACTION\nSELECT 1;"}, source.Goose},
		{"dbmate", []string{"1.sql=--migrate:up transaction:false\nSELECT 1;"}, source.Dbmate},
		{"a down file alone", []string{"1_a.down.sql=DROP TABLE a"}, source.GolangMigrate},
		{"flyway in folders", []string{"a/V1__x.sql", "b/R__y.sql"}, source.Flyway},
		{"flyway, repeatables only", []string{"R__y.sql"}, source.Flyway},
		{"atlas without atlas.sum", []string{"1_a.sql=-- atlas:txmode none\n\nSELECT 1;"}, source.Atlas},
		{"prisma without its lock", []string{"20240101000000_a/migration.sql"}, source.Prisma},
		{"prisma, empty", []string{"migration_lock.toml=provider = \"mysql\""}, source.Prisma},
		{"drizzle in folders", []string{"20240101000000_a/migration.sql", "20240101000000_a/snapshot.json={}"}, source.Drizzle},
		{"sqitch with a top directory", []string{"sqitch.conf=[core]\n\tengine = pg\n\ttop_dir = db\n", "db/sqitch.plan=%project=x\n"}, source.Sqitch},
		{"tern without its configuration", []string{"1_a.sql=SELECT 1;\n---- create above / drop below ----\nSELECT 2;"}, source.Tern},
		{"liquibase in folders", []string{"db/1.sql=-- LIQUIBASE FORMATTED SQL\n--changeset a:1\nSELECT 1;"}, source.Liquibase},
		{"rails, Ruby only", []string{"20240101000000_create_users.rb=class A"}, source.Rails},
		{"django, Python only", []string{"__init__.py", "0001_initial.py=class Migration"}, source.Django},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, err := source.Read(directory(test.files...), source.Auto)
			if err != nil || set.Layout != test.want {
				t.Errorf("got %v, %v", set, err)
			}
		})
	}
}

func TestDetectSaysWhatIsAmbiguous(t *testing.T) {
	_, err := source.Read(directory("1_a.up.sql", "1_a.down.sql", "atlas.sum=h1:x"), source.Auto)
	var ambiguous *source.AmbiguousError
	if !errors.As(err, &ambiguous) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"atlas (atlas.sum)", "golang-migrate (1_a.down.sql)", "layout: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
	if _, err := source.Read(directory("1_a.up.sql", "1_a.down.sql", "atlas.sum=h1:x"), source.GolangMigrate); err != nil {
		t.Errorf("named: %v", err)
	}
}

func TestDetectAStrayFile(t *testing.T) {
	stray := []string{"1_a.sql=SELECT 1;", "2_b.sql=SELECT 2;", "3_c.sql=-- +goose Up\nSELECT 3;"}
	_, err := source.Read(directory(stray...), source.Auto)
	if err == nil || !strings.Contains(err.Error(), `goose ("-- +goose Up" in 3_c.sql) or that of segue (1_a.sql)`) {
		t.Errorf("got %v", err)
	}
	_, err = source.Read(directory("1_a.sql", "2_b.sql", "3_c.up.sql"), source.Auto)
	if err == nil || !strings.Contains(err.Error(), "golang-migrate (3_c.up.sql) or that of segue (1_a.sql)") {
		t.Errorf("got %v", err)
	}
	_, err = source.Read(directory("1_a.sql", "V2__b.sql"), source.Auto)
	if err == nil || !strings.Contains(err.Error(), "flyway (V2__b.sql) or that of segue (1_a.sql)") {
		t.Errorf("got %v", err)
	}
	for _, folder := range []string{"old/up.sql", "old/migration.sql", "sqitch.plan"} {
		_, err = source.Read(directory("1_a.sql", "2_b.sql", folder), source.Auto)
		if err == nil || !strings.Contains(err.Error(), "or that of segue (1_a.sql)") {
			t.Errorf("%s: got %v", folder, err)
		}
	}
	set, err := source.Read(directory(stray[1:]...), source.Auto)
	if err != nil || set.Layout != source.Goose || len(set.Migrations[0].Up.Refusals) != 1 {
		t.Errorf("one of two: got %+v, %v", set, err)
	}
}

func TestDetectKeepsSeguesFromReadingOthers(t *testing.T) {
	_, err := source.Read(directory("1_a.sql=-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;"), source.Segue)
	var foreign *source.ForeignError
	if !errors.As(err, &foreign) || foreign.Claim.Layout != source.Goose || !strings.Contains(err.Error(), `"-- +goose Up" in 1_a.sql`) {
		t.Errorf("got %v", err)
	}
}

// TestOrderIsTheRunners orders versions as each runner does.
func TestOrderIsTheRunners(t *testing.T) {
	for _, test := range []struct {
		layout source.Layout
		order  []string
	}{
		{source.Goose, []string{"2", "0010", "20250101000000"}},
		{source.GolangMigrate, []string{"2", "0010", "20250101000000"}},
		{source.Dbmate, []string{"0010", "10", "2"}},
		{source.Flyway, []string{"1", "1.9", "1.10", "2", "R:a", "R:b"}},
		{source.Atlas, []string{"10", "1", "2"}},
		{source.Prisma, []string{"20240101000000_a", "20240101000000_b", "20240102000000_a"}},
		{source.Tern, []string{"2", "010"}},
		{source.Rails, []string{"structure.sql", "9", "10"}},
		{source.Django, []string{"0002", "0010"}},
		{source.Diesel, []string{"00000000000000", "20240101120000", "20240102"}},
	} {
		set := &source.Set{Layout: test.layout}
		for i, a := range test.order {
			for j, b := range test.order {
				if got, want := sign(set.Compare(a, b)), compareInts(i, j); got != want {
					t.Errorf("%s: Compare(%q, %q) is %d, want %d", test.layout, a, b, got, want)
				}
			}
		}
	}
	if flyway := (&source.Set{Layout: source.Flyway}); flyway.Compare("1.0", "1") != 0 || flyway.Compare("2_0_1", "2.0.1") != 0 {
		t.Error("flyway tells 1.0 from 1")
	}
}

func sign(n int) int { return compareInts(n, 0) }

func TestReadOrdersByTheDirectory(t *testing.T) {
	set, err := source.Read(testdata("sqitch"), source.Auto)
	if err != nil {
		t.Fatal(err)
	}
	var versions []string
	for _, m := range set.Migrations {
		versions = append(versions, m.Version)
	}
	if slices.IsSorted(versions) || set.Compare("sail@v1.0.0", "sail") >= 0 || set.Compare("sail", "later") >= 0 {
		t.Errorf("got %v", versions)
	}
	if m, err := set.Find("load/manifest"); err != nil || m.Path != "deploy/load/manifest.sql" {
		t.Errorf("got %v, %v", m, err)
	}
}

func TestDuplicates(t *testing.T) {
	for _, files := range [][]string{
		{"1_a.sql=-- +goose Up", "01_b.sql=-- +goose Up"},
		{"1_a.up.sql", "01_b.up.sql"},
		{"1_a.up.sql", "1_a.down.sql", "1_b.down.sql"},
		{"V1__a.sql", "V1.0__b.sql"},
		{"2024-01-01-000000_a/up.sql", "20240101000000_b/up.sql"},
	} {
		_, err := source.Read(directory(files...), source.Auto)
		if twice := (*source.DuplicateError)(nil); !errors.As(err, &twice) {
			t.Errorf("%v: got %v", files, err)
		}
	}
}
