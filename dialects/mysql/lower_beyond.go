package mysql

import "strings"

// beyond are the statements of both servers' manuals that the parser does not know, by their first words. They
// are about the server, or about files and replicas, and seldom in a migration: they are no mistakes.
var beyond = []string{
	"ALTER INSTANCE", "ALTER SERVER", "ALTER TABLESPACE", "ALTER UNDO", "BACKUP LOCK", "BACKUP STAGE", "BACKUP UNLOCK",
	"CACHE INDEX", "CHANGE MASTER", "CHANGE REPLICATION", "CHECK TABLE", "CHECK TABLES", "CHECK VIEW", "CHECKSUM TABLE", "CHECKSUM TABLES",
	"CREATE SERVER", "CREATE SPATIAL REFERENCE", "CREATE OR REPLACE SPATIAL", "CREATE OR REPLACE SERVER", "CREATE TABLESPACE",
	"CREATE UNDO", "DROP SERVER", "DROP SPATIAL REFERENCE", "DROP TABLESPACE", "DROP UNDO",
	"EXECUTE IMMEDIATE", "GET DIAGNOSTICS", "GET CURRENT DIAGNOSTICS", "HANDLER", "INSTALL COMPONENT", "INSTALL PLUGIN", "INSTALL SONAME",
	"KILL HARD", "KILL SOFT", "LOAD INDEX", "LOAD XML", "LOCK INSTANCE", "PURGE BINARY", "PURGE MASTER", "REPAIR LOCAL", "REPAIR NO_WRITE_TO_BINLOG",
	"REPAIR TABLE", "REPAIR TABLES", "REPAIR VIEW", "RESET BINARY", "RESET MASTER", "RESET PERSIST", "RESET REPLICA", "RESET SLAVE",
	"RESET QUERY", "RESIGNAL", "SET PERSIST_ONLY", "SIGNAL", "START ALL", "START GROUP_REPLICATION", "START REPLICA", "START SLAVE",
	"STOP ALL", "STOP GROUP_REPLICATION", "STOP REPLICA", "STOP SLAVE", "UNINSTALL COMPONENT", "UNINSTALL PLUGIN", "UNINSTALL SONAME",
	"UNLOCK INSTANCE", "XA",
}

// beyondParser are the first words of a statement that the parser does not know though the servers do; empty
// for others.
func (l *lowerer) beyondParser() string {
	a := amender{src: l.src, tokens: l.tokens}
	for _, words := range beyond {
		if a.is(0, strings.Fields(words)...) {
			return words
		}
	}
	return ""
}
