package mysql

import (
	"testing"

	"github.com/segue-db/segue/dialects"
)

func TestSizes(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		sizes := func() map[string]dialects.Size {
			t.Helper()
			list, err := d.Sizes(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			all := map[string]dialects.Size{}
			for _, one := range list {
				all[one.Table.String()] = one.Size
			}
			return all
		}
		runScript(t, s, `CREATE TABLE nobody (id int);
			CREATE TABLE segue_ledger (id int);
			CREATE TABLE segue_users (id int); -- of somebody who names their tables so
			CREATE TABLE users (id int PRIMARY KEY AUTO_INCREMENT, note varchar(200), KEY by_note (note));
			CREATE TABLE logs (at int, note varchar(200)) PARTITION BY RANGE (at) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (100));
			CREATE VIEW every AS SELECT id FROM users`)
		// A day-old number that MySQL has cached is not believed.
		runScript(t, s, `SELECT table_rows FROM information_schema.tables WHERE table_schema = DATABASE()`)
		runScript(t, s, `INSERT INTO users (note) VALUES (REPEAT('x', 100)), (REPEAT('x', 100)), (REPEAT('x', 100)), (REPEAT('x', 100))`)
		for range 9 {
			runScript(t, s, `INSERT INTO users (note) SELECT note FROM users`)
		}
		runScript(t, s, `INSERT INTO logs SELECT 5, note FROM users WHERE id > 0 LIMIT 1000; INSERT INTO logs SELECT 50, 'x' FROM users WHERE id > 0 LIMIT 1000;
			ANALYZE TABLE users; ANALYZE TABLE logs; ANALYZE TABLE nobody; ANALYZE TABLE segue_users`)
		got := sizes()
		for name, rows := range map[string][2]int64{"nobody": {0, 0}, "segue_users": {0, 0}, "users": {1500, 2500}, "logs": {1500, 2500}} {
			if n := got[name].Rows; n < rows[0] || n > rows[1] {
				t.Errorf("%s has %d rows, want %d to %d", name, n, rows[0], rows[1])
			}
		}
		if u := got["users"]; u.Bytes < 200_000 || u.IndexBytes < 100_000 {
			t.Errorf("users: %+v", u)
		}
		if len(got) != 4 {
			t.Errorf("%v", got)
		}
	})
}
