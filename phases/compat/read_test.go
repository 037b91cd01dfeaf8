package compat

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestReadManifest(t *testing.T) {
	m, err := ReadManifest([]byte(`
# what web needs
app: web
project: billing
ready_for: [0042, "0043", crm/7, 20261124120000, 1.10]
uses:
  users:
    read: [id, email, "*"]
    write: [email]
    insert: true
  0099: {positional: true}
  audit.log:
    read: ["true"]
`), "segue.app.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := &Manifest{
		App: "web", Project: "billing",
		ReadyFor: []string{"0042", "0043", "crm/7", "20261124120000", "1.10"},
		Uses: map[string]Use{
			"users":     {Read: []string{"id", "email", "*"}, Write: []string{"email"}, Insert: true},
			"0099":      {Positional: true},
			"audit.log": {Read: []string{"true"}},
		},
	}
	if !reflect.DeepEqual(m, want) {
		t.Errorf("got %+v, want %+v", m, want)
	}
	if got, want := m.readyFor(), []string{"billing/0042", "billing/0043", "crm/7", "billing/20261124120000", "billing/1.10"}; !reflect.DeepEqual(got, want) {
		t.Errorf("migrations %q, want %q", got, want)
	}
}

func TestReadManifestErrors(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "reading manifest m.yaml: it names no app"},
		{"only a comment", "# later\n", "it names no app"},
		{"no app", "ready_for: [1]\n", "it names no app"},
		{"typo", "app: web\nuses:\n  users:\n    raed: [id]\n", `m.yaml:4:5: unknown key "raed" in table users; did you mean "read"?`},
		{"typo at the top", "app: web\nreadyfor: [1]\n", `m.yaml:2:1: unknown key "readyfor" in the manifest; did you mean "ready_for"?`},
		{"nothing like it", "app: web\nowner: me\n", `m.yaml:2:1: unknown key "owner" in the manifest`},
		{"with is not for files", "app: web\nwith: []\n", `unknown key "with"`},
		{"twice", "app: web\napp: api\n", `m.yaml:2:1: mapping key "app" already defined`},
		{"not closed", "app: [web\n", "m.yaml:1:6: sequence end token ']' not found"},
		{"not a mapping", "- web\n", "m.yaml:1:1: the manifest must be keys and values"},
		{"not a list", "app: web\nready_for: 0042\n", `m.yaml:2:12: ready_for must be a list, such as ["0042"]`},
		{"null", "app: web\nready_for: [null]\n", `m.yaml:2:13: an item of ready_for must be text; put quotes around "null"`},
		{"bool", "app: true\n", `m.yaml:1:6: app must be text; put quotes around "true"`},
		{"empty item", "app: web\nready_for: ['']\n", "m.yaml:2:13: an item of ready_for is empty"},
		{"nested", "app: web\nready_for: [[1]]\n", "m.yaml:2:13: an item of ready_for must be text"},
		{"not a flag", "app: web\nuses: {users: {insert: yes}}\n", "m.yaml:2:24: insert of users must be true or false"},
		{"uses of nothing", "app: web\nuses:\n", "uses must be keys and values"},
		{"two documents", "app: web\n---\napp: api\n", "a second document"},
		{"alias", "app: &a web\nproject: *a\n", "must be text"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadManifest([]byte(test.text), "m.yaml")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// Uses that are there and empty mean that no table is used; the ledger must not lose that.
func TestManifestKeepsEmptyUses(t *testing.T) {
	for _, text := range []string{"app: web\nuses: {}\n", "app: web\n"} {
		m, err := ReadManifest([]byte(text), "m.yaml")
		if err != nil {
			t.Fatal(err)
		}
		stored, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back Manifest
		if err := json.Unmarshal(stored, &back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(*m, back) {
			t.Errorf("%q: got %#v back, want %#v", text, back, *m)
		}
	}
}

func TestSuggestion(t *testing.T) {
	for _, test := range []struct {
		written string
		names   []string
		want    string
	}{
		{"42", []string{"0041", "0042"}, `; did you mean "0042"?`},
		{"0024", []string{"0031", "0042"}, `; did you mean "0042"?`},
		{"emial", []string{"email", "id"}, `; did you mean "email"?`},
		{"crimson", []string{"email", "id"}, ""},
		{"x", nil, ""},
	} {
		if got := suggestion(test.written, test.names); got != test.want {
			t.Errorf("%s of %v: got %q, want %q", test.written, test.names, got, test.want)
		}
	}
}
