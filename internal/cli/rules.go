package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/lint/rules/pages"
	"github.com/segue-db/segue/lint/rules/peers"
)

//go:generate go run ../../cmd/segue rules --pages ../../docs/rules

func rulesCommand(a *app) *cobra.Command {
	var folder string
	c := &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules of lint, or explain one",
		Long: `Lists the rules that lint holds migrations against on the server at hand (--server, or server: in
` + configName + `), or explains one in that server's words, with an example before and after. A rule of another linter, such as
squawk/ban-drop-column, stands for those that report what it does.

--format is table, json or markdown. Markdown is for every server: the page of the rule, or the table of all.`,
		Args: arguments(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			if folder != "" {
				return a.rulePages(c.Context(), folder)
			}
			return a.rules(c.Context(), argument(args, 0))
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, r := range rules.Suite() {
				ids = append(ids, r.ID)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().StringVar(&folder, "pages", "", "write the page of every rule, and tables of all, into `DIR`")
	return c
}

// ruleDocument is a rule as JSON.
type ruleDocument struct {
	ID         string          `json:"id"`
	Family     string          `json:"family"`
	Severity   lint.Severity   `json:"severity"`
	Servers    []dialects.Kind `json:"servers"` // whose words these are; empty: every server's
	Title      string          `json:"title"`
	Condition  string          `json:"condition"`
	Effect     string          `json:"effect"`
	Workaround string          `json:"workaround"`
	Before     string          `json:"before"`
	After      string          `json:"after"`
	Peers      []string        `json:"peers"` // the rules of other tools that it covers, as TOOL/RULE
}

// markdownFormat is of pages for every server.
const markdownFormat = "markdown"

func (a *app) rules(ctx context.Context, id string) error {
	if f := a.flags.format; f != "" {
		if err := oneOf("--format", f, string(tableFormat), string(jsonFormat), markdownFormat); err != nil {
			return err
		}
	}
	settings, err := a.settings()
	if err != nil {
		return err
	}
	kind := settings.server.Kind
	suite, asked := rules.Illustrated(), id
	switch {
	case strings.Contains(id, "/"):
		if suite, err = standingFor(suite, id); err != nil {
			return err
		}
		id = ""
	case id != "":
		r, err := lint.FindRule(suite, id)
		if err != nil {
			return err
		}
		suite = []lint.Rule{*r}
	}
	if a.flags.format == markdownFormat {
		return a.ruleMarkdown(ctx, suite, id)
	}
	document := struct {
		Version int            `json:"version"`
		Rules   []ruleDocument `json:"rules"`
	}{Version: 1}
	var rows [][]string
	for _, r := range suite {
		doc := r.Doc(kind)
		if doc == nil && asked == "" {
			continue
		}
		if doc == nil {
			doc = &r.Docs[0] // who asks for a rule by a name gets to see it
		}
		document.Rules = append(document.Rules, ruleDocument{
			r.ID, string(r.Family), r.Severity, doc.Servers, doc.Title, doc.Condition, doc.Effect, doc.Workaround, doc.Before, doc.After,
			slices.Concat([]string{}, r.Peers),
		})
		rows = append(rows, []string{r.ID, string(r.Family), string(r.Severity), doc.Title})
	}
	return a.print(document, func(t text) {
		if id != "" {
			t.line("%s", strings.TrimSuffix(suite[0].Explain(kind), "\n"))
			return
		}
		t.table([]string{"RULE", "FAMILY", "SEVERITY", "WHAT IS NOT SAFE"}, rows)
		if asked == "" {
			t.line("These are the rules on %s; --server KIND shows those on another server.", kind)
		}
		t.line("A rule that is off reports nothing until lint.rules in %s turns it on, as in rules: {prefer-identity: warning}.", configName)
	})
}

// standingFor are the rules that report what a rule of another linter does.
func standingFor(suite []lint.Rule, peer string) ([]lint.Rule, error) {
	tool, rule, ok := peers.Find(peer)
	if !ok {
		return nil, usage("docs/rules/peers.md lists them", "no linter that segue knows has a rule %s", peer)
	}
	covering := peers.Covering(suite, peer)
	if len(covering) == 0 {
		return nil, usage("", "no rule stands for %s of %s (%s): it %s", rule.Name, tool.Title, rule.About, rule.Without)
	}
	return covering, nil
}

// rulePages writes the pages of rules as lint and the planner really judge their examples.
func rulePages(suite []lint.Rule) pages.Writer {
	return pages.Writer{Rules: suite, Dialect: func(v dialects.Version) dialects.Dialect { return kindOf(v.Kind).dialect(v) }}
}

// ruleMarkdown prints the page of a rule, or the table of all.
func (a *app) ruleMarkdown(ctx context.Context, suite []lint.Rule, id string) error {
	text := rulePages(suite).Index()
	if id != "" {
		var err error
		if text, err = rulePages(rules.Suite()).Page(ctx, &suite[0]); err != nil {
			return err
		}
	}
	_, err := io.WriteString(a.out, text)
	return err
}

// rulePages writes all pages into a folder.
func (a *app) rulePages(ctx context.Context, folder string) error {
	all, err := rulePages(rules.Suite()).All(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return usage("", "making the folder for the pages: %w", err)
	}
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return usage("", "writing a page: %w", err)
		}
	}
	return nil
}
