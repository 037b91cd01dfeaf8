package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var notRead = lint.Rule{
	ID: "not-read", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Title: "Something in another runner's migration is not read",
		Condition: "In a directory of another runner a migration is not SQL (Go, Ruby, Python), has what is put in when it runs (templates, " +
			"variables), or commands of a client (psql's \\i). It is an error where the runner " +
			"itself would refuse the file, such as one of goose's without -- +goose Up, and for information elsewhere.",
		Effect: "What it does is not judged, and what comes after it is judged on a schema that may not be the real one. segue up " +
			"refuses such a migration.",
		Workaround: "Write it in plain SQL; or look at it yourself, run it with its own runner, and let segue adopt it.",
	}},
	CheckFile: func(p *lint.Pass) {
		sql := p.Migration.SQL
		places := dialects.NewPlaces(sql)
		for _, r := range p.Migration.Up.Refusals {
			if r.Read() {
				continue
			}
			f := lint.Finding{Message: r.What, Instead: r.Hint, Why: fmt.Sprintf("%s refuses the file", p.Migration.Layout)}
			if !r.Broken() {
				f.Severity = lint.Info
				f.Why = "what it does is not read: it is neither judged nor known to what comes after it"
				f.Instead = "look at it yourself; where segue up is to run it: " + r.Hint
			}
			p.ReportAt(places.At(r.At), places.At(r.At+dialects.LineLength(sql[r.At:])), f)
		}
	},
}
