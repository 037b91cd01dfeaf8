package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var cannotRunInTransaction = lint.Rule{
	ID: "cannot-run-in-transaction", Family: lint.SourceFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/ban-concurrent-index-creation-in-transaction", "atlas/PG103", "atlas/TX101",
		"bytebase/STATEMENT_NON_TRANSACTIONAL",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A statement cannot run in the transaction that it stands in",
		Condition: "CREATE INDEX CONCURRENTLY, VACUUM or another statement that Postgres refuses in a transaction stands where the " +
			"file, or the directory's runner, makes one.",
		Effect: "The server refuses it. Where the file has other statements they are taken back, and the migration stands still.",
		Workaround: "Give it a migration of its own, and tell the runner to make no transaction, in its own way: goose by -- +goose NO " +
			"TRANSACTION, Flyway by executeInTransaction=false, Atlas by -- atlas:txmode none. segue's own layout needs no such word.",
	}},
	Check: func(p *lint.Pass) {
		if _, commits := p.Dialect.(dialects.Autocommitter); commits || !p.InTransaction ||
			!slices.ContainsFunc(p.Effects, func(e dialects.Effect) bool { return !e.Transactional }) {
			return
		}
		p.Report(lint.Finding{
			Message: "this statement cannot run in a transaction, and it stands in one",
			Why:     fmt.Sprintf("the server refuses it: %s", whoseTransaction(p)),
			Instead: "run it " + p.Outside(),
			Apart:   dialects.Outside,
		})
	},
}

// whoseTransaction says who makes the transaction that the statement stands in.
func whoseTransaction(p *lint.Pass) string {
	switch dialects.TransactionRule(p.Migration.Up.Transaction) {
	case dialects.OneTransaction:
		return fmt.Sprintf("%s makes one transaction of the file", p.Migration.Layout)
	case dialects.ImplicitTransaction:
		return fmt.Sprintf("%s sends the file as one text, and of several statements the server makes one transaction", p.Migration.Layout)
	}
	return "it stands between BEGIN and COMMIT"
}
