package source_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/segue-db/segue/migrate/source"
)

func testdata(name string) fs.FS { return os.DirFS(path.Join("testdata", name)) }

// layouts are the directories of testdata: what each of their migrations is read as. A line is a version,
// its file, how its up part and its down part run ("-" for none), and how many refusals the two have.
var layouts = []struct {
	dir    string
	layout source.Layout
	want   string
}{
	{"segue", source.Segue, `
0001 0001_create_users.sql planned -
0002 0002_rename_user_email.sql planned -`},
	{"plain", source.Plain, `
tables tables.sql scripted - 1
views views.sql scripted - 1`},
	{"goose", source.Goose, `
20250114093000 20250114093000_create_accounts.sql one one
20250203101500 20250203101500_balance_guard.sql one one
20250310080000 20250310080000_index_holder.sql none none
20250401120000 20250401120000_reporting_role.sql one one 1 1
20250512070000 20250512070000_rehash_pins.go one - 1`},
	{"goose_mysql", source.Goose, `
00001 00001_create_shelves.sql one one
00002 00002_count_books.sql one one`},
	{"golang-migrate", source.GolangMigrate, `
000001 000001_create_tickets.up.sql implicit implicit
000002 000002_ticket_notes.up.sql implicit implicit
000003 000003_index_due.up.sql implicit implicit`},
	{"dbmate", source.Dbmate, `
20240901080000 20240901080000_create_sensors.sql one one
20240915093000 20240915093000_index_taken_at.sql implicit implicit
20241003110000 20241003110000_default_label.sql one one`},
	{"flyway", source.Flyway, `
1 V1__create_parcels.sql one -
1.1 V1.1__parcel_route.sql one one
1.10 V1.10__index_depot.sql none -
2 V2__carrier.sql none -
3.1 2025/V3_1__grants.sql one - 2
R:open parcels R__open_parcels.sql one - 1`},
	{"flyway_mysql", source.Flyway, `
20250110.0900 V20250110_0900__create_seats.sql one -
20250302.1400 V20250302_1400__price_check.sql one -`},
	{"atlas", source.Atlas, `
20240611083000 20240611083000_create_films.sql one -
20240702120000 20240702120000_index_title.sql none -
20240815090000 20240815090000_seed.sql one -
20240901070000 20240901070000_rating.sql one one 1`},
	{"prisma", source.Prisma, `
20240220101010_init 20240220101010_init/migration.sql implicit -
20240305143000_required_name 20240305143000_required_name/migration.sql implicit implicit`},
	{"drizzle", source.Drizzle, `
0000 0000_quiet_falcon.sql one -
0001 0001_brave_otter.sql one -`},
	{"drizzle_mysql", source.Drizzle, `
0000 0000_init.sql one -`},
	{"sqitch", source.Sqitch, `
appschema deploy/appschema.sql scripted scripted
boats deploy/boats.sql scripted scripted
sail@v1.0.0 deploy/sail@v1.0.0.sql scripted scripted
sail deploy/sail.sql scripted scripted
load/manifest deploy/load/manifest.sql scripted scripted 2`},
	{"tern", source.Tern, `
001 001_create_loaves.sql one one
002 002_index_flour.sql none none
003 003_functions.sql one one 2 1`},
	{"liquibase", source.Liquibase, `
anna:hives changes/010-hives.sql one one
anna:hive-index changes/010-hives.sql none none
ben:swarm changes/010-hives.sql one one
anna:honey changes/002-honey.sql one one 2 1
ben:grams-positive changes/002-honey.sql one -
ben:grams-h2 changes/002-honey.sql one -`},
	{"liquibase_mysql", source.Liquibase, `
cleo:rooms changelog.sql one one
cleo:beds-trigger changelog.sql one one`},
	{"rails", source.Rails, `
structure.sql structure.sql scripted - 1
20240501100000 migrate/20240501100000_add_due_on.sql one -
20240601100000 migrate/20240601100000_backfill_due_on.rb one - 1`},
	{"django", source.Django, `
0001 0001_initial.sql scripted -
0002 0002_recipe_author.sql scripted - 1
0003 0003_index_title.sql scripted -`},
	{"diesel", source.Diesel, `
00000000000000 00000000000000_diesel_initial_setup/up.sql one one
20240311070809 2024-03-11-070809_create_trails/up.sql one one
20240520120000 2024-05-20-120000_index_name/up.sql implicit implicit`},
}

func TestReadLayouts(t *testing.T) {
	for _, test := range layouts {
		t.Run(test.dir, func(t *testing.T) {
			set, err := source.Read(testdata(test.dir), source.Auto)
			if err != nil {
				t.Fatal(err)
			}
			if set.Layout != test.layout {
				t.Errorf("layout is %s", set.Layout)
			}
			var got []string
			for _, m := range set.Migrations {
				line := fmt.Sprintf("%s %s %s %s", m.Version, m.Path, how(m.Up), how(m.Down))
				if n, k := len(m.Up.Refusals), len(m.Down.Refusals); k > 0 {
					line += fmt.Sprintf(" %d %d", n, k)
				} else if n > 0 {
					line += fmt.Sprintf(" %d", n)
				}
				got = append(got, line)
				if m.Layout != test.layout {
					t.Errorf("%s has layout %q", m.Path, m.Layout)
				}
			}
			if want := strings.TrimSpace(test.want); strings.Join(got, "\n") != want {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
			}
			named, err := source.Read(testdata(test.dir), test.layout)
			if err != nil || len(named.Migrations) != len(set.Migrations) {
				t.Errorf("named by its layout: %v", err)
			}
		})
	}
}

// TestLayoutsAreTested holds that each layout and each directory of testdata has its line above.
func TestLayoutsAreTested(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "fuzz" && !slices.ContainsFunc(layouts, func(l struct {
			dir    string
			layout source.Layout
			want   string
		}) bool {
			return l.dir == e.Name()
		}) {
			t.Errorf("testdata/%s has no line", e.Name())
		}
	}
}

func how(p source.Part) string {
	switch {
	case p.Path == "":
		return "-"
	case p.Transaction == source.Planned:
		return "planned"
	}
	return string(p.Transaction)
}

// TestPartsKeepTheirPlaces holds every part of testdata against its file: nothing is moved.
func TestPartsKeepTheirPlaces(t *testing.T) {
	for _, test := range layouts {
		set, err := source.Read(testdata(test.dir), test.layout)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range set.Migrations {
			for _, p := range []source.Part{m.Up, m.Down} {
				if p.Path == "" {
					continue
				}
				file, err := fs.ReadFile(testdata(test.dir), p.Path)
				if err != nil {
					t.Fatal(err)
				}
				inPlace(t, p, string(file))
			}
		}
	}
}

// inPlace checks that a part's text is the file's, but for blanks, semicolons and made-up names.
func inPlace(t *testing.T, p source.Part, file string) {
	t.Helper()
	if p.SQL != file || len(p.Text) > len(file) {
		t.Fatalf("%s has %d bytes, its part %d of %d", p.Path, len(file), len(p.Text), len(p.SQL))
	}
	moved := 0 // line ends that stand before their place
	for i := range len(p.Text) {
		got, was := p.Text[i], file[i]
		switch {
		case got == was, was != '\n' && (got == ';' || was != '\r' && (got == ' ' || got == '_')):
		case was == ' ' && got == '\n':
			moved++
		case was == '\n' && got == ';':
			moved--
		default:
			t.Fatalf("%s: byte %d is %q and was %q", p.Path, i, got, was)
		}
		if moved < 0 || moved > 1 {
			t.Fatalf("%s: at byte %d lines have other numbers", p.Path, i)
		}
	}
	if moved != 0 {
		t.Fatalf("%s: a line end is lost", p.Path)
	}
	for _, r := range p.Refusals {
		if r.Line < 1 || r.Line > 1+strings.Count(file, "\n") || r.What == "" || r.Hint == "" || r.Path != p.Path {
			t.Errorf("%s: refusal %+v", p.Path, *r)
		}
	}
}

func TestDraft(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for dir, want := range map[string]string{
		"segue":           "0003_add_size.sql",
		"plain":           "add_size.sql",
		"goose":           "20261124080000_add_size.sql",
		"goose_mysql":     "00003_add_size.sql",
		"golang-migrate":  "000004_add_size.up.sql 000004_add_size.down.sql",
		"dbmate":          "20261124080000_add_size.sql",
		"flyway":          "V4__add_size.sql",
		"flyway_mysql":    "V20250303__add_size.sql",
		"atlas":           "20261124080000_add_size.sql",
		"prisma":          "20261124080000_add_size/migration.sql",
		"tern":            "004_add_size.sql",
		"liquibase":       "changes/20261124080000_add_size.sql",
		"liquibase_mysql": "20261124080000_add_size.sql",
		"rails":           "migrate/20261124080000_add_size.sql",
		"django":          "0004_add_size.sql",
		"diesel":          "2026-11-24-080000_add_size/up.sql 2026-11-24-080000_add_size/down.sql",
		"drizzle":         "drizzle-kit generate --custom --name=add_size",
		"sqitch":          "sqitch add add_size",
	} {
		set, err := source.Read(testdata(dir), source.Auto)
		if err != nil {
			t.Fatal(err)
		}
		draft, err := set.Draft("Add Size", now)
		var paths []string
		for _, f := range draft.Files {
			paths = append(paths, f.Path)
		}
		got := strings.Join(paths, " ")
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("%s: got %q, want %q", dir, got, want)
		}
		if err == nil {
			readsItself(t, dir, set, draft)
		}
	}
}

// readsItself writes a draft beside the migrations that it was made for: it must be the newest of them.
func readsItself(t *testing.T, dir string, set *source.Set, draft source.Draft) {
	t.Helper()
	written := written(t, dir)
	for _, f := range draft.Files {
		written[f.Path] = &fstest.MapFile{Data: []byte(f.Text)}
	}
	again, err := source.Read(written, source.Auto)
	if err != nil {
		t.Errorf("%s with its draft: %v", dir, err)
		return
	}
	if len(again.Migrations) != len(set.Migrations)+1 {
		t.Errorf("%s with its draft has %d migrations", dir, len(again.Migrations))
	}
	for _, m := range again.Migrations {
		if m.Path == draft.Files[0].Path && set.Layout != source.Plain {
			if set.Layout != source.Liquibase && set.Layout != source.Atlas && len(m.Up.Refusals) > 0 {
				t.Errorf("%s: its draft is refused: %v", dir, m.Up.Refusals[0])
			}
			return
		}
	}
	if set.Layout != source.Plain {
		t.Errorf("%s: its draft is not among the migrations", dir)
	}
}

func TestAside(t *testing.T) {
	for _, c := range []struct {
		layout source.Layout
		file   string
		want   bool
	}{
		{source.Flyway, "afterMigrate.sql", true},
		{source.Flyway, "sql/beforeEachMigrate__check.sql", true},
		{source.Flyway, "V1_missing_an_underscore.sql", false},
		{source.Sqitch, "verify/users.sql", true},
		{source.Sqitch, "db/verify/users.sql", true},
		{source.Sqitch, "deploy/forgotten.sql", false},
		{source.Tern, "shared/grants.sql", true},
		{source.Goose, "20250101-dashes.sql", false},
		{source.Goose, "embed.go", true},
		{source.Prisma, "migration_lock.toml", true},
	} {
		if got := (&source.Set{Layout: c.layout}).Aside(c.file); got != c.want {
			t.Errorf("%s in %s: %v, want %v", c.file, c.layout, got, c.want)
		}
	}
}
