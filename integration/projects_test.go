package integration_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate/source"
)

// TestProjectsAreSQL runs what is read of the projects that lint is tested on, and then what undoes it, statement
// by statement: a server bears each of them.
func TestProjectsAreSQL(t *testing.T) {
	onMySQL := []source.Layout{source.Atlas, source.GolangMigrate, source.Plain, source.Prisma}
	const projects = "../lint/testdata/projects"
	entries, err := os.ReadDir(projects)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		layout := source.Layout(entry.Name())
		t.Run(entry.Name(), func(t *testing.T) {
			set, err := source.Read(os.DirFS(filepath.Join(projects, entry.Name())), layout)
			if err != nil {
				t.Fatal(err)
			}
			var d dialects.Dialect = postgres.Dialect{}
			server := scratch.Postgres
			switch {
			case slices.Contains(onMySQL, layout):
				d, server = mysql.Dialect{Server: dialects.Version{Kind: dialects.MySQL, Major: 8, Minor: 4}}, scratch.MySQL
			case layout == source.Liquibase:
				d, server = mysql.Dialect{Server: dialects.Version{Kind: dialects.MariaDB, Major: 10, Minor: 11}}, scratch.MariaDB
			}
			c := connect(t, server(t).Database(t))
			for _, m := range set.Migrations {
				script, _ := dialects.ReadScript(d, m.Up.Text)
				runScript(t, c, d, m.Up, script.Up)
			}
			for _, m := range slices.Backward(set.Migrations) {
				script, _ := dialects.ReadScript(d, m.Up.Text)
				runScript(t, c, d, m.Up, script.Down)
				script, _ = dialects.ReadScript(d, m.Down.Text)
				runScript(t, c, d, m.Down, script.Up)
			}
		})
	}
}

// runScript runs statements of a part. Roles are the server's, and others use it too: no project's are there.
func runScript(t *testing.T, c *client, d dialects.Dialect, p source.Part, script []dialects.ScriptStatement) {
	if !p.For(string(d.Kind())) {
		return
	}
	for _, s := range script {
		if word, _, _ := strings.Cut(strings.ToUpper(s.Text), " "); word == "GRANT" || word == "REVOKE" {
			continue
		}
		if _, err := c.Exec(t.Context(), s.Text); err != nil {
			t.Errorf("%s:%d: %v\n%s", p.Path, s.Start.Line, err, s.Text)
		}
	}
}
