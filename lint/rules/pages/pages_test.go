package pages_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/lint/rules/pages"
)

func writer() pages.Writer {
	return pages.Writer{Rules: rules.Suite(), Dialect: func(v dialects.Version) dialects.Dialect {
		if v.Kind == dialects.Postgres {
			return postgres.Dialect{}
		}
		return mysql.Dialect{Server: v}
	}}
}

func all(t *testing.T) map[string]string {
	t.Helper()
	all, err := writer().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	linked = regexp.MustCompile(`\]\(([^)#]*)(?:#([^)]*))?\)`)
	fence  = regexp.MustCompile("(?ms)^```.*?^```$")
)

// TestLinksLead holds that each link of a page is to another, or to a heading of its own.
func TestLinksLead(t *testing.T) {
	pages := all(t)
	for name, text := range pages {
		for _, m := range linked.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			page, heading := m[1], m[2]
			if _, ok := pages[page]; page != "" && !ok {
				t.Errorf("%s: there is no page %s", name, page)
			}
			if heading != "" && !strings.Contains(strings.ToLower(text), "\n## "+heading+"\n") {
				t.Errorf("%s: there is no heading %s", name, heading)
			}
		}
	}
}

// TestEveryRuleIsInTheTable holds that no rule, and so no family, is left out.
func TestEveryRuleIsInTheTable(t *testing.T) {
	index := all(t)["README.md"]
	for _, r := range rules.Suite() {
		if row := "\n| [" + r.ID + "](" + r.ID + ".md) | " + string(r.Severity) + " | "; strings.Count(index, row) != 1 {
			t.Errorf("%s has not one row", r.ID)
		}
	}
}

// TestPagesSayWhatSegueDoes holds that a page's last word on an example agrees with what lint says of it in a
// directory that segue runs: a warning where it is taken care of, and an error where it is refused.
func TestPagesSayWhatSegueDoes(t *testing.T) {
	pages := all(t)
	for page, want := range map[string][]string{
		"rename-column":           {"carries it out by the rename-column plan", "| contract | proves every row's two columns identical |"},
		"index-not-concurrent":    {"`segue up`\nruns:", "CREATE INDEX CONCURRENTLY users_email"},
		"drop-column":             {"refuses this migration", "`-- segue:allow drop-column REASON` and `-- segue:plan off`"},
		"bare-alter":              {"It is a note there", "ALTER TABLE users ADD COLUMN nick varchar(20), ALGORITHM=INSTANT;"},
		"several-ddl-in-one-file": {"it runs the file as it is written"},
		"syntax-error":            {"refuses this migration before anything of it is run."},
	} {
		for _, text := range want {
			if !strings.Contains(pages[page+".md"], text) {
				t.Errorf("%s does not say %q:\n%s", page, text, pages[page+".md"])
			}
		}
	}
}

// TestStyleIsAskedFor holds that the page of a rule that is off says how to turn it on.
func TestStyleIsAskedFor(t *testing.T) {
	r := rules.Suite()[0]
	r.Severity = lint.Off
	page, err := writer().Page(t.Context(), &r)
	if err != nil {
		t.Fatal(err)
	}
	if want := "## To ask for it, or accept it"; !strings.Contains(page, want) || !strings.Contains(page, r.ID+": warning") {
		t.Errorf("the page of a rule that is off lacks %q:\n%s", want, page)
	}
}

// TestNoPageIsLeftOver holds that docs/rules has no page of a rule that is gone: what writes them takes
// none away. Whether they are current scripts/check-generated.sh says.
func TestNoPageIsLeftOver(t *testing.T) {
	files, err := os.ReadDir("../../../docs/rules")
	if err != nil {
		t.Fatal(err)
	}
	pages := all(t)
	for _, f := range files {
		if _, ok := pages[f.Name()]; !ok {
			t.Errorf("docs/rules/%s is no page of a rule: take it out", f.Name())
		}
	}
}
