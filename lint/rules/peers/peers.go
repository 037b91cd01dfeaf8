// Package peers lists the rules of other linters of migrations: what each is about, and, where no rule
// here covers it, why not. lint.Rule.Peers names them as TOOL/RULE.
package peers

import (
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// Tool is one other linter with all of its rules.
type Tool struct {
	Name  string // as it stands before the slash of a peer's name
	Title string
	AsOf  string // the release, or the state of its documentation, that the list is of
	Rules []Rule
}

// Rule is one rule of a tool.
type Rule struct {
	Name  string          // in the tool's own spelling
	About string          // what it reports, in one line
	On    []dialects.Kind // the servers it is for, of those that segue knows
	// Without says why no rule covers it. It is empty where rules cover it on all of its servers.
	Without string
}

// Tools are all of them.
func Tools() []Tool {
	return []Tool{squawk, strongMigrations, eugene, onlineMigrations, atlas, bytebase, skeema, spirit}
}

// Of is a rule's name as lint.Rule.Peers has it.
func (t *Tool) Of(r Rule) string { return t.Name + "/" + r.Name }

// Find finds a rule by its name as lint.Rule.Peers has it.
func Find(name string) (*Tool, *Rule, bool) {
	for _, tool := range Tools() {
		for _, r := range tool.Rules {
			if tool.Of(r) == name {
				return &tool, &r, true
			}
		}
	}
	return nil, nil, false
}

// Covering are the rules of a suite that name a peer's rule, in the suite's order.
func Covering(suite []lint.Rule, name string) []lint.Rule {
	var rules []lint.Rule
	for _, r := range suite {
		if slices.Contains(r.Peers, name) {
			rules = append(rules, r)
		}
	}
	return rules
}

// Lacking are the servers of a peer's rule on which no rule of those covers it.
func (r *Rule) Lacking(covering []lint.Rule) []dialects.Kind {
	var lacking []dialects.Kind
	for _, kind := range r.On {
		if !slices.ContainsFunc(covering, func(c lint.Rule) bool { return c.Doc(kind) != nil }) {
			lacking = append(lacking, kind)
		}
	}
	return lacking
}

var (
	postgres = []dialects.Kind{dialects.Postgres}
	mysql    = []dialects.Kind{dialects.MySQL, dialects.MariaDB}
	both     = []dialects.Kind{dialects.Postgres, dialects.MySQL, dialects.MariaDB}

	onlyMySQL   = []dialects.Kind{dialects.MySQL}
	onlyMariaDB = []dialects.Kind{dialects.MariaDB}
)

// Why a rule has no counterpart, where several have none for the same reason.
const (
	ownConvention = "checks a convention that each team sets for itself"
	ownList       = "needs a team's own list of what is allowed"
	ofQueries     = "is about an app's queries, not about changes to a schema"
	ofRuby        = "is about Ruby: in SQL there is no such thing"
	ofRows        = "goes by the rows, which only a live database has"
	ofEncodings   = "is about character sets, of which a database of Postgres has one from the day it is made"
	ofAccounts    = "is about who may do what, which the server decides"
)
