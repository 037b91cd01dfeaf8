package phases

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

var (
	noon    = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	renames = []compat.Form{{Project: "main", Migration: "0002", Table: "public.users", Old: "user_email", New: "email", Stage: compat.Both}}
	oldUses = &compat.Manifest{App: "web", Uses: map[string]compat.Use{"users": {Read: []string{"user_email"}}}}
	newUses = &compat.Manifest{App: "web", Uses: map[string]compat.Use{"users": {Read: []string{"email"}}}}
)

// registered is APP@VERSION in a state; retired ones were so half an hour ago.
func registered(name string, s compat.VersionState, m *compat.Manifest) RegisteredVersion {
	app, version, _ := strings.Cut(name, "@")
	app, group, _ := strings.Cut(app, "/")
	if group == "" {
		group = compat.DefaultGroup
	}
	v := RegisteredVersion{Version: compat.Version{App: app, Version: version, Group: group, State: s, Manifest: m}}
	if s == compat.Retired {
		v.RetiredAt = noon.Add(-30 * time.Minute)
	}
	return v
}

type gateTest struct {
	name  string
	in    GateInput
	state GateState
	want  []string // "STATE ID" of each reason, in order
	says  string   // part of a reason as people read it
}

func (test gateTest) run(t *testing.T, gate func(GateInput) Gate) {
	t.Run(test.name, func(t *testing.T) {
		in := test.in
		in.Now, in.Forms = noon, renames
		got := gate(in)
		var ids, said []string
		for _, r := range got.Reasons {
			ids, said = append(ids, string(r.State)+" "+r.ID), append(said, r.String())
		}
		if got.State != test.state || !slices.Equal(ids, test.want) {
			t.Errorf("got %s for %q, want %s for %q", got.State, ids, test.state, test.want)
		}
		if all := strings.Join(said, "\n"); !strings.Contains(all, test.says) {
			t.Errorf("reasons are\n%s\nwant %q among them", all, test.says)
		}
	})
}

func TestContractGateVersions(t *testing.T) {
	oldLive := registered("web@1.4.0", compat.Serving, oldUses)
	newLive := registered("web@1.5.0", compat.Serving, newUses)
	redeployed := registered("web@1.5.0", compat.Starting, newUses)
	redeployed.Before = compat.Serving
	oldRetired := registered("web@1.4.0", compat.Retired, oldUses)
	for _, test := range []gateTest{
		{"nobody registered", GateInput{}, Unknown, []string{"unknown registry"}, "no app version is registered"},
		{"old version", GateInput{Versions: []RegisteredVersion{oldLive}}, Closed,
			[]string{"closed app:web@1.4.0"}, "web@1.4.0 reads users.user_email"},
		{"no manifest", GateInput{Versions: []RegisteredVersion{registered("web@1", compat.Serving, nil)}}, Closed,
			[]string{"closed app:web@1"}, "web@1 has no manifest and is taken to need public.users.user_email"},
		{"new version alone", GateInput{Versions: []RegisteredVersion{newLive}}, Open,
			[]string{"open app:web@1.5.0"}, "web@1.5.0 does not use public.users.user_email"},
		{"both while rolling out", GateInput{Versions: []RegisteredVersion{oldLive, registered("web@1.5.0", compat.Starting, newUses)}},
			Closed, []string{"closed app:web@1.4.0", "open app:web@1.5.0"}, ""},
		{"first rollout not finished", GateInput{Versions: []RegisteredVersion{registered("web/eu@1.5.0", compat.Starting, newUses)}},
			Unknown, []string{"open app:web/eu@1.5.0", "unknown rollout:web/eu"}, "segue deploy finish web 1.5.0 --group eu"},
		{"redeploy not finished", GateInput{Versions: []RegisteredVersion{redeployed}}, Open, []string{"open app:web@1.5.0"}, ""},
		{"retired, no window", GateInput{Versions: []RegisteredVersion{oldRetired, newLive}}, Open, []string{"open app:web@1.5.0"}, ""},
		{"retired, within the window", GateInput{Versions: []RegisteredVersion{oldRetired, newLive}, RollbackWindow: time.Hour}, Closed,
			[]string{"closed app:web@1.4.0", "open app:web@1.5.0"}, "rolled back to until 2026-11-24T12:30:00Z"},
		{"retired, the window is over", GateInput{Versions: []RegisteredVersion{oldRetired, newLive}, RollbackWindow: 30 * time.Minute}, Open,
			[]string{"open app:web@1.5.0"}, ""},
		{"aborted, within the window", GateInput{Versions: []RegisteredVersion{registered("web@1.4.1", compat.Aborted, oldUses), newLive},
			RollbackWindow: time.Hour}, Open, []string{"open app:web@1.5.0"}, ""},
		{"once registered", GateInput{Versions: []RegisteredVersion{oldRetired, registered("worker@2", compat.Serving, newUses)}}, Unknown,
			[]string{"open app:worker@2", "unknown expected:web"}, "segue deploy retire web"},
		{"only ever aborted", GateInput{Versions: []RegisteredVersion{registered("web@1.5.0", compat.Aborted, newUses),
			registered("worker@2", compat.Serving, newUses)}}, Unknown, []string{"open app:worker@2", "unknown expected:web"}, ""},
		{"gone", GateInput{Versions: []RegisteredVersion{registered("web@1", compat.Gone, oldUses), registered("worker@2", compat.Serving, newUses)},
			RollbackWindow: time.Hour}, Open, []string{"open app:worker@2"}, ""},
		{"expected", GateInput{Versions: []RegisteredVersion{newLive}, Expected: []ExpectedApp{{App: "web"}, {App: "worker"}}}, Unknown,
			[]string{"open app:web@1.5.0", "unknown expected:worker"}, "worker is expected (apps in segue.yaml)"},
		{"expected in a group", GateInput{Versions: []RegisteredVersion{newLive}, Expected: []ExpectedApp{{"web", "main"}, {"web", "eu"}}}, Unknown,
			[]string{"open app:web@1.5.0", "unknown expected:web/eu"}, "web/eu is expected"},
		{"foreign registry", GateInput{Versions: []RegisteredVersion{oldLive}, Foreign: "the ledger was made on another database"}, Unknown,
			[]string{"unknown registry"}, "accept them with segue adopt"},
		{"soak", GateInput{Versions: []RegisteredVersion{newLive}, Soak: 90 * time.Second}, Closed,
			[]string{"open app:web@1.5.0", "closed soak"}, "soaks in dual-write for 1m30s more"},
		{"the plan's unknowns", GateInput{Versions: []RegisteredVersion{newLive}, Unknowns: []string{"function f names user_email"}}, Unknown,
			[]string{"open app:web@1.5.0", "unknown plan:1"}, "function f names user_email"},
	} {
		test.run(t, ContractGate)
	}
}

func TestContractGateEvidence(t *testing.T) {
	newLive := registered("web@1.5.0", compat.Serving, newUses)
	session := func(name string, idle time.Duration) dialects.SessionUse {
		app, version, _ := strings.Cut(name, "@")
		return dialects.SessionUse{App: app, Version: version, PID: "77", Idle: idle}
	}
	for _, test := range []gateTest{
		{"session of a version that counts", GateInput{Versions: []RegisteredVersion{newLive},
			Sessions: []dialects.SessionUse{session("web@1.5.0", 0)}}, Open, []string{"open app:web@1.5.0"}, ""},
		{"session that nobody registered", GateInput{Versions: []RegisteredVersion{newLive},
			Sessions: []dialects.SessionUse{session("batch@3", 0), session("batch@3", time.Hour)}}, Closed,
			[]string{"open app:web@1.5.0", "closed session:batch@3"}, "batch@3 has a session (pid 77), and nobody registered it"},
		{"session of a retired version", GateInput{Versions: []RegisteredVersion{newLive, registered("web@1.4.0", compat.Retired, oldUses)},
			Sessions: []dialects.SessionUse{session("web@1.4.0", time.Minute)}}, Closed,
			[]string{"open app:web@1.5.0", "closed session:web@1.4.0"}, "though it is retired, and reads users.user_email"},
		{"session of a retired version that needs nothing", GateInput{Versions: []RegisteredVersion{newLive, registered("web@1.4.9", compat.Retired, newUses)},
			Sessions: []dialects.SessionUse{session("web@1.4.9", 0)}}, Open, []string{"open app:web@1.5.0"}, ""},
		{"session that is long idle", GateInput{Versions: []RegisteredVersion{newLive},
			Sessions: []dialects.SessionUse{session("batch@3", 2*time.Hour)}}, Unknown,
			[]string{"open app:web@1.5.0", "unknown session:batch@3"}, "a pooler may have kept the name"},
		{"session under a foreign registry", GateInput{Versions: []RegisteredVersion{newLive}, Foreign: "a copy",
			Sessions: []dialects.SessionUse{session("web@1.5.0", 0)}}, Closed, []string{"unknown registry", "closed session:web@1.5.0"}, ""},
		{"statement", GateInput{Versions: []RegisteredVersion{newLive},
			Statements: []dialects.StatementUse{{ID: "10/7", Query: "SELECT\n  user_email FROM users", Calls: 3, User: "app"}}}, Closed,
			[]string{"open app:web@1.5.0", "closed statement:10/7"}, "(statement:10/7): SELECT user_email FROM users"},
		{"unreadable", GateInput{Versions: []RegisteredVersion{newLive}, Unreadable: []string{"hidden"}}, Unknown,
			[]string{"open app:web@1.5.0", "unknown evidence:1"}, "hidden"},
		{"absent", GateInput{Versions: []RegisteredVersion{newLive}, Absent: []string{"not installed"}}, Open,
			[]string{"open app:web@1.5.0", "open no-evidence:1"}, "not installed"},
	} {
		test.run(t, ContractGate)
	}
}

func TestRollbackGate(t *testing.T) {
	for _, test := range []gateTest{
		{"nobody registered", GateInput{}, Unknown, []string{"unknown registry"}, ""},
		{"old version alone", GateInput{Versions: []RegisteredVersion{registered("web@1.4.0", compat.Serving, oldUses)}, Soak: time.Hour,
			Unknowns: []string{"f"}}, Open, []string{"open app:web@1.4.0"}, ""},
		{"first rollout of the old version", GateInput{Versions: []RegisteredVersion{registered("web@1.4.0", compat.Starting, nil)}}, Open,
			[]string{"open app:web@1.4.0"}, ""},
		{"new version", GateInput{Versions: []RegisteredVersion{registered("web@1.5.0", compat.Serving, newUses)}}, Closed,
			[]string{"closed app:web@1.5.0"}, "web@1.5.0 reads users.email"},
		{"aborted new version", GateInput{RollbackWindow: time.Hour, Versions: []RegisteredVersion{registered("web@1.5.0", compat.Aborted, newUses),
			registered("web@1.4.0", compat.Serving, oldUses)}}, Open, []string{"open app:web@1.4.0"}, ""},
		{"session that nobody registered", GateInput{Versions: []RegisteredVersion{registered("web@1.4.0", compat.Serving, oldUses)},
			Sessions: []dialects.SessionUse{{App: "batch", Version: "3"}}}, Unknown, []string{"open app:web@1.4.0", "unknown session:batch@3"}, ""},
	} {
		test.run(t, RollbackGate)
	}
}

func TestForce(t *testing.T) {
	versions := []RegisteredVersion{registered("web@1.4.0", compat.Serving, oldUses), registered("web/eu@1.4.0", compat.Serving, oldUses)}
	force := func(reason string, ignore ...string) *Force { return &Force{reason, ignore} }
	for _, test := range []gateTest{
		{"opens unknown", GateInput{Force: force("checked by hand")}, Open, []string{"open registry"}, "forced: checked by hand"},
		{"needs a reason", GateInput{Force: force("")}, Unknown, []string{"unknown registry"}, ""},
		{"not what is closed", GateInput{Versions: versions, Force: force("x")}, Closed,
			[]string{"closed app:web@1.4.0", "closed app:web/eu@1.4.0"}, ""},
		{"closed that is named", GateInput{Versions: versions, Force: force("x", "web@1.4.0")}, Open,
			[]string{"open app:web@1.4.0", "open app:web/eu@1.4.0"}, ""},
		{"one group alone", GateInput{Versions: versions, Force: force("x", "web/eu@1.4.0")}, Closed,
			[]string{"closed app:web@1.4.0", "open app:web/eu@1.4.0"}, ""},
		{"a statement, and the soak", GateInput{Versions: []RegisteredVersion{registered("web@2", compat.Serving, newUses)}, Soak: time.Hour,
			Statements: []dialects.StatementUse{{ID: "10/7"}}, Force: force("x", "statement:10/7", "soak")}, Open,
			[]string{"open app:web@2", "open statement:10/7", "open soak"}, ""},
	} {
		test.run(t, ContractGate)
	}
	g := ContractGate(GateInput{Now: noon, Forms: renames, Versions: versions, Force: force("x", "web@1.4.0")})
	if g.Reasons[0].Was != Closed {
		t.Errorf("a forced reason keeps what it was, got %+v", g.Reasons[0])
	}
}

// The fields are those of design section 9.
func TestGateJSON(t *testing.T) {
	g := ContractGate(GateInput{Now: noon, Forms: renames, Versions: []RegisteredVersion{registered("web@1.4.0", compat.Serving, oldUses)}})
	got, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"next":"contract","state":"closed","reasons":[{"id":"app:web@1.4.0","kind":"app","state":"closed",` +
		`"app":"web","app_version":"1.4.0","message":"reads users.user_email"}]}`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParseExpectedApp(t *testing.T) {
	for _, test := range []struct {
		text string
		want ExpectedApp
	}{{"web", ExpectedApp{"web", ""}}, {"web/eu", ExpectedApp{"web", "eu"}}} {
		if got, err := ParseExpectedApp(test.text); err != nil || got != test.want {
			t.Errorf("%s: got %+v, %v, want %+v", test.text, got, err, test.want)
		}
	}
	for _, text := range []string{"", "/eu", "web/"} {
		if _, err := ParseExpectedApp(text); err == nil {
			t.Errorf("%q must be refused", text)
		}
	}
}
