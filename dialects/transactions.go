package dialects

// TransactionRule says in which transactions a runner runs a script.
type TransactionRule string

// The rules. Every runner of migrations goes by one of them.
const (
	PlannedTransactions  TransactionRule = ""         // segue's own: what can commits together, the rest by itself
	OneTransaction       TransactionRule = "one"      // one around all of it
	ImplicitTransaction  TransactionRule = "implicit" // it is sent as one text: several statements are a transaction, one alone is none
	NoTransaction        TransactionRule = "none"     // each by itself
	ScriptedTransactions TransactionRule = "scripted" // as its own BEGIN and COMMIT say, else each by itself
)

// Placing is where a statement of a script runs.
type Placing struct {
	Unit  int  // what has the same one commits together, where it can
	Boxed bool // the unit is a transaction block: what cannot run in one fails
	Role  Role
}

// Role is what a statement is to the transactions of its script.
type Role string

// The roles.
const (
	Runs      Role = "runs"
	Delimits  Role = "delimits"  // it begins or ends a transaction that is part of the script
	Misplaced Role = "misplaced" // it would, and the runner's own transactions cannot bear that
)

// Place says where each statement of a script runs.
func (t TransactionRule) Place(script []ScriptStatement) []Placing {
	placed := make([]Placing, len(script))
	unit, open := 0, false
	for i, s := range script {
		word := s.TransactionWord()
		role := Delimits
		switch {
		case word == "":
			role = Runs
			if !open && (t == NoTransaction || t == ScriptedTransactions) {
				unit++
			}
		case t == PlannedTransactions || t == OneTransaction:
			role = Misplaced
		case !open && word == "begin":
			if open = true; t != ImplicitTransaction { // there it takes in what stands before it
				unit++
			}
		case open && word == "commit":
		default:
			role = Misplaced
		}
		placed[i] = Placing{Unit: unit, Boxed: role == Runs && (open || t == OneTransaction), Role: role}
		if t == PlannedTransactions || t == OneTransaction {
			continue // nobody gets behind such a word
		}
		switch word {
		case "commit", "rollback", "prepare transaction":
			open = false
			unit++
		case "commit and chain", "rollback and chain":
			unit++ // which is in a transaction again where this one was
		}
	}
	if t == ImplicitTransaction {
		boxTexts(placed)
	}
	return placed
}

// boxTexts makes transaction blocks of units that are more than one statement. BEGIN counts: what
// follows it is in a block even if it is alone.
func boxTexts(placed []Placing) {
	sizes := map[int]int{}
	for _, p := range placed {
		sizes[p.Unit]++
	}
	for i := range placed {
		placed[i].Boxed = placed[i].Role == Runs && sizes[placed[i].Unit] > 1
	}
}

// TransactionWord is the word, such as begin or savepoint, of a statement that is about transactions;
// empty of all others.
func (s *Statement) TransactionWord() string {
	for _, c := range s.Changes {
		if t, ok := c.(Transaction); ok {
			return t.Word
		}
	}
	return ""
}
