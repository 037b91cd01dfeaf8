package backfill_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/segue-db/segue/migrate/backfill"
)

// BenchmarkCopy compares the copy of a column, sync trigger and checkpoints included, with the one
// UPDATE that would block every writer for its whole run. vs-update is the ratio of their times:
// both are taken on the same rows right after one another, so it hardly depends on the machine.
func BenchmarkCopy(b *testing.B) {
	const rows = 200_000
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			var copied, updated time.Duration
			for b.Loop() {
				b.StopTimer()
				u := newTable(b, rows)
				u.script(b, `CREATE TABLE plain (LIKE users INCLUDING ALL); INSERT INTO plain SELECT * FROM users; ANALYZE plain`)
				u.script(b, `CHECKPOINT`)
				began := time.Now()
				u.script(b, `UPDATE plain SET email = user_email`)
				updated += time.Since(began)
				u.script(b, `CHECKPOINT`)
				o := u.options(b)
				o.Workers = workers
				o.Clock = nil
				b.StartTimer()
				began = time.Now()
				if _, err := backfill.Run(b.Context(), o); err != nil {
					b.Fatal(err)
				}
				copied += time.Since(began)
				b.StopTimer()
				u.wantIdentical(b)
				b.StartTimer()
			}
			b.ReportMetric(float64(copied)/float64(updated), "vs-update")
			b.ReportMetric(float64(rows*b.N)/copied.Seconds(), "rows/s")
		})
	}
}
