package mysql

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Server asks what is at the other end. The identity is the server's own (server_uuid, on MariaDB
// server_uid) and the database's name: a dump restored elsewhere differs in it, and so does a
// replica that was promoted, since nothing that replicas share is told to everybody.
func (d *Database) Server(ctx context.Context, q dialects.Queryer) (dialects.Server, error) {
	var version, comment string
	var readOnly string
	s := dialects.Server{Host: d.address()}
	err := dialects.ReadRow(ctx, q, `/* segue: server */
SELECT @@version, @@version_comment, COALESCE(DATABASE(), ''), CURRENT_USER(),
       CAST(@@global.read_only AS CHAR)`,
		nil, &version, &comment, &s.Database, &s.User, &readOnly)
	if err != nil {
		return dialects.Server{}, fmt.Errorf("asking the server what it is: %w", err)
	}
	// From MariaDB 12 on read_only has words of its own, all but two of which forbid writing.
	s.ReadOnly = readOnly != "0" && readOnly != "OFF"
	if s.Version, err = readVersion(version); err != nil {
		return dialects.Server{}, fmt.Errorf("asking the server what it is: %w", err)
	}
	if s.Flavour, err = flavour(ctx, q, version, comment); err != nil {
		return dialects.Server{}, fmt.Errorf("asking the server what it is: %w", err)
	}
	server, err := serverIdentity(ctx, q, s.Version.Kind)
	if err != nil {
		return dialects.Server{}, fmt.Errorf("asking the server for its identifier: %w", err)
	}
	s.Identity = server + "/" + s.Database

	if s.Pooled, err = d.pooled(ctx, q); err != nil {
		return dialects.Server{}, err
	}
	return s, nil
}

// serverIdentity tells servers apart. MariaDB has had server_uid since 10.5.26, 10.6.19, 10.11.9 and
// 11.1; what stands for it before changes with the host's name.
func serverIdentity(ctx context.Context, q dialects.Queryer, kind dialects.Kind) (string, error) {
	var id string
	if kind == dialects.MySQL {
		err := dialects.ReadRow(ctx, q, `SELECT @@server_uuid`, nil, &id)
		return id, err
	}
	err := dialects.ReadRow(ctx, q, `SELECT @@server_uid`, nil, &id)
	if isCode(err, codeUnknownVariable) {
		err = dialects.ReadRow(ctx, q, `SELECT CONCAT(@@hostname, ':', @@port, ':', @@server_id)`, nil, &id)
	}
	return id, err
}

// release is 9.7.4, 8.0.36-28 or 10.11.19-MariaDB-log. Old clients were given MariaDB's behind 5.5.5-.
var release = regexp.MustCompile(`^(?:5\.5\.5-)?(\d+)\.(\d+)(?:\.(\d+))?`)

// readVersion reads @@version.
func readVersion(text string) (dialects.Version, error) {
	m := release.FindStringSubmatch(text)
	if m == nil {
		return dialects.Version{}, fmt.Errorf("reading the server's version: %q is none", text)
	}
	v := dialects.Version{Kind: dialects.MySQL}
	if strings.Contains(strings.ToLower(text), "mariadb") {
		v.Kind = dialects.MariaDB
	}
	v.Major, _ = strconv.Atoi(m[1])
	v.Minor, _ = strconv.Atoi(m[2])
	v.Patch, _ = strconv.Atoi(m[3])
	return v, nil
}

// flavour is what stands behind the protocol, where that is not the plain server.
func flavour(ctx context.Context, q dialects.Queryer, version, comment string) (dialects.Flavour, error) {
	says := strings.ToLower(version + " " + comment)
	for name, is := range map[string]dialects.Flavour{
		"vitess": dialects.Vitess, "tidb": dialects.TiDB, "planetscale": dialects.Vitess,
	} {
		if strings.Contains(says, name) {
			return is, nil
		}
	}
	var galera string
	err := dialects.ReadRows(ctx, q, `SHOW GLOBAL VARIABLES LIKE 'wsrep_on'`, nil, func() error { return nil }, new(string), &galera)
	if err != nil {
		return "", err
	}
	if galera == "ON" {
		return dialects.Galera, nil
	}
	var single string
	err = dialects.ReadRows(ctx, q, `SHOW GLOBAL VARIABLES LIKE 'group_replication_single_primary_mode'`, nil,
		func() error { return nil }, new(string), &single)
	if err != nil {
		return "", err
	}
	if single != "" {
		var members int
		err := dialects.ReadRow(ctx, q, `SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE member_state = 'ONLINE'`, nil, &members)
		if err != nil || members == 0 {
			return "", err
		}
		if single == "OFF" {
			return dialects.MultiPrimary, nil
		}
	}
	return "", nil
}

// TerminateBlocker ends a session. One that has ended already is none in the way.
func (d *Database) TerminateBlocker(ctx context.Context, q dialects.Queryer, session string) error {
	id, err := strconv.ParseUint(session, 10, 64)
	if err != nil || id == 0 {
		return fmt.Errorf("ending session %q: it has no connection; a prepared XA transaction is ended with XA ROLLBACK", session)
	}
	_, err = q.Exec(ctx, fmt.Sprintf("KILL CONNECTION %d", id))
	switch {
	case isCode(err, codeNoSuchThread):
		return nil
	case isCode(err, codeNotOwner):
		return fmt.Errorf("ending session %d (the user must be that session's, or have CONNECTION_ADMIN, on MariaDB CONNECTION ADMIN): %w", id, err)
	case err != nil:
		return fmt.Errorf("ending session %d: %w", id, err)
	}
	return nil
}
