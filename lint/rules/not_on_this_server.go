package rules

import (
	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// NotOnThisServerID is the rule of what another server of the family knows, or a later release.
const NotOnThisServerID = "not-on-this-server"

var notOnThisServer = lint.Rule{
	ID: NotOnThisServerID, Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: []dialects.Kind{dialects.MySQL},
		Title:   "A statement has what this server, or this release of it, does not know",
		Condition: "A statement has what another server of the family knows and this one does not (ADD COLUMN IF NOT EXISTS, OR REPLACE, " +
			"IGNORED, NOCOPY, UUID, RETURNING, a constant as the default of a TEXT column), or what came with a later release than the " +
			"configured one (RENAME COLUMN before 8.0.3, an index over an expression before 8.0.13).",
		Effect: "The server refuses the statement. What stands before it in the file is done already, and is not taken back.",
		Workaround: "Write what the finding names. If the server is another one or newer than segue was told, say so: --server, or server in " +
			"segue.yaml. If it does know it: -- segue:allow not-on-this-server REASON.",
	}, {
		Servers: []dialects.Kind{dialects.MariaDB},
		Title:   "A statement has what this server, or this release of it, does not know",
		Condition: "A statement has what another server of the family knows and this one does not (an INVISIBLE index, an index over an " +
			"expression, DROP CHECK, NOT ENFORCED, -> of JSON, SRID, a utf8mb4_0900 collation), or what came with a later release " +
			"than the configured one (RENAME COLUMN before 10.5.2, VECTOR before 11.7.1).",
		Effect: "The server refuses the statement. What stands before it in the file is done already, and is not taken back.",
		Workaround: "Write what the finding names. If the server is another one or newer than segue was told, say so: --server, or server in " +
			"segue.yaml. If it does know it: -- segue:allow not-on-this-server REASON.",
	}},
	Check: func(p *lint.Pass) {
		e := p.Statement.Foreign
		if e == nil {
			return
		}
		p.ReportAt(e.Place, wordEnd(p.Statement.Text[e.Place.Offset-p.Statement.Start.Offset:], e.Place), lint.Finding{
			Message: e.Message, Why: "the server refuses the statement, and what stands before it in the file stays done", Instead: e.Hint,
		})
	},
}
