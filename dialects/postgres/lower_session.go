package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// transactionWords are the parser's kinds of transaction statement.
var transactionWords = map[string]string{
	"TRANS_STMT_BEGIN":             "begin",
	"TRANS_STMT_START":             "begin",
	"TRANS_STMT_COMMIT":            "commit",
	"TRANS_STMT_ROLLBACK":          "rollback",
	"TRANS_STMT_SAVEPOINT":         "savepoint",
	"TRANS_STMT_RELEASE":           "release",
	"TRANS_STMT_ROLLBACK_TO":       "rollback to",
	"TRANS_STMT_PREPARE":           "prepare transaction",
	"TRANS_STMT_COMMIT_PREPARED":   "commit prepared",
	"TRANS_STMT_ROLLBACK_PREPARED": "rollback prepared",
}

// lowerSession lowers what concerns the session, and what changes no behaviour.
func (l *lowerer) lowerSession(stmt *astNode) []dialects.Change {
	describe := func(what string, table dialects.Name) []dialects.Change {
		return single(dialects.Describe{What: what, Table: table})
	}
	switch s := unwrap(stmt).(type) {
	case *astVariableSetStmt:
		if set := lowerSet(s); set.Name == "standard_conforming_strings" && isOff(set.Value) {
			return single(dialects.Opaque{Reason: "with standard_conforming_strings off a backslash escapes, and segue reads what follows as if it were on"})
		} else {
			return single(set)
		}
	case *astTransactionStmt:
		word := transactionWords[s.Kind.String()]
		if s.Chain {
			word += " and chain"
		}
		return single(dialects.Transaction{Word: word})
	case *astCommentStmt:
		return single(lowerComment(s))
	case *astSecLabelStmt:
		return describe("security label", dialects.Name{})
	case *astGrantStmt:
		return lowerGrant(s)
	case *astCreateRoleStmt:
		return single(dialects.Describe{What: "create user", Value: s.Role})
	case *astAlterRoleStmt:
		return single(dialects.Describe{What: alteredRole(s), Value: s.Role.GetRolename()})
	case *astDropRoleStmt:
		return single(dialects.Describe{What: "drop user", Value: strings.Join(rolesIn(s.Roles), ", ")})
	case *astGrantRoleStmt:
		what := "grant role"
		if !s.IsGrant {
			what = "revoke role"
		}
		return single(dialects.Describe{What: what, Value: strings.Join(rolesIn(s.GrantedRoles), ", "), Roles: rolesIn(s.GranteeRoles)})
	case *astAlterDefaultPrivilegesStmt:
		return describe("alter default privileges", dialects.Name{})
	case *astAlterRoleSetStmt:
		c := dialects.Describe{What: "set default", Value: lowerSet(s.Setstmt).Name, Object: dialects.ObjectKey{
			Kind: dialects.DatabaseObject, Name: dialects.Name{Name: s.Database}}}
		if s.Role != nil {
			c.Roles = rolesIn([]*astNode{wrap(s.Role)})
		}
		return single(c)
	case *astExplainStmt:
		if option(s.Options, "analyze") {
			return l.lower(s.Query)
		}
		return describe("explain", dialects.Name{})
	case *astVariableShowStmt:
		return describe("show", dialects.Name{})
	case *astConstraintsSetStmt:
		return describe("set constraints", dialects.Name{})
	case *astDiscardStmt:
		return describe("discard", dialects.Name{})
	case *astNotifyStmt:
		return describe("notify", dialects.Name{})
	case *astListenStmt, *astUnlistenStmt:
		return describe("listen", dialects.Name{})
	case *astDeallocateStmt:
		return describe("deallocate", dialects.Name{})
	case *astCheckPointStmt:
		return describe("checkpoint", dialects.Name{})
	}
	return nil
}

// lowerSet lowers SET and RESET; a RESET has no value.
func lowerSet(s *astVariableSetStmt) dialects.Setting {
	words := make([]string, len(s.Args))
	for i, arg := range s.Args {
		words[i] = argText(arg)
	}
	name := s.Name
	switch s.Kind.String() {
	case "VAR_RESET_ALL":
		name = "all"
	case "VAR_SET_MULTI": // SET TRANSACTION, SET SESSION CHARACTERISTICS
		name, words = strings.ToLower(s.Name), nil
	}
	return dialects.Setting{Name: name, Value: strings.Join(words, ", "), Local: s.IsLocal}
}

// isOff reports whether a setting's value is a boolean's false.
func isOff(value string) bool {
	switch strings.ToLower(value) {
	case "off", "false", "no", "0":
		return true
	}
	return false
}

// lowerComment lowers COMMENT ON a table, or on a part of one, with the table.
func lowerComment(s *astCommentStmt) dialects.Change {
	c := dialects.Describe{What: "comment", Value: s.Comment}
	switch s.Objtype.String() {
	case "OBJECT_TABLE":
		c.Table = objectName(s.Object)
	case "OBJECT_COLUMN":
		table, column := partName(s.Object)
		c.Table, c.Column = table, column.Name
	case "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE":
		c.Table, _ = partName(s.Object)
	}
	return c
}
