package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var clauseIgnored = lint.Rule{
	ID: "clause-ignored", Family: lint.SourceFamily, Severity: lint.Warning,
	Peers: []string{"atlas/MY102"},
	Docs: []lint.Doc{{
		Servers: []dialects.Kind{dialects.MySQL},
		Title:   "The server reads a clause over without a word",
		Condition: "REFERENCES stands behind a column (before 9.0), a CHECK is written (before 8.0.16), DESC in an index (before 8.0), or a " +
			"FOREIGN KEY on a table of another engine than InnoDB.",
		Effect: "The statement succeeds, and what was asked for is not there: no foreign key, no check. Rows that break it come in, and " +
			"nobody notices until the server is newer or the rows are needed.",
		Workaround: "Write FOREIGN KEY (column) REFERENCES table (column) as a clause of the table's, keep the table in InnoDB, and check " +
			"in the app what the server does not.",
	}, {
		Servers: onMariaDB,
		Title:   "The server reads a clause over without a word",
		Condition: "REFERENCES stands behind a column (before 10.5), a CHECK is written (before 10.2.1), DESC in an index (before 10.8), or a " +
			"FOREIGN KEY on a table of another engine than InnoDB.",
		Effect: "The statement succeeds, and what was asked for is not there: no foreign key, no check. Rows that break it come in, and " +
			"nobody notices until the server is newer or the rows are needed.",
		Workaround: "Write FOREIGN KEY (column) REFERENCES table (column) as a clause of the table's, keep the table in InnoDB, and check " +
			"in the app what the server does not.",
	}},
	Check: func(p *lint.Pass) {
		report := func(clause string) {
			instead := "leave it out, and check it in the app"
			switch {
			case strings.HasPrefix(clause, "REFERENCES"):
				instead = "write FOREIGN KEY (column) REFERENCES table (column) as a clause of its own"
			case strings.HasPrefix(clause, "FOREIGN KEY"):
				instead = "make it an InnoDB table, or leave the foreign key out"
			case strings.HasPrefix(clause, "DESC"):
				instead = "leave it out: the server reads an index both ways"
			}
			p.Report(lint.Finding{
				Message: fmt.Sprintf("the server reads over %s", clause), Instead: instead,
				Why: "the statement succeeds, and what it asks for is not there",
			})
		}
		for _, t := range p.Statement.Traits {
			if t.Kind == dialects.Ignored {
				report(t.Detail)
			}
		}
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.AddForeignKey)
			if !ok {
				continue
			}
			if t := p.Catalog.Table(c.Table); t != nil && t.Engine != "" && t.Engine != "InnoDB" && t.Engine != "ndbcluster" {
				report("FOREIGN KEY of a table of engine " + t.Engine)
			}
		}
	},
}
