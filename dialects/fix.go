package dialects

// Fixer is the capability to write a statement anew, as text for a migration file, so that it does not
// block. What OnlineRewriter is to a runner this is to an author: the names are the author's, and so is
// all of the text that need not change.
type Fixer interface {
	// Fix writes a statement anew so that the wanted rules, by their IDs, find nothing in it. Its parts
	// end in the same schema as the statement. It is nil where the dialect knows no such form.
	Fix(c *Catalog, s Statement, wanted []string) *Rewrite
}

// Rewrite is a statement written anew.
type Rewrite struct {
	Title string   // what it does, as a phrase: "build the index CONCURRENTLY"
	Cures []string // the wanted rules that find nothing any more
	Parts []Part   // what stands in the statement's place, in order
}

// Part is one statement of a rewrite, without the semicolon; comments may stand above it.
type Part struct {
	SQL   string
	Apart Apart
	// Name says in the words of a file's name what the part does: validate_orders_user_id_fkey.
	Name string
}

// Apart says how far a part must be from what runs before it.
type Apart string

// How far apart parts are.
const (
	Together  Apart = ""          // it may commit with what is before it
	Committed Apart = "committed" // what is before it must have committed, so that its locks are gone
	Outside   Apart = "outside"   // it runs in no transaction block
)

// TextEdit puts text in the place of source[Start:End].
type TextEdit struct {
	Start, End int
	Text       string
}

// ApplyEdits applies edits that ascend and do not overlap. Several that only insert may share a place; they
// are put in in their order.
func ApplyEdits(src string, edits []TextEdit) string {
	var text []byte
	at := 0
	for _, e := range edits {
		text = append(text, src[at:e.Start]...)
		text = append(text, e.Text...)
		at = e.End
	}
	return string(append(text, src[at:]...))
}
