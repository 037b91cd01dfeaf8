package phases

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Transactions says in which transactions a migration's statements run that run as written. Other
// runners' directories bring their own; see source.Transaction.
type Transactions string

// The ways to run statements.
const (
	Planned   Transactions = ""         // segue's own: what can commits together, the rest by itself
	Together  Transactions = "one"      // in one transaction
	AsOneText Transactions = "implicit" // sent as one text: several are a transaction, one alone is none
	Apart     Transactions = "none"     // each by itself
	Scripted  Transactions = "scripted" // as their own BEGIN and COMMIT say, else each by itself
)

// placing is where a statement of a script runs.
type placing struct {
	unit  int  // what has the same one commits together, where it can
	boxed bool // the unit is a transaction block: what cannot run in one fails
	word  bool // it begins or ends a unit, and is not run itself
}

// place says where the statements of a script run. The error is about a statement that a transaction
// cannot be made of.
func (b *builder) place(t Transactions, script []dialects.ScriptStatement) ([]placing, error) {
	placed := make([]placing, len(script))
	unit, open := 0, false
	for i, s := range script {
		word := transactionWord(s)
		switch {
		case word == "":
			if !open && (t == Apart || t == Scripted) {
				unit++
			}
			placed[i] = placing{unit: unit, boxed: open || t == Together}
		case t == Planned:
			return nil, b.refuse(s, dialects.Hazard{ID: "transaction", Detail: strings.ToUpper(word) + " inside a migration"},
				"segue runs a migration's statements in one transaction of its own; take the line out")
		case t == Together:
			return nil, b.refuse(s, dialects.Hazard{ID: "transaction", Detail: strings.ToUpper(word) + " inside the transaction that the runner makes"},
				or(b.migration.Outside, "take the line out"))
		case !open && (word == "begin" || word == "start"):
			if open = true; t != AsOneText { // there it takes in what stands before it
				unit++
			}
			placed[i] = placing{unit: unit, word: true}
		case open && (word == "commit" || word == "end"):
			open = false
			placed[i] = placing{unit: unit, word: true}
			unit++
		default:
			return nil, b.refuse(s, dialects.Hazard{ID: "transaction", Detail: "a transaction of several parts: " + strings.ToUpper(word)},
				"let each transaction be BEGIN, statements and COMMIT")
		}
	}
	if t == AsOneText {
		boxTexts(placed)
	}
	return placed, nil
}

// boxTexts makes transaction blocks of units that are more than one statement.
func boxTexts(placed []placing) {
	sizes := map[int]int{}
	for _, p := range placed {
		sizes[p.unit]++ // BEGIN counts: what follows it is in a block even if it is alone
	}
	for i := range placed {
		placed[i].boxed = sizes[placed[i].unit] > 1
	}
}

func transactionWord(s dialects.ScriptStatement) string {
	for _, c := range s.Changes {
		if t, ok := c.(dialects.Transaction); ok {
			return t.Word
		}
	}
	return ""
}

// unboxable refuses a statement that would fail in the transaction that its runner makes.
func (b *builder) unboxable(p placing, s dialects.ScriptStatement, step Step) error {
	if _, commits := b.dialect.(dialects.Autocommitter); commits || !p.boxed || step.Transactional {
		return nil
	}
	return b.refuse(s, dialects.Hazard{ID: "transaction", Detail: "it cannot run in a transaction, and the runner makes one around it"},
		or(b.migration.Outside, "give it a migration of its own"))
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
