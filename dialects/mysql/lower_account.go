package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerAccounts lowers what is done to accounts. Value is their names.
func (l *lowerer) lowerAccounts(stmt astStmt) []dialects.Change {
	c := dialects.Describe{What: "user"}
	var names []string
	specs := func(list []*astUserSpec) {
		for _, u := range list {
			if u.User != nil {
				names = append(names, u.User.String())
			}
		}
	}
	switch s := stmt.(type) {
	case *astCreateUser:
		c.What = "create user"
		specs(s.Specs)
	case *astRevoke:
		c.What = "revoke"
		specs(s.Users)
	case *astRevokeRole:
		c.What = "revoke"
		for _, u := range s.Users {
			names = append(names, u.String())
		}
	case *astDropUser:
		c.What = "drop user"
		for _, u := range s.UserList {
			names = append(names, u.String())
		}
	case *astRenameUser:
		c.What = "rename user"
		for _, u := range s.UserToUsers {
			names = append(names, u.OldUser.String())
		}
	case *astSetPassword:
		if c.What = "set password"; l.keepsPassword {
			c.What = "user"
		}
		if s.User != nil {
			names = append(names, s.User.String())
		}
	case *astAlterUser:
		if c.What = "user"; l.locksOut(s) {
			c.What = "lock user"
		}
		specs(s.Specs)
	}
	c.Value = strings.Join(names, ", ")
	return single(c)
}

// locksOut reports whether ALTER USER keeps somebody out who could log in before.
func (l *lowerer) locksOut(s *astAlterUser) bool {
	for _, u := range s.Specs {
		if u.AuthOpt != nil && !l.keepsPassword {
			return true
		}
	}
	for _, o := range s.PasswordOrLockOptions {
		if o.Type == astAccountLock || o.Type == astPasswordExpire {
			return true
		}
	}
	for _, o := range s.AuthTokenOrTLSOptions {
		if o.Type != astTLSNone {
			return true
		}
	}
	return l.dropsPassword
}
