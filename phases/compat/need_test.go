package compat

import "testing"

func TestNeeds(t *testing.T) {
	f := Form{Migration: "0002", Table: "public.users", Old: "user_email", New: "email", Stage: Both}
	old, new := NeedsOld, NeedsNew
	for _, test := range []struct {
		name     string
		ask      func(Version, Form) Need
		manifest *Manifest
		want     Need
	}{
		{"reads and writes", old, uses("users", Use{Read: []string{"user_email"}, Write: []string{"user_email"}}), Need{Yes, "reads and writes users.user_email"}},
		{"names alone what is new", old, readsNew, Need{No, "does not use public.users.user_email"}},
		{"another schema's table", old, uses("audit.users", Use{Read: []string{"user_email"}}), Need{No, "does not use public.users.user_email"}},
		{"any column", old, uses("users", Use{Read: []string{"*"}}), Need{No, "takes whatever columns users has; statements prepared with * fail once"}},
		{"any column, and one by name", old, uses("users", Use{Read: []string{"*", "user_email"}}), Need{Yes, "reads users.user_email"}},
		{"ready", old, readyFor("0002"), Need{No, "is ready for 0002"}},
		{"ready in another project", old, &Manifest{Project: "billing", ReadyFor: []string{"0002"}}, Need{Yes, "does not name 0002 in ready_for and is taken to need public.users.user_email"}},
		{"either start needs it", old, Union(readyFor("0002"), readsOld), Need{Yes, "reads users.user_email"}},
		{"no start needs it", old, Union(readyFor("0002"), readsNew), Need{No, "is ready for 0002"}},
		{"a start without a manifest", old, Union(nil, readyFor("0002")), Need{Yes, "does not name 0002 in ready_for and is taken to need public.users.user_email"}},
		{"no manifest, new form", new, nil, Need{No, "has no manifest and is taken to live on public.users.user_email"}},
		{"ready, new form", new, readyFor("0002"), Need{Yes, "is ready for 0002 and lives on public.users.email"}},
		{"either start needs the new form", new, Union(silent, readyFor("0002")), Need{Yes, "is ready for 0002 and lives on public.users.email"}},
		{"old form alone", new, readsOld, Need{No, "does not use public.users.email"}},
	} {
		if got := test.ask(Version{Manifest: test.manifest}, f); got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestUnionIsRepeatable(t *testing.T) {
	if Union(nil, nil) != nil {
		t.Error("two starts without a manifest are one")
	}
	once := Union(readsOld, readyFor("0002"))
	twice := Union(once, readyFor("0002"))
	if len(once.With) != 1 || len(twice.With) != 1 {
		t.Errorf("got %d and %d further starts, want 1 and 1", len(once.With), len(twice.With))
	}
	if got := Union(readsOld, readsOld); len(got.With) != 0 {
		t.Errorf("equal starts are one, got %+v", got)
	}
	if len(readsOld.With) != 0 {
		t.Error("a manifest must not change")
	}
}
