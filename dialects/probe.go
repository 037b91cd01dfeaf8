package dialects

// Prober is the capability to tell whether a statement that commits by itself was carried out.
type Prober interface {
	// Probe is a query as Action.Probe has it; its answer is unknown where only a person can tell.
	// The catalog is that before the statement.
	Probe(c *Catalog, s Statement) string
}
