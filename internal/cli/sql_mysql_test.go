package cli

import (
	"context"
	"database/sql"
	"net/url"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/rogpeppe/go-internal/testscript"
)

// mysqlSchema is what schemaMain prints of a MySQL or MariaDB database. Constraints and indexes of
// segue's own tables are those of tables that are left out.
const mysqlSchema = `
SELECT table_name, column_name, column_type, is_nullable, COALESCE(column_default, '-'), extra FROM information_schema.columns
	WHERE table_schema = DATABASE() AND table_name NOT LIKE 'segue\_%' ORDER BY 1, 2;
SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints
	WHERE table_schema = DATABASE() AND table_name NOT LIKE 'segue\_%' ORDER BY 1, 2;
SELECT table_name, index_name, seq_in_index, column_name FROM information_schema.statistics
	WHERE table_schema = DATABASE() AND table_name NOT LIKE 'segue\_%' ORDER BY 1, 2, 3;
SELECT event_object_table, trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1, 2`

// mysqlRoleVerb makes a user that may only connect: its URL is $ROLE_URL.
func mysqlRoleVerb(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) > 0 {
		ts.Fatalf("usage: role")
	}
	u, err := url.Parse(ts.Getenv("DATABASE_URL"))
	ts.Check(err)
	database := strings.TrimPrefix(u.Path, "/")
	role := strings.TrimPrefix(database, "scratch_") // short enough for a user's name
	admin, err := openMySQL(u)
	ts.Check(err)
	tb(ts).Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), "DROP USER `"+role+"`"); err != nil {
			tb(ts).Errorf("dropping user %s: %v", role, err)
		}
		admin.Close()
	})
	for _, statement := range []string{
		"CREATE USER `" + role + "` IDENTIFIED BY 's3cret'",
		"GRANT SELECT ON `" + database + "`.* TO `" + role + "`",
	} {
		_, err := admin.ExecContext(tb(ts).Context(), statement)
		ts.Check(err)
	}
	u.User = url.UserPassword(role, "s3cret")
	ts.Setenv("ROLE", role)
	ts.Setenv("ROLE_URL", u.String())
}

func openMySQL(address *url.URL) (*sql.DB, error) {
	config := mysql.NewConfig()
	config.User = address.User.Username()
	config.Passwd, _ = address.User.Password()
	config.Net, config.Addr, config.DBName = "tcp", address.Host, strings.TrimPrefix(address.Path, "/")
	config.MultiStatements = true
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// mysqlRows is rows for a MySQL or MariaDB database.
func mysqlRows(address *url.URL, text string) (list []string) {
	db, err := openMySQL(address)
	check(err)
	defer db.Close()
	results, err := db.QueryContext(context.Background(), text)
	check(err)
	defer results.Close()
	for more := true; more; more = results.NextResultSet() {
		columns, err := results.Columns()
		check(err)
		for results.Next() {
			values := make([]sql.NullString, len(columns))
			into := make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			check(results.Scan(into...))
			var line []string
			for _, v := range values {
				line = append(line, v.String)
			}
			list = append(list, strings.Join(line, "|"))
		}
	}
	check(results.Err())
	return list
}
