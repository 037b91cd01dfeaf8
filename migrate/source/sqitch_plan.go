package source

import (
	"regexp"
	"strings"
)

// sqitchChange is a change of a plan. Its script is named like it; that of a change which was reworked
// later has the tag behind it too.
type sqitchChange struct {
	name   string
	script string
	line   int
}

var (
	sqitchPragma = regexp.MustCompile(`^\s*%`)
	// sqitchLine is a change or a tag: what it is called, what it depends on, when and by whom.
	sqitchLine = regexp.MustCompile(`^\s*([+-]?)\s*(@?)([^\s@:#\\\[\]]+)(?:\s+\[[^\]]*\])?\s+\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\s+[^<]*<[^>]*>`)
)

func sqitchPlan(file, plan string) ([]sqitchChange, error) {
	var changes []sqitchChange
	untagged := 0 // changes from here on have no tag yet
	tags := map[int]string{}
	number := 0
	for l := range lines(plan) {
		number++
		text, _, _ := strings.Cut(plan[l.start:l.end], "#")
		if strings.TrimSpace(text) == "" || sqitchPragma.MatchString(text) {
			continue
		}
		parts := sqitchLine.FindStringSubmatch(text)
		switch {
		case parts == nil:
			return nil, &ListError{Path: file, Line: number, Problem: "the line is neither a change nor a tag",
				Hint: "let sqitch write it: sqitch add, sqitch tag"}
		case parts[1] == "-":
			return nil, &ListError{Path: file, Line: number, Problem: "the plan reverts " + parts[3],
				Hint: "make it a change of its own that undoes the other"}
		case parts[2] == "@":
			for i := untagged; i < len(changes); i++ {
				tags[i] = parts[3]
			}
			untagged = len(changes)
		default:
			changes = append(changes, sqitchChange{name: parts[3], script: parts[3], line: number})
		}
	}
	later := map[string]bool{}
	for i := len(changes) - 1; i >= 0; i-- {
		if c := &changes[i]; later[c.name] {
			c.script += "@" + tags[i]
		}
		later[changes[i].name] = true
	}
	return changes, nil
}
