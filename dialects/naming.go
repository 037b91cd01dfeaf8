package dialects

// Naming is a dialect that knows what its servers make of names.
type Naming interface {
	// SameName reports whether two names are one to the server, of columns, indexes or constraints of one
	// table. They are as a catalog has them.
	SameName(a, b string) bool

	// Reserved reports whether a name is a word that the server reserves: it must be quoted wherever it
	// stands for a table or column. The words are those of the newest release that segue knows.
	Reserved(name string) bool
}
