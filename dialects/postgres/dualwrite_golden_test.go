package postgres

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

var update = flag.Bool("update", false, "write the golden files anew")

// replayed is the catalog that a text leads to.
func replayed(t *testing.T, major int, sql string) *dialects.Catalog {
	t.Helper()
	c := Dialect{}.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: major})
	for _, s := range (Dialect{}).Parse(sql) {
		if s.Syntax != nil {
			t.Fatal(s.Syntax)
		}
		Dialect{}.Replay(c, s)
	}
	return c
}

// planText writes a plan as people read it.
func planText(dw *dialects.DualWrite) string {
	var b strings.Builder
	for _, phase := range []struct {
		name    string
		actions []dialects.Action
	}{{"expand", dw.Expand}, {"build", dw.Build}, {"two-way", dw.TwoWay}, {"prove", dw.Prove}, {"contract", dw.Contract}} {
		for n, a := range phase.actions {
			fmt.Fprintf(&b, "==== %s/%d: %s\n", phase.name, n+1, a.Why)
			fmt.Fprintf(&b, "---- tables %v, lock %q, blocks %s, scans %v, transactional %v, patient %v\n",
				a.Tables, a.Lock, a.Blocks, a.Scans, a.Transactional, a.Patient)
			fmt.Fprintf(&b, "%s\n---- undo\n%s\n", a.SQL, a.Undo)
			if a.Probe != "" {
				fmt.Fprintf(&b, "---- probe\n%s\n", a.Probe)
			}
			b.WriteByte('\n')
		}
	}
	fmt.Fprintf(&b, "==== copy\n%+v\n\n", dw.Copy)
	for _, list := range []struct {
		name  string
		lines []string
	}{{"recheck", dw.Recheck}, {"notices", dw.Notices}, {"unknowns", dw.Unknowns}} {
		fmt.Fprintf(&b, "==== %s\n%s\n\n", list.name, strings.Join(list.lines, "\n"))
	}
	return b.String()
}

// TestDualWritePlans are plans made of replayed migrations, with no server. -update writes them anew.
func TestDualWritePlans(t *testing.T) {
	for _, test := range []struct {
		name, setup string
		major       int
		spec        dialects.DualWriteSpec
	}{
		{"rich", richUsers, 16, dialects.DualWriteSpec{Migration: "0002", Table: dialects.Name{Name: "users"}, Old: "user_email", New: "email"}},
		{"partitioned", richParts, 16, dialects.DualWriteSpec{Migration: "0002", Table: dialects.Name{Name: "parts"}, Old: "user_email", New: "email"}},
		{"serial", `CREATE TABLE t (a int, no serial NOT NULL, b text, PRIMARY KEY (no, a))`, 14,
			dialects.DualWriteSpec{Migration: "7", Table: dialects.Name{Name: "t"}, Old: "no", New: "Größe"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dw, err := Dialect{}.DualWrite(replayed(t, test.major, test.setup), test.spec)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "dualwrite_"+test.name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(planText(dw)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			sameText(t, "plan", planText(dw), string(want))
		})
	}
}
