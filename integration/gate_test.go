package integration_test

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// uses is a version of web that reads and writes one name of the column.
func uses(version, column string) migrate.Deploy {
	return migrate.Deploy{App: "web", Version: version, Manifest: &compat.Manifest{App: "web",
		Uses: map[string]compat.Use{"users": {Read: []string{"id", column}, Write: []string{column, "name"}, Insert: true}}}}
}

func deployed(t *testing.T, r *migrate.Runner, d migrate.Deploy) {
	t.Helper()
	if _, err := r.DeployStart(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if _, err := r.DeployFinish(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

func TestStartDuringBackfill(t *testing.T) { onEach(t, startDuringBackfill) }

func startDuringBackfill(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 20_000)
	halfway(t, url, f)
	r := runner(t, url, f, migrate.Options{})
	ready, err := r.DeployStart(t.Context(), uses("1.5.0", "email"))
	if !errors.Is(err, migrate.ErrNotYet) || ready.Answer != compat.NotYet {
		t.Errorf("a version that reads the new column during the backfill: %v, %v", ready.Answer, err)
	}
	writer := migrate.Deploy{App: "web", Version: "1.5.1", Manifest: &compat.Manifest{App: "web",
		Uses: map[string]compat.Use{"users": {Write: []string{"email"}}}}}
	if _, err := r.DeployStart(t.Context(), writer); !errors.Is(err, migrate.ErrNotYet) {
		t.Errorf("one that only writes it: %v", err)
	}
}

// TestStartRacesAdvance lets a rollout of the old version and contract decide at the same moment,
// on a database whose transactions are REPEATABLE READ by default (dual-write.md, C1). Never may
// both be allowed.
func TestStartRacesAdvance(t *testing.T) { onEach(t, startRacesAdvance) }

func startRacesAdvance(t *testing.T, on rig) {
	long(t)
	rounds := on.races
	if os.Getenv("SEGUE_SOAK") != "" {
		rounds = 200
	}
	url, _ := on.started(t, 10)
	conn := connect(t, url)
	if on.repeatable != "" {
		run(t, conn, on.repeatable)
	}
	f := files{"0001_users.sql": on.users}
	name := "user_email"
	outcomes := map[string]int{}
	for i := range rounds {
		next := fmt.Sprintf("email_%d", i)
		version := fmt.Sprintf("%04d", i+2)
		f[version+"_rename.sql"] = fmt.Sprintf("ALTER TABLE users RENAME COLUMN %s TO %s;", name, next)
		r := runner(t, url, f, migrate.Options{Logger: silent})
		toDualWriteBy(t, r)
		deployed(t, r, uses(fmt.Sprintf("2.%d", i), next))
		before := beforeThePoint(t, r, version)
		// In two rounds of three the start sets out when contract is at the point of no return, in
		// others at once; each begins what the other has to see.
		last := make(chan struct{})
		sees := sync.OnceFunc(func() { close(last) })
		if i%3 == 0 {
			sees()
		}
		advancing := runner(t, url, f, migrate.Options{Logger: slog.New(onLog(func(line slog.Record) {
			if line.Message == "step done" && attr(line, "step") == before {
				sees()
			}
		}))})
		var startErr, advanceErr error
		var both sync.WaitGroup
		both.Go(func() {
			<-last
			_, startErr = r.DeployStart(t.Context(), uses(fmt.Sprintf("1.%d", i), name))
		})
		both.Go(func() {
			advanceErr = advancing.Advance(t.Context(), migrate.AdvanceRequest{Version: version})
			sees()
		})
		both.Wait()
		switch {
		case startErr == nil && advanceErr == nil:
			t.Fatalf("round %d: the old version was admitted and the old column was taken away", i)
		case startErr != nil && !errors.Is(startErr, migrate.ErrIncompatible) && !errors.Is(startErr, migrate.ErrNotYet):
			t.Fatalf("round %d: start: %v", i, startErr)
		case advanceErr != nil && !errors.Is(advanceErr, migrate.ErrGateClosed):
			t.Fatalf("round %d: advance: %v", i, advanceErr)
		case startErr != nil && advanceErr != nil:
			t.Fatalf("round %d: neither went ahead: %v; %v", i, startErr, advanceErr)
		case startErr == nil:
			outcomes["start"]++
			if err := r.DeployAbort(t.Context(), uses(fmt.Sprintf("1.%d", i), name)); err != nil {
				t.Fatal(err)
			}
			if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: version}); err != nil {
				t.Fatal(err)
			}
		default:
			outcomes["advance"]++
		}
		name = next
		if on.compact != "" && i%50 == 49 {
			run(t, conn, on.compact)
		}
	}
	t.Logf("%d rounds: %v", rounds, outcomes)
}

// beforeThePoint is the step of contract after which there is no way back.
func beforeThePoint(t *testing.T, r *migrate.Runner, version string) (id string) {
	t.Helper()
	plans, err := r.Plans(t.Context(), version)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range plans[0].Phase(phases.Contract).Steps {
		if s.Final == phases.Irreversible {
			return id
		}
		id = s.ID
	}
	t.Fatal("contract has no point of no return")
	return ""
}

func toDualWriteBy(t *testing.T, r *migrate.Runner) {
	t.Helper()
	if _, err := r.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestContractRechecksTheCatalog: an index made in dual-write on the column that contract drops would
// vanish without a word (dual-write.md, A8).
func TestContractRechecksTheCatalog(t *testing.T) { onEach(t, contractRechecksTheCatalog) }

func contractRechecksTheCatalog(t *testing.T, on rig) {
	long(t)
	server := on.shared(t)
	url, f := on.startedOn(t, server, 100)
	toDualWrite(t, url, f)
	conn := connect(t, url)
	run(t, conn, on.sql("CREATE INDEX hotfix_idx ON {t} ({a})", "users", on.dropped))
	before := on.dump(t, server, url)
	r := runner(t, url, f, migrate.Options{})
	deployed(t, r, uses("1.5.0", "email"))
	err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"})
	if !errors.Is(err, migrate.ErrGateClosed) {
		t.Fatalf("an index that the plan does not know: %v", err)
	}
	t.Log(err)
	s := status(t, r, "0002")
	if s.State != phases.Waiting || s.Phase != phases.DualWrite {
		t.Errorf("it stands in %s, %s", s.Phase, s.State)
	}
	if after := on.dump(t, server, url); after != before {
		t.Errorf("what held the rows still was left behind, or something was taken away:\n%s", after)
	}
	run(t, conn, on.sql(on.dropIndex, "users", "hotfix_idx"))
	if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"}); err != nil {
		t.Fatal(err)
	}
}

// TestRowsThatDiffer: what was written past the trigger stops contract, and is repaired by choice
// (dual-write.md, A7, A16).
func TestRowsThatDiffer(t *testing.T) { onEach(t, rowsThatDiffer) }

func rowsThatDiffer(t *testing.T, on rig) {
	url, f := on.started(t, 100)
	toDualWrite(t, url, f)
	conn := connect(t, url)
	run(t, conn, on.past)
	run(t, conn, "UPDATE users SET user_email = 'LATE' WHERE id = 7")
	r := runner(t, url, f, migrate.Options{})
	deployed(t, r, uses("1.5.0", "email"))
	var differs *migrate.DiffersError
	if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"}); !errors.As(err, &differs) || len(differs.Rows) != 1 || differs.Rows[0].Key != "id=7" {
		t.Fatalf("a row that differs: %v", err)
	}
	if err := r.Resume(t.Context(), migrate.ResumeRequest{Version: "0002", Take: "old"}); err != nil {
		t.Fatal(err)
	}
	if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, conn, "SELECT count(*) FROM users WHERE id = 7 AND email = 'LATE'"); n != 1 {
		t.Error("the late write is gone")
	}
}
