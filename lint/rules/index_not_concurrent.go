package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var indexNotConcurrent = lint.Rule{
	ID: "index-not-concurrent", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/require-concurrent-index-creation", "squawk/require-concurrent-reindex",
		"squawk/disallowed-unique-constraint", "squawk/adding-serial-primary-key-field", "eugene/E6", "eugene/E7",
		"strong_migrations/add_index", "strong_migrations/add_reference", "strong_migrations/add_unique_constraint",
		"online_migrations/add_index", "online_migrations/add_reference", "online_migrations/add_unique_key",
		"eugene/E8", "strong_migrations/add_exclusion_constraint", "online_migrations/add_exclusion_constraint",
		"atlas/PG101", "atlas/PG104", "atlas/PG105", "atlas/PG108", "atlas/PG109", "atlas/PG312",
		"bytebase/INDEX_CREATE_CONCURRENTLY",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "An index is built while writes to the table wait",
		Condition: "An index on a table from an earlier migration is built without CONCURRENTLY: by CREATE INDEX, by a UNIQUE, " +
			"PRIMARY KEY or EXCLUDE constraint, or by REINDEX.",
		Effect: "INSERT, UPDATE and DELETE on the table wait until the whole index is built: seconds to hours, with the table's " +
			"size. Where it is built for a constraint, reads wait as well.",
		Workaround: "CREATE INDEX CONCURRENTLY; for a constraint CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... USING " +
			"INDEX. It cannot run in a transaction; if it fails it leaves an invalid index that is to be dropped first. On a " +
			"partitioned table: CREATE INDEX ON ONLY the parent, CONCURRENTLY on each partition, then ALTER INDEX ... ATTACH " +
			"PARTITION.",
	}},
	Check: hazards("index-not-concurrent", func(p *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		switch c := e.Change.(type) {
		case dialects.CreateIndex:
			return createsIndex(p, e, c)
		case dialects.AddConstraint:
			return addsIndexed(p, e, c.Constraint)
		case dialects.Reindex:
			return lint.Finding{
				Message: fmt.Sprintf("rebuilding %s stops all use of it until it is done", c.Object),
				Instead: "REINDEX ... CONCURRENTLY (Postgres 12 and later), " + p.Outside(),
			}
		case dialects.AddColumn:
			return lint.Finding{
				Message: fmt.Sprintf("adding %s.%s with a constraint builds its index while nobody can use the table", e.Table, c.Column.Name),
				Instead: "add the column alone, CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... USING INDEX",
			}
		}
		return lint.Finding{
			Message: fmt.Sprintf("building an index on %s blocks writes to it", e.Table), Instead: "build it CONCURRENTLY",
		}
	}),
}

func createsIndex(p *lint.Pass, e dialects.Effect, c dialects.CreateIndex) lint.Finding {
	f := lint.Finding{
		Message: fmt.Sprintf("building an index on %s blocks every write to it", e.Table),
		Instead: "CREATE INDEX CONCURRENTLY, " + p.Outside(),
	}
	if keys := strings.Join(c.Index.Keys, ", "); keys != "" && !c.Index.Expressions {
		f.Message = fmt.Sprintf("building an index on %s (%s) blocks every write to it", e.Table, keys)
	}
	if t := p.Catalog.Table(c.Table); t != nil && t.Kind == dialects.PartitionedTable {
		f.Instead = "CREATE INDEX ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, " +
			"then ALTER INDEX ... ATTACH PARTITION (CONCURRENTLY does not work on a partitioned table)"
	}
	return f
}

func addsIndexed(p *lint.Pass, e dialects.Effect, c dialects.Constraint) lint.Finding {
	f := lint.Finding{
		Message: fmt.Sprintf("adding the %s constraint to %s builds its index while nobody can use the table", c.Kind, e.Table),
		Instead: "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... USING INDEX",
	}
	if t := p.Catalog.Table(e.Table); t != nil && t.Kind == dialects.PartitionedTable {
		f.Instead = fmt.Sprintf("for each partition CREATE UNIQUE INDEX CONCURRENTLY and ADD CONSTRAINT ... %s USING INDEX; then this, which takes "+
			"those for its parts and builds nothing", strings.ToUpper(string(c.Kind)))
	}
	if c.Kind == dialects.Exclusion {
		f.Instead = "make the constraint on a new table and move to that one: an exclusion constraint cannot be added online"
	}
	return f
}
