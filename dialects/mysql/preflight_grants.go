package mysql

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// grants are what an account may do, as SHOW GRANTS says it: with the roles that are active.
type grants []grant

type grant struct {
	revoked    bool // MySQL's partial_revokes: a part of a grant on *.* that is not given
	privileges []string
	on         string // *.*, `schema`.* or `schema`.`table`
	byRole     bool   // MariaDB names the role that a grant comes from
}

var grantText = regexp.MustCompile("^(GRANT|REVOKE) (.+) ON ((?:\\*|`(?:[^`]|``)*`)\\.(?:\\*|`(?:[^`]|``)*`)) (?:TO|FROM) (`(?:[^`]|``)*`)(@)?")

func readGrants(ctx context.Context, q dialects.Queryer) (grants, error) {
	var all grants
	var text string
	err := dialects.ReadRows(ctx, q, `SHOW GRANTS`, nil, func() error {
		m := grantText.FindStringSubmatch(text)
		if m == nil {
			return nil // a role, or what a user may stand for
		}
		g := grant{revoked: m[1] == "REVOKE", on: m[3], byRole: m[5] == ""}
		for privilege := range strings.SplitSeq(m[2], ",") {
			g.privileges = append(g.privileges, strings.ToUpper(strings.TrimSpace(privilege)))
		}
		all = append(all, g)
		return nil
	}, &text)
	return all, err
}

// has reports whether the account has a privilege on a table, or on everything where that is nil. A
// privilege on single columns is not enough for anything here.
func (all grants) has(privilege string, table *dialects.Name) bool {
	given := false
	for _, g := range all {
		if !slices.Contains(g.privileges, privilege) && !slices.Contains(g.privileges, "ALL PRIVILEGES") && !slices.Contains(g.privileges, "ALL") {
			continue
		}
		switch {
		case !g.covers(table):
		case g.revoked:
			return slices.ContainsFunc(all, func(other grant) bool {
				return !other.revoked && other.on != "*.*" && other.covers(table) && slices.Contains(other.privileges, privilege)
			})
		default:
			given = true
		}
	}
	return given
}

// direct are those that the account has without a role. On MySQL those of its roles cannot be told
// apart, and need not be.
func (all grants) direct() grants {
	return slices.DeleteFunc(slices.Clone(all), func(g grant) bool { return g.byRole })
}

func (g grant) covers(table *dialects.Name) bool {
	if g.on == "*.*" {
		return true
	}
	if table == nil {
		return false
	}
	l := lexer{src: g.on, delimiter: defaultDelimiter}
	var parts []string
	for t, ok := l.next(); ok; t, ok = l.next() {
		if t.kind == quotedToken {
			parts = append(parts, unquote(g.on[t.start:t.end]))
		}
	}
	switch len(parts) {
	case 1:
		return like(strings.ToLower(parts[0]), strings.ToLower(table.Schema))
	case 2:
		return strings.EqualFold(parts[0], table.Schema) && strings.EqualFold(parts[1], table.Name)
	}
	return false
}

// like is the servers' LIKE, by which a grant names schemas.
func like(pattern, text string) bool {
	for pattern != "" {
		c := pattern[0]
		pattern = pattern[1:]
		switch {
		case c == '%':
			for i := range len(text) + 1 {
				if like(pattern, text[i:]) {
					return true
				}
			}
			return false
		case c == '\\' && pattern != "":
			c = pattern[0]
			pattern = pattern[1:]
			fallthrough
		case c != '_':
			if text == "" || text[0] != c {
				return false
			}
			text = text[1:]
		default:
			if text == "" {
				return false
			}
			text = text[1:]
		}
	}
	return text == ""
}
