package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
)

func rulesCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rules [RULE]",
		Short: "List the rules of lint, or explain one",
		Args:  arguments(0, 1, ""),
		RunE:  func(_ *cobra.Command, args []string) error { return a.rules(argument(args, 0)) },
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
	ID         string        `json:"id"`
	Family     string        `json:"family"`
	Severity   lint.Severity `json:"severity"`
	Title      string        `json:"title"`
	Condition  string        `json:"condition"`
	Effect     string        `json:"effect"`
	Workaround string        `json:"workaround"`
	Before     string        `json:"before"`
	After      string        `json:"after"`
}

func (a *app) rules(id string) error {
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
		document.Rules = append(document.Rules, ruleDocument{
			r.ID, string(r.Family), r.Severity, r.Doc.Title, r.Doc.Condition, r.Doc.Effect, r.Doc.Workaround, r.Doc.Before, r.Doc.After,
		})
		rows = append(rows, []string{r.ID, string(r.Family), string(r.Severity), r.Doc.Title})
	}
	return a.print(document, func(t text) {
		if id != "" {
			t.line("%s", strings.TrimSuffix(suite[0].Explain(), "\n"))
			return
		}
		t.table([]string{"RULE", "FAMILY", "SEVERITY", "WHAT IS NOT SAFE"}, rows)
	})
}
