package dialects

// Lock is a table lock's name as the server has it, such as ACCESS EXCLUSIVE. Empty: none.
type Lock string

// Blocks says what others on the table have to wait for while a statement runs.
type Blocks string

// What a lock blocks.
const (
	BlocksNothing Blocks = "none"
	BlocksWrites  Blocks = "writes"
	BlocksAll     Blocks = "reads+writes"
)

// Hazard is why a change is not safe on a table with rows and traffic. Its ID is the lint rule's
// that explains it.
type Hazard struct {
	ID     string
	Family Family
	Detail string // what happens here, in one clause: "scans public.users under ACCESS EXCLUSIVE"
	// Instead is the way out in the server's own terms. It is empty where the rule's words hold;
	// where it is not, Detail is all of the reason that a finding gives.
	Instead string
}

// Family of hazards.
type Family string

// The families: what blocks traffic, and what breaks an app version that still runs.
const (
	LockFamily          Family = "lock"
	CompatibilityFamily Family = "compatibility"
)

// Algorithm is how a server of the MySQL family carries out an ALTER, by the word of its ALGORITHM
// clause.
type Algorithm string

// The algorithms, the cheapest first.
const (
	AlgorithmUnknown Algorithm = ""        // another kind of server, or not such a statement
	AlgorithmInstant Algorithm = "INSTANT" // the dictionary alone
	AlgorithmNoCopy  Algorithm = "NOCOPY"  // MariaDB: in place, the rows stay where they are
	AlgorithmInPlace Algorithm = "INPLACE" // in place, with or without rebuilding the table
	AlgorithmCopy    Algorithm = "COPY"    // the rows are copied to a new table
)

// Effect is what one change costs on a given server and version. Lint and the planner read the
// same effects, so they cannot disagree.
type Effect struct {
	Change        Change
	Table         Name // the table that is locked, resolved; zero where there is none
	Lock          Lock
	Blocks        Blocks
	Scans         bool
	Rewrites      bool
	Transactional bool      // may run in a transaction block
	Patient       bool      // waits for locks without others queueing behind it
	Algorithm     Algorithm // the cheapest that the server accepts for the whole statement
	// HeldUp says that the change waits for others of its statement, which have the table copied or
	// rebuilt: by itself it would be done at once.
	HeldUp  bool
	Hazards []Hazard
}
