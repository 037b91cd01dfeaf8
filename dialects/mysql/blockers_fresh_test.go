package mysql

import (
	"context"
	"testing"
	"time"
)

// Others who look at innodb_trx all the time keep the server's list of it as it is. A transaction that
// began meanwhile is seen all the same, or it is an error; it is never missed.
func TestTransactionsAreSeenThoughOthersLook(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, app, busy := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, "CREATE TABLE users (id int PRIMARY KEY)")
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan int)
		looked := make(chan struct{}, 1)
		go func() {
			looks := 0
			// Pauses of every length around the server's.
			for pause := time.Duration(0); ctx.Err() == nil; pause = (pause + 30*time.Millisecond) % (210 * time.Millisecond) {
				if _, err := busy.Exec(ctx, "DO (SELECT COUNT(*) FROM information_schema.innodb_trx), SLEEP($1)", pause.Seconds()); err == nil {
					looks++
				}
				select {
				case looked <- struct{}{}:
				default:
				}
			}
			ended <- looks
		}()
		<-looked
		for range 5 {
			runScript(t, app, "START TRANSACTION WITH CONSISTENT SNAPSHOT")
			pid := value(t, app, "SELECT CONNECTION_ID()")
			all, err := d.Transactions(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			seen := false
			for _, b := range all {
				seen = seen || b.PID == pid
			}
			if !seen {
				t.Errorf("session %s has a transaction open, seen are %+v", pid, all)
			}
			runScript(t, app, "COMMIT")
		}
		stop()
		if looks := <-ended; looks == 0 {
			t.Error("nobody looked")
		}
	})
}
