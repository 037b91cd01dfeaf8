package rules

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/segue-db/segue/lint"
)

var mixedDeploy = lint.Rule{
	ID: "mixed-deploy", Family: lint.SourceFamily, Severity: lint.Off,
	Docs: []lint.Doc{{
		Title: "Migrations and app code stand in one change set",
		Condition: "With --since, and off until it is asked for: the branch adds or edits a migration and changes app code as well. App code is each file " +
			"outside of the migrations but these: documentation (.md, .txt, .rst, .adoc, folders called doc or docs), configuration and data " +
			"(.yml, .yaml, .toml, .json, .ini, .cfg, .conf, .properties, .env, .lock, .sum, .csv, .xml, .sql), build files (Makefile, Dockerfile, .mk), tests (folders called test, " +
			"tests, spec, testdata or __tests__; files called *_test.*, test_*, *_spec.*, *.test.* and *.spec.*), and what is hidden or in a hidden folder.",
		Effect: "What is merged together is deployed together: for as long as the rollout takes old code meets the new schema, or new code the " +
			"old one, and neither can be taken back without the other.",
		Workaround: "Merge and run the migration first, in a form that the code which runs can live with; then the code that needs it.",
	}},
	CheckBranch: func(p *lint.Pass) {
		code := slices.DeleteFunc(slices.Clone(p.Branch.Beside), func(file string) bool { return !isAppCode(file) })
		if p.Work == lint.Deletes || len(code) == 0 {
			return
		}
		named := code[0]
		if len(code) > 1 {
			named = fmt.Sprintf("%s and %d more", code[0], len(code)-1)
		}
		p.Report(lint.Finding{
			Message: fmt.Sprintf("the migration stands in one change set with app code: %s", named),
			Why: "what is merged together is deployed together: meanwhile old code meets the new schema, or new code the old one, and " +
				"neither can be taken back without the other",
			Instead: "merge and run the migration first, and the code that needs it after that",
		})
	},
}

// What is not app code, by a file's name and by the folders that it is in.
var (
	besideCode    = regexp.MustCompile(`(?i)^(\..*|(makefile|dockerfile|license|copying|changelog)(\..*)?|.*\.(md|txt|rst|adoc|ya?ml|toml|json|ini|cfg|conf|properties|env|lock|sum|csv|xml|sql|mk)|.*_(test|spec)\..*|test_.*|.*\.(test|spec)\..*)$`)
	besideFolders = []string{"doc", "docs", "test", "tests", "spec", "testdata", "__tests__"}
)

func isAppCode(file string) bool {
	for folder := range strings.SplitSeq(path.Dir(file), "/") {
		if slices.Contains(besideFolders, strings.ToLower(folder)) || len(folder) > 1 && folder[0] == '.' {
			return false
		}
	}
	return !besideCode.MatchString(path.Base(file))
}
