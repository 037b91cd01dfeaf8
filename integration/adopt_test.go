package integration_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// refused is an error about what the caller has to mend, that says each of the words.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	if !errors.Is(err, migrate.ErrConfig) {
		t.Fatalf("not refused: %v", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the refusal does not say %q: %v", word, err)
		}
	}
	t.Log(err)
}

// TestAdopt brings a database that somebody else has migrated under segue.
func TestAdopt(t *testing.T) { onEach(t, adopt) }

func adopt(t *testing.T, on rig) {
	long(t)
	tests := []struct{ name, setup, says string }{
		{"another runner's history", "CREATE TABLE goose_db_version (id int, version_id bigint)", "goose_db_version"},
		{"the tables are there", "SELECT 1", "users, which is there already"},
	}
	server := on.shared(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			url := server.Database(t)
			conn := connect(t, url)
			run(t, conn, on.users)
			run(t, conn, "INSERT INTO users (user_email) VALUES ('a@example.com')")
			run(t, conn, test.setup)
			before := on.dump(t, server, url)
			r := runner(t, url, on.files(), migrate.Options{})
			_, err := r.Up(t.Context())
			refused(t, err, test.says, "segue adopt --through")
			if after := on.dump(t, server, url); after != before {
				t.Errorf("a refused up changed the schema:\n%s", after)
			}
			adopted, err := r.Adopt(t.Context(), "1")
			if err != nil || !slices.Equal(adopted, []string{"0001"}) {
				t.Fatalf("adopted %v, %v", adopted, err)
			}
			if s := status(t, r, "0001"); s.State != phases.Done {
				t.Errorf("0001 is %s", s.State)
			}
			toDualWriteBy(t, r)
			if s := status(t, r, "0002"); s.Phase != phases.DualWrite {
				t.Errorf("0002 is %s in %s", s.State, s.Phase)
			}
			if n := count(t, conn, "SELECT count(*) FROM users WHERE email = 'a@example.com'"); n != 1 {
				t.Error("the row was not copied")
			}
			_, err = r.Adopt(t.Context(), "")
			refused(t, err, "nothing to adopt")
		})
	}
}

func TestEditedAppliedFile(t *testing.T) {
	long(t)
	url, f := started(t, 10)
	edited := maps.Clone(f)
	edited["0001_users.sql"] += "\n-- a word more"
	r := runner(t, url, edited, migrate.Options{})
	_, err := r.Up(t.Context())
	if !errors.Is(err, migrate.ErrChecksum) {
		t.Fatalf("an applied file that was edited: %v", err)
	}
	refused(t, err, "0001_users.sql")
	if s := status(t, r, "0001"); s.Checksum != migrate.ChecksumEdited {
		t.Errorf("status says %s", s.Checksum)
	}
	if s := status(t, r, "0002"); s.State != phases.Pending {
		t.Errorf("0002 was begun: %s", s.State)
	}
	windows := maps.Clone(f)
	windows["0001_users.sql"] = "\uFEFF" + strings.ReplaceAll(f["0001_users.sql"], "\n", "\r\n")
	if _, err := runner(t, url, windows, migrate.Options{}).Up(t.Context()); err != nil {
		t.Errorf("a checkout with other line ends: %v", err)
	}
}

func TestOutOfOrder(t *testing.T) {
	long(t)
	url, f := started(t, 10)
	f = maps.Clone(f)
	delete(f, "0002_rename_user_email.sql")
	f["0003_orders.sql"] = ordersTable
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	f["0002_items.sql"] = "CREATE TABLE items (id bigint PRIMARY KEY);"
	_, err := runner(t, url, f, migrate.Options{}).Up(t.Context())
	refused(t, err, "0002_items.sql", "0003", "out_of_order")
	result, err := runner(t, url, f, migrate.Options{OutOfOrder: true}).Up(t.Context())
	if err != nil || !slices.Equal(result.Applied, []string{"0002"}) {
		t.Errorf("applied %v, %v", result.Applied, err)
	}
}

// TestNewerLedger: a ledger that a later segue wrote is read, and left alone.
func TestNewerLedger(t *testing.T) { onEach(t, newerLedger) }

func newerLedger(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 10)
	conn := connect(t, url)
	run(t, conn, "UPDATE "+on.ledgerTable("ledger")+" SET version = 99")
	r := runner(t, url, f, migrate.Options{})
	_, err := r.Up(t.Context())
	refused(t, err, "version 99", "newer")
	_, err = r.DeployStart(t.Context(), uses("1.4.0", "user_email"))
	refused(t, err, "version 99")
	if s := status(t, r, "0001"); s.State != phases.Done {
		t.Errorf("a newer ledger is read as %s", s.State)
	}
	if s := status(t, r, "0002"); s.State != phases.Pending {
		t.Errorf("0002 was begun: %s", s.State)
	}
}

// TestCopiedLedger: what a ledger that came with a copy says of rollouts is not this database's.
func TestCopiedLedger(t *testing.T) { onEach(t, copiedLedger) }

func copiedLedger(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 10)
	toDualWrite(t, url, f)
	r := runner(t, url, f, migrate.Options{})
	deployed(t, r, uses("1.5.0", "email"))
	run(t, connect(t, url), "UPDATE "+on.ledgerTable("ledger")+" SET identity = 'elsewhere/1'")
	err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"})
	if !errors.Is(err, migrate.ErrGateUnknown) || !strings.Contains(err.Error(), "another server or database") {
		t.Fatalf("the gate of a copy: %v", err)
	}
	t.Log(err)
	_, err = r.DeployStart(t.Context(), uses("1.6.0", "email"))
	refused(t, err, "segue adopt")
	if _, err := r.Adopt(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"}); err != nil {
		t.Errorf("after it was accepted: %v", err)
	}
}
