package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noReplicaIdentity = lint.Rule{
	ID: "no-replica-identity", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A published table whose rows nothing identifies refuses every UPDATE and DELETE",
		Condition: "A table from an earlier migration gets into a publication, by its name, its schema or FOR ALL TABLES, and has neither a primary " +
			"key nor another replica identity; or one that is published loses what it had: its primary key, its identity's index, or by REPLICA " +
			"IDENTITY NOTHING. Without a word of a publication in the migrations the last of these is a warning. Publications that send neither " +
			"updates nor deletes are left out.",
		Effect: "Each UPDATE and DELETE on the table, by any app version, fails from the moment that it commits: cannot update table because it does " +
			"not have a replica identity and publishes updates. INSERTs go on, which hides it.",
		Workaround: "Add a primary key first. Where the table can have none, choose a unique index over NOT NULL columns (ALTER TABLE ... REPLICA " +
			"IDENTITY USING INDEX), or the whole row (REPLICA IDENTITY FULL), which costs a scan for each change on the other side.",
	}},
	Check: hazards("no-replica-identity", func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("no UPDATE or DELETE on %s works any more: it is published, and nothing identifies its rows", e.Table),
			Why:     h.Detail,
			Instead: fmt.Sprintf("add a primary key first, or ALTER TABLE %s REPLICA IDENTITY FULL", e.Table),
		}
		t := p.Catalog.Table(e.Table)
		if c, ok := e.Change.(dialects.AlterTable); ok && c.What == "replica identity" && (t == nil || len(t.Publications) == 0) {
			f.Severity = lint.Warning
			f.Message = fmt.Sprintf("no UPDATE or DELETE on %s works any more if it is published: nothing identifies its rows", e.Table)
			f.Instead = fmt.Sprintf("see that no publication sends %s; then allow this", e.Table)
		}
		return f
	}),
}
