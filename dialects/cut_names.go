package dialects

// NameCutter is a dialect whose servers cut a name that is too long, with no more than a notice.
type NameCutter interface {
	// CutNames are the names in a statement's text that are too long, each once, in their order.
	CutNames(text string) []CutName
}

// CutName is a name that the server cuts: as it is written, without quotes, and what is left of it.
type CutName struct{ Written, Kept string }
