package fleet

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

var (
	onOld = &compat.Manifest{App: "web", Uses: map[string]compat.Use{"users": {Read: []string{"user_email"}}}}
	onNew = &compat.Manifest{App: "web", ReadyFor: []string{"0002"}}
	none  = &compat.Manifest{App: "web", Uses: map[string]compat.Use{}}
)

// A command of a deploy, and the registry after it.
type move struct {
	verb Verb
	id   ID
	fail error // the condition, or nil
	want []string
}

func TestDeploySequences(t *testing.T) {
	eu := func(version string) ID { return ID{App: "web", Version: version, Group: "eu"} }
	all := newPipeline(t)
	for _, test := range []struct {
		name  string
		moves []move
	}{
		{"rolling, and back", []move{
			{StartVerb, web("1.4.0"), nil, []string{"web@1.4.0 starting"}},
			{StartVerb, web("1.4.0"), nil, []string{"web@1.4.0 starting"}},
			{FinishVerb, web("1.4.0"), nil, []string{"web@1.4.0 serving"}},
			{FinishVerb, web("1.4.0"), nil, []string{"web@1.4.0 serving"}},
			{StartVerb, web("1.5.0"), nil, []string{"web@1.4.0 serving", "web@1.5.0 starting"}},
			{FinishVerb, web("1.5.0"), nil, []string{"web@1.4.0 retired", "web@1.5.0 serving"}},
			// C6: rolling back is a start and a finish, whatever the names say
			{StartVerb, web("1.4.0"), nil, []string{"web@1.5.0 serving", "web@1.4.0 starting"}},
			{FinishVerb, web("1.4.0"), nil, []string{"web@1.5.0 retired", "web@1.4.0 serving"}},
		}},
		{"aborting what was new", []move{
			{StartVerb, web("1.4.0"), nil, []string{"web@1.4.0 starting"}},
			{FinishVerb, web("1.4.0"), nil, []string{"web@1.4.0 serving"}},
			{StartVerb, web("1.5.0"), nil, []string{"web@1.4.0 serving", "web@1.5.0 starting"}},
			{AbortVerb, web("1.5.0"), nil, []string{"web@1.4.0 serving", "web@1.5.0 aborted"}},
			{AbortVerb, web("1.5.0"), nil, []string{"web@1.4.0 serving", "web@1.5.0 aborted"}},
			{FinishVerb, web("1.5.0"), ErrRetired, []string{"web@1.4.0 serving", "web@1.5.0 aborted"}},
		}},
		{"C3a: aborting after finish", []move{
			{StartVerb, web("1.4.0"), nil, []string{"web@1.4.0 starting"}},
			{FinishVerb, web("1.4.0"), nil, []string{"web@1.4.0 serving"}},
			{StartVerb, web("1.5.0"), nil, []string{"web@1.4.0 serving", "web@1.5.0 starting"}},
			{FinishVerb, web("1.5.0"), nil, []string{"web@1.4.0 retired", "web@1.5.0 serving"}},
			{AbortVerb, web("1.5.0"), ErrFinished, []string{"web@1.4.0 retired", "web@1.5.0 serving"}},
		}},
		{"C3b: aborting a redeploy", []move{
			{StartVerb, web("1.5.0"), nil, []string{"web@1.5.0 starting"}},
			{FinishVerb, web("1.5.0"), nil, []string{"web@1.5.0 serving"}},
			{StartVerb, web("1.5.0"), nil, []string{"web@1.5.0 starting"}},
			{StartVerb, web("1.5.0"), nil, []string{"web@1.5.0 starting"}},
			{AbortVerb, web("1.5.0"), nil, []string{"web@1.5.0 serving"}},
			{AbortVerb, web("1.5.0"), nil, []string{"web@1.5.0 serving"}},
			{FinishVerb, web("1.5.0"), nil, []string{"web@1.5.0 serving"}},
		}},
		{"aborting a roll-back", []move{
			{StartVerb, web("1.4.0"), nil, []string{"web@1.4.0 starting"}},
			{StartVerb, web("1.5.0"), nil, []string{"web@1.4.0 starting", "web@1.5.0 starting"}},
			{FinishVerb, web("1.5.0"), nil, []string{"web@1.4.0 retired", "web@1.5.0 serving"}},
			{StartVerb, web("1.4.0"), nil, []string{"web@1.5.0 serving", "web@1.4.0 starting"}},
			{AbortVerb, web("1.4.0"), nil, []string{"web@1.4.0 retired", "web@1.5.0 serving"}},
		}},
		{"overtaken while rolling out", []move{
			{StartVerb, web("1.5.0"), nil, []string{"web@1.5.0 starting"}},
			{StartVerb, web("1.6.0"), nil, []string{"web@1.5.0 starting", "web@1.6.0 starting"}},
			{FinishVerb, web("1.6.0"), nil, []string{"web@1.5.0 retired", "web@1.6.0 serving"}},
			{AbortVerb, web("1.5.0"), nil, []string{"web@1.5.0 retired", "web@1.6.0 serving"}},
			{FinishVerb, web("1.5.0"), ErrRetired, []string{"web@1.5.0 retired", "web@1.6.0 serving"}},
		}},
		{"finish leaves what was started later", []move{
			{StartVerb, web("1.5.0"), nil, []string{"web@1.5.0 starting"}},
			{StartVerb, web("1.6.0"), nil, []string{"web@1.5.0 starting", "web@1.6.0 starting"}},
			{FinishVerb, web("1.5.0"), nil, []string{"web@1.5.0 serving", "web@1.6.0 starting"}},
		}},
		{"C4: blue/green is two groups", []move{
			{StartVerb, web("1.4.0"), nil, []string{"web@1.4.0 starting"}},
			{FinishVerb, web("1.4.0"), nil, []string{"web@1.4.0 serving"}},
			{StartVerb, eu("1.5.0"), nil, []string{"web@1.5.0 (eu) starting", "web@1.4.0 serving"}},
			{FinishVerb, eu("1.5.0"), nil, []string{"web@1.5.0 (eu) serving", "web@1.4.0 serving"}},
			{RetireVerb, web("1.4.0"), nil, []string{"web@1.5.0 (eu) serving", "web@1.4.0 retired"}},
			{RetireVerb, web("1.4.0"), nil, []string{"web@1.5.0 (eu) serving", "web@1.4.0 retired"}},
		}},
		{"an app that is gone, and comes back", []move{
			{StartVerb, web("1"), nil, []string{"web@1 starting"}},
			{StartVerb, eu("2"), nil, []string{"web@2 (eu) starting", "web@1 starting"}},
			{RetireVerb, ID{App: "web", Group: "eu"}, nil, []string{"web@2 (eu) gone", "web@1 starting"}},
			{RetireVerb, ID{App: "web"}, nil, []string{"web@2 (eu) gone", "web@1 gone"}},
			{RetireVerb, ID{App: "web"}, nil, []string{"web@2 (eu) gone", "web@1 gone"}},
			{StartVerb, web("1"), nil, []string{"web@2 (eu) gone", "web@1 starting"}},
		}},
		{"without a start", []move{
			{FinishVerb, web("1"), ErrNotStarted, nil},
			{AbortVerb, web("1"), ErrNotStarted, nil},
			{RetireVerb, web("1"), ErrNotStarted, nil},
			{RetireVerb, ID{App: "web"}, ErrNotStarted, nil},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := all.emptied(t)
			for _, m := range test.moves {
				if err := p.try(m.verb, m.id, nil); !errors.Is(err, m.fail) {
					t.Fatalf("%s %s: got %v, want %v", m.verb, m.id, err, m.fail)
				}
				p.expect(m.want...)
			}
		})
	}
}

func TestManifestsOfStarts(t *testing.T) {
	p := newPipeline(t)
	p.run(StartVerb, web("1"), onOld)
	p.run(FinishVerb, web("1"), nil)

	p.run(StartVerb, web("1"), onNew) // the same version with a new configuration
	if got := p.entry(web("1")); !reflect.DeepEqual(got.Manifest, compat.Union(onOld, onNew)) || got.Before() != compat.Serving {
		t.Errorf("while both may run: got %+v, before %q", got.Manifest, got.Before())
	}
	p.run(AbortVerb, web("1"), nil)
	if got := p.entry(web("1")); !reflect.DeepEqual(got.Manifest, onOld) || got.Before() != "" {
		t.Errorf("after abort: got %+v, before %q", got.Manifest, got.Before())
	}
	p.run(StartVerb, web("1"), onNew)
	p.run(StartVerb, web("1"), nil) // takes what the start before it said
	p.run(FinishVerb, web("1"), nil)
	if got := p.entry(web("1")); !reflect.DeepEqual(got.Manifest, onNew) {
		t.Errorf("after finish: got %+v", got.Manifest)
	}
}

func TestStoredManifest(t *testing.T) {
	p := newPipeline(t)
	p.run(StartVerb, web("1"), none)
	p.run(StartVerb, web("2"), nil)
	p.run(FinishVerb, web("2"), nil)
	starting, err := p.registry.Starting(t.Context(), p.session, web("1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	p.run(StartVerb, web("1"), nil)
	got := p.entry(web("1"))
	if !reflect.DeepEqual(got.Manifest, none) || !reflect.DeepEqual(starting, got.Version) {
		t.Errorf("got %+v, and %+v before the start, want the stored manifest", got.Version, starting)
	}
	if two := p.entry(web("2")); two.Manifest != nil {
		t.Errorf("a version without a manifest has %+v", two.Manifest)
	}
}

func TestTimes(t *testing.T) {
	p := newPipeline(t)
	p.run(StartVerb, web("1"), nil)
	first := p.now
	p.run(StartVerb, web("2"), nil)
	p.run(FinishVerb, web("2"), nil)
	retired := p.now
	got := p.entry(web("1"))
	if !got.StartedAt.Equal(first) || !got.LastSeenAt.Equal(first) || got.RetiredAt == nil || !got.RetiredAt.Equal(retired) {
		t.Errorf("got %+v, want started at %s, retired at %s", got, first, retired)
	}
	p.run(StartVerb, web("1"), nil)
	if got := p.entry(web("1")); got.RetiredAt != nil || !got.StartedAt.Equal(p.now) {
		t.Errorf("got %+v, want it to count again", got)
	}
	p.run(AbortVerb, web("1"), nil)
	if got := p.entry(web("1")); got.RetiredAt == nil || !got.RetiredAt.Equal(retired) || !got.StartedAt.Equal(first) {
		t.Errorf("got %+v, want what was there before", got)
	}
}

func TestOrderErrorSaysTheWayOut(t *testing.T) {
	p := newPipeline(t)
	p.run(StartVerb, ID{"web", "1.5.0", "eu"}, nil)
	p.run(FinishVerb, ID{"web", "1.5.0", "eu"}, nil)
	err := p.try(AbortVerb, ID{"web", "1.5.0", "eu"}, nil)
	want := "aborting web@1.5.0 (eu): its rollout is finished already: run segue deploy start web VERSION --group eu"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

// Starts at the same time are put in one order by the registry lock.
func TestStartsAtOnce(t *testing.T) {
	p := newPipeline(t)
	versions := []string{"1", "2", "3", "4"}
	failed := make([]error, len(versions))
	var all sync.WaitGroup
	for i, version := range versions {
		s := p.open()
		all.Go(func() {
			failed[i] = locked(t.Context(), s, func(tx dialects.Tx) error {
				_, err := p.registry.Start(t.Context(), tx, web(version), nil, time.Now())
				return err
			})
		})
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		t.Fatal(err)
	}
	entries, err := p.registry.List(t.Context(), p.session)
	if err != nil {
		t.Fatal(err)
	}
	var order []int64
	for _, e := range entries {
		order = append(order, e.StartSeq)
	}
	if !slices.Equal(order, []int64{1, 2, 3, 4}) {
		t.Errorf("got the order %v", order)
	}
}
