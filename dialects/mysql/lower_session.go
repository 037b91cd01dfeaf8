package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerSession lowers settings, transactions, and what changes no behaviour.
func (l *lowerer) lowerSession(stmt astStmt) []dialects.Change {
	switch s := stmt.(type) {
	case *astSet:
		return l.lowerSet(s)
	case *astUse:
		return single(dialects.Setting{Name: "database", Value: s.DBName})
	case *astBegin:
		return single(dialects.Transaction{Word: "begin"})
	case *astCommit:
		return single(dialects.Transaction{Word: chained("commit", s.CompletionType)})
	case *astRollback:
		return single(dialects.Transaction{Word: chained("rollback", s.CompletionType)})
	case *astSavepoint, *astReleaseSavepoint:
		return single(dialects.Transaction{Word: "savepoint"})
	case *astGrant, *astGrantRole:
		return single(dialects.Describe{What: "grant"})
	case *astRevoke, *astRevokeRole, *astCreateUser, *astAlterUser, *astDropUser, *astRenameUser, *astSetPassword:
		return l.lowerAccounts(stmt)
	case *astSetRole, *astSetDefaultRole:
		return single(dialects.Describe{What: "role"})
	case *astFlush:
		return lowerFlush(s)
	case *astShow, *astExplain:
		return single(dialects.Describe{What: "show"})
	}
	return nil
}

// lowerFlush lowers FLUSH. WITH READ LOCK locks the tables that it names; without any, the whole server: that has no table.
func lowerFlush(s *astFlush) []dialects.Change {
	if s.Tp != astFlushTables || !s.ReadLock {
		return single(dialects.Describe{What: "flush"})
	}
	if len(s.Tables) == 0 {
		return single(dialects.LockTable{Lock: globalReadLock})
	}
	var changes []dialects.Change
	for _, t := range s.Tables {
		changes = append(changes, dialects.LockTable{Table: tableName(t), Lock: "READ"})
	}
	return changes
}

// globalReadLock is what FLUSH TABLES WITH READ LOCK takes.
const globalReadLock dialects.Lock = "GLOBAL READ"

func chained(word string, c astCompletion) string {
	if c == chainCompletion {
		return word + " and chain"
	}
	return word
}

// lowerSet lowers SET. A user variable's name has its @; names of settings are in lower case, and a
// global one starts with global.
func (l *lowerer) lowerSet(s *astSet) []dialects.Change {
	var changes []dialects.Change
	for _, v := range s.Variables {
		name := strings.ToLower(v.Name)
		switch {
		case name == "setnames" || name == "setcharset":
			name = "names"
		case !v.IsSystem:
			name = "@" + v.Name
		case v.IsGlobal:
			name = "global " + name
		}
		changes = append(changes, dialects.Setting{Name: name, Value: writeExpression(v.Value)})
	}
	return changes
}
