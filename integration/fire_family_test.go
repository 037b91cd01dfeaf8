package integration_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases/compat"
)

// Two kinds of column: one that takes NULL, and a required one by which rows are found.
var fireTables = []struct {
	name, column string
	null         bool
}{
	{"nullable", "user_email varchar(60), note varchar(200), KEY (user_email)", true},
	{"required and unique", "user_email varchar(60) NOT NULL, note varchar(200), UNIQUE (user_email)", false},
}

// TestFamilyUnderFire: apps go on with every kind of write there is, by the old name and by the new
// one, through the whole rename. No statement fails, none is a deadlock's victim, and each row holds
// what was acknowledged last. SEGUE_SOAK=1 makes it a minute.
func TestFamilyUnderFire(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		long(t)
		for _, table := range fireTables {
			t.Run(table.name, func(t *testing.T) { underFire(t, on, table.column, table.null) })
		}
	})
}

func underFire(t *testing.T, on rig, column string, null bool) {
	filler, both, after, pace := 3_000, 2*time.Second, 500*time.Millisecond, 2*time.Millisecond
	if os.Getenv("SEGUE_SOAK") != "" {
		filler, both, after, pace = 100_000, 40*time.Second, 10*time.Second, time.Millisecond
	}
	url := on.database(t, on.shared(t))
	f := files{"0001_items.sql": "CREATE TABLE items (owner int NOT NULL, slot int NOT NULL, " + column + ", PRIMARY KEY (owner, slot));"}
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, url)
	run(t, conn, fmt.Sprintf("INSERT INTO items (owner, slot, user_email) SELECT IF(i <= 5, %d, 0), IF(i <= 5, i - 1, i), CONCAT('filler', i) FROM %s WHERE i <= %d", hot, series, filler))
	run(t, conn, fmt.Sprintf("INSERT INTO items (owner, slot, user_email) VALUES (%d, 0, 'o'), (%d, 0, 'p')", hot-1, hot+1))
	f["0002_rename.sql"] = "ALTER TABLE items RENAME COLUMN user_email TO email;"
	r := runner(t, url, f, migrate.Options{})
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	deploy := func(version, column string) migrate.Deploy {
		return migrate.Deploy{App: "web", Version: version, Manifest: &compat.Manifest{App: "web",
			Uses: map[string]compat.Use{"items": {Read: []string{column}, Write: []string{"owner", "slot", column, "note"}, Insert: true}}}}
	}
	begin := func(column string, first int) (owners []*owner, stop func()) {
		var all sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		for n := range 4 {
			owners = append(owners, newOwner(t, url, column, first+n, null))
		}
		for _, o := range owners {
			all.Go(func() { o.run(ctx, pace) })
		}
		stopped := sync.OnceFunc(func() { cancel(); all.Wait() })
		t.Cleanup(stopped)
		return owners, stopped
	}
	ctx := t.Context()

	deployed(t, r, deploy("1.4.0", "user_email"))
	old, stopOld := begin("user_email", 10)
	must(r.Up(ctx))
	must(nil, r.Work(ctx))
	must(r.DeployStart(ctx, deploy("1.5.0", "email")))
	young, stopYoung := begin("email", 20)
	for end := time.Now().Add(both); time.Now().Before(end); {
		<-time.After(both / 4)
		if n := on.differing(t, conn, "items", "user_email", "email"); n != 0 {
			t.Errorf("%d rows differ in dual-write", n)
		}
	}
	stopOld()
	must(r.DeployFinish(ctx, deploy("1.5.0", "email")))
	must(nil, r.Advance(ctx, migrate.AdvanceRequest{Version: "0002"}))
	<-time.After(after)
	stopYoung()

	for _, o := range append(old, young...) {
		mode := map[bool]string{true: "strict", false: "not strict"}[o.strict]
		t.Logf("owner %d, by %s, %s: %d statements, %d rows, %d errors", o.number, o.column, mode, o.writes, len(o.rows), len(o.errors))
		if len(o.errors) > 0 {
			t.Errorf("owner %d, by %s, %s: %s", o.number, o.column, mode, strings.Join(o.errors[:min(3, len(o.errors))], "; "))
		}
		if wrong := o.lost(t, "email"); len(wrong) > 0 {
			t.Errorf("owner %d, by %s, %s: %d rows are wrong, such as: %s", o.number, o.column, mode, len(wrong), wrong[0])
		}
	}
	if n := count(t, conn, "SELECT count(*) FROM items WHERE owner = 0"); n != int64(filler-5) {
		t.Errorf("%d of %d rows that nobody touched are there", n, filler-5)
	}
	if n := count(t, conn, "SELECT count(*) FROM items WHERE owner = 0 AND NOT email <=> CONCAT('filler', slot)"); n != 0 {
		t.Errorf("%d rows that nobody touched were changed", n)
	}
}
