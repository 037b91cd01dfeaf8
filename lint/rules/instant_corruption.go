package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var instantCorruption = lint.Rule{
	ID: "instant-corruption", Family: dialects.LockFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: []dialects.Kind{dialects.MySQL},
		Title:   "An instant column on a release that may corrupt the table by it",
		Condition: "The configured server is MySQL 8.0.29, 8.0.30 or 8.0.31, and a column of a table from an earlier migration is added or " +
			"dropped by ALGORITHM=INSTANT, asked for or not.",
		Effect: "These releases had errors in what they keep of such columns: a server that recovers after a crash may find the table corrupt, " +
			"and Percona XtraBackup refuses to back it up (it takes them from 8.0.32 on).",
		Workaround: "Upgrade to 8.0.32 or later first. Until then ask for ALGORITHM=INPLACE, LOCK=NONE, when replicas may fall behind: that " +
			"rebuilds the table, and takes away what earlier instant columns left.",
	}},
	Check: func(p *lint.Pass) {
		v := p.Server
		asked := p.Statement.Algorithm
		if v.Major != 8 || v.Minor != 0 || v.Patch < 29 || v.Patch > 31 ||
			asked != "" && asked != dialects.AlgorithmInstant {
			return
		}
		for _, e := range p.Effects {
			column := ""
			switch c := e.Change.(type) {
			case dialects.AddColumn:
				column = c.Column.Name
			case dialects.DropColumn:
				column = c.Column
			}
			if column == "" || e.Algorithm != dialects.AlgorithmInstant || p.Fresh[e.Table] {
				continue
			}
			p.Report(lint.Finding{
				Table:   e.Table.String(),
				Message: fmt.Sprintf("%s of %s comes or goes by ALGORITHM=INSTANT, which MySQL %d.%d.%d has errors in", column, e.Table, v.Major, v.Minor, v.Patch),
				Why:     "a crash may leave the table corrupt, and Percona XtraBackup refuses to back it up",
				Instead: "upgrade to 8.0.32 or later first; or ask for ALGORITHM=INPLACE, LOCK=NONE when replicas may fall behind",
			})
			return
		}
	},
}
