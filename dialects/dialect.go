package dialects

// Dialect is the pure side of a kind of server: it parses, replays, judges and quotes, and never
// sees a connection. Implementations are values that are safe for concurrent use.
type Dialect interface {
	// Kind is the kind of server; MariaDB and MySQL share an implementation and differ here.
	Kind() Kind

	// Parse splits and lowers a source text. It never fails: a statement that it cannot read is
	// one Opaque change with Syntax set, and the statements after it are read all the same.
	Parse(src string) []Statement

	// Tail is the comments behind the last statement of a source text, which are no statement's.
	Tail(src string) []Comment

	// NewCatalog is an empty database of the given version.
	NewCatalog(v Version) *Catalog

	// Replay carries a statement's changes out on the catalog, as the server would. Opaque
	// changes, and changes to what the catalog does not have, leave it as it is.
	Replay(c *Catalog, s Statement)

	// Effects judges each change of a statement, on a catalog as it is before the statement.
	// A change to what fresh holds has no hazards: nobody can be using it yet.
	Effects(c *Catalog, s Statement, fresh Fresh) []Effect

	// Quote quotes an identifier wherever that is needed; Qualified quotes both parts of a name.
	Quote(identifier string) string
	Qualified(n Name) string

	// LedgerTable is the SQL name of one of segue's own tables (design section 5).
	LedgerTable(table string) string

	// LedgerGrant lets a user create the ledger in a database.
	LedgerGrant(database, user string) string

	// LedgerDDL creates the ledger's tables where they are not there yet. Columns and types are
	// described at migrate's ledger.
	LedgerDDL() []string
}

// IndexHider is a Dialect whose servers can keep an index up without queries using it.
type IndexHider interface {
	// HidingWord is what ALTER INDEX says for it; empty where the release cannot.
	HidingWord(v Version) string
}
