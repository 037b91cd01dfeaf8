package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// revoked finds privileges that are taken from roles (Postgres).
func revoked(p *lint.Pass, c dialects.Describe) {
	if c.What != "revoke" && c.What != "revoke role" || idle(c) || !wasThere(p, c) || grantsAnew(p, c) {
		return
	}
	from := strings.Join(c.Roles, ", ")
	f := lint.Finding{
		Message: fmt.Sprintf("%s on %s is taken from %s", c.Value, granted(p, c), from),
		Why:     "each statement of an app version that needs it fails from that moment on, on open connections too",
		Instead: "first deploy a version that does without; what the role is to keep, grant in the same transaction",
	}
	if c.Table.Name != "" {
		f.Table = p.Catalog.Resolve(c.Table).String()
	}
	if c.What == "revoke role" {
		f.Message = fmt.Sprintf("%s is no longer a member of %s", from, c.Value)
	}
	p.Report(f)
}

// handedOver finds what another role owns from now on (Postgres): the one before has no privilege left, as none was
// granted to it (ATExecChangeOwner and aclnewowner in the server's source).
func handedOver(p *lint.Pass, change dialects.Change) {
	g := dialects.Describe{What: "revoke"}
	switch c := change.(type) {
	case dialects.AlterTable:
		if c.What != "owner" {
			return
		}
		g.Table = c.Table
	case dialects.AlterObject:
		switch {
		case c.What != "owner":
			return
		case c.Kind == dialects.View || c.Kind == dialects.MaterializedView:
			g.Table = c.Object
		case c.Kind == dialects.Sequence:
			g.Object = dialects.ObjectKey{Kind: c.Kind, Name: c.Object}
		default:
			return
		}
	default:
		return
	}
	if !wasThere(p, g) || grantsAnew(p, g) {
		return
	}
	p.Report(lint.Finding{
		Table:   granted(p, g),
		Message: fmt.Sprintf("%s gets another owner", granted(p, g)),
		Why:     "the one before has no privilege on it left: each statement of an app that connects as it fails from that moment on",
		Instead: "grant it what the apps need in the same transaction, or leave the owner until no app connects as it",
	})
}

// granted says what a privilege is on.
func granted(p *lint.Pass, c dialects.Describe) string {
	switch {
	case c.Table.Name != "":
		return p.Catalog.Resolve(c.Table).String()
	case c.Object.Kind == dialects.OtherObject:
		return c.Object.Name.String()
	}
	return string(c.Object.Kind) + " " + c.Object.Name.String()
}

// idle reports whether a running app needs none of the privileges.
func idle(c dialects.Describe) bool {
	for word := range strings.SplitSeq(c.Value, ", ") {
		switch word {
		case "create", "temporary", "temp", "truncate", "references", "trigger":
		default:
			return false
		}
	}
	return c.What == "revoke"
}

// wasThere reports whether what a privilege is on was there before the file, and apps may be using it. Of a
// schema that is where it has a table.
func wasThere(p *lint.Pass, c dialects.Describe) bool {
	if c.Table.Name != "" {
		return inUse(p, c.Table)
	}
	switch c.Object.Kind {
	case dialects.Schema:
		for _, t := range p.Catalog.Tables {
			if t.Name.Schema == c.Object.Name.Name && !p.Fresh[t.Name] {
				return true
			}
		}
		return false
	case dialects.Sequence:
		return inUse(p, c.Object.Name)
	}
	return !slices.ContainsFunc(p.Script.Up[:indexOf(p)], func(s dialects.ScriptStatement) bool {
		return slices.ContainsFunc(s.Changes, func(change dialects.Change) bool {
			if role, ok := change.(dialects.Describe); ok && c.What == "revoke role" {
				return role.What == "create user" && slices.Contains(c.Roles, role.Value)
			}
			made, ok := change.(dialects.CreateObject)
			return ok && p.Catalog.Resolve(made.Object) == p.Catalog.Resolve(c.Object.Name)
		})
	})
}

// grantsAnew reports whether the statement's transaction grants something on the same object.
func grantsAnew(p *lint.Pass, c dialects.Describe) bool {
	want := "grant"
	if c.What == "revoke role" {
		want = "grant role"
	}
	for i, s := range p.Script.Up {
		if p.Placed[i].Unit != unitOf(p) {
			continue
		}
		for _, change := range s.Changes {
			g, ok := change.(dialects.Describe)
			if ok && g.What == want && g.Object == c.Object && g.Table == c.Table && (want == "grant" || slices.Equal(g.Roles, c.Roles)) {
				return true
			}
		}
	}
	return false
}
