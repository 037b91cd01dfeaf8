package lint

import "github.com/segue-db/segue/migrate/source"

// Fix rewrites what was found so that nothing is left to find, and the schema ends the same. Findings of one
// statement share a fix, and so do those of a file whose statements can only be put right together: findings
// that have the same pointer are one fix. Others of a file may have edits in common, that have it run outside of a
// transaction: such edits are made once.
type Fix struct {
	Title string `json:"title"` // what it does, in one line
	// Edits are of the finding's own file. They are in order and do not overlap.
	Edits []Edit `json:"edits"`
	// Follow are what is to stand in migrations of its own behind this one, in order: what does not
	// belong into the same transaction.
	Follow []Follow `json:"follow"`
	// Files are to stand beside the migration's own, for its runner; where one is there, the text goes to its end.
	Files []FixFile `json:"files"`

	migration *source.Migration
	all       *Fix // the file's, which is what Apply carries out: it adds as few migrations as it can; nil where it is this one
}

// whole is the fix that this one is a part of.
func (f *Fix) whole() *Fix {
	if f.all != nil {
		return f.all
	}
	return f
}

// Edit puts text in the place of a stretch of a file.
type Edit struct {
	Start int    `json:"start"` // bytes from the start of the migration's SQL
	End   int    `json:"end"`
	Text  string `json:"text"`
}

// Follow is a migration that a fix adds. Name is in the words of a file's name: validate_orders_user_fk.
type Follow struct {
	Name string `json:"name"`
	SQL  string `json:"sql"`
	// Transaction is none where the migration has to run outside of transactions; else empty.
	Transaction source.Transaction `json:"transaction"`
}

// FixFile is a file that a fix writes beside a migration. Its path is within the migrations directory.
type FixFile struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// Whole reports whether the edits are all of the fix.
func (f *Fix) Whole() bool { return len(f.Follow) == 0 && len(f.Files) == 0 }

// FixedBy is the command that carries a finding's fix out, which is for files.
func (f *Finding) FixedBy() string {
	if f.File == source.Stdin {
		return "once it is in a file, segue lint --fix"
	}
	return "segue lint --fix"
}
