package mysql

import "strings"

// body follows the blocks of a stored program, whose statements have delimiters of their own.
type body struct {
	decided bool // what the statement is, by its first words
	stored  bool // it has a body
	first   string
	before  string  // the token before, in upper case
	end     bool    // the token before is END
	blocks  []block // that are open
	routine routine // of a package that is being read
	pack    bool    // the statement is a package: its own END closes it
}

// block is a part of a body that END closes. A CASE within an expression has no statements.
type block int

const (
	statementBlock block = iota
	expressionBlock
)

// routine is how far a routine of a package has been read.
type routine int

const (
	betweenRoutines routine = iota
	routineHead             // a semicolon ends a declaration
	routineBody             // behind AS or IS: declarations come before BEGIN
)

// storedKinds are the words behind CREATE or ALTER of what has a body.
var storedKinds = map[string]bool{
	"TRIGGER": true, "FUNCTION": true, "PROCEDURE": true, "EVENT": true, "PACKAGE": true,
}

// headWords may stand between CREATE and those.
var headWords = map[string]bool{
	"": true, "CREATE": true, "ALTER": true, "OR": true, "REPLACE": true, "DEFINER": true, "AGGREGATE": true,
	"CURRENT_USER": true, "CURRENT_ROLE": true, "=": true, "(": true, ")": true,
}

// statementStarts are the words behind which a statement of a body begins, so that IF is no function.
// ROW is that of FOR EACH ROW; a parenthesis closes a procedure's parameters.
var statementStarts = map[string]bool{
	";": true, "BEGIN": true, "THEN": true, "ELSE": true, "DO": true, "LOOP": true, "REPEAT": true,
	"ROW": true, ":": true, "DETERMINISTIC": true, "SQL": true, "DATA": true, "INVOKER": true,
	"DEFINER": true, "ATOMIC": true, "FOUND": true, "SQLEXCEPTION": true, "SQLWARNING": true, ")": true,
}

// blockWords open a block where a statement begins.
var blockWords = map[string]bool{"IF": true, "LOOP": true, "REPEAT": true, "WHILE": true, "FOR": true}

// isOpen reports whether a delimiter here is a body's own.
func (b *body) isOpen() bool { return len(b.blocks) > 0 }

func (b *body) take(src string, t token) {
	text := ""
	switch t.kind {
	case wordToken:
		text = strings.ToUpper(src[t.start:t.end])
	case delimiterToken, openToken, closeToken, otherToken:
		if t.end-t.start == 1 {
			text = src[t.start:t.end]
		}
	}
	if !b.decided {
		b.decide(text)
	}
	if b.pack && len(b.blocks) == 1 && !b.inPackage(text) {
		b.end, b.before = false, text
		return
	}
	if b.stored && t.kind == wordToken {
		b.track(text)
	}
	b.end = t.kind == wordToken && text == "END"
	b.before = text
}

// decide looks at a statement's first words for what makes it a stored program, or MariaDB's
// BEGIN NOT ATOMIC.
func (b *body) decide(text string) {
	switch {
	case b.first == "":
		b.first = text
		b.decided = text != "CREATE" && text != "ALTER" && text != "BEGIN"
	case b.first == "BEGIN":
		b.decided = text != "NOT"
		b.stored = text == "ATOMIC" && b.before == "NOT"
		if b.stored {
			b.blocks = []block{statementBlock}
		}
	case storedKinds[text] && b.before != "=":
		b.decided, b.stored = true, b.first == "CREATE" || text == "EVENT"
		if b.pack = b.stored && text == "PACKAGE"; b.pack {
			b.blocks = []block{statementBlock}
		}
	case !headWords[text] && b.before != "=":
		b.decided = true
	}
}

// track counts the blocks that a word opens or closes. END IF and the like close one, by END.
func (b *body) track(word string) {
	starts := statementStarts[b.before] && !b.inExpression()
	switch {
	case word == "END":
		b.blocks = b.blocks[:max(0, len(b.blocks)-1)]
	case b.end:
	case word == "CASE" && !starts:
		b.blocks = append(b.blocks, expressionBlock)
	case word == "CASE", word == "BEGIN", starts && blockWords[word] && (word != "FOR" || b.before != ")"):
		b.blocks = append(b.blocks, statementBlock)
	}
}

// inPackage follows the routines of a package. It reports whether the word counts for blocks: BEGIN between
// routines starts what the package does when it is loaded, and the package's own END closes that.
func (b *body) inPackage(text string) bool {
	switch text {
	case "PROCEDURE", "FUNCTION":
		b.routine = routineHead
	case "AS", "IS":
		if b.routine == routineHead {
			b.routine = routineBody
		}
	case ";":
		if b.routine == routineHead {
			b.routine = betweenRoutines
		}
	case "BEGIN":
		counts := b.routine != betweenRoutines
		b.routine = betweenRoutines
		return counts
	}
	return true
}

func (b *body) inExpression() bool {
	return len(b.blocks) > 0 && b.blocks[len(b.blocks)-1] == expressionBlock
}
