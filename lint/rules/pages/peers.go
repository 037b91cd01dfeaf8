package pages

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules/peers"
)

// Peers is the table of the rules of other tools, with the rules that cover them.
func (w Writer) Peers() string {
	var b strings.Builder
	b.WriteString("# The rules of other linters, and those that cover them\n\n" + filled("For each rule of another linter: the rules of "+
		"`segue lint` that report what it reports, or why none does. A rule here reports more, and less: it goes by the schema as the migrations "+
		"before have made it, by the server's version, and by the transactions that the directory's runner really makes."))
	b.WriteString("\n| tool | rules | covered | with a reason |\n|---|---|---|---|\n")
	for _, tool := range peers.Tools() {
		covered, without := 0, 0
		for _, r := range tool.Rules {
			if len(peers.Covering(w.Rules, tool.Of(r))) > 0 {
				covered++
			} else {
				without++
			}
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %d | %d | %d |\n", tool.Title, strings.ToLower(tool.Title), len(tool.Rules), covered, without)
	}
	for _, tool := range peers.Tools() {
		fmt.Fprintf(&b, "\n## %s\n\nAs of %s.\n\n| rule | what it reports | here |\n|---|---|---|\n", tool.Title, tool.AsOf)
		for _, r := range tool.Rules {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.Name, prose(r.About), here(&r, peers.Covering(w.Rules, tool.Of(r))))
		}
	}
	return b.String()
}

// here is what stands for a peer's rule.
func here(r *peers.Rule, covering []lint.Rule) string {
	var links []string
	for i := range covering {
		links = append(links, link(&covering[i]))
	}
	if r.Without == "" {
		return strings.Join(links, ", ")
	}
	if len(links) == 0 {
		return "none: it " + prose(r.Without)
	}
	return fmt.Sprintf("%s; on %s none: it %s", strings.Join(links, ", "), servers(r.Lacking(covering)), prose(r.Without))
}
