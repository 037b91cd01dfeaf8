package integration_test

import (
	"sync"
	"testing"

	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
)

// TestSessionsEndWithTheirMigration: a temporary table, or a setting made where nobody sees it, says
// nothing to the next file.
func TestSessionsEndWithTheirMigration(t *testing.T) {
	url := scratch.Postgres(t).Database(t)
	f := files{
		"0001_users.sql":     "CREATE TABLE users (id bigint);",
		"0002_temporary.sql": "CREATE TEMP TABLE users AS SELECT 1 AS id;",
		"0003_column.sql":    "ALTER TABLE users ADD COLUMN name text;",
		"0004_hidden.sql":    "CREATE SCHEMA shop;\nDO $$ BEGIN PERFORM set_config('search_path', 'shop', false); END $$;",
		"0005_items.sql":     "CREATE TABLE items (id bigint);",
	}
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, url)
	if n := count(t, conn, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'public.users'::regclass AND attname = 'name'"); n != 1 {
		t.Error("the column was added to the temporary table")
	}
	if !exists(t, conn, "public.items") {
		t.Error("a setting of a DO block reached the next migration")
	}
}

// TestProjectsMeetAtTheLedger: the first up of several projects at once makes one ledger.
func TestProjectsMeetAtTheLedger(t *testing.T) {
	url := scratch.Postgres(t).Database(t)
	var all sync.WaitGroup
	for _, project := range []string{"a", "b", "c", "d", "e", "f"} {
		r := runner(t, url, files{"0001_table.sql": "CREATE TABLE " + project + " (id bigint);"}, migrate.Options{Project: project, Logger: silent})
		all.Go(func() {
			if _, err := r.Up(t.Context()); err != nil {
				t.Errorf("project %s: %v", project, err)
			}
		})
	}
	all.Wait()
}
