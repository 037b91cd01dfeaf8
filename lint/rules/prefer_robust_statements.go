package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var preferRobustStatements = lint.Rule{
	ID: "prefer-robust-statements", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/prefer-robust-stmts"},
	Docs: []lint.Doc{{
		Title: "A statement fails when the file is run again",
		Condition: "Outside of a transaction, where nothing takes back what was done before a failure, something is made without IF NOT EXISTS or " +
			"dropped without IF EXISTS, in a form that the server has one for. A directory that segue runs is left out: segue goes on at the " +
			"statement that failed.",
		Effect:     "If a later statement of the file fails, the first ones are done, and the next run of it stops at them.",
		Workaround: "IF NOT EXISTS and IF EXISTS; or a transaction around the file where the server has one that holds.",
	}},
	Check: func(p *lint.Pass) {
		_, commits := p.Dialect.(dialects.Autocommitter)
		if p.Runner == lint.SegueRuns || p.InTransaction && !commits {
			return
		}
		for _, change := range p.Statement.Changes {
			if c, ok := change.(dialects.CreateTable); ok && c.Temporary {
				continue
			}
			words, object := bareForm(p, change)
			if words == "" {
				continue
			}
			p.Report(lint.Finding{
				Message: fmt.Sprintf("there is no %s for %s", words, object),
				Why:     "if a later statement fails, this one is done, and the next run of the file stops at it",
				Instead: fmt.Sprintf("add %s", words),
			})
		}
	},
}

// bareForm says which words a change lacks that its server has for it, and of what; empty where none.
func bareForm(p *lint.Pass, change dialects.Change) (words, object string) {
	const makes, drops = "IF NOT EXISTS", "IF EXISTS"
	server, _ := p.Dialect.(dialects.Conditional)
	lacks := func(is bool, form dialects.Form, words string, name string) (string, string) {
		if is || server == nil || !server.Conditional(form) {
			return "", ""
		}
		return words, name
	}
	switch c := change.(type) {
	case dialects.CreateTable:
		return lacks(c.IfNotExists || c.Replace, dialects.TableForm, makes, c.Table.String())
	case dialects.DropTable:
		return lacks(c.IfExists, dialects.TableForm, drops, c.Table.String())
	case dialects.AddColumn:
		return lacks(c.IfNotExists, dialects.PartForm, makes, c.Table.String()+"."+c.Column.Name)
	case dialects.DropColumn:
		return lacks(c.IfExists, dialects.PartForm, drops, c.Table.String()+"."+c.Column)
	case dialects.CreateIndex:
		if c.Index.Name.Name == "" || c.Index.Primary {
			return "", ""
		}
		return lacks(c.IfNotExists, dialects.PartForm, makes, c.Index.Name.Name)
	case dialects.DropIndex:
		return lacks(c.IfExists, dialects.PartForm, drops, c.Index.Name)
	case dialects.DropConstraint:
		if c.Kind == dialects.PrimaryKey {
			return "", ""
		}
		return lacks(c.IfExists, dialects.PartForm, drops, c.Name)
	case dialects.DropObject:
		return lacks(c.IfExists, dialects.TableForm, drops, c.Object.String())
	}
	return "", ""
}
