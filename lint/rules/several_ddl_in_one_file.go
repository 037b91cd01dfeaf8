package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var severalDDLInOneFile = lint.Rule{
	ID: "several-ddl-in-one-file", Family: lint.SourceFamily, Severity: lint.Warning,
	Peers: []string{"atlas/TX101"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "What fails in the middle of the file leaves half of it done",
		Condition: "A migration has several statements that change the schema, and those before the last could not be run again (as with " +
			"IF NOT EXISTS they could). Where all of them are about tables that the file itself makes it is a note, and nothing in the " +
			"first migration that makes any; in a directory that segue runs those do not count.",
		Effect: "The servers commit each DDL statement by itself; no transaction holds several together, and none takes the first " +
			"back when the second fails. What is then there is a schema that nobody wrote. Most runners start the file again from " +
			"its top, and its first statement fails because it is done already. segue goes on at the statement that failed; the " +
			"half is there all the same until then.",
		Workaround: "One statement a migration. Several clauses of one ALTER TABLE are one statement, and commit together; but the " +
			"slowest clause decides how all of them are carried out.",
	}},
	Check: func(p *lint.Pass) {
		ddl, onUsed := schemaChanges(p)
		if p.Runner == lint.SegueRuns {
			ddl = onUsed // segue resumes what it runs
		}
		if len(ddl) < 2 || ddl[1].Start != p.Statement.Start || !slices.ContainsFunc(ddl[:len(ddl)-1], failsAgain) {
			return
		}
		f := lint.Finding{
			Message: fmt.Sprintf("%d statements of the migration change the schema, and nothing holds them together", len(ddl)),
			Why: "the server commits each by itself: if a later one fails, those before it stay, and the file cannot be run again " +
				"from its top",
			Instead: "make each a migration of its own, or let those before the last bear being run again (IF NOT EXISTS, IF EXISTS)",
		}
		if len(onUsed) == 0 && isFirst(p) {
			return
		}
		if len(onUsed) == 0 {
			f.Severity = lint.Info
		}
		if p.Runner == lint.SegueRuns {
			f.Why = "the server commits each by itself: if a later one fails, apps live with those before it until that is mended " +
				"(segue up goes on at the one that failed)"
			f.Instead = "make each a migration of its own"
		}
		p.Report(f)
	},
}

// isFirst reports whether the file is the first that makes tables: nobody uses the database, and it can be made anew.
func isFirst(p *lint.Pass) bool {
	for name := range p.Catalog.Tables {
		if !p.Fresh[name] {
			return false
		}
	}
	return true
}

// schemaChanges are the file's statements that change the schema, and those of them that change what apps
// may be using.
func schemaChanges(p *lint.Pass) (ddl, onUsed []dialects.ScriptStatement) {
	made := map[dialects.Name]bool{}
	for _, s := range p.Script.Up {
		counts, used := false, false
		for _, change := range s.Changes {
			switch c := change.(type) {
			case dialects.WriteData, dialects.Setting, dialects.Transaction, dialects.LockTable, dialects.Describe, dialects.Opaque:
				continue
			case dialects.AlterTable:
				if slices.Contains(upkeep, c.What) {
					continue
				}
			case dialects.CreateTable:
				if c.Temporary {
					continue
				}
				made[p.Catalog.Resolve(c.Table)] = true
			}
			counts = true
			used = used || !made[p.Catalog.Resolve(tableOf(change))]
		}
		if counts {
			ddl = append(ddl, s)
		}
		if used {
			onUsed = append(onUsed, s)
		}
	}
	return ddl, onUsed
}

// upkeep leaves the schema as it is.
var upkeep = []string{"nothing", "enable keys", "disable keys", "optimize"}

// tableOf is the table that a change is about.
func tableOf(change dialects.Change) dialects.Name {
	switch c := change.(type) {
	case dialects.DropIndex:
		return c.Table
	case dialects.RenameIndex:
		return c.Table
	case dialects.CreateObject:
		if c.Table.Name != "" {
			return c.Table
		}
	case dialects.AlterObject:
		if c.Table.Name != "" {
			return c.Table
		}
	}
	return change.Target()
}

// failsAgain reports whether a statement that is done fails when it is run again.
func failsAgain(s dialects.ScriptStatement) bool {
	return slices.ContainsFunc(s.Changes, func(change dialects.Change) bool {
		switch c := change.(type) {
		case dialects.CreateTable:
			return !c.IfNotExists && !c.Replace
		case dialects.DropTable:
			return !c.IfExists
		case dialects.AddColumn:
			return !c.IfNotExists
		case dialects.DropColumn:
			return !c.IfExists
		case dialects.RedefineColumn:
			return c.Column != c.To.Name
		case dialects.CreateIndex:
			return !c.IfNotExists
		case dialects.DropIndex:
			return !c.IfExists
		case dialects.DropConstraint:
			return !c.IfExists
		case dialects.CreateObject:
			return !c.Replace
		case dialects.DropObject:
			return !c.IfExists
		case dialects.SetDefault, dialects.AlterColumn, dialects.WriteData, dialects.Setting, dialects.Describe:
			return false
		}
		return true
	})
}
