package mysql

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

// planText writes a plan as people read it.
func planText(dw *dialects.DualWrite) string {
	var b strings.Builder
	for _, phase := range []struct {
		name    string
		actions []dialects.Action
	}{{"expand", dw.Expand}, {"build", dw.Build}, {"two-way", dw.TwoWay}, {"contract", dw.Contract}} {
		for n, a := range phase.actions {
			fmt.Fprintf(&b, "==== %s/%d: %s\n", phase.name, n+1, a.Why)
			fmt.Fprintf(&b, "---- tables %v, lock %q, blocks %s, scans %v, hold %v\n", a.Tables, a.Lock, a.Blocks, a.Scans, a.Hold)
			fmt.Fprintf(&b, "%s\n---- undo\n%s\n---- probe\n%s\n\n", a.SQL, a.Undo, a.Probe)
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
		server      dialects.Version
		spec        dialects.DualWriteSpec
	}{
		{"rich_mysql", richUsers, mysql97, dialects.DualWriteSpec{Migration: "0002", Table: dialects.Name{Name: "users"}, Old: "user_email", New: "email"}},
		{"not_null_mariadb", `CREATE TABLE t (id int PRIMARY KEY, o varchar(20) NOT NULL, UNIQUE (o)) DEFAULT CHARSET=utf8mb4`, mariadb1011,
			dialects.DualWriteSpec{Migration: "0002", Table: dialects.Name{Name: "t"}, Old: "o", New: "n"}},
		{"timestamp_mysql", "CREATE TABLE t (id int PRIMARY KEY, o timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3)); CREATE VIEW v AS SELECT o FROM t; CREATE PROCEDURE p() SELECT o FROM t", mysql97,
			dialects.DualWriteSpec{Migration: "7", Table: dialects.Name{Name: "t"}, Old: "o", New: "Größe"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dw, err := Dialect{Server: test.server}.DualWrite(replayedOn(t, test.server, test.setup), test.spec)
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
