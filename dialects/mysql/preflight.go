package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Preflight finds what would make the plan fail for this user, or lose something on this server that
// the catalog does not show. It changes nothing.
func (d *Database) Preflight(ctx context.Context, q dialects.Queryer, c *dialects.Catalog, copy dialects.CopySpec) error {
	p := d.dialect().pairOf(c, dialects.DualWriteSpec{Table: copy.Table, Old: copy.From, New: copy.To, Accepted: copy.Accepted})
	f := &preflight{Queryer: q, ctx: ctx, pair: p}
	if err := f.read(); err != nil {
		return fmt.Errorf("checking whether %s can be changed: %w", copy.Table, err)
	}
	var reasons []string
	for _, check := range []struct {
		what string
		find func() ([]string, error)
	}{
		{"the server", f.badServer}, {"replication", f.badReplication}, {"the privileges", f.badPrivileges},
		{"other tools' tables", f.otherTools}, {"the values", f.badValues},
	} {
		found, err := check.find()
		if err != nil {
			return fmt.Errorf("checking %s for %s: %w", check.what, copy.Table, err)
		}
		reasons = append(reasons, found...)
	}
	if len(reasons) > 0 {
		return p.refusal(reasons)
	}
	return nil
}

// preflight is one round of checks.
type preflight struct {
	dialects.Queryer
	ctx context.Context
	*pair
	name     dialects.Name // the table's, with its schema
	user     string
	version  string
	comment  string
	grants   grants
	settings map[string]string // global variables, in lower case
}

func (f *preflight) read() error {
	f.name = f.spec.Table
	var schema string
	err := dialects.ReadRow(f.ctx, f, `SELECT DATABASE(), CURRENT_USER(), @@version, @@version_comment`, nil,
		&schema, &f.user, &f.version, &f.comment)
	if err != nil {
		return err
	}
	if f.name.Schema == "" {
		f.name.Schema = schema
	}
	if f.grants, err = readGrants(f.ctx, f); err != nil {
		return err
	}
	f.settings = map[string]string{}
	var name, value string
	return dialects.ReadRows(f.ctx, f, `SHOW GLOBAL VARIABLES WHERE variable_name IN ('log_bin', 'log_bin_trust_function_creators', 'binlog_format',
  'read_only', 'super_read_only', 'innodb_read_only', 'explicit_defaults_for_timestamp')`, nil, func() error {
		f.settings[strings.ToLower(name)] = value
		return nil
	}, &name, &value)
}

// accepts reports whether the author accepted a risk.
func (f *preflight) accepts(risk string) bool { return slices.Contains(f.spec.Accepted, risk) }

func (f *preflight) badServer() ([]string, error) {
	var reasons []string
	flavour, err := flavour(f.ctx, f, f.version, f.comment)
	if err != nil {
		return nil, err
	}
	reasons = append(reasons, f.badFlavour(flavour)...)
	if f.settings["innodb_read_only"] == "ON" {
		reasons = append(reasons, "InnoDB is read-only on this server (innodb_read_only); run on the one that takes writes")
	}
	return reasons, nil
}

func (f *preflight) badFlavour(flavour dialects.Flavour) []string {
	switch flavour {
	case dialects.Vitess:
		return []string{"the server is Vitess, which has neither triggers nor LOCK TABLES across its shards; use Vitess's own migrations"}
	case dialects.TiDB:
		return []string{"the server is TiDB, which has no triggers, so the two columns could not be kept in step; add the new column, have apps write both, and drop the old one"}
	case dialects.Galera, dialects.MultiPrimary:
		if !f.accepts(dialects.MultiPrimaryRisk) {
			return []string{fmt.Sprintf("the server is part of a cluster (%s): its locks hold on this node alone, so at contract an app on another node could write between two statements; send all writes of the app to this node while the migration runs, and say so: -- segue:allow %s REASON",
				flavour, dialects.MultiPrimaryRisk)}
		}
	}
	return nil
}

// badReplication: what a replica applies from a row-based binary log runs no triggers, as under
// Postgres's replica role (dual-write.md, A7, A14). From a log of statements the triggers would run
// once more on each replica, whose session variables are others; and a READ COMMITTED session, as
// segue's are, cannot write one at all. With MIXED the server logs such a session's writes as rows,
// and what it does log as statements gives the same values on the replica: the triggers go by values.
func (f *preflight) badReplication() ([]string, error) {
	var reasons []string
	if f.settings["log_bin"] == "ON" && f.settings["binlog_format"] == "STATEMENT" {
		reasons = append(reasons, "the binary log holds statements (binlog_format = STATEMENT), which replicas would run with other session variables; set binlog_format = ROW, and let all sessions begin anew")
	}
	if f.accepts(dialects.MultiPrimaryRisk) {
		return reasons, nil
	}
	applies, err := f.applies()
	if err != nil {
		return nil, err
	}
	return append(reasons, applies...), nil
}

// applies tells whether the server applies another's changes. Group replication's own channels run on its
// primary too.
func (f *preflight) applies() ([]string, error) {
	const reason = "the server applies changes of another (replication), and rows that come by it run no triggers; run on the source, whose changes arrive here, or if apps write to both: -- segue:allow " + dialects.MultiPrimaryRisk + " REASON"
	running := 0
	if f.isMariaDB() {
		var n string
		err := dialects.ReadRows(f.ctx, f, `SHOW GLOBAL STATUS LIKE 'Slaves_running'`, nil, func() error { return nil }, new(string), &n)
		if err != nil {
			return nil, err
		}
		if n != "" && n != "0" {
			running = 1
		}
	} else {
		seen, err := permitted(f, func() error {
			return dialects.ReadRow(f.ctx, f, `SELECT COUNT(*) FROM performance_schema.replication_applier_status
WHERE service_state = 'ON' AND channel_name NOT LIKE 'group\\_replication\\_%'`, nil, &running)
		})
		if err != nil {
			return nil, err
		}
		if !seen {
			return []string{fmt.Sprintf("%s may not see whether the server is a replica; GRANT SELECT ON performance_schema.* TO %[1]s", quoteAccount(f.user))}, nil
		}
	}
	if running > 0 {
		return []string{reason}, nil
	}
	return nil, nil
}

// badPrivileges: a trigger runs as the account that made it, without that one's roles on MariaDB; what
// it lacks then fails the app's write, not segue's.
func (f *preflight) badPrivileges() ([]string, error) {
	all := f.grants
	account := quoteAccount(f.user)
	var lacking, lackingDirect []string
	for _, privilege := range []string{"ALTER", "SELECT", "UPDATE", "TRIGGER", "LOCK TABLES"} {
		switch {
		case !all.has(privilege, &f.name):
			lacking = append(lacking, privilege)
		case privilege != "ALTER" && privilege != "LOCK TABLES" && !all.direct().has(privilege, &f.name):
			lackingDirect = append(lackingDirect, privilege)
		}
	}
	var reasons []string
	say := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	if len(lacking) > 0 {
		say("%s lacks privileges on %s: GRANT %s ON %s.* TO %[1]s", account, f.spec.Table, strings.Join(lacking, ", "), quote(f.name.Schema))
	}
	if len(lackingDirect) > 0 {
		say("%s has %s on %s by a role alone, and a trigger runs without its maker's roles: every write of the apps would fail; GRANT %[2]s ON %[4]s.* TO %[1]s",
			account, strings.Join(lackingDirect, ", "), f.spec.Table, quote(f.name.Schema))
	}
	if !all.has("PROCESS", nil) {
		say("%s may not see which transactions run, and old ones must have ended before the triggers change; GRANT PROCESS ON *.* TO %[1]s", account)
	}
	if f.settings["log_bin"] == "ON" && f.settings["log_bin_trust_function_creators"] == "OFF" && !all.has("SUPER", nil) {
		say("the server lets nobody without SUPER make a trigger while it writes a binary log (error 1419); SET GLOBAL log_bin_trust_function_creators = ON, in its configuration file too, or in the provider's parameter group")
	}
	return reasons, nil
}

// quoteAccount quotes user@host, whose user may have an @ in it.
func quoteAccount(account string) string {
	at := strings.LastIndex(account, "@")
	if at < 0 {
		return quoteLiteral(account)
	}
	return quoteLiteral(account[:at]) + "@" + quoteLiteral(account[at+1:])
}

// otherTools are online schema changes that are under way on the table, or were left there: they
// copy rows to a table of their own, which lacks our triggers, and put that in the table's place.
func (f *preflight) otherTools() ([]string, error) {
	var names []string
	for _, end := range []string{"_gho", "_ghc", "_ghk", "_del", "_new", "_old", "_chkpnt"} {
		names = append(names, quoteLiteral("_"+f.name.Name+end))
	}
	var reasons []string
	var kind, name string
	err := dialects.ReadRows(f.ctx, f, fmt.Sprintf(`SELECT 'table', table_name FROM information_schema.tables WHERE table_schema = %[1]s AND table_name IN (%[2]s)
UNION ALL
SELECT 'trigger', trigger_name FROM information_schema.triggers WHERE event_object_schema = %[1]s AND event_object_table = %[3]s AND trigger_name LIKE 'pt\\_osc\\_%%'`,
		quoteLiteral(f.name.Schema), strings.Join(names, ", "), quoteLiteral(f.name.Name)), nil, func() error {
		reasons = append(reasons, fmt.Sprintf("%s %s belongs to another tool's schema change of %s (gh-ost, pt-online-schema-change, spirit); let that end, or take it back, and drop what it left", kind, name, f.spec.Table))
		return nil
	}, &kind, &name)
	return reasons, err
}

// badValues is what keeps the rows from being copied, and what of them the triggers would take for
// something else.
func (f *preflight) badValues() ([]string, error) {
	if f.pair.table == nil || f.old == nil {
		return f.missing(), nil
	}
	var reasons []string
	if f.key() == nil {
		reasons = append(reasons, fmt.Sprintf("%s has no primary key, nor another unique key of whole NOT NULL columns that queries may use, and segue copies rows by such a key; add one first", f.spec.Table))
	}
	if f.settings["explicit_defaults_for_timestamp"] == "OFF" && f.old.NotNull && parseType(f.old.Type).base == "timestamp" {
		reasons = append(reasons, fmt.Sprintf("with explicit_defaults_for_timestamp = OFF a NULL for %s becomes the time of the write, which no trigger sees; set it ON", f.oldName()))
	}
	if f.omitted == "" || !f.grants.has("SELECT", &f.name) {
		return reasons, nil
	}
	var found bool
	err := dialects.ReadRow(f.ctx, f, fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM %s AS %s WHERE %s)",
		qualified(f.spec.Table), rowAlias, identical(quote(f.old.Name), f.omitted)), nil, &found)
	if found {
		reasons = append(reasons, fmt.Sprintf("a row of %s has the value %s in %s, by which the triggers would know that a column was not given; change it first", f.spec.Table, f.omitted, f.spec.Old))
	}
	return reasons, err
}

var _ dialects.Database = (*Database)(nil)
