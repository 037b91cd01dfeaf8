package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerGrant lowers GRANT and REVOKE: a change for each object. Of all tables in a schema the schema is the object.
func lowerGrant(s *astGrantStmt) []dialects.Change {
	c := dialects.Describe{What: "revoke", Value: privileges(s.Privileges), Roles: rolesIn(s.Grantees)}
	switch {
	case s.IsGrant:
		c.What = "grant"
	case s.GrantOption:
		c.What = "revoke grant option"
	}
	kind := objectKind(s.Objtype.String())
	if s.Targtype.String() == "ACL_TARGET_ALL_IN_SCHEMA" {
		kind = dialects.Schema
	}
	var changes []dialects.Change
	for _, n := range s.Objects {
		c := c
		name := objectName(n)
		if s.Objtype.String() == "OBJECT_TABLE" && kind != dialects.Schema {
			c.Table = name
		} else {
			c.Object = dialects.ObjectKey{Kind: kind, Name: name}
		}
		changes = append(changes, c)
	}
	if changes == nil {
		return single(c)
	}
	return changes
}

// privileges are in lower case, with commas between.
func privileges(list []*astNode) string {
	if len(list) == 0 {
		return "all"
	}
	words := make([]string, len(list))
	for i, n := range list {
		if words[i] = n.GetAccessPriv().GetPrivName(); words[i] == "" {
			words[i] = "all"
		}
		if columns := texts(n.GetAccessPriv().GetCols()); len(columns) > 0 {
			words[i] += " (" + strings.Join(columns, ", ") + ")"
		}
	}
	return strings.Join(words, ", ")
}

// rolesIn are the names of roles, PUBLIC as public.
func rolesIn(list []*astNode) []string {
	names := make([]string, len(list))
	for i, n := range list {
		switch role := n.GetRoleSpec(); {
		case role.GetRolename() != "":
			names[i] = role.Rolename
		case role != nil:
			names[i] = strings.ToLower(strings.TrimPrefix(role.Roletype.String(), "ROLESPEC_"))
		default:
			names[i] = n.GetAccessPriv().GetPrivName()
		}
	}
	return names
}

// alteredRole says what ALTER ROLE does to who logs in by it, in the words of Describe.
func alteredRole(s *astAlterRoleStmt) string {
	what := "alter user"
	for _, n := range s.Options {
		switch def := n.GetDefElem(); def.GetDefname() {
		case "canlogin":
			if !option([]*astNode{n}, "canlogin") {
				return "lock user"
			}
		case "validUntil":
			if argText(def.Arg) != "infinity" {
				what = "lock user"
			}
		case "password":
			what = "set password"
		}
	}
	return what
}
