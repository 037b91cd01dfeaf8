package dialects

// OnlineRewriter is the capability to run a statement that would block in a form that does not:
// CREATE INDEX as CREATE INDEX CONCURRENTLY, a foreign key as NOT VALID and then VALIDATE.
type OnlineRewriter interface {
	// Online returns the actions that end in the same schema as the statement does, each of them
	// safe under traffic, and the hazards that they take away. It returns no actions where the
	// statement has no such form.
	Online(c *Catalog, migration string, s Statement) (actions []Action, hazards []string, err error)
}
