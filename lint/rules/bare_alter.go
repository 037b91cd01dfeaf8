package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var bareAlter = lint.Rule{
	ID: "bare-alter", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"bytebase/STATEMENT_REQUIRE_ALGORITHM_OPTION", "bytebase/STATEMENT_REQUIRE_LOCK_OPTION"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "An ALTER TABLE names no ALGORITHM, so the server may copy the table without a word",
		Condition: "An ALTER TABLE of a table from an earlier migration, harmless as far as its text and the migrations before it show, " +
			"names neither ALGORITHM nor LOCK=NONE.",
		Effect: "The server takes the cheapest way that this table has on this release at that moment. A table that has no row " +
			"versions left, has a FULLTEXT index or another ROW_FORMAT than in your tests is rebuilt or copied instead, and by " +
			"COPY writes wait until that is done.",
		Workaround: "Name what you reckon with: ALGORITHM=INSTANT, or ALGORITHM=INPLACE, LOCK=NONE (MariaDB: NOCOPY). Then the server " +
			"refuses rather than does something else. In a directory that segue runs, segue names it for you.",
	}},
	Check: hazards("bare-alter", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		return lint.Finding{Message: fmt.Sprintf("the ALTER TABLE of %s names no ALGORITHM", e.Table)}
	}),
}
