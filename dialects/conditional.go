package dialects

// Form is a kind of statement that may say IF EXISTS or IF NOT EXISTS.
type Form string

// The forms.
const (
	TableForm Form = "table" // CREATE TABLE, and DROP of a table or of an object
	PartForm  Form = "part"  // a column, index or constraint is added or dropped
)

// Conditional is a dialect that knows where its servers take IF EXISTS and IF NOT EXISTS.
type Conditional interface {
	Conditional(f Form) bool
}
