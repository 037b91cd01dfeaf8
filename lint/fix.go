package lint

// Fix rewrites what was found so that nothing is left to find, and the schema ends the same.
type Fix struct {
	Title string `json:"title"` // what it does, in one line
	// Edits are of the finding's own file. They are in order and do not overlap.
	Edits []Edit `json:"edits"`
	// Follow are what is to stand in migrations of its own behind this one, in order: what does not
	// belong into the same transaction.
	Follow []Follow `json:"follow"`
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
}
