package compat

import (
	"slices"
	"strings"
	"testing"
)

// renamed is the schema of the rename 0002, user_email to email, at a stage.
func renamed(stage Stage) Schema {
	columns := map[Stage][]string{
		Pending: {"id", "user_email", "name"}, Undone: {"id", "user_email", "name"},
		Contracted: {"id", "name", "email"},
	}[stage]
	if columns == nil {
		columns = []string{"id", "user_email", "name", "email"}
	}
	s := Schema{
		DefaultSchema: "public",
		Columns:       map[string][]string{"public.users": columns, "audit.log": {"id"}, "a.dup": {"x"}, "b.dup": {"y"}},
		Required:      map[string][]string{"public.users": {"user_email"}},
		Coming:        map[string]map[string]string{"public.users": {"phone": "0003"}, "public.orders": {"id": "0004"}},
		Forms:         []Form{{Project: "main", Migration: "0002", Table: "public.users", Old: "user_email", New: "email", Stage: stage}},
		Migrations: []Migration{{"main", "0001", Finished}, {"main", "0002", InProgress},
			{"main", "0003", NotStarted}, {"billing", "0001", Finished}},
	}
	if stage == Both || stage == Contracted {
		s.Required = nil
	}
	return s
}

func uses(table string, u Use) *Manifest {
	return &Manifest{App: "web", Uses: map[string]Use{table: u}}
}

func readyFor(entries ...string) *Manifest { return &Manifest{App: "web", ReadyFor: entries} }

var (
	readsOld = uses("users", Use{Read: []string{"id", "user_email"}})
	readsNew = uses("public.users", Use{Read: []string{"id", "email"}})
	silent   = &Manifest{App: "web"}
)

func TestCheckByStage(t *testing.T) {
	stages := []Stage{Pending, Filling, Both, Contracting, Contracted, Undoing, Undone}
	for _, test := range []struct {
		name     string
		manifest *Manifest
		want     []Answer // by stage
	}{
		{"reads the old form", readsOld, []Answer{Yes, Yes, Yes, No, No, Yes, Yes}},
		{"reads the new form", readsNew, []Answer{NotYet, NotYet, Yes, Yes, Yes, No, NotYet}},
		{"writes the new form", uses("users", Use{Write: []string{"email"}}), []Answer{NotYet, NotYet, Yes, Yes, Yes, No, NotYet}},
		{"inserts the new form alone", uses("users", Use{Write: []string{"email"}, Insert: true}), []Answer{NotYet, NotYet, Yes, Yes, Yes, No, NotYet}},
		{"writes both", uses("users", Use{Write: []string{"email", "user_email"}}), []Answer{No, No, No, No, No, No, No}},
		{"is ready", readyFor("0002"), []Answer{NotYet, NotYet, Yes, Yes, Yes, No, NotYet}},
		{"is ready, with the project", readyFor("main/0002"), []Answer{NotYet, NotYet, Yes, Yes, Yes, No, NotYet}},
		{"says nothing", silent, []Answer{Yes, Yes, Yes, No, No, Yes, Yes}},
		{"is ready for another", readyFor("0001"), []Answer{Yes, Yes, Yes, No, No, Yes, Yes}},
		{"no manifest", nil, []Answer{Yes, Yes, Yes, No, Unknown, Yes, Yes}},
		{"uses nothing", &Manifest{App: "web", Uses: map[string]Use{}}, []Answer{Yes, Yes, Yes, Yes, Yes, Yes, Yes}},
		{"any column", uses("users", Use{Read: []string{"*"}}), []Answer{Yes, Yes, Yes, Yes, Yes, Yes, Yes}},
		{"by position", uses("users", Use{Insert: true, Positional: true}), []Answer{Yes, Yes, Yes, No, No, Yes, Yes}},
		{"by position, in the new order", &Manifest{ReadyFor: []string{"0002"}, Uses: map[string]Use{"users": {Positional: true}}},
			[]Answer{NotYet, NotYet, Yes, Yes, Yes, No, NotYet}},
		{"ready, and reads the old form", &Manifest{ReadyFor: []string{"0002"}, Uses: readsOld.Uses}, []Answer{No, No, No, No, No, No, No}},
		{"two starts, old and new", Union(readsOld, readsNew), []Answer{NotYet, NotYet, Yes, No, No, No, NotYet}},
		{"two starts, ready and silent", Union(readyFor("0002"), silent), []Answer{NotYet, NotYet, Yes, No, No, No, NotYet}},
	} {
		for i, stage := range stages {
			v := Version{App: "web", Version: "1", Manifest: test.manifest}
			if got := Check(v, renamed(stage)); got.Answer != test.want[i] {
				t.Errorf("%s in %s: got %s, want %s: %+v", test.name, stage, got.Answer, test.want[i], got.Problems)
			}
		}
	}
}

func TestCheckProblems(t *testing.T) {
	for _, test := range []struct {
		name     string
		manifest *Manifest
		stage    Stage
		answer   Answer
		want     Problem // Message is a part of it
	}{
		{"backfilling", readsNew, Filling, NotYet, Problem{Kind: Backfilling, Table: "public.users", Column: "email",
			Migration: "0002", Until: "dual-write", Message: "still being filled"}},
		{"rolled back", readsNew, Undone, NotYet, Problem{Kind: PendingForm, Table: "public.users", Column: "email",
			Migration: "0002", Until: "dual-write", Message: "was rolled back, and is taken up again only by name: segue up 0002"}},
		{"going back", readsNew, Undoing, No, Problem{Kind: GoingBack, Table: "public.users", Column: "email",
			Migration: "0002", Message: "takes public.users.email away"}},
		{"removed", readsOld, Contracted, No, Problem{Kind: Removed, Table: "public.users", Column: "user_email",
			Migration: "0002", Message: "was taken away by the contract of migration 0002"}},
		{"coming column", uses("users", Use{Read: []string{"phone"}}), Both, NotYet, Problem{Kind: PendingForm,
			Table: "public.users", Column: "phone", Migration: "0003", Until: "expand", Message: "comes with migration 0003"}},
		{"coming table", uses("orders", Use{}), Both, NotYet, Problem{Kind: PendingForm, Table: "public.orders",
			Migration: "0004", Until: "expand", Message: "table public.orders comes with migration 0004"}},
		{"missing column", uses("users", Use{Read: []string{"emial"}}), Both, No, Problem{Kind: Missing,
			Table: "public.users", Column: "emial", Message: `did you mean "email"?`}},
		{"missing table", uses("user", Use{}), Both, No, Problem{Kind: Missing, Table: "public.user", Message: `did you mean "users"?`}},
		{"ambiguous table", uses("dup", Use{}), Both, No, Problem{Kind: Missing, Table: "public.dup", Message: "no table public.dup"}},
		{"column of another schema", uses("log", Use{Read: []string{"at"}}), Both, No, Problem{Kind: Missing,
			Table: "audit.log", Column: "at", Message: "no column audit.log.at"}},
		{"required", uses("users", Use{Write: []string{"name"}, Insert: true}), Pending, No, Problem{Kind: NotInserted,
			Table: "public.users", Column: "user_email", Message: "without user_email"}},
		{"unknown migration", readyFor("2"), Both, No, Problem{Kind: UnknownMigration, Migration: "2", Message: `did you mean "0002"?`}},
		{"migration without forms", readyFor("0003"), Both, NotYet, Problem{Kind: PendingForm, Migration: "0003",
			Until: "expand", Message: "migration 0003 is not through"}},
		{"other project", readyFor("billing/0003"), Both, No, Problem{Kind: UnknownMigration, Migration: "billing/0003",
			Message: `did you mean "billing/0001"?`}},
		{"contradiction", &Manifest{ReadyFor: []string{"0002"}, Uses: readsOld.Uses}, Both, No, Problem{Kind: Contradiction,
			Table: "public.users", Column: "user_email", Migration: "0002", Message: "but the version reads users.user_email"}},
		{"new order", uses("users", Use{Positional: true}), Contracted, No, Problem{Kind: Reordered, Table: "public.users",
			Migration: "0002", Message: "changed the order"}},
		{"silent", silent, Contracted, No, Problem{Kind: Removed, Table: "public.users", Column: "user_email",
			Migration: "0002", Message: "name it there once the version lives on public.users.email"}},
		{"nothing known", nil, Contracted, Unknown, Problem{Kind: NoManifest, Message: "nothing can be known"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Check(Version{App: "web", Version: "1", Manifest: test.manifest}, renamed(test.stage))
			if got.Answer != test.answer || len(got.Problems) != 1 {
				t.Fatalf("got %+v, want %s for one problem", got, test.answer)
			}
			p := got.Problems[0]
			if !strings.Contains(p.Message, test.want.Message) {
				t.Errorf("message %q, want %q in it", p.Message, test.want.Message)
			}
			if p.Message = test.want.Message; p != test.want {
				t.Errorf("got %+v, want %+v", p, test.want)
			}
		})
	}
}

func TestCheckHolds(t *testing.T) {
	for _, test := range []struct {
		name     string
		manifest *Manifest
		stage    Stage
		want     []Hold
	}{
		{"old form", readsOld, Both, []Hold{{"0002", "contract", "reads users.user_email"}}},
		{"old form, not started", readsOld, Pending, []Hold{{"0002", "contract", "reads users.user_email"}}},
		{"old form, gone", readsOld, Contracted, nil},
		{"new form", readsNew, Both, []Hold{{"0002", "rollback", "reads public.users.email"}}},
		{"new form, not admitted yet", readsNew, Filling, nil},
		{"position", uses("users", Use{Positional: true}), Both,
			[]Hold{{"0002", "contract", "inserts into users without a column list, and columns change places"}}},
		{"no manifest", nil, Both, []Hold{{"0002", "contract", "has no manifest and is taken to need public.users.user_email"}}},
	} {
		got := Check(Version{App: "web", Version: "1", Manifest: test.manifest}, renamed(test.stage)).Holds
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}

// TestCheckOrderKept: where the new form takes the old one's place, nobody loses by position.
func TestCheckOrderKept(t *testing.T) {
	for _, stage := range []Stage{Both, Contracting, Contracted} {
		s := renamed(stage)
		s.Forms[0].Order = OrderKept
		got := Check(Version{App: "web", Version: "1", Manifest: uses("users", Use{Insert: true, Positional: true})}, s)
		if got.Answer != Yes || len(got.Holds) != 0 {
			t.Errorf("in %s: got %+v, want yes and no holds", stage, got)
		}
	}
}

// A contract whose migration is no longer known was passed all the same.
func TestCheckAfterForgottenContract(t *testing.T) {
	s := renamed(Both)
	s.Contracted = true
	if got := Check(Version{App: "web", Version: "1"}, s); got.Answer != Unknown {
		t.Errorf("got %+v, want unknown", got)
	}
}

// A column that one migration brought and the next takes away.
func TestCheckChain(t *testing.T) {
	s := renamed(Contracted)
	s.Columns["public.users"] = []string{"id", "name", "email", "mail"}
	s.Forms = append(s.Forms, Form{Project: "main", Migration: "0005", Table: "public.users", Old: "email", New: "mail", Stage: Both})
	for _, test := range []struct {
		column string
		want   Answer
	}{{"user_email", No}, {"email", Yes}, {"mail", Yes}} {
		got := Check(Version{Manifest: uses("users", Use{Read: []string{test.column}})}, s)
		if got.Answer != test.want {
			t.Errorf("%s: got %+v, want %s", test.column, got, test.want)
		}
	}
}

// A change that keeps the column's name is told apart by ready_for alone.
func TestCheckKeptName(t *testing.T) {
	bare, ready := uses("users", Use{Read: []string{"id"}}), uses("users", Use{Read: []string{"id"}})
	ready.ReadyFor = []string{"0006"}
	for _, test := range []struct {
		stage       Stage
		bare, ready Answer
	}{{Filling, Yes, NotYet}, {Both, Yes, Yes}, {Contracted, No, Yes}} {
		s := renamed(Pending)
		s.Forms = []Form{{Migration: "0006", Table: "public.users", Old: "id", New: "id", Stage: test.stage}}
		if got := Check(Version{Manifest: bare}, s); got.Answer != test.bare {
			t.Errorf("not ready in %s: got %+v, want %s", test.stage, got, test.bare)
		}
		if got := Check(Version{Manifest: ready}, s); got.Answer != test.ready {
			t.Errorf("ready in %s: got %+v, want %s", test.stage, got, test.ready)
		}
	}
}
