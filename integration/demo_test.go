package integration_test

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/cli"
	"github.com/segue-db/segue/internal/demo"
	"github.com/segue-db/segue/internal/scratch"
)

// TestDemo tells the demo's story with the real commands, on a small table and at a quick pace.
func TestDemo(t *testing.T) {
	long(t)
	for kind, server := range map[dialects.Kind]func(testing.TB, ...scratch.Option) *scratch.Server{
		dialects.Postgres: scratch.Postgres, dialects.MySQL: scratch.MySQL, dialects.MariaDB: scratch.MariaDB,
	} {
		t.Run(string(kind), func(t *testing.T) {
			server(t) // skips where there is no server
			tellDemo(t, kind)
		})
	}
}

func tellDemo(t *testing.T, kind dialects.Kind) {
	before, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	const rows = 5000
	var out strings.Builder
	report, err := demo.Run(t.Context(), demo.Options{
		Rows: rows, Watch: 200 * time.Millisecond, Out: &out, Style: demo.Plain, Server: dialects.Version{Kind: kind},
		Run: func(ctx context.Context, url string, args []string, results io.Writer) int {
			return cli.Run(ctx, append([]string{"--database-url", url}, args...), strings.NewReader(""), results, &out)
		},
	})
	defer func() {
		if t.Failed() {
			t.Log(out.String())
		}
	}()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range report.Apps {
		if a.Writes == 0 || a.Reads == 0 || a.Errors != 0 || a.StaleReads != 0 {
			t.Errorf("%+v", a)
		}
	}
	for _, c := range []demo.Comparison{report.Columns, report.Acknowledged} {
		if c.Rows < rows || c.Differ != 0 {
			t.Errorf("%+v", c)
		}
	}
	if !report.Clean() || len(report.Apps) != 2 {
		t.Errorf("%+v", report)
	}
	if after, err := os.Getwd(); err != nil || after != before {
		t.Errorf("the working directory is %s, not %s (%v)", after, before, err)
	}
	for _, line := range []string{"$ segue lint\n", "$ segue plan ", "the gate to contract is closed", "0002 rename_user_email  is done"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("the demo does not show %q", line)
		}
	}
}
