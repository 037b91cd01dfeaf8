package postgres

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// live is a database that a test plans and carries out a dual write on.
type live struct {
	*Database
	s      *session
	url    string
	server *scratch.Server
}

func openLive(t *testing.T, setup string) *live {
	t.Helper()
	server := scratch.Postgres(t)
	url := server.Database(t)
	d, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	l := &live{d, sessionTest(t, d), url, server}
	runScript(t, l.s, setup)
	return l
}

// plan inspects and plans. The table is of the schema public.
func (l *live) plan(t *testing.T, table, from, to string) (dialects.DualWriteSpec, *dialects.DualWrite) {
	t.Helper()
	spec := dialects.DualWriteSpec{Migration: "0002", Table: dialects.Name{Schema: "public", Name: table}, Old: from, New: to}
	c, err := l.Inspect(t.Context(), l.s)
	if err != nil {
		t.Fatal(err)
	}
	dw, err := Dialect{}.DualWrite(c, spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Preflight(t.Context(), l.s, c, dw.Copy); err != nil {
		t.Fatal(err)
	}
	return spec, dw
}

// run carries one text out as an action says.
func (l *live) run(t *testing.T, a dialects.Action, sql string) {
	t.Helper()
	if sql == "" {
		return
	}
	if !a.Transactional {
		runScript(t, l.s, sql)
		return
	}
	tx := begin(t, l.s, dialects.TxOptions{})
	runScript(t, tx, sql)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (l *live) carryOut(t *testing.T, actions ...dialects.Action) {
	t.Helper()
	for _, a := range actions {
		l.run(t, a, a.SQL)
	}
}

// fill copies what the backfill would, the trigger out of the way.
func (l *live) fill(t *testing.T, c dialects.CopySpec) {
	t.Helper()
	tx := begin(t, l.s, dialects.TxOptions{})
	runScript(t, tx, "SELECT set_config('segue.backfill', pg_backend_pid()::text, true); UPDATE "+qualified(c.Table)+
		" SET "+quote(c.To)+" = "+quote(c.From)+" WHERE record_image_ne(ROW("+quote(c.From)+"), ROW("+quote(c.To)+"))")
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// contract is what a runner does: the catalog is read again in the transaction that contracts.
func (l *live) contract(t *testing.T, spec dialects.DualWriteSpec, dw *dialects.DualWrite) {
	t.Helper()
	tx := begin(t, l.s, dialects.TxOptions{})
	messages, err := l.Recheck(t.Context(), tx, spec, dw.Recheck)
	if err != nil || len(messages) > 0 {
		t.Fatalf("recheck: %v %v", messages, err)
	}
	runScript(t, tx, dw.Contract[0].SQL)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// toDualWrite carries out all up to the phase in which apps write both columns.
func (l *live) toDualWrite(t *testing.T, dw *dialects.DualWrite) {
	t.Helper()
	l.carryOut(t, dw.Expand...)
	l.fill(t, dw.Copy)
	l.carryOut(t, dw.Build...)
	l.carryOut(t, dw.TwoWay...)
}

// dump is pg_dump's text of the schema with what depends on the order of columns made equal:
// paragraphs, and the lines of CREATE TABLE, are sorted.
func (l *live) dump(t *testing.T) string {
	t.Helper()
	program, ok := l.server.Bin("pg_dump")
	if !ok {
		scratch.Lacks(t, dialects.Postgres, "pg_dump is not installed beside the server")
	}
	out, err := exec.CommandContext(t.Context(), program, "--schema-only", "--restrict-key=segue", l.url).CombinedOutput()
	if err != nil {
		out, err = exec.CommandContext(t.Context(), program, "--schema-only", l.url).CombinedOutput()
	}
	if err != nil {
		t.Fatalf("pg_dump: %v: %s", err, out)
	}
	var paragraphs []string
	for part := range strings.SplitSeq(string(out), "\n\n") {
		var lines []string
		for line := range strings.SplitSeq(part, "\n") {
			if line != "" && !strings.HasPrefix(line, "--") && !strings.HasPrefix(line, `\`) {
				lines = append(lines, sortedStatistics(strings.TrimSuffix(line, ",")))
			}
		}
		if len(lines) > 1 && strings.HasPrefix(lines[0], "GRANT") {
			slices.Sort(lines) // in the order of the granting
		}
		if len(lines) > 2 && strings.HasPrefix(lines[0], "CREATE TABLE") {
			slices.Sort(lines[1 : len(lines)-1])
		}
		paragraphs = append(paragraphs, strings.Join(lines, "\n"))
	}
	slices.Sort(paragraphs)
	return strings.Join(paragraphs, "\n\n")
}

// sortedStatistics sorts the columns of a CREATE STATISTICS, which the server prints in the table's order.
func sortedStatistics(line string) string {
	head, rest, ok := strings.Cut(line, " ON ")
	if !ok || !strings.HasPrefix(line, "CREATE STATISTICS") {
		return line
	}
	columns, table, _ := strings.Cut(rest, " FROM ")
	sorted := strings.Split(columns, ", ")
	slices.Sort(sorted)
	return head + " ON " + strings.Join(sorted, ", ") + " FROM " + table
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
