package integration_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
)

// rig is one kind of server, and what a scenario does differently on it. In its statements {t} is a
// table, {a} and {b} are columns, each quoted already.
type rig struct {
	kind dialects.Kind
	// shared and own are as in package scratch.
	shared, own func(testing.TB, ...scratch.Option) *scratch.Server

	users    string // makes the users table, with user_email required and unique
	rows     string // inserts users 1 to $1: u1@example.com with name n1, ...
	insert   string // inserts into users a value of {a}
	returns  bool   // insert returns the row's id
	differs  string // whether a row's {a} and {b} are not identical
	column   string // counts the columns of table $1 by the name $2
	helpers  string // lists, in one text, what segue made in users' table or for it
	table    string // counts the tables by the name $1
	sessions string // counts the sessions in this database that say they are segue's
	looking  string // counts the sessions that look, or have just looked, for running transactions
	open     string // counts the open transactions of session $1
	rowsText string // all of users with $1 < id and id <= $2, in one text
	ledger   string // prefix of the ledger's tables

	unsafe     string // a file that would not be run on a users table in use
	forget     string // the statistics of statements
	dropped    string // the column of users that contract drops, by its name in dual-write
	dropIndex  string // drops the index {a}
	past       string // lets the session's writes past the sync triggers
	repeatable string // makes transactions REPEATABLE READ where they are not
	compact    string // rids users of what renames leave in it, where the server bounds that

	// A server is crashed in an index build, which holdsBuilds, where there is such a thing, keeps
	// from ending; invalid counts what a build may leave that broke off.
	building, holdsBuilds, invalid string

	// hidesQueries: the server does not tell what a session that is idle in a transaction ran last.
	hidesQueries bool
	terminated   func(error) bool // whether an error says that the session was ended

	lifecycles  []lifecycle
	restartRows int // in the table while the server is crashed
	races       int // rounds of start against advance
	moments     int // at which a runner is killed
	killRows    int // in the table then

	concat  func(parts ...string) string
	quote   func(name string) string
	content func(t *testing.T, c *client, table string) string // all rows, whatever the order of columns and rows
	alike   func(dump string) string                           // what the dumps of a rename and of a plain RENAME have in common
	dump    func(t *testing.T, s *scratch.Server, url string) string
}

var rigs = []rig{onPostgres, onMySQL, onMariaDB}

// onEach runs a scenario on each kind of server.
func onEach(t *testing.T, scenario func(t *testing.T, on rig)) {
	t.Helper()
	each(t, rigs, scenario)
}

// onFamily runs a scenario on MySQL and MariaDB.
func onFamily(t *testing.T, scenario func(t *testing.T, on rig)) {
	t.Helper()
	each(t, []rig{onMySQL, onMariaDB}, scenario)
}

// each runs a scenario on several servers at once: most of it is waiting, and they have nothing in
// common. A soak has the machine to itself, since it counts how long a write takes.
func each(t *testing.T, rigs []rig, scenario func(t *testing.T, on rig)) {
	t.Helper()
	for _, on := range rigs {
		t.Run(string(on.kind), func(t *testing.T) {
			if os.Getenv("SEGUE_SOAK") == "" {
				t.Parallel()
			}
			scenario(t, on)
		})
	}
}

// sql fills a rig's statement in. Table and columns are unquoted.
func (on rig) sql(statement, table string, columns ...string) string {
	pairs := []string{"{t}", on.quote(table)}
	for i, c := range columns {
		pairs = append(pairs, "{"+string(rune('a'+i))+"}", on.quote(c))
	}
	return strings.NewReplacer(pairs...).Replace(statement)
}

// files are 0001, which makes the users table, and 0002, which renames its column.
func (on rig) files() files {
	return files{"0001_users.sql": on.users, "0002_rename_user_email.sql": renameUserEmail}
}

const renameUserEmail = `ALTER TABLE users RENAME COLUMN user_email TO email;`

// started is a database on which 0001 is applied and users has rows.
func (on rig) started(t *testing.T, rows int) (url string, f files) {
	t.Helper()
	return on.startedOn(t, on.shared(t), rows)
}

func (on rig) startedOn(t *testing.T, server *scratch.Server, rows int) (url string, f files) {
	t.Helper()
	url = on.database(t, server)
	f = on.files()
	first := files{"0001_users.sql": f["0001_users.sql"]}
	if _, err := runner(t, url, first, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(t, connect(t, url), on.rows, rows)
	return url, f
}

// database is an empty database, on a server that has forgotten what statements it ran in others:
// where it can count no more of them, it is no evidence for a gate.
func (on rig) database(t *testing.T, server *scratch.Server) (url string) {
	t.Helper()
	url = server.Database(t)
	if on.forget != "" {
		run(t, connect(t, url), on.forget)
	}
	return url
}

// differing counts the rows of a table whose two columns are not identical.
func (on rig) differing(t *testing.T, c *client, table, a, b string) int64 {
	t.Helper()
	return count(t, c, on.sql("SELECT count(*) FROM {t} WHERE "+on.differs, table, a, b))
}

// usersDiffering is differing, of users in dual-write.
func (on rig) usersDiffering(t *testing.T, c *client) int64 {
	t.Helper()
	return on.differing(t, c, "users", "user_email", "email")
}

// exists reports whether there is such a table.
func (on rig) exists(t *testing.T, c *client, table string) bool {
	t.Helper()
	return count(t, c, on.table, table) == 1
}

// inserted inserts a user and returns its id.
func (on rig) inserted(ctx context.Context, c *client, column, value string) (id int64, err error) {
	statement := on.sql(on.insert, "users", column)
	if on.returns {
		err = c.QueryRow(ctx, statement, value).Scan(&id)
		return id, err
	}
	result, err := c.Exec(ctx, statement, value)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// ledgerTable is one of segue's own tables.
func (on rig) ledgerTable(name string) string { return on.ledger + name }
