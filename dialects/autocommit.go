package dialects

// Autocommitter is a Dialect whose servers commit DDL by itself, and what is open before it. There no
// transaction holds statements together that change the schema, and none is in their way.
type Autocommitter interface {
	// CommitsDDL does nothing: to have it is to be one.
	CommitsDDL()
}
