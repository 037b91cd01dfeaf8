package mysql

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// live is a database that a test plans and carries out a dual write on. s is the runner's session,
// app an app's.
type live struct {
	*Database
	s, app *session
	server *scratch.Server
}

// onLive runs a test on both servers, with a fresh database each.
func onLive(t *testing.T, test func(t *testing.T, l *live)) {
	t.Helper()
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		t.Run(string(kind), func(t *testing.T) { test(t, openLive(t, kind, "")) })
	}
}

func openLive(t *testing.T, kind dialects.Kind, setup string) *live {
	t.Helper()
	server := shared[kind](t)
	d := openAt(t, server.Database(t))
	l := &live{d, sessionTest(t, d), sessionTest(t, d), server}
	runScript(t, l.s, setup)
	return l
}

func (l *live) isMariaDB() bool { return l.dialect().Kind() == dialects.MariaDB }

// table is a table of the database, anew.
func (l *live) table(t *testing.T, sql string) {
	t.Helper()
	runScript(t, l.s, "DROP TABLE IF EXISTS t; "+sql)
}

// plan inspects and plans.
func (l *live) plan(t *testing.T, table, from, to string) (dialects.DualWriteSpec, *dialects.DualWrite) {
	t.Helper()
	spec := dialects.DualWriteSpec{Migration: "0002", Table: dialects.Name{Name: table}, Old: from, New: to}
	dw, err := l.dialect().DualWrite(inspectTest(t, l.Database, l.s), spec)
	if err != nil {
		t.Fatal(err)
	}
	return spec, dw
}

// run carries one text out as an action says.
func (l *live) run(t *testing.T, a dialects.Action, sql string) {
	t.Helper()
	if len(a.Hold) == 0 {
		runScript(t, l.s, sql)
		return
	}
	tx := begin(t, l.s, dialects.TxOptions{Hold: a.Hold})
	runScript(t, tx, sql)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// carryOut runs actions, and holds each one's probe against it.
func (l *live) carryOut(t *testing.T, actions ...dialects.Action) {
	t.Helper()
	for _, a := range actions {
		if state := value(t, l.s, a.Probe); state != "absent" {
			t.Errorf("before %s: the probe says %s", a.SQL, state)
		}
		l.run(t, a, a.SQL)
		if state := value(t, l.s, a.Probe); state != "done" {
			t.Errorf("after %s: the probe says %s", a.SQL, state)
		}
	}
}

// fill copies what the backfill would, the trigger out of the way.
func (l *live) fill(t *testing.T, c dialects.CopySpec) {
	t.Helper()
	keep := ""
	for _, k := range c.Keep {
		keep += ", " + quote(k) + " = " + quote(k)
	}
	runScript(t, l.s, "SET @segue_backfill = CONNECTION_ID(), @was = @@sql_mode, sql_mode = '"+dateMode+"'; UPDATE "+qualified(c.Table)+" SET "+quote(c.To)+" = "+quote(c.From)+keep+
		" WHERE "+differ(quote(c.From), quote(c.To))+"; SET @segue_backfill = NULL, sql_mode = @was")
}

// toDualWrite carries out all up to the phase in which apps write both columns.
func (l *live) toDualWrite(t *testing.T, dw *dialects.DualWrite) {
	t.Helper()
	l.carryOut(t, dw.Expand...)
	l.fill(t, dw.Copy)
	l.carryOut(t, dw.Build...)
	l.carryOut(t, dw.TwoWay...)
}

// recheck fails where contract would stop.
func (l *live) recheck(t *testing.T, a dialects.Action, spec dialects.DualWriteSpec, dw *dialects.DualWrite) {
	t.Helper()
	tx := begin(t, l.s, dialects.TxOptions{Hold: a.Hold})
	messages, err := l.Recheck(t.Context(), tx, spec, dw.Recheck)
	if err != nil || len(messages) > 0 {
		t.Fatalf("recheck: %q %v", messages, err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// perServer is what a dump says that is the server's own count.
var perServer = regexp.MustCompile(` AUTO_INCREMENT=\d+`)

// dump is mysqldump's text of the schema, triggers, routines and events with it.
func (l *live) dump(t *testing.T) string {
	t.Helper()
	program, ok := l.server.Bin("mysqldump")
	if !ok {
		scratch.Lacks(t, l.dialect().Kind(), "mysqldump is not installed beside the server")
	}
	c := l.config
	host, port, _ := strings.Cut(c.Addr, ":")
	args := []string{"--no-defaults", "--no-data", "--skip-comments", "--routines", "--events", "--triggers", "--user=" + c.User, "--host=" + host, "--port=" + port}
	if !l.isMariaDB() {
		args = append(args, "--set-gtid-purged=OFF")
	}
	args = append(args, c.DBName)
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("mysqldump: %v: %s", err, out)
	}
	return strings.ReplaceAll(perServer.ReplaceAllString(string(out), ""), quote(c.DBName)+".", "")
}

// sameText shows the lines that two texts do not share.
func sameText(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for _, line := range g {
		if !slices.Contains(w, line) {
			t.Errorf("%s: surplus: %s", what, line)
		}
	}
	for _, line := range w {
		if !slices.Contains(g, line) {
			t.Errorf("%s: missing: %s", what, line)
		}
	}
	t.Errorf("%s: the texts differ", what)
}

// codeOf is the server's number of an error; 0 for none.
func codeOf(err error) int {
	if e, ok := err.(*driver.MySQLError); ok {
		return int(e.Number)
	}
	return 0
}
