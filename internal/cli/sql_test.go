package cli

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// sqlMain runs SQL on $DATABASE_URL and prints the rows, with bars between their values.
func sqlMain() { query(strings.Join(os.Args[1:], " ")) }

// awaitMain waits until a query's one value is what it should be.
func awaitMain() {
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		got := strings.Join(rows(os.Args[1]), "\n")
		if got == os.Args[2] {
			return
		}
		if time.Now().After(deadline) {
			check(fmt.Errorf("%s: it is %q, not %q", os.Args[1], got, os.Args[2]))
		}
	}
}

// schemaMain prints every relation, column, constraint, trigger and function of the database, and
// what segue noted in its ledger, so that a script can tell whether anything was changed. Tables of
// a ledger in which nothing is noted are nothing.
func schemaMain() {
	if _, is := mysqlURL(); is {
		query(mysqlSchema)
		return
	}
	query(`SELECT c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'segue') ORDER BY 1, 2;
	SELECT conrelid::regclass::text, conname, convalidated::text FROM pg_constraint
		WHERE conrelid <> 0 AND connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'segue') ORDER BY 1, 2;
	SELECT tgrelid::regclass::text, tgname FROM pg_trigger ORDER BY 1, 2;
	SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') ORDER BY 1;
	SELECT query_to_xml('SELECT version, state, phase FROM segue.migrations ORDER BY 1', true, true, '')::text WHERE to_regclass('segue.migrations') IS NOT NULL;
	SELECT query_to_xml('SELECT action FROM segue.events ORDER BY id', true, true, '')::text WHERE to_regclass('segue.events') IS NOT NULL`)
}

// query runs SQL and prints its rows.
func query(sql string) {
	for _, row := range rows(sql) {
		if row != "" {
			fmt.Println(row)
		}
	}
}

// rows runs SQL and returns the rows of all its statements, with bars between their values.
func rows(sql string) []string {
	if address, is := mysqlURL(); is {
		return mysqlRows(address, sql)
	}
	ctx := context.Background()
	config, err := pgx.ParseConfig(os.Getenv("DATABASE_URL"))
	check(err)
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	conn, err := pgx.ConnectConfig(ctx, config)
	check(err)
	defer conn.Close(ctx)
	var list []string
	results := conn.PgConn().Exec(ctx, sql)
	for results.NextResult() {
		reader := results.ResultReader()
		for reader.NextRow() {
			var values []string
			for _, v := range reader.Values() {
				values = append(values, string(v))
			}
			list = append(list, strings.Join(values, "|"))
		}
	}
	check(results.Close())
	return list
}

// mysqlURL is $DATABASE_URL, where that is a MySQL or MariaDB database.
func mysqlURL() (address *url.URL, is bool) {
	address, err := url.Parse(os.Getenv("DATABASE_URL"))
	return address, err == nil && address.Scheme == "mysql"
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
