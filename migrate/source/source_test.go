package source_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/segue-db/segue/migrate/source"
)

// directory makes a directory of files; each is PATH or PATH=TEXT.
func directory(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, f := range files {
		path, text, _ := strings.Cut(f, "=")
		fsys[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestReadOrdersByVersion(t *testing.T) {
	set, err := source.Read(directory("10_c.sql=SELECT 3", "9_b.sql=SELECT 2", "0007_a_b.SQL=SELECT 1", "11.sql",
		"README.md", ".12_hidden.sql", "old/0001_x.sql"), source.Auto)
	if err != nil {
		t.Fatal(err)
	}
	if set.Layout != source.Segue {
		t.Errorf("layout is %q", set.Layout)
	}
	var got []string
	for _, m := range set.Migrations {
		got = append(got, m.Version+" "+m.Name+" "+m.Path+" "+m.SQL)
	}
	want := "0007 a_b 0007_a_b.SQL SELECT 1; 9 b 9_b.sql SELECT 2; 10 c 10_c.sql SELECT 3; 11  11.sql "
	if strings.Join(got, "; ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
	}
}

func TestReadOfAnEmptyDirectory(t *testing.T) {
	set, err := source.Read(fstest.MapFS{}, source.Segue)
	if err != nil || len(set.Migrations) != 0 {
		t.Errorf("got %v, %v", set, err)
	}
}

func TestReadNamesTheFileAndTheWayOut(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		want  []string
	}{
		{"duplicate", []string{"007_a.sql", "7_b.sql"}, []string{"007_a.sql", "7_b.sql", "next free version"}},
		{"no version", []string{"1_a.sql", "users.sql"}, []string{"users.sql", "0007_what_it_does.sql"}},
		{"version without a separator", []string{"1_a.sql", "7users.sql"}, []string{"7users.sql", "0007_what_it_does.sql"}},
		{"encoding", []string{"1_a.sql=-- ok\n-- \xff"}, []string{"1_a.sql", "line 2", "0xff", "UTF-8"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := source.Read(directory(test.files...), source.Auto)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
		})
	}
}

// locked is a directory whose files cannot be opened.
type locked struct{ fs.FS }

func (l locked) Open(name string) (fs.File, error) {
	if name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.FS.Open(name)
}

func TestReadOfWhatCannotBeRead(t *testing.T) {
	var unreadable *source.FileError
	_, err := source.Read(locked{directory("1_a.sql")}, source.Segue)
	if !errors.As(err, &unreadable) || unreadable.Path != "1_a.sql" || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
	missing, err := fs.Sub(directory("1_a.sql"), "nowhere")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Read(missing, source.Segue); !errors.As(err, &unreadable) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestChecksumIsBlindToLineEndsAndMark(t *testing.T) {
	const plain = "SELECT 1;\nSELECT 2;\n"
	want := source.Checksum(plain)
	if len(want) != len("sha256:")+32 || !strings.HasPrefix(want, "sha256:") {
		t.Errorf("checksum is %q", want)
	}
	for _, same := range []string{"\uFEFF" + plain, strings.ReplaceAll(plain, "\n", "\r\n")} {
		set, err := source.Read(directory("1_a.sql="+same), source.Segue)
		if err != nil {
			t.Fatal(err)
		}
		if m := set.Migrations[0]; m.Checksum != want || strings.HasPrefix(m.SQL, "\uFEFF") {
			t.Errorf("%q: got %s, want %s", same, m.Checksum, want)
		}
	}
	if source.Checksum(plain+" ") == want {
		t.Error("a changed text has the same checksum")
	}
}

func TestCompareIsAnOrder(t *testing.T) {
	ordered := []string{"0", "7", "0008", "8a", "9", "10", "10.9", "10.10", "20260101120000", "v1"}
	for i, a := range ordered {
		for j, b := range ordered {
			got := source.Compare(a, b)
			if want := compareInts(i, j); got != want {
				t.Errorf("Compare(%q, %q) is %d, want %d", a, b, got, want)
			}
		}
	}
	if source.Compare("007", "7") != 0 {
		t.Error("007 and 7 differ")
	}
}

func compareInts(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestFind(t *testing.T) {
	set, err := source.Read(directory("0007_a.sql", "0042_rename_email.sql"), source.Segue)
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{
		"7": "0007", "0007": "0007", "42": "0042", "0042_rename_email": "0042", "0042_rename_email.sql": "0042",
	} {
		if m, err := set.Find(given); err != nil || m.Version != want {
			t.Errorf("Find(%q) is %v, %v", given, m, err)
		}
	}
	for given, want := range map[string]string{
		"0024":         "did you mean 0042?",
		"rename_email": "did you mean 0042?",
		"900":          "the newest is 0042",
	} {
		if _, err := set.Find(given); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%q): error is %v, want %q", given, err, want)
		}
	}
	if _, err := (&source.Set{}).Find("1"); err == nil || !strings.Contains(err.Error(), "has no migrations") {
		t.Errorf("in an empty directory: %v", err)
	}
}

func TestDraftOfSegues(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, test := range []struct{ newest, want string }{
		{"", "0001_add_größe.sql"},
		{"0009_x.sql", "0010_add_größe.sql"},
		{"9_x.sql", "10_add_größe.sql"},
		{"20260101120000_x.sql", "20261124080000_add_größe.sql"},
	} {
		fsys := fstest.MapFS{}
		if test.newest != "" {
			fsys = directory(test.newest)
		}
		set, err := source.Read(fsys, source.Segue)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := set.Draft("Add  Größe!", now); err != nil || len(got.Files) != 1 || got.Files[0].Path != test.want {
			t.Errorf("after %q: got %v, %v", test.newest, got, err)
		}
	}
	if _, err := (&source.Set{Layout: source.Segue}).Draft("--", now); err == nil {
		t.Error("a name with neither letters nor digits is taken")
	}
}

func TestParseLayout(t *testing.T) {
	if l, err := source.ParseLayout(""); err != nil || l != source.Auto {
		t.Errorf("got %q, %v", l, err)
	}
	if _, err := source.ParseLayout("gosse"); err == nil || !strings.Contains(err.Error(), "auto, segue, atlas") {
		t.Errorf("got %v", err)
	}
}
