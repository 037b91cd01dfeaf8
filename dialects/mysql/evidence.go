package mysql

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Evidence reads the sessions and the statements of this database from performance_schema, where
// that is on. It runs inside contract's transaction too.
func (d *Database) Evidence(ctx context.Context, q dialects.Queryer) (dialects.Evidence, error) {
	var e dialects.Evidence
	var on bool
	if err := dialects.ReadRow(ctx, q, `SELECT @@performance_schema`, nil, &on); err != nil {
		return e, fmt.Errorf("reading which sessions there are: %w", err)
	}
	if !on {
		e.Absent = append(e.Absent, "performance_schema is off: the server shows neither the apps' names nor their statements (performance_schema=ON)")
		return e, nil
	}
	if err := sessionUse(ctx, q, &e); err != nil {
		return dialects.Evidence{}, fmt.Errorf("reading which sessions there are: %w", err)
	}
	if err := statementUse(ctx, q, &e); err != nil {
		return dialects.Evidence{}, fmt.Errorf("reading the server's statement statistics: %w", err)
	}
	return e, nil
}

// sessionUse lists sessions whose connection attribute program_name is APP@VERSION. Those that
// chose no database count: they may name this one in their statements.
func sessionUse(ctx context.Context, q dialects.Queryer, e *dialects.Evidence) error {
	var name, pid, command string
	var idle int64
	may, err := permitted(q, func() error {
		return dialects.ReadRows(ctx, q, `/* segue: evidence */
SELECT a.attr_value, CAST(t.processlist_id AS CHAR), COALESCE(t.processlist_command, ''), COALESCE(t.processlist_time, 0)
FROM performance_schema.session_connect_attrs a
JOIN performance_schema.threads t ON t.processlist_id = a.processlist_id
WHERE a.attr_name = 'program_name' AND (t.processlist_db = DATABASE() OR t.processlist_db IS NULL)
  AND t.processlist_id <> CONNECTION_ID()
ORDER BY 1, t.processlist_id`, nil, func() error {
			app, version, ok := appVersion(name)
			if !ok {
				return nil
			}
			s := dialects.SessionUse{App: app, Version: version, PID: pid}
			if command == "Sleep" {
				s.Idle = time.Duration(max(0, idle)) * time.Second
			}
			e.Sessions = append(e.Sessions, s)
			return nil
		}, &name, &pid, &command, &idle)
	})
	if err == nil && !may {
		e.Unreadable = append(e.Unreadable, "the sessions' names may not be read by this user (GRANT SELECT ON performance_schema.*)")
	}
	return err
}

// appVersion reads APP@VERSION, neither with a space or another @ in it.
func appVersion(name string) (app, version string, ok bool) {
	app, version, ok = strings.Cut(name, "@")
	return app, version, ok && app != "" && version != "" && !strings.ContainsAny(name, " \t\r\n") && !strings.Contains(version, "@")
}

// statementUse reads the statements' digests: texts without constants, each counted since the server
// began, for sessions whose database is this one. A digest keeps no comment, so segue's own are told
// by the sample that MySQL keeps of each, and everywhere by what they call things: an identifier
// that starts with segue_ is in all of them. MariaDB leaves out what is prepared by the protocol.
func statementUse(ctx context.Context, q dialects.Queryer, e *dialects.Evidence) error {
	sample := "''"
	if c := connectionOf(q); c != nil && c.database.known().Kind == dialects.MySQL {
		sample = "COALESCE(LEFT(query_sample_text, 100), '')"
	}
	var s dialects.StatementUse
	var text, last string
	var lost int64
	may, err := permitted(q, func() error {
		err := dialects.ReadRow(ctx, q, `/* segue: evidence */
SELECT COALESCE(SUM(count_star), 0) FROM performance_schema.events_statements_summary_by_digest WHERE digest IS NULL`, nil, &lost)
		if err != nil {
			return err
		}
		return dialects.ReadRows(ctx, q, `/* segue: evidence */
SELECT digest, COALESCE(digest_text, ''), count_star, last_seen, `+sample+`
FROM performance_schema.events_statements_summary_by_digest
WHERE schema_name = DATABASE() AND digest IS NOT NULL
ORDER BY last_seen DESC, digest`, nil, func() error {
			if strings.HasPrefix(last, "/* segue:") || strings.Contains(text, "`segue_") {
				return nil
			}
			// MySQL counts a prepared statement's calls as EXECUTE and its text.
			s.Query = strings.TrimPrefix(text, "EXECUTE ")
			e.Statements = append(e.Statements, s)
			return nil
		}, &s.ID, &text, &s.Calls, &s.LastSeen, &last)
	})
	switch {
	case err != nil:
		return err
	case !may:
		e.Unreadable = append(e.Unreadable, "the statement statistics may not be read by this user (GRANT SELECT ON performance_schema.*)")
	case lost > 0:
		e.Unreadable = append(e.Unreadable, fmt.Sprintf("the statement statistics are full, and %d calls are counted together "+
			"(TRUNCATE TABLE performance_schema.events_statements_summary_by_digest begins them anew; performance_schema_digests_size makes room for more)", lost))
	}
	return nil
}
