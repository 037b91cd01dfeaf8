package lint

import (
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// Run replays all migrations in order and reports on those that the configuration chooses. Each is
// parsed once. An error says what in the configuration names nothing; what is wrong with a
// migration is a finding.
func Run(c Config, migrations []source.Migration) (*Result, error) {
	if err := c.check(migrations); err != nil {
		return nil, err
	}
	result := &Result{Server: c.Server, Runner: c.Runner, Findings: []Finding{}, Suppressed: []Suppressed{}, Sources: map[string]string{}}
	catalog := c.Dialect.NewCatalog(c.Server)
	for _, m := range migrations {
		f := &file{config: &c, migration: m, path: c.path(m), catalog: catalog, fresh: map[dialects.Name]bool{}}
		f.script, f.directiveErrors = dialects.ReadScript(c.Dialect, m.SQL)
		if !c.reports(m) {
			for _, s := range f.script.Up {
				f.replay(s.Statement)
			}
			continue
		}
		f.lint()
		slices.SortStableFunc(f.findings, byPlace)
		result.Files++
		result.Findings = append(result.Findings, f.findings...)
		result.Suppressed = append(result.Suppressed, f.suppressed...)
		result.Sources[f.path] = m.SQL
	}
	return result, nil
}

// file is the work on one migration.
type file struct {
	config          *Config
	migration       source.Migration
	path            string
	script          dialects.Script
	directiveErrors []*dialects.DirectiveError
	catalog         *dialects.Catalog
	fresh           map[dialects.Name]bool
	transaction     bool
	permits         []*permit
	findings        []Finding
	suppressed      []Suppressed
}

// permit is an allowance and how far it reaches: one statement, or the file where that is nil.
type permit struct {
	Allowance
	statement *dialects.ScriptStatement
	reason    string
}

func (f *file) lint() {
	// A file's own SET search_path ends with it.
	defer func(schema string) { f.catalog.DefaultSchema = schema }(f.catalog.DefaultSchema)
	f.permits = f.readPermits()
	for i := range f.script.Up {
		s := &f.script.Up[i]
		p := f.pass()
		p.Statement = s
		p.Effects = f.config.Dialect.Effects(f.catalog, s.Statement, f.fresh)
		if f.config.Planner != nil && p.hasHazards() {
			p.Answer = f.config.Planner(p)
		}
		for r := range f.config.active() {
			if r.Check != nil {
				p.rule = r
				r.Check(p)
			}
		}
		f.replay(s.Statement)
	}
	p := f.pass()
	for r := range f.config.active() {
		if r.CheckFile != nil {
			p.rule = r
			r.CheckFile(p)
		}
	}
}

func (f *file) pass() *Pass {
	return &Pass{
		Dialect: f.config.Dialect, Server: f.config.Server, Runner: f.config.Runner,
		Migration: f.migration, Script: &f.script, DirectiveErrors: f.directiveErrors,
		Catalog: f.catalog, Fresh: f.fresh, InTransaction: f.transaction, file: f,
	}
}

// replay carries a statement out on the catalog, and keeps track of new tables and transactions.
func (f *file) replay(s dialects.Statement) {
	for _, c := range s.Changes {
		switch c := c.(type) {
		case dialects.CreateTable:
			if f.catalog.Table(c.Table) == nil {
				f.fresh[f.catalog.Resolve(c.Table)] = true
			}
		case dialects.Transaction:
			switch c.Word {
			case "begin", "start":
				f.transaction = true
			case "commit", "rollback", "end", "abort":
				f.transaction = false
			}
		}
	}
	f.config.Dialect.Replay(f.catalog, s)
}

// readPermits collects what is allowed: for single statements first, so that the closest one counts.
func (f *file) readPermits() []*permit {
	var permits []*permit
	add := func(list []dialects.Directive, s *dialects.ScriptStatement) {
		for _, d := range list {
			for _, rule := range d.Rules {
				permits = append(permits, &permit{
					Allowance: Allowance{Rule: rule, Start: d.Start, End: d.End}, statement: s, reason: d.Reason,
				})
			}
		}
	}
	for i := range f.script.Up {
		add(f.script.Up[i].Directives, &f.script.Up[i])
	}
	add(f.script.Directives, nil)
	for _, a := range f.config.Allow {
		if source.Compare(a.Migration, f.migration.Version) == 0 {
			start := dialects.Place{Line: 1, Column: 1}
			permits = append(permits, &permit{
				Allowance: Allowance{Rule: a.Rule, Start: start, End: start, Configured: true}, reason: a.Reason,
			})
		}
	}
	return permits
}

// permitFor finds what allows a finding; nil if nothing does. What is wrong with a file itself can be
// allowed only where it is one statement's.
func (f *file) permitFor(finding *Finding, s *dialects.ScriptStatement) *permit {
	if s == nil && finding.Family == SourceFamily {
		return nil
	}
	for _, permit := range f.permits {
		if permit.Rule == finding.Rule && (permit.statement == nil || permit.statement == s) {
			return permit
		}
	}
	return nil
}
