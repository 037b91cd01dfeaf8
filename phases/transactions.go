package phases

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// place says where the statements of a script run. The error is about the first one that the rule's
// transactions cannot bear.
func (b *builder) place(rule dialects.TransactionRule, script []dialects.ScriptStatement) ([]dialects.Placing, error) {
	placed := rule.Place(script)
	for i, p := range placed {
		if p.Role == dialects.Misplaced {
			return nil, b.misplaced(rule, script[i])
		}
	}
	return placed, nil
}

func (b *builder) misplaced(rule dialects.TransactionRule, s dialects.ScriptStatement) error {
	word := strings.ToUpper(s.TransactionWord())
	detail, hint := "a transaction of several parts: "+word, "let each transaction be BEGIN, statements and COMMIT"
	switch rule {
	case dialects.PlannedTransactions:
		detail, hint = word+" inside a migration", "segue runs a migration's statements in one transaction of its own; take the line out"
	case dialects.OneTransaction:
		detail, hint = word+" inside the transaction that the runner makes", or(b.migration.Outside, "take the line out")
	}
	return b.refuse(s, dialects.Hazard{ID: "transaction", Detail: detail}, hint)
}

// boxed refuses a statement that would fail in the transaction that it would be in.
func (b *builder) boxed(s dialects.ScriptStatement, step Step) error {
	if _, commits := b.dialect.(dialects.Autocommitter); commits || !b.placed.Boxed || step.Transactional {
		return nil
	}
	return b.refuse(s, dialects.Hazard{ID: "transaction", Detail: "it cannot run in a transaction, and the runner has it in one"},
		or(b.migration.Outside, "give it a migration of its own"))
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
