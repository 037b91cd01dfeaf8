// Package rules holds the rules of lint: one file each, named by the rule's ID, with its examples
// in testdata.
package rules

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
)

// suite is every rule, in the order in which they are listed.
var suite = []lint.Rule{
	// What breaks an app version that still runs.
	renameColumn,
	renameTable,
	renameObject,
	dropColumn,
	dropTable,
	notNullWithoutDefault,

	// What blocks traffic.
	changeColumnType,
	setNotNull,
	addColumnRewrite,
	indexNotConcurrent,
	foreignKeyNotValid,
	checkNotValid,
	attachPartition,
	tableRewrite,
	unboundedWrite,
	truncateTable,
	opaqueStatement,

	// What is wrong with a file itself. unusedAllow comes last: only behind all others is it known
	// what a directive silenced.
	syntaxError,
	transaction,
	directive,
	unusedAllow,
}

//go:embed testdata
var testdata embed.FS

// Suite is every rule, with its examples as the tests run them.
func Suite() []lint.Rule {
	rules := slices.Clone(suite)
	for i := range rules {
		rules[i].Doc.Before = exampleOf(rules[i].ID, "before")
		rules[i].Doc.After = exampleOf(rules[i].ID, "after")
	}
	return rules
}

// exampleOf is the last migration of a rule's example: the ones before it set the scene.
func exampleOf(id, name string) string {
	data, err := testdata.ReadFile(fmt.Sprintf("testdata/%s/%s.txtar", id, name))
	if err != nil {
		return ""
	}
	e, err := example.Read(data)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(e.Files[len(e.Files)-1].SQL)
}

// hazards makes a check of a rule that puts a hazard into words. Where say gives no reason, the
// hazard's own is it.
func hazards(id string, say func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding) func(*lint.Pass) {
	return func(p *lint.Pass) {
		for e, h := range p.Hazards(id) {
			f := say(p, e, h)
			if f.Table == "" && e.Table.Name != "" {
				f.Table = e.Table.String()
			}
			if f.Why == "" {
				f.Why = h.Detail
			}
			p.Report(f)
		}
	}
}
