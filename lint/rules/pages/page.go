package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/lint/rules/peers"
)

// families say what each family is about.
var families = []struct {
	name, about string
}{
	{"compatibility", "the change breaks an app version that is running"},
	{"lock", "the change blocks traffic"},
	{"source", "the file itself cannot be read, or run, as its author meant it"},
	{"style", "taste: types, names, statements that can be run twice; off until asked for"},
}

// Page is a rule's page.
func (w Writer) Page(ctx context.Context, r *lint.Rule) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", r.ID)
	fmt.Fprintf(&b, "| family | severity | servers |\n|---|---|---|\n| %s | %s | %s |\n", r.Family, r.Severity, servers(spoken(r)))
	for i := range r.Docs {
		if err := w.explain(ctx, &b, r, &r.Docs[i]); err != nil {
			return "", fmt.Errorf("writing the page of %s: %w", r.ID, err)
		}
	}
	head := "To accept it"
	if r.Severity == lint.Off {
		head = "To ask for it, or accept it"
	}
	fmt.Fprintf(&b, "\n## %s\n\n%s", head, accept(r))
	if len(r.Peers) > 0 {
		b.WriteString("\n## In other tools\n\n" + inOtherTools(r))
	}
	b.WriteString("\n[All rules](README.md)\n")
	return b.String(), nil
}

// explain writes what a rule says in the words of some servers.
func (w Writer) explain(ctx context.Context, b *strings.Builder, r *lint.Rule, d *lint.Doc) error {
	if len(d.Servers) > 0 && len(r.Docs) > 1 {
		fmt.Fprintf(b, "\n## On %s\n", servers(d.Servers))
	}
	fmt.Fprintf(b, "\n**%s**\n\n", filledIn(sentence(d.Title)))
	for _, part := range []struct{ head, text string }{
		{"When", d.Condition}, {"What happens", d.Effect}, {"Instead", d.Workaround},
	} {
		b.WriteString(filled(fmt.Sprintf("**%s:** %s", part.head, prose(sentence(part.text)))) + "\n")
	}
	before, after := rules.Example(r.ID, "before", d), rules.Example(r.ID, "after", d)
	if before == nil || after == nil {
		return fmt.Errorf("it lacks an example before or after for %s", servers(d.Servers))
	}
	b.WriteString("Before:\n\n" + block("sql", script(before, nil)))
	b.WriteString("\nAfter:\n\n" + block("sql", script(after, before)))
	way, err := w.wayOf(ctx, r, before)
	if err != nil {
		return err
	}
	if words := way.words(); words != "" {
		b.WriteString("\n" + words)
	}
	return nil
}

func filledIn(text string) string { return strings.TrimSuffix(filled(prose(text)), "\n") }

// script is an example's files below each other, but for those that another example has too: they set the
// scene, once. A single file needs no name.
func script(e, scene *example.Example) string {
	var parts []string
	for _, f := range e.Files {
		if scene != nil && len(e.Files) > 1 && slices.ContainsFunc(scene.Files, func(o example.File) bool { return o.Path == f.Path && o.SQL == f.SQL }) {
			continue
		}
		parts = append(parts, fmt.Sprintf("-- %s\n%s", f.Path, strings.TrimSpace(f.SQL)))
	}
	if len(e.Files) == 1 {
		return strings.TrimSpace(e.Files[0].SQL)
	}
	return strings.Join(parts, "\n\n")
}

// accept says how a rule's findings are accepted, or the rule asked for.
func accept(r *lint.Rule) string {
	directive := block("sql", fmt.Sprintf("-- segue:allow %s REASON", r.ID))
	severity := "off        # or info, warning, error"
	if r.Severity == lint.Off {
		severity = "warning    # or info, error: it is off unless you say so"
	}
	levels := fmt.Sprintf("  rules:\n    %s: %s", r.ID, severity)
	allow := fmt.Sprintf("  allow: [{rule: %s, migration: \"0031\", reason: \"...\"}]\n", r.ID)
	switch {
	case r.Check != nil:
		return "Above the statement, with a reason that the report repeats:\n\n" + directive +
			"\nFor one migration, from outside of the file, or for all of them, in `segue.yaml`:\n\n" + block("yaml", "lint:\n"+allow+levels)
	case r.Family != lint.SourceFamily:
		return "At the head of the file, with an empty line below it, and with a reason that the report repeats:\n\n" + directive +
			"\nFor one migration, from outside of the file, or for all of them, in `segue.yaml`:\n\n" + block("yaml", "lint:\n"+allow+levels)
	}
	return "It is about the file as a whole, so no comment in it accepts it. For all migrations, in `segue.yaml`:\n\n" + block("yaml", "lint:\n"+levels)
}

// inOtherTools names the rules of others that a rule covers.
func inOtherTools(r *lint.Rule) string {
	var b strings.Builder
	for _, tool := range peers.Tools() {
		for _, peer := range tool.Rules {
			if slices.Contains(r.Peers, tool.Of(peer)) {
				fmt.Fprintf(&b, "- %s, `%s`: %s\n", tool.Title, peer.Name, prose(peer.About))
			}
		}
	}
	return b.String()
}
