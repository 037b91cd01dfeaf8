package source_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/segue-db/segue/migrate/source"
)

// aside is what two migrations on top of each layout are like: one that runs in a transaction, one that does not.
var aside = map[string]struct{ boxed, alone source.Transaction }{
	"segue": {"", ""}, "plain": {source.Scripted, source.Scripted}, "django": {source.Scripted, source.Scripted},
	"goose": {source.One, source.None}, "tern": {source.One, source.None}, "atlas": {source.One, source.None}, "flyway": {source.One, source.None},
	"liquibase":      {source.One, source.None},
	"golang-migrate": {source.Implicit, source.Implicit}, "prisma": {source.Implicit, source.Implicit},
	"dbmate": {source.One, source.Implicit}, "diesel": {source.One, source.Implicit},
}

// written is a directory of testdata that can be added to.
func written(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(testdata(dir), ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(testdata(dir), file)
		files[file] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, files fs.FS, layout source.Layout) *source.Set {
	t.Helper()
	set, err := source.Read(files, layout)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestDraftOf has drafts behind each other, in a transaction and outside of one, read as they are meant; and one that is
// in a transaction unboxed.
func TestDraftOf(t *testing.T) {
	now := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC) // before what is there
	for dir, want := range aside {
		t.Run(dir, func(t *testing.T) {
			files := written(t, dir)
			set := read(t, files, source.Auto)
			size := len(set.Migrations)
			var paths []string
			for _, transaction := range []source.Transaction{"", source.None} {
				draft, err := set.DraftOf("Size up"+string(transaction), "UPDATE films SET title = 'x';", transaction, now)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range draft.Files {
					files[f.Path] = &fstest.MapFile{Data: []byte(f.Text)}
				}
				set.Migrations = append(set.Migrations, source.Migration{Version: draft.Version})
				paths = append(paths, draft.Files[0].Path)
			}
			set = read(t, files, set.Layout)
			if len(set.Migrations) != size+2 {
				t.Fatalf("%d migrations, and two more are %d", size, len(set.Migrations))
			}
			at := func(path string) int {
				return slices.IndexFunc(set.Migrations, func(m source.Migration) bool { return m.Path == path })
			}
			first, second := at(paths[0]), at(paths[1])
			if dir != "liquibase" && second < first || // there migrations are added to files
				!slices.Contains([]string{"flyway", "plain", "liquibase"}, dir) && second != len(set.Migrations)-1 {
				t.Errorf("they are at %d and %d of %d", first, second, len(set.Migrations))
			}
			boxed, alone := set.Migrations[first], set.Migrations[second]
			if boxed.Up.Transaction != want.boxed || alone.Up.Transaction != want.alone {
				t.Errorf("they run in %q and in %q, want %q and %q", boxed.Up.Transaction, alone.Up.Transaction, want.boxed, want.alone)
			}
			if !strings.Contains(alone.Up.Text, "UPDATE films") || strings.Contains(alone.Down.Text, "UPDATE") {
				t.Errorf("the second runs %q, and is undone by %q", alone.Up.Text, alone.Down.Text)
			}
			unbox(t, files, boxed, want.alone)
		})
	}
	for _, dir := range []string{"rails", "drizzle", "sqitch"} {
		set := read(t, testdata(dir), source.Auto)
		if _, err := set.DraftOf("x", "SELECT 1;", source.None, now); err == nil {
			t.Errorf("%s has a draft that runs outside of transactions", dir)
		}
		if _, err := set.Migrations[0].Unbox(nil); err == nil {
			t.Errorf("a migration of %s is unboxed", dir)
		}
	}
}

func unbox(t *testing.T, files fstest.MapFS, m source.Migration, want source.Transaction) {
	t.Helper()
	u, err := m.Unbox([]string{"UPDATE films SET title = 'x'"})
	if m.Up.Transaction != source.One {
		if err == nil {
			t.Errorf("of %s nothing is to be unboxed, but there is %+v", m.Layout, u)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	text := m.SQL
	for _, e := range u.Edits {
		text = text[:e.Start] + e.Text + text[e.End:]
	}
	files[m.Path] = &fstest.MapFile{Data: []byte(text)}
	for _, f := range u.Files {
		files[f.Path] = &fstest.MapFile{Data: []byte(f.Text)}
	}
	for _, again := range read(t, files, m.Layout).Migrations {
		if again.Path == m.Path && (again.Up.Transaction != want || again.Version != m.Version || m.Layout != source.Atlas && len(again.Up.Refusals) > 0) {
			t.Errorf("unboxed it runs in %q, want %q; %v", again.Up.Transaction, want, again.Up.Refusals)
		}
	}
}

// TestFlywayKnowsItsOwn: what Flyway runs outside of transactions unasked needs no .conf.
func TestFlywayKnowsItsOwn(t *testing.T) {
	set := read(t, testdata("flyway"), source.Auto)
	draft, err := set.DraftOf("x", "CREATE INDEX CONCURRENTLY i ON parcels (id);", source.None, time.Now())
	if err != nil || len(draft.Files) != 1 {
		t.Errorf("got %+v, %v", draft, err)
	}
	if u, err := set.Migrations[0].Unbox([]string{"DROP INDEX CONCURRENTLY i"}); err != nil || len(u.Files) != 0 {
		t.Errorf("got %+v, %v", u, err)
	}
}

func TestCompany(t *testing.T) {
	const text = `-- +goose Up
SELECT 1; SELECT 2;
SELECT 3; -- three
-- +goose StatementBegin
SELECT 4; -- four
-- +goose StatementEnd
-- +goose StatementBegin
SELECT 5; SELECT 6;
-- +goose StatementEnd
SELECT
  7
`
	m := source.Migration{Layout: source.Goose, SQL: text}
	for statement, want := range map[string]source.Company{
		"SELECT 1": source.Joined, "SELECT 2": source.Joined, "SELECT 3": source.Apart, "SELECT 4": source.Whole,
		"SELECT 5": source.Joined, "SELECT 6": source.Joined, "SELECT\n  7": source.Apart,
	} {
		start := strings.Index(text, statement)
		if got := m.Company(start, start+len(statement)); got != want {
			t.Errorf("%q is %s, want %s", statement, got, want)
		}
	}
}

func TestAppend(t *testing.T) {
	files := fstest.MapFS{"a.sql": {Data: []byte("--liquibase formatted sql\n\n--changeset ann lee:1\nSELECT 1;\n\n--changeset bo:2\nSELECT 2;")}}
	for i, want := range []string{"ann lee:1 ann lee:more bo:2", "ann lee:1 bo:2 bo:more"} {
		set := read(t, files, source.Liquibase)
		e, ok, err := set.Migrations[i].Append("more", "SELECT 3;\nSELECT 4;", source.None)
		if !ok || err != nil {
			t.Fatal("nothing is appended", err)
		}
		text := set.Migrations[i].SQL
		text = text[:e.Start] + e.Text + text[e.End:]
		var versions []string
		for _, m := range read(t, fstest.MapFS{"a.sql": {Data: []byte(text)}}, source.Liquibase).Migrations {
			versions = append(versions, m.Version)
			if more := m.Name == "more"; more != strings.Contains(m.Up.Text, "SELECT 3") || more != (m.Up.Transaction == source.None) {
				t.Errorf("%s runs %q in %q", m.Version, m.Up.Text, m.Up.Transaction)
			}
		}
		if got := strings.Join(versions, " "); got != want {
			t.Errorf("got %s, want %s\n%s", got, want, text)
		}
	}
	if _, ok, _ := (source.Migration{Layout: source.Goose}).Append("x", "", ""); ok {
		t.Error("goose's files hold several migrations")
	}
}

// TestAtlasSum: the sums of a directory that was changed are those that Atlas makes, of a file that was not there too.
func TestAtlasSum(t *testing.T) {
	files := written(t, "atlas")
	same, ok, err := source.AtlasSum(files, files)
	if err != nil || !ok || same.Text != string(files["atlas.sum"].Data) {
		t.Errorf("unchanged it is %+v, %v, %v", same, ok, err)
	}
	after := written(t, "atlas")
	after["20250101000000_new.sql"] = &fstest.MapFile{Data: []byte("SELECT 1;\n")}
	after["20240702120000_index_title.sql"].Data = []byte("SELECT 2;\n")
	sum, ok, err := source.AtlasSum(files, after)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, ok, _ := source.AtlasSum(after, after); ok {
		t.Error("a list that does not fit is written anew")
	}
	after["atlas.sum"] = &fstest.MapFile{Data: []byte(sum.Text)}
	for _, m := range read(t, after, source.Atlas).Migrations {
		if len(m.Up.Refusals) > 0 && m.Up.Refusals[0].Broken() {
			t.Errorf("%s: %v", m.Path, m.Up.Refusals[0])
		}
	}
}
