package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var concurrentIndexCorruption = lint.Rule{
	ID: "concurrent-index-corruption", Family: lint.SourceFamily, Severity: lint.Warning,
	Peers: []string{"strong_migrations/add_index_corruption", "online_migrations/add_index_corruption"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Postgres 14 before 14.4 can leave rows out of an index that it builds concurrently",
		Condition: "CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY of a table from an earlier migration, where the server is said to be 14.1, 14.2 or " +
			"14.3 (postgres:14 alone stands for its newest release, and 14.0 cannot be told from it).",
		Effect: "While rows are updated the index may miss some of them, without a word: queries by it do not find them, and a unique one " +
			"lets doubles in (release notes of 14.4).",
		Workaround: "Update the server to 14.4 or later first. Indexes that were built so: REINDEX them afterwards, and look by amcheck.",
	}},
	Check: func(p *lint.Pass) {
		if v := p.Server; v.Major != 14 || v.Minor < 1 || v.Minor > 3 {
			return
		}
		for _, change := range p.Statement.Changes {
			object, concurrent := dialects.Name{}, false
			switch c := change.(type) {
			case dialects.CreateIndex:
				object, concurrent = c.Table, c.Concurrently
			case dialects.Reindex:
				object, concurrent = c.Object, c.Concurrently
			}
			if concurrent && inUse(p, object) {
				p.Report(lint.Finding{
					Table:   p.Catalog.Resolve(object).String(),
					Message: fmt.Sprintf("an index of %s that Postgres 14.%d builds concurrently may miss rows", object, p.Server.Minor),
					Why:     "queries by it do not find them, and a unique one lets doubles in, without a word",
					Instead: "update the server to 14.4 or later first",
				})
			}
		}
	},
}
