// Package dialecttest holds the conformance suite: what package dialects promises of every dialect
// and its database, tested on a real server. A dialect calls [Run] once for each kind of server.
//
// The suite knows the contracts alone. What differs between servers, such as how a column's type is
// changed, comes with the [Fixture].
package dialecttest

import (
	"context"
	"reflect"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// Fixture is what differs between kinds of server.
type Fixture struct {
	// NewDatabase is the URL of a fresh database, which goes with the test.
	NewDatabase func(t testing.TB) string
	Open        func(ctx context.Context, url string) (dialects.Database, error)
	// Connect opens an app's own connection, through the server's driver and with the server's
	// defaults. It shows itself to the server by the name.
	Connect func(t testing.TB, url, name string) Client
	// Limited is the URL of a user that may connect to the database and do no more.
	Limited func(t testing.TB, url string) string

	// Samples are the changes that the suite names, in the server's SQL: see samples. A sample that
	// is not here is the suite's own text.
	Samples map[string]string
	// Histories are further texts that are run and replayed, by name: all that the dialect can replay.
	Histories map[string]string
	// Unsaid are fields of the catalog that replaying a text cannot tell as the server does:
	// Trigger.Definition.
	Unsaid []string
	// Spell spells what stands in a field of the catalog in one way, whether the server printed it or
	// the author wrote it.
	Spell func(t testing.TB, field, text string) string
	// Garbage are texts that a parser may stumble over.
	Garbage []string
	// Carries names refusals that are none here: the server's rename takes the object along, or
	// contract's recheck waits for it.
	Carries []string
	// Riches are further tables for a dual write: users, with the column user_email.
	Riches map[string]string

	SQL SQL
}

// Client is an app's connection.
type Client interface {
	Exec(ctx context.Context, sql string) error
	Close()
}

// SQL are texts of the server's own.
type SQL struct {
	PID   string // a query for the session's id, as text
	Sleep string // a query of some seconds
	// Waits is a query for the number of locks that the session $1 waits for, as text.
	Waits string
	// Serializable makes the session's default isolation that.
	Serializable string
	// Statistics has the server count statements; empty where it does so anyway.
	Statistics string
	// Bypass and Restore switch the sync triggers off and on for one session.
	Bypass, Restore string
}

// part is one part of the suite. Slow ones are left out by -short.
type part struct {
	name string
	slow bool
	test func(t *testing.T, f Fixture)
}

var parts = []part{
	{"Parse", false, testParse},
	{"Comments", false, testComments},
	{"Garbage", false, testGarbage},
	{"Samples", false, testSamples},
	{"Replay", true, testReplay},
	{"Histories", true, testHistories},
	{"Effects", false, testEffects},
	{"Quote", false, testQuote},
	{"Ledger", false, testLedger},
	{"Server", false, testServer},
	{"Session", false, testSession},
	{"Transaction", false, testTransaction},
	{"Locks", false, testLocks},
	{"Registry", false, testRegistry},
	{"LockTimeouts", false, testLockTimeouts},
	{"Hold", false, testHold},
	{"Faults", false, testFaults},
	{"LostConnection", false, testLostConnection},
	{"Blockers", false, testBlockers},
	{"Transactions", false, testTransactions},
	{"Evidence", false, testEvidence},
	{"Copy", true, testCopy},
	{"CopyBesideWriters", true, testCopyBesideWriters},
	{"Differing", true, testDiffering},
	{"BadRow", true, testBadRow},
	{"DualWrite", true, testDualWrite},
	{"DualWriteUndo", true, testDualWriteUndo},
	{"Writers", true, testWriters},
	{"Refusals", true, testRefusals},
	{"Recheck", true, testRecheck},
	{"Online", true, testOnline},
	{"Probe", true, testProbe},
}

// Run holds a dialect and its database to the contracts of package dialects.
func Run(t *testing.T, f Fixture) {
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) {
			if p.slow && testing.Short() {
				t.Skip("it takes long: make test runs it")
			}
			p.test(t, f)
		})
	}
}

// capability is what a dialect can do beside the core.
func capability[C any](t *testing.T, d dialects.Dialect) C {
	t.Helper()
	c, ok := d.(C)
	if !ok {
		t.Fatalf("%T lacks a capability: %v", d, reflect.TypeFor[C]())
	}
	return c
}
