package dialects

import "fmt"

// Name names an object. Schema is empty where the text gave none; names in a catalog always have
// the schema that the server would have chosen. Both parts are as the catalog has them: unquoted,
// and folded where they were not quoted.
type Name struct {
	Schema string `json:"schema,omitempty"`
	Name   string `json:"name"`
}

// String is for people: schema.name, unquoted. For SQL use Dialect.Qualified.
func (n Name) String() string {
	if n.Schema == "" {
		return n.Name
	}
	return n.Schema + "." + n.Name
}

// Place is a place in a source text. Line and Column count from 1; Column counts characters.
type Place struct {
	Offset int // bytes from the start of the text
	Line   int
	Column int
}

// Comment is one comment with its markers. Text is exact.
type Comment struct {
	Text  string
	Start Place
	End   Place // behind the last byte
}

// Statement is one statement of a source text. Text is source[Start.Offset:End.Offset] to the byte:
// from its first token to its last, without the semicolon and without comments around it.
type Statement struct {
	Text     string
	Start    Place
	End      Place     // behind the last byte of Text
	Comments []Comment // the comments between the statement before and this one, in order
	Within   []Comment // the comments between its first token and its last
	Changes  []Change  // never empty: what is not understood is one Opaque
	// Body are the statements of a block of code that was looked into (Postgres's DO); Changes are then theirs.
	Body   []Statement
	Syntax *SyntaxError
	// Foreign says what of the statement this server does not know, though another of its family does, or
	// a later release. The statement is lowered all the same.
	Foreign *SyntaxError
	Traits  Traits // of how it is written, in no order
	// Tree is the parser's, for the dialect that made it, so that nothing parses the text again. Nobody changes it.
	Tree any
	// Algorithm and Locking are what the statement's ALGORITHM and LOCK clauses ask for (MySQL
	// family); empty where it has none.
	Algorithm Algorithm
	Locking   string
}

// Trait is something about how a statement is written that makes no difference to the schema that it
// leaves. Lint alone goes by it.
type Trait struct {
	Kind   TraitKind
	Detail string // the name or the text that it is about
	Count  int    // where it is about a number
}

// SyntaxError says that a statement could not be parsed: it is wrong, it is newer than the parser,
// or it is a client's command such as psql's \copy. The statement is then one Opaque change.
type SyntaxError struct {
	Place   Place
	Message string
	Line    string // the whole source line that Place is on
	Hint    string // what to do, where there is something better to say than to mend it
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%d:%d: %s", e.Place.Line, e.Place.Column, e.Message)
}
