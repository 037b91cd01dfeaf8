package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var accountRestricted = lint.Rule{
	ID: "account-restricted", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "An account loses rights, its password or its name while apps may be logged in with it",
		Condition: "REVOKE, DROP USER, DROP ROLE, RENAME USER, SET PASSWORD, or an ALTER USER that sets a password, locks the account, " +
			"lets its password expire or asks for encryption; and the same migration has not made the account before.",
		Effect: "Whoever logs in by what was known before is refused, and so is a statement that needs a right which is gone. What is " +
			"connected stays so, which hides it: a pool notices when it opens its next connection. Rights on tables and columns " +
			"end with the next statement, rights on a database with the next USE, global ones with the next connection.",
		Workaround: "Give the apps an account of their own with the new rights or password, move them over, and take the old one " +
			"away when no version uses it. MySQL keeps both passwords valid meanwhile with RETAIN CURRENT PASSWORD (from 8.0.14 " +
			"on). Then say so: -- segue:allow account-restricted REASON.",
	}, {
		Servers: onPostgres,
		Title:   "A role loses privileges, its password, its name or its login while apps may be using it",
		Condition: "REVOKE on a table, view, sequence, function, type, schema or database that was there before the file, or of a role's " +
			"membership in another, or OWNER TO of a table, view or sequence, where the same transaction grants nothing on it anew; DROP " +
			"ROLE; RENAME TO; an ALTER ROLE that sets a password, VALID UNTIL or NOLOGIN; and the same migration has not made the role " +
			"before. Left out are GRANT OPTION FOR, and CREATE, TEMPORARY, TRUNCATE, REFERENCES and TRIGGER, which are not for running apps.",
		Effect: "Each statement of an app version that needs a privilege which is gone fails from the moment that it commits, open connections " +
			"included. What the owner may do goes over to the next one with all else. Whoever logs in by what was known before is " +
			"refused; what is connected stays so, which hides it.",
		Workaround: "Give the apps another role with the new rights or password, move them over, and take the old one away when no version uses " +
			"it. Where a role keeps a part, revoke and grant in one transaction. Then say so: -- segue:allow account-restricted REASON.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			handedOver(p, change)
			c, ok := change.(dialects.Describe)
			if !ok {
				continue
			}
			if !hasMetadataLocks(p) && strings.HasPrefix(c.What, "revoke") {
				revoked(p, c)
				continue
			}
			what, ok := restrictions[c.What]
			if !ok || hasMade(p, c.Value) {
				continue
			}
			account := c.Value
			if account == "" {
				account = "the session's own account"
			}
			p.Report(lint.Finding{
				Message: fmt.Sprintf("%s %s while apps may be using it", account, what),
				Why:     "what is connected stays so; the next login, or the next statement that needs what is gone, is refused",
				Instead: "give the apps another account first, and take this one away when no version uses it",
			})
		}
	},
}

// restrictions are what keeps an account from what it could do, by the words of Describe.
var restrictions = map[string]string{
	"revoke":       "loses rights",
	"drop user":    "is dropped",
	"rename user":  "gets another name",
	"set password": "gets another password",
	"lock user":    "is locked, or can no longer log in as before,",
}

// hasMade reports whether the file has made all the accounts before the statement.
func hasMade(p *lint.Pass, accounts string) bool {
	made := map[string]bool{}
	for _, s := range p.Script.Up {
		if s.Start.Offset >= p.Statement.Start.Offset {
			break
		}
		for _, change := range s.Changes {
			if c, ok := change.(dialects.Describe); ok && c.What == "create user" {
				for account := range strings.SplitSeq(c.Value, ", ") {
					made[account] = true
				}
			}
		}
	}
	for account := range strings.SplitSeq(accounts, ", ") {
		if !made[account] {
			return false
		}
	}
	return true
}
