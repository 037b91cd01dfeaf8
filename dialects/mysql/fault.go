package mysql

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"io"
	"net"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
)

// Error numbers, which both servers share where nothing else is said. Source: MySQL's manual, Server
// Error Message Reference; MariaDB's, Error Codes.
const (
	codeAccessDenied       = 1045
	codeDatabaseDenied     = 1044
	codeTooManyConnections = 1040
	codeTooManyOfUser      = 1203
	codeHostNotAllowed     = 1130
	codeUnknownDatabase    = 1049
	codeNoSuchThread       = 1094
	codeNotOwner           = 1095
	codeUnknownVariable    = 1193
	codeNoSavepoint        = 1305
	codeQueryInterrupted   = 1317
	codeTableDenied        = 1142
	codeNeedsPrivilege     = 1227
	codeNotLocked          = 1100
)

// faults are the errors that the runner tells apart.
var faults = map[uint16]dialects.Fault{
	1205: dialects.FaultLockTimeout, // lock wait timeout exceeded: a row's or a table's
	3572: dialects.FaultLockTimeout, // NOWAIT
	1213: dialects.FaultDeadlock,
	3058: dialects.FaultDeadlock, // of user-level locks

	1412: dialects.FaultSerialization, // table definition has changed since the snapshot (dual-write.md, B6)
	1615: dialects.FaultSerialization, // prepared statement needs to be re-prepared
	1020: dialects.FaultSerialization, // record has changed since last read

	1053: dialects.FaultConnection, // shutdown in progress
	1077: dialects.FaultConnection, // normal shutdown
	1079: dialects.FaultConnection, // shutdown complete
	1080: dialects.FaultConnection, // forcing close of a session
	1152: dialects.FaultConnection, // aborted connection
	1184: dialects.FaultConnection, // the same, for a new one
	1159: dialects.FaultConnection, // timeout reading
	1161: dialects.FaultConnection, // timeout writing
	1927: dialects.FaultConnection, // killed (MariaDB)
	3169: dialects.FaultConnection, // session killed
	4031: dialects.FaultConnection, // disconnected by the server because of inactivity
	2006: dialects.FaultConnection, // server has gone away, as proxies say it
	2013: dialects.FaultConnection, // lost connection, likewise
	1429: dialects.FaultConnection, // cannot connect to a foreign source

	codeTooManyConnections: dialects.FaultConnection,
	codeTooManyOfUser:      dialects.FaultConnection,
	codeHostNotAllowed:     dialects.FaultConnection,

	codeDatabaseDenied: dialects.FaultPrivilege,
	codeAccessDenied:   dialects.FaultPrivilege,
	codeTableDenied:    dialects.FaultPrivilege,
	codeNeedsPrivilege: dialects.FaultPrivilege,
	1143:               dialects.FaultPrivilege, // a column
	1370:               dialects.FaultPrivilege, // a routine
	1410:               dialects.FaultPrivilege, // GRANT
	1419:               dialects.FaultPrivilege, // CREATE TRIGGER under the binary log
	1418:               dialects.FaultPrivilege, // CREATE FUNCTION likewise
	1698:               dialects.FaultPrivilege, // logging in

	1290: dialects.FaultReadOnly, // running with --read-only
	1836: dialects.FaultReadOnly, // running in read-only mode
	1792: dialects.FaultReadOnly, // a READ ONLY transaction
	1874: dialects.FaultReadOnly, // InnoDB is in read-only mode
	3989: dialects.FaultReadOnly, // the schema is in read-only mode

	1062: dialects.FaultConstraint, // duplicate entry
	1586: dialects.FaultConstraint, // the same, with the key's name
	1169: dialects.FaultConstraint, // the same, when a unique key is built
	1022: dialects.FaultConstraint, // the same, on writing
	1048: dialects.FaultConstraint, // column cannot be null
	1138: dialects.FaultConstraint, // invalid use of NULL
	1364: dialects.FaultConstraint, // no default value
	1216: dialects.FaultConstraint, // foreign keys
	1217: dialects.FaultConstraint,
	1451: dialects.FaultConstraint,
	1452: dialects.FaultConstraint,
	1761: dialects.FaultConstraint,
	1762: dialects.FaultConstraint,
	3819: dialects.FaultConstraint, // CHECK (MySQL)
	4025: dialects.FaultConstraint, // CHECK (MariaDB)
	1264: dialects.FaultConstraint, // out of range
	1265: dialects.FaultConstraint, // data truncated
	1292: dialects.FaultConstraint, // incorrect value
	1366: dialects.FaultConstraint, // incorrect value for a column
	1406: dialects.FaultConstraint, // data too long

	codeUnknownDatabase: dialects.FaultMissing,
	1146:                dialects.FaultMissing, // table
	1054:                dialects.FaultMissing, // column
	1051:                dialects.FaultMissing, // table, of DROP
	1091:                dialects.FaultMissing, // column or key, of ALTER TABLE ... DROP
	1109:                dialects.FaultMissing, // table, in a multi-table statement
	1176:                dialects.FaultMissing, // key
	1360:                dialects.FaultMissing, // trigger
}

// Fault classifies by error number and, where the server did not answer, by what became of the
// connection.
func (d *Database) Fault(err error) dialects.Fault {
	if err == nil {
		return dialects.FaultNone
	}
	var connect *connectError
	if errors.As(err, &connect) {
		return dialects.FaultConnection
	}
	var server *driver.MySQLError
	if errors.As(err, &server) {
		if fault, ok := faults[server.Number]; ok {
			return fault
		}
		return dialects.FaultOther
	}
	var network net.Error
	switch {
	case errors.Is(err, errLockWait):
		return dialects.FaultLockTimeout
	case errors.Is(err, sqldriver.ErrBadConn), errors.Is(err, driver.ErrInvalidConn), errors.Is(err, sql.ErrConnDone),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, context.DeadlineExceeded), errors.As(err, &network):
		return dialects.FaultConnection
	}
	return dialects.FaultOther
}
