package dialecttest

import (
	"strings"
	"testing"
)

// writes are statements of an app that knows the column as %s, and what row 1 holds afterwards.
var writes = []struct{ sql, want string }{
	{`INSERT INTO users (id, %s) VALUES (1, 'a')`, "a"},
	{`UPDATE users SET %s = 'b' WHERE id = 1`, "b"},
	{`UPDATE users SET %s = 'B' WHERE id = 1`, "B"},
	{`UPDATE users SET %s = 'B ' WHERE id = 1`, "B "},
	{`UPDATE users SET name = 'n' WHERE id = 1`, "B "},
	{`UPDATE users SET %s = %s WHERE id = 1`, "B "},
	{`UPDATE users SET %s = '' WHERE id = 1`, ""},
	{`UPDATE users SET %s = NULL WHERE id = 1`, "NULL"},
	{`UPDATE users SET name = 'm' WHERE id = 1`, "NULL"},
	{`UPDATE users SET %s = 'c' WHERE id = 1`, "c"},
	{`DELETE FROM users WHERE id = 1`, ""},
	{`INSERT INTO users (id) VALUES (1)`, "none"},
	{`DELETE FROM users WHERE id = 1`, ""},
	{`INSERT INTO users (id, %s) VALUES (1, NULL)`, "NULL"},
	{`DELETE FROM users WHERE id = 1`, ""},
	{`INSERT INTO users (id, %s) VALUES (1, DEFAULT)`, "none"},
	{`UPDATE users SET %s = DEFAULT WHERE id = 1`, "none"},
	{`DELETE FROM users WHERE id = 1`, ""},
	{`INSERT INTO users (id, %s) SELECT id - 1, 'copied' FROM users WHERE id = 2`, "copied"},
	{`UPDATE users SET %s = CONCAT(%s, '!'), name = %s WHERE id = 1`, "copied!"},
	{`DELETE FROM users WHERE id = 1`, ""},
}

// In dual-write apps that write the old name and apps that write the new one see the same rows, in
// whatever order they write.
func testWriters(t *testing.T, f Fixture) {
	p := planUsers(t, f, `CREATE TABLE users (id int NOT NULL PRIMARY KEY, user_email varchar(60) DEFAULT 'none', name varchar(60));
		INSERT INTO users VALUES (2, 'two', 'n')`)
	p.toDualWrite(t)
	app := p.app(t, "app")
	for _, turn := range []func(i int) string{
		func(int) string { return "user_email" }, func(int) string { return "email" },
		func(i int) string { return []string{"user_email", "email"}[i%2] }, func(i int) string { return []string{"email", "user_email"}[i%2] },
	} {
		for i, w := range writes {
			sql := strings.ReplaceAll(w.sql, "%s", turn(i))
			send(t, app, sql)
			for _, column := range []string{"user_email", "email"} {
				got := ""
				if Value(t, p.s, `SELECT COUNT(*) FROM users WHERE id = 1`) == "1" {
					got = Value(t, p.s, `SELECT `+column+` FROM users WHERE id = 1`)
				}
				if got != w.want {
					t.Errorf("after %s, %s is %q, want %q", sql, column, got, w.want)
				}
			}
		}
	}
	p.wantIdentical(t, "in the end")

	// From expand on an app of the old name is served, and the trigger fills for it.
	filling := planUsers(t, f, users(2))
	filling.do(t, filling.dw.Expand...)
	old := filling.app(t, "old")
	send(t, old, `INSERT INTO users (id, user_email) VALUES (3, 'three')`)
	send(t, old, `UPDATE users SET user_email = 'ONE' WHERE id = 1`)
	for id, want := range map[string]string{"1": "ONE", "3": "three"} {
		if got := Value(t, filling.s, `SELECT email FROM users WHERE id = `+id); got != want {
			t.Errorf("row %s is filled with %q, want %q", id, got, want)
		}
	}
	filling.copyAll(t, 1, 10)
	filling.wantIdentical(t, "after the copy")
}
