package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var revoke = lint.Rule{
	ID: "revoke", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A privilege is taken from a role that apps may be using",
		Condition: "REVOKE on a table, view, sequence, function, type, schema or database that was there before the file, or of a role's " +
			"membership in another; and the same transaction grants nothing on it anew. Left out are GRANT OPTION FOR, and CREATE, " +
			"TEMPORARY, TRUNCATE, REFERENCES and TRIGGER, which are not for running apps.",
		Effect: "Each statement of an app version that needs it fails from the moment that it commits, open connections included.",
		Workaround: "First deploy a version that connects as another role, or does without. Where the role keeps a part, revoke and " +
			"grant in one transaction.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.Describe)
			if !ok || c.What != "revoke" && c.What != "revoke role" || idle(c) || !wasThere(p, c) || grantsAnew(p, c) {
				continue
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
	},
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
			made, ok := change.(dialects.CreateObject)
			if !ok {
				return false
			}
			if c.What == "revoke role" {
				return slices.Contains(c.Roles, made.Object.Name)
			}
			return p.Catalog.Resolve(made.Object) == p.Catalog.Resolve(c.Object.Name)
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
