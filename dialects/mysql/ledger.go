package mysql

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// LedgerTable is the name of one of segue's own tables: in the migrated database, with a prefix.
func (Dialect) LedgerTable(table string) string { return ledgerPrefix + table }

const ledgerPrefix = "segue_"

// ledgerNames are the ledger's tables, for information_schema. What else begins as they do is its owner's.
const ledgerNames = `('segue_ledger', 'segue_migrations', 'segue_steps', 'segue_backfills', 'segue_app_versions', 'segue_events')`

// ledgerOptions hold whatever the database's defaults are.
const ledgerOptions = ` ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=`

// ledgerCollations compare by bytes, trailing blanks included, as Postgres does. To utf8mb4_bin 'a' is 'a '.
var ledgerCollations = map[dialects.Kind]string{
	dialects.MySQL: "utf8mb4_0900_bin", dialects.MariaDB: "utf8mb4_nopad_bin",
}

// LedgerGrant lets a user make the ledger's tables and write them. A user is name@host, or a name alone.
func (Dialect) LedgerGrant(database, user string) string {
	name, host, hosted := strings.Cut(user, "@")
	account := quoteLiteral(name)
	if hosted {
		account += "@" + quoteLiteral(host)
	}
	return fmt.Sprintf("GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON %s.* TO %s", quote(database), account)
}

// LedgerDDL creates the ledger (design section 5), in the columns of Postgres's. Keys hold 3072
// bytes, four for a character, so what is in one is 191 characters long at most. Points in time are
// DATETIME in UTC: a TIMESTAMP is read in the session's time zone and ends in 2038. JSON is kept
// as text, which both servers hand back byte for byte as it came, so that a digest holds.
func (d Dialect) LedgerDDL() []string {
	tables := []string{
		`CREATE TABLE IF NOT EXISTS segue_ledger (
	only_row   tinyint NOT NULL PRIMARY KEY DEFAULT 1,
	version    int NOT NULL,
	identity   text NOT NULL,
	created_at datetime(6) NOT NULL,
	CONSTRAINT segue_ledger_only_row CHECK (only_row = 1)
)`,
		`CREATE TABLE IF NOT EXISTS segue_migrations (
	project       varchar(191) NOT NULL,
	version       varchar(191) NOT NULL,
	name          text NOT NULL,
	checksum      varchar(191) NOT NULL,
	state         varchar(191) NOT NULL,
	phase         varchar(191) NOT NULL,
	direction     varchar(191) NOT NULL,
	reason        text NOT NULL DEFAULT (''),
	plan          longtext NOT NULL,
	digest        varchar(191) NOT NULL,
	host          varchar(255) NOT NULL,
	pid           int NOT NULL,
	actor         varchar(255) NOT NULL,
	started_at    datetime(6) NOT NULL,
	phase_at      datetime(6) NOT NULL,
	finished_at   datetime(6) NULL,
	segue_version varchar(191) NOT NULL,
	PRIMARY KEY (project, version)
)`,
		`CREATE TABLE IF NOT EXISTS segue_steps (
	project      varchar(191) NOT NULL,
	migration    varchar(191) NOT NULL,
	step         varchar(191) NOT NULL,
	state        varchar(191) NOT NULL,
	attempts     int NOT NULL,
	started_at   datetime(6) NOT NULL,
	finished_at  datetime(6) NULL,
	lock_wait_ms bigint NOT NULL DEFAULT 0,
	error        longtext NOT NULL DEFAULT (''),
	PRIMARY KEY (project, migration, step)
)`,
		`CREATE TABLE IF NOT EXISTS segue_backfills (
	project     varchar(191) NOT NULL,
	migration   varchar(191) NOT NULL,
	step        varchar(191) NOT NULL,
	copy_range  varchar(191) NOT NULL,
	spec        longtext NOT NULL,
	copy_cursor longtext NOT NULL,
	rows_done   bigint NOT NULL,
	rows_total  bigint NOT NULL,
	batch_size  int NOT NULL,
	state       varchar(191) NOT NULL,
	waiting_for text NOT NULL DEFAULT (''),
	updated_at  datetime(6) NOT NULL,
	PRIMARY KEY (project, migration, step, copy_range)
)`,
		`CREATE TABLE IF NOT EXISTS segue_app_versions (
	app          varchar(191) NOT NULL,
	version      varchar(191) NOT NULL,
	app_group    varchar(191) NOT NULL,
	state        varchar(191) NOT NULL,
	manifest     longtext NULL,
	start_seq    bigint NOT NULL,
	previous     longtext NULL,
	started_at   datetime(6) NOT NULL,
	last_seen_at datetime(6) NOT NULL,
	retired_at   datetime(6) NULL,
	baseline     longtext NULL,
	PRIMARY KEY (app, version, app_group)
)`,
		`CREATE TABLE IF NOT EXISTS segue_events (
	id        bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
	at        datetime(6) NOT NULL,
	actor     varchar(255) NOT NULL,
	host      varchar(255) NOT NULL,
	db_user   varchar(255) NOT NULL,
	project   varchar(191) NOT NULL,
	action    varchar(191) NOT NULL,
	migration varchar(191) NOT NULL DEFAULT '',
	detail    longtext NOT NULL
)`,
	}
	for i := range tables {
		tables[i] += ledgerOptions + ledgerCollations[d.Kind()]
	}
	return tables
}
