package postgres

import (
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/segue-db/segue/dialects"
)

// Fault classifies by SQLSTATE (PostgreSQL manual, Appendix A) and, where the server did not
// answer, by what became of the connection.
func (d *Database) Fault(err error) dialects.Fault {
	if err == nil {
		return dialects.FaultNone
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return dialects.FaultConnection
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return faultOf(server)
	}
	var network net.Error
	switch {
	case errors.Is(err, pgconn.ErrConnClosed), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.As(err, &network), pgconn.Timeout(err):
		return dialects.FaultConnection
	}
	return dialects.FaultOther
}

func faultOf(e *pgconn.PgError) dialects.Fault {
	switch e.Code {
	case "55P03":
		return dialects.FaultLockTimeout
	case "40P01":
		return dialects.FaultDeadlock
	case "40001":
		return dialects.FaultSerialization
	case "57P01", "57P02", "57P03", "57P05", "25P03", "25P04":
		// Shutdown, crash, starting up, or a timeout of the server's that ends the session.
		return dialects.FaultConnection
	case "42501":
		// Row security has no code of its own. Routines, unlike messages, are not translated: the
		// first stands for "query would be affected by row-level security policy", the second for
		// "new row violates row-level security policy".
		if e.Routine == "check_enable_rls" || e.Routine == "ExecWithCheckOptions" {
			return dialects.FaultRowSecurity
		}
		return dialects.FaultPrivilege
	case "25006":
		return dialects.FaultReadOnly
	case "42P01", "42703", "3F000", "3D000":
		return dialects.FaultMissing
	}
	switch {
	case strings.HasPrefix(e.Code, "08"):
		return dialects.FaultConnection
	case strings.HasPrefix(e.Code, "28"):
		return dialects.FaultPrivilege
	case strings.HasPrefix(e.Code, "23"):
		return dialects.FaultConstraint
	}
	return dialects.FaultOther
}
