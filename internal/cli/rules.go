package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
)

func rulesCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules of lint, or explain one",
		Long: `Lists the rules that lint holds migrations against on the server at hand (--server, or server: in
` + configName + `), or explains one in that server's words, with an example before and after.`,
		Args: arguments(0, 1, ""),
		RunE: func(_ *cobra.Command, args []string) error { return a.rules(argument(args, 0)) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, r := range rules.Suite() {
				ids = append(ids, r.ID)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
	}
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
}

func (a *app) rules(id string) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	kind := settings.server.Kind
	suite := rules.Suite()
	if id != "" {
		r, err := lint.FindRule(suite, id)
		if err != nil {
			return err
		}
		suite = []lint.Rule{*r}
	}
	document := struct {
		Version int            `json:"version"`
		Rules   []ruleDocument `json:"rules"`
	}{Version: 1}
	var rows [][]string
	for _, r := range suite {
		doc := r.Doc(kind)
		if doc == nil && id == "" {
			continue
		}
		if doc == nil {
			doc = &r.Docs[0] // who asks for a rule by its name gets to see it
		}
		document.Rules = append(document.Rules, ruleDocument{
			r.ID, string(r.Family), r.Severity, doc.Servers, doc.Title, doc.Condition, doc.Effect, doc.Workaround, doc.Before, doc.After,
		})
		rows = append(rows, []string{r.ID, string(r.Family), string(r.Severity), doc.Title})
	}
	return a.print(document, func(t text) {
		if id != "" {
			t.line("%s", strings.TrimSuffix(suite[0].Explain(kind), "\n"))
			return
		}
		t.table([]string{"RULE", "FAMILY", "SEVERITY", "WHAT IS NOT SAFE"}, rows)
		t.line("These are the rules on %s; --server KIND shows those on another server.", kind)
	})
}
