package postgres

import (
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestPartitionsThatComeAndGo: days go on while rows are copied and while apps move. Partitions that
// were made, dropped or detached since the plan hold nothing up, and take no index with them.
func TestPartitionsThatComeAndGo(t *testing.T) {
	const (
		makes    = `CREATE TABLE p3 PARTITION OF parts FOR VALUES FROM ('2022-01-01') TO ('2023-01-01'); INSERT INTO parts VALUES ('2022-02-02', 1, 'late')`
		drops    = `DROP TABLE p1; DROP TABLE p2b`
		detaches = `ALTER TABLE parts DETACH PARTITION p1; ALTER TABLE p2 DETACH PARTITION p2b`
	)
	for _, test := range []struct{ name, inBackfill, inDualWrite string }{
		{"made in backfill", makes, ""},
		{"dropped in backfill", drops, ""},
		{"dropped in dual-write", "", drops},
		{"detached in backfill", detaches, ""},
		{"detached in dual-write", "", detaches},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := openLive(t, richParts)
			spec, dw := l.plan(t, "parts", "user_email", "email")
			l.carryOut(t, dw.Expand...)
			runScript(t, l.s, test.inBackfill)
			l.fill(t, dw.Copy)
			for _, a := range dw.Build {
				// As the runner does: what the probe calls done needs no more.
				if err := l.s.Script(t.Context(), a.SQL); err != nil && (a.Transactional || value(t, l.s, a.Probe) != "done") {
					t.Fatal(err)
				}
			}
			l.carryOut(t, dw.TwoWay...)
			runScript(t, l.s, test.inDualWrite)
			l.carryOut(t, dw.Prove...)
			l.contract(t, spec, dw)
			if got := value(t, l.s, `SELECT pg_catalog.count(*)::text FROM pg_partition_tree('parts') p JOIN pg_index i ON i.indrelid = p.relid WHERE NOT i.indisvalid`); got != "0" {
				t.Errorf("%s indexes are not valid", got)
			}
			if got := value(t, l.s, `SELECT bool_and(indisunique)::text FROM pg_index WHERE indexrelid = 'parts_day_region_user_email_key'::regclass`); got != "true" {
				t.Error("the unique index is gone")
			}
		})
	}
}

// TestCopySkipsAPartitionThatIsGone: the whole is scanned in the end, so nothing is missed.
func TestCopySkipsAPartitionThatIsGone(t *testing.T) {
	l := openLive(t, richParts)
	_, dw := l.plan(t, "parts", "user_email", "email")
	l.carryOut(t, dw.Expand...)
	ranges, err := Dialect{}.Ranges(t.Context(), l.s, dw.Copy, 1)
	if err != nil {
		t.Fatal(err)
	}
	runScript(t, l.s, `DROP TABLE p1`)
	for _, r := range ranges {
		batch, err := Dialect{}.CopyBatch(t.Context(), begin(t, l.s, dialects.TxOptions{}), dw.Copy, r, "", 100)
		if r.Table.Name == "p1" && (err != nil || !batch.Done || batch.Seen > 0) {
			t.Errorf("got %+v, %v", batch, err)
		}
		runScript(t, l.s, `ROLLBACK`)
	}
	if again, err := (Dialect{}).Ranges(t.Context(), l.s, dw.Copy, 1); err != nil || len(again) != len(ranges)-1 {
		t.Errorf("got %d ranges, %v; want %d", len(again), err, len(ranges)-1)
	}
}

// TestSecondLockIsNotWaitedFor: an app holds the referenced table and comes for this one. It must never
// be the one that a deadlock ends, so segue gives up the table that it holds.
func TestSecondLockIsNotWaitedFor(t *testing.T) {
	l := openLive(t, `CREATE TABLE up (k text PRIMARY KEY); INSERT INTO up VALUES ('a');
		CREATE TABLE u (id int PRIMARY KEY, user_email text CONSTRAINT fk REFERENCES up); INSERT INTO u VALUES (1, 'a')`)
	_, dw := l.plan(t, "u", "user_email", "email")
	app := begin(t, sessionTest(t, l.Database), dialects.TxOptions{})
	refused := func(action dialects.Action) {
		t.Helper()
		runScript(t, app, `UPDATE up SET k = k`)
		tx := begin(t, l.s, dialects.TxOptions{})
		if err := tx.Script(t.Context(), action.SQL); l.Fault(err) != dialects.FaultLockTimeout {
			t.Errorf("got %v, want a lock that is not had", err)
		}
		tx.Rollback(t.Context())
		runScript(t, app, `INSERT INTO u VALUES (2, 'a'); ROLLBACK; BEGIN`)
	}
	l.carryOut(t, dw.Expand...)
	l.fill(t, dw.Copy)
	for _, a := range dw.Build {
		if len(a.Tables) > 1 {
			refused(a)
		}
		l.carryOut(t, a)
	}
	l.carryOut(t, dw.TwoWay...)
	l.carryOut(t, dw.Prove...)
	refused(dw.Contract[0])
}
