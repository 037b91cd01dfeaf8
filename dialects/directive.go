package dialects

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// DirectiveWord is the word of a directive, -- segue:WORD ARGS.
type DirectiveWord string

// The directives of design section 3.
const (
	AllowDirective   DirectiveWord = "allow"
	PlanDirective    DirectiveWord = "plan"
	UsingDirective   DirectiveWord = "using"
	ReverseDirective DirectiveWord = "reverse"
	FillDirective    DirectiveWord = "fill"
	AsDirective      DirectiveWord = "as"
	SoakDirective    DirectiveWord = "soak"
	PhaseDirective   DirectiveWord = "phase"
	DownDirective    DirectiveWord = "down"
)

var directiveWords = []DirectiveWord{
	AllowDirective, PlanDirective, UsingDirective, ReverseDirective, FillDirective, AsDirective,
	SoakDirective, PhaseDirective, DownDirective,
}

// writtenPhases are those that segue:phase may name. In dual-write nothing runs.
var writtenPhases = []string{"expand", "backfill", "switch", "contract"}

// Directive is one directive that is well-formed. Args is the text behind the word; Rules and Reason
// are that of allow.
type Directive struct {
	Word   DirectiveWord
	Args   string
	Rules  []string
	Reason string
	Start  Place
	End    Place // behind the last byte
}

// DirectiveError says what is wrong with a directive and what to write instead.
type DirectiveError struct {
	Start   Place
	End     Place
	Message string
	Hint    string
}

func (e *DirectiveError) Error() string {
	s := fmt.Sprintf("%d:%d: %s", e.Start.Line, e.Start.Column, e.Message)
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

const directiveMark = "segue:"

// readDirective reads a comment; nil, nil where it is no directive.
func readDirective(c Comment) (*Directive, *DirectiveError) {
	body, line := strings.CutPrefix(c.Text, "--")
	hash := strings.HasPrefix(c.Text, "#")
	if hash {
		body, line = c.Text[1:], true
	}
	body = strings.TrimSpace(body)
	if !line || len(body) < len(directiveMark) || !strings.EqualFold(body[:len(directiveMark)], directiveMark) {
		return nil, nil
	}
	word, args := cutSpace(body[len(directiveMark):])
	d := &Directive{Word: DirectiveWord(word), Args: args, Start: c.Start, End: c.End}
	if hash {
		return nil, d.wrong("a directive stands in a # comment", "write -- "+body)
	}
	if body[:len(directiveMark)] != directiveMark || !slices.Contains(directiveWords, d.Word) {
		return nil, d.wrong("unknown directive "+body[:len(directiveMark)]+word, suggestWord(word))
	}
	return d, d.check()
}

// check checks a directive's arguments.
func (d *Directive) check() *DirectiveError {
	name := directiveMark + string(d.Word)
	switch d.Word {
	case AllowDirective:
		d.Rules, d.Reason = cutRules(d.Args)
		if len(d.Rules) == 0 || d.Reason == "" {
			return d.wrong(name+" needs a rule and a reason", "write -- segue:allow RULE REASON")
		}
	case PlanDirective:
		if d.Args != "off" {
			return d.wrong(fmt.Sprintf("%s takes no %q", name, d.Args), "write -- segue:plan off")
		}
	case UsingDirective, ReverseDirective, FillDirective:
		if d.Args == "" {
			return d.wrong(name+" needs an expression", "")
		}
	case AsDirective:
		if d.Args == "" {
			return d.wrong(name+" needs a name", "")
		}
	case SoakDirective:
		if soak, err := time.ParseDuration(d.Args); err != nil || soak < 0 {
			return d.wrong(fmt.Sprintf("%s takes no %q", name, d.Args), "write a duration such as 24h or 90m")
		}
	case PhaseDirective:
		if d.Args == "dual-write" {
			return d.wrong(name+" dual-write: nothing runs in that phase", "")
		}
		if !slices.Contains(writtenPhases, d.Args) {
			return d.wrong(fmt.Sprintf("%s takes no %q", name, d.Args), "write one of "+strings.Join(writtenPhases, ", "))
		}
	case DownDirective:
		if d.Args != "" {
			return d.wrong(fmt.Sprintf("%s takes no %q", name, d.Args), "write -- segue:down")
		}
	}
	return nil
}

// fits reports whether a directive that speaks of one change is for this one; any other fits all.
func (d *Directive) fits(c Change) bool {
	switch d.Word {
	case UsingDirective, ReverseDirective, AsDirective:
		switch c.(type) {
		case RenameColumn, AlterColumnType, AddColumn, RedefineColumn:
			return true
		}
		return false
	case FillDirective:
		switch c.(type) {
		case SetNotNull, RedefineColumn:
			return true
		}
		return false
	}
	return true
}

// ofOneChange holds for the directives that speak of a statement's only change.
func (d *Directive) ofOneChange() bool {
	switch d.Word {
	case UsingDirective, ReverseDirective, FillDirective, AsDirective:
		return true
	}
	return false
}

func (d *Directive) wrong(message, hint string) *DirectiveError {
	return &DirectiveError{Start: d.Start, End: d.End, Message: message, Hint: hint}
}

func cutSpace(s string) (before, after string) {
	if at := strings.IndexAny(s, " \t"); at >= 0 {
		return s[:at], strings.TrimSpace(s[at:])
	}
	return s, ""
}

// cutRules reads RULE[,RULE] REASON; space may follow a comma.
func cutRules(args string) (rules []string, reason string) {
	rest := args
	for {
		var list string
		list, rest = cutSpace(rest)
		more := strings.HasSuffix(list, ",")
		for rule := range strings.SplitSeq(list, ",") {
			if rule != "" {
				rules = append(rules, rule)
			}
		}
		if !more || rest == "" {
			return rules, rest
		}
	}
}

func suggestWord(word string) string {
	if word == "" {
		return "the word follows the colon, as in -- segue:allow RULE REASON"
	}
	best, distance := "", 3
	for _, known := range directiveWords {
		if d := editDistance(strings.ToLower(word), string(known)); d < distance {
			best, distance = string(known), d
		}
	}
	if best != "" {
		return "did you mean " + directiveMark + best + "?"
	}
	words := make([]string, len(directiveWords))
	for i, w := range directiveWords {
		words[i] = string(w)
	}
	return "the directives are " + strings.Join(words, ", ")
}

// editDistance counts the letters to add, take out, replace or swap with their neighbour.
func editDistance(a, b string) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
