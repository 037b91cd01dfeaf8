package integration_test

import (
	"errors"
	"testing"

	"github.com/segue-db/segue/migrate"
)

// TestStartDoesNotQueueForARewrite: the server lets nobody read the defaults of a table that is being
// rewritten. A start that waited for it would hold the registry, and every other rollout, meanwhile.
func TestStartDoesNotQueueForARewrite(t *testing.T) {
	long(t)
	url, f := started(t, 10)
	r := runner(t, url, f, migrate.Options{})
	rewriter := connect(t, url)
	run(t, rewriter, "CREATE TABLE other (id bigint DEFAULT 7)")
	run(t, rewriter, "BEGIN; LOCK TABLE other IN ACCESS EXCLUSIVE MODE")
	var busy *migrate.BusyError
	if _, err := r.DeployStart(t.Context(), uses("1.4.0", "user_email")); !errors.As(err, &busy) || !errors.Is(err, migrate.ErrNotYet) {
		t.Errorf("got %v, want one that says to try again", err)
	}
	run(t, rewriter, "COMMIT")
	deployed(t, r, uses("1.4.0", "user_email"))
}
