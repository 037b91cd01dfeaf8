package source

import (
	"regexp"
	"slices"
	"strings"
)

// sqitchChange is a change of a plan.
type sqitchChange struct {
	name string
	line int
	tags []string // right behind it
	// scripts are what its script may be called, first come first: a change that was reworked later keeps
	// its script under its name and one of the tags up to there, which is the last when sqitch makes it.
	scripts []string
}

var (
	sqitchPragma = regexp.MustCompile(`^\s*%`)
	// sqitchLine is a change or a tag: what it is called, what it depends on, when and by whom.
	sqitchLine = regexp.MustCompile(`^\s*([+-]?)\s*(@?)([^\s@:#\\\[\]]+)(?:\s+\[[^\]]*\])?\s+\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\s+[^<]*<[^>]*>`)
)

func sqitchPlan(file, plan string) ([]sqitchChange, error) {
	var changes []sqitchChange
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
			if n := len(changes); n > 0 {
				changes[n-1].tags = append(changes[n-1].tags, parts[3])
			}
		default:
			changes = append(changes, sqitchChange{name: parts[3], line: number})
		}
	}
	rework := map[string]int{} // where a change of that name comes next
	for i := len(changes) - 1; i >= 0; i-- {
		c := &changes[i]
		if next, reworked := rework[c.name]; reworked {
			for _, between := range slices.Backward(changes[i:next]) {
				for _, tag := range between.tags {
					c.scripts = append(c.scripts, c.name+"@"+tag)
				}
			}
		}
		if len(c.scripts) == 0 {
			c.scripts = []string{c.name}
		}
		rework[c.name] = i
	}
	return changes, nil
}
