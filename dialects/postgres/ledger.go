package postgres

import "fmt"

// LedgerTable is the name of one of segue's own tables, in the schema segue.
func (Dialect) LedgerTable(table string) string { return "segue." + table }

// LedgerGrant lets a role make the schema that the ledger lives in.
func (Dialect) LedgerGrant(database, user string) string {
	return fmt.Sprintf("GRANT CREATE ON DATABASE %s TO %s", quote(database), quote(user))
}

// LedgerDDL creates the ledger (design section 5). Words that another server reserves are avoided
// in column names, so that migrate's queries are the same text everywhere: app_group, copy_range,
// copy_cursor.
func (Dialect) LedgerDDL() []string {
	return []string{
		`CREATE SCHEMA IF NOT EXISTS segue`,
		`CREATE TABLE IF NOT EXISTS segue.ledger (
	only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
	version    integer NOT NULL,
	identity   text NOT NULL,
	created_at timestamptz NOT NULL
)`,
		`CREATE TABLE IF NOT EXISTS segue.migrations (
	project       text NOT NULL,
	version       text NOT NULL,
	name          text NOT NULL,
	checksum      text NOT NULL,
	state         text NOT NULL,
	phase         text NOT NULL,
	direction     text NOT NULL,
	reason        text NOT NULL DEFAULT '',
	plan          json NOT NULL,
	digest        text NOT NULL,
	host          text NOT NULL,
	pid           integer NOT NULL,
	actor         text NOT NULL,
	started_at    timestamptz NOT NULL,
	phase_at      timestamptz NOT NULL,
	finished_at   timestamptz,
	segue_version text NOT NULL,
	PRIMARY KEY (project, version)
)`,
		`CREATE TABLE IF NOT EXISTS segue.steps (
	project      text NOT NULL,
	migration    text NOT NULL,
	step         text NOT NULL,
	state        text NOT NULL,
	attempts     integer NOT NULL,
	started_at   timestamptz NOT NULL,
	finished_at  timestamptz,
	lock_wait_ms bigint NOT NULL DEFAULT 0,
	error        text NOT NULL DEFAULT '',
	PRIMARY KEY (project, migration, step)
)`,
		`CREATE TABLE IF NOT EXISTS segue.backfills (
	project     text NOT NULL,
	migration   text NOT NULL,
	step        text NOT NULL,
	copy_range  text NOT NULL,
	spec        json NOT NULL,
	copy_cursor text NOT NULL,
	rows_done   bigint NOT NULL,
	rows_total  bigint NOT NULL,
	batch_size  integer NOT NULL,
	state       text NOT NULL,
	waiting_for text NOT NULL DEFAULT '',
	updated_at  timestamptz NOT NULL,
	PRIMARY KEY (project, migration, step, copy_range)
)`,
		`CREATE TABLE IF NOT EXISTS segue.app_versions (
	app          text NOT NULL,
	version      text NOT NULL,
	app_group    text NOT NULL,
	state        text NOT NULL,
	manifest     json,
	start_seq    bigint NOT NULL,
	previous     json,
	started_at   timestamptz NOT NULL,
	last_seen_at timestamptz NOT NULL,
	retired_at   timestamptz,
	baseline     json,
	PRIMARY KEY (app, version, app_group)
)`,
		`CREATE TABLE IF NOT EXISTS segue.events (
	id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at        timestamptz NOT NULL,
	actor     text NOT NULL,
	host      text NOT NULL,
	db_user   text NOT NULL,
	project   text NOT NULL,
	action    text NOT NULL,
	migration text NOT NULL DEFAULT '',
	detail    json NOT NULL
)`,
	}
}
