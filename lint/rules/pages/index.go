package pages

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/lint"
)

// Index is the table of all rules.
func (w Writer) Index() string {
	var b strings.Builder
	b.WriteString("# The rules of `segue lint`\n\n" + filled("Each rule has a page: when it reports, what would happen, the way out, and an "+
		"example before and after. `segue rules` lists those for a server, `segue rules RULE` explains one. What the rules of other linters "+
		"are called here: [peers.md](peers.md)."))
	b.WriteString("\n" + w.counts())
	for _, family := range families {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n\n| rule | severity | servers | |\n|---|---|---|---|\n",
			capital(family.name), capital(family.about))
		for i := range w.Rules {
			r := &w.Rules[i]
			if string(r.Family) != family.name {
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", link(r), r.Severity, servers(spoken(r)), headlines(r))
		}
	}
	return b.String()
}

// counts is how many rules each family has on each server.
func (w Writer) counts() string {
	var b strings.Builder
	b.WriteString("| family | rules |")
	for _, k := range kinds {
		fmt.Fprintf(&b, " on %s |", titles[k])
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(kinds)) + "\n")
	row := func(head string, in func(*lint.Rule) bool) {
		all, on := 0, make([]int, len(kinds))
		for i := range w.Rules {
			r := &w.Rules[i]
			if !in(r) {
				continue
			}
			all++
			for j, k := range kinds {
				if r.Doc(k) != nil {
					on[j]++
				}
			}
		}
		fmt.Fprintf(&b, "| %s | %d |", head, all)
		for _, n := range on {
			fmt.Fprintf(&b, " %d |", n)
		}
		b.WriteByte('\n')
	}
	for _, family := range families {
		row(fmt.Sprintf("[%s](#%s): %s", family.name, family.name, family.about), func(r *lint.Rule) bool { return string(r.Family) == family.name })
	}
	row("all", func(*lint.Rule) bool { return true })
	return b.String()
}

// headlines are what a rule's docs say in one line; once where they say the same.
func headlines(r *lint.Rule) string {
	var lines []string
	for _, d := range r.Docs {
		if line := prose(d.Title); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "<br>")
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
