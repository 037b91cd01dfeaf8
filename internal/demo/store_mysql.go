package demo

import (
	"context"
	"database/sql"
	"fmt"
	neturl "net/url"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
)

// mysqlStore is MySQL's and MariaDB's.
type mysqlStore struct{ kind dialects.Kind }

func (s mysqlStore) name() string {
	if s.kind == dialects.MariaDB {
		return "MariaDB"
	}
	return "MySQL"
}

func (mysqlStore) folder() string { return "mysql" }

func (mysqlStore) pool(url, application string) (*sql.DB, error) {
	u, err := neturl.Parse(url)
	if err != nil {
		return nil, err
	}
	config := mysql.NewConfig()
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.Net, config.Addr = "tcp", u.Host
	config.DBName = strings.TrimPrefix(u.Path, "/")
	config.ClientFoundRows = true // an UPDATE that changes nothing has still met its row
	config.ConnectionAttributes = "program_name:" + application
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func (mysqlStore) statements(column string) statements {
	with := func(sql string) string { return strings.ReplaceAll(sql, "ADDRESS", column) }
	return statements{
		insert:            with(`INSERT INTO users (ADDRESS, name) VALUES (?, 'new')`),
		insertUnlessTaken: with(`INSERT IGNORE INTO users (ADDRESS, name) VALUES (?, 'new')`),
		changeByID: []string{
			with(`UPDATE users SET ADDRESS = ? WHERE id = ?`),
			with(`INSERT INTO users (ADDRESS, id, name) VALUES (?, ?, 'new') ON DUPLICATE KEY UPDATE ADDRESS = VALUES(ADDRESS)`),
			with(`REPLACE INTO users (ADDRESS, id, name) VALUES (?, ?, 'new')`),
		},
		changeByAddress: with(`UPDATE users SET ADDRESS = ? WHERE ADDRESS = ?`),
		changeName:      `UPDATE users SET name = 'renamed' WHERE id = ?`,
		deleteByAddress: with(`DELETE FROM users WHERE ADDRESS = ?`),
		find:            with(`SELECT id FROM users WHERE ADDRESS = ?`),
	}
}

func (mysqlStore) insert(ctx context.Context, c *connection, statement, address string) (id int64, stored bool, err error) {
	result, err := c.ExecContext(ctx, statement, address)
	if err != nil {
		return 0, false, err
	}
	n, err := result.RowsAffected()
	if err != nil || n == 0 {
		return 0, false, err
	}
	id, err = result.LastInsertId()
	return id, err == nil, err
}

// fill sends many rows with each statement, and names their numbers: the server would leave gaps.
func (mysqlStore) fill(ctx context.Context, c *connection, n int) error {
	const most = 2000
	for from := 1; from <= n; from += most {
		var values strings.Builder
		for i := from; i <= min(n, from+most-1); i++ {
			if i > from {
				values.WriteString(", ")
			}
			fmt.Fprintf(&values, "(%d, '%s', 'user %d')", i, firstAddress(int64(i)), i)
		}
		if _, err := c.ExecContext(ctx, `INSERT INTO users (id, user_email, name) VALUES `+values.String()); err != nil {
			return err
		}
	}
	_, err := c.ExecContext(ctx, `ANALYZE TABLE users`)
	return err
}

// countStatements has nothing to do: performance_schema does it.
func (mysqlStore) countStatements(context.Context, *connection) error { return nil }

func (mysqlStore) sessions() string {
	return `
SELECT COUNT(*) FROM performance_schema.session_connect_attrs
WHERE attr_name = 'program_name' AND attr_value = ?`
}

func (mysqlStore) differing() string {
	return `
SELECT COUNT(*),
       COALESCE(SUM(NOT (CAST(user_email AS BINARY) <=> CAST(email AS BINARY))), 0)
FROM users`
}

func (mysqlStore) describe(ctx context.Context, c *connection) ([]string, error) {
	var table, definition string
	if err := c.QueryRowContext(ctx, `SHOW CREATE TABLE users`).Scan(&table, &definition); err != nil {
		return nil, err
	}
	return strings.Split(definition, "\n"), nil
}

func (s mysqlStore) client(url string) string {
	u, err := neturl.Parse(url)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s --host=%s --port=%s --user=%s %s", s.kind, u.Hostname(), u.Port(), u.User.Username(), strings.TrimPrefix(u.Path, "/"))
}
