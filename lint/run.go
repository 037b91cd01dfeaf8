package lint

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// Run replays all migrations in order and reports on those that the configuration chooses. Each is
// parsed once. An error says what in the configuration names nothing; what is wrong with a
// migration is a finding. When ctx ends, Run does between two files.
func Run(ctx context.Context, c Config, migrations []source.Migration) (*Result, error) {
	c.set = &source.Set{Migrations: migrations}
	if len(migrations) > 0 {
		c.set.Layout = migrations[0].Layout
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	c.active = c.activeRules()
	c.Stats.Sizes = maps.Clone(c.Stats.Sizes)
	result := &Result{Server: c.Server, Runner: c.Runner, Findings: []Finding{}, Suppressed: []Suppressed{}, Sources: map[string]string{}}
	catalog := c.Dialect.NewCatalog(c.Server)
	schema, session := catalog.DefaultSchema, catalog.Session
	later := &following{revoked: map[*Fix]bool{}}
	for migration, read := range c.readAhead(ctx, migrations) {
		f := c.file(migration, read.up, catalog)
		f.permits = f.readPermits()
		f.following = later
		f.work = c.Branch.on(migration)
		reported := c.reports(migration, f.work)
		if reported {
			f.lint()
			result.add(f)
		} else {
			f.replayAll()
		}
		catalog.DefaultSchema, catalog.Session = schema, session // what a file sets ends with it
		if c.Down != DownToo {
			continue
		}
		if down := f.down(read.down); down != nil && c.reports(down.migration, f.work) {
			down.undoes, down.following = true, later
			down.lint()
			result.add(down)
			if reported && down.path == f.path {
				result.Files-- // it is one file
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("linting migrations: %w", err)
	}
	c.lintDeleted(result, catalog)
	later.settle(result)
	return result, nil
}

// add adds what was found in a file that is reported on.
func (r *Result) add(f *file) {
	slices.SortStableFunc(f.findings, byPlace)
	r.Files++
	r.Findings = append(r.Findings, f.findings...)
	r.Suppressed = append(r.Suppressed, f.suppressed...)
	r.Sources[f.path] = f.migration.SQL
}

// file is the work on one migration.
type file struct {
	section
	config     *Config
	migration  source.Migration
	path       string
	catalog    *dialects.Catalog
	fresh      dialects.Fresh
	placed     []dialects.Placing // of script.Up
	earlier    [][]dialects.Effect
	permits    []*permit
	work       Work // the branch's
	findings   []Finding
	suppressed []Suppressed
	undoes     bool        // it is what undoes the migration
	rewrites   []rewriting // of statements that have findings
	alone      []bool      // statements that cannot run in a transaction
	tied       bool        // something ties statements to one transaction
	touches    [][]touch   // of statements, from the first on that is rewritten
	following  *following
}

func (c *Config) file(m source.Migration, s section, catalog *dialects.Catalog) *file {
	return &file{section: s, config: c, migration: m, path: c.path(m), catalog: catalog, fresh: dialects.Fresh{}}
}

// down is the work on what undoes the migration, on the schema that it leaves; nil where nothing does. What is
// allowed in the whole file is allowed there too.
func (f *file) down(s section) *file {
	m := f.migration
	if m.Down.Path != "" {
		m.Up, m.Path, m.SQL = m.Down, m.Down.Path, m.Down.SQL
	} else {
		s = section{script: dialects.Script{Up: f.script.Down}}
	}
	if len(s.script.Up) == 0 {
		return nil
	}
	config := *f.config
	config.Planner = nil // what undoes is run as it is written
	d := config.file(m, s, f.catalog.Clone())
	d.permits = d.directivePermits()
	for _, p := range f.permits {
		if p.statement == nil {
			inherited := *p
			inherited.Used = true // or not: that is the up section's to say
			d.permits = append(d.permits, &inherited)
		}
	}
	return d
}

func (f *file) lint() {
	rule := f.transactions()
	f.placed = rule.Place(f.script.Up)
	open := dialects.OpenTransaction{Dialect: f.config.Dialect, Rule: rule, Script: f.script.Up, Placed: f.placed}
	p := &Pass{} // one for all: no rule keeps it
	n := len(f.script.Up)
	f.earlier, f.alone, f.touches = make([][]dialects.Effect, 0, n), make([]bool, 0, n), make([][]touch, 0, n)
	for i := range f.script.Up {
		s := &f.script.Up[i]
		*p = f.pass()
		p.Statement, p.InTransaction = s, f.placed[i].Boxed
		p.Effects = f.config.Dialect.Effects(f.catalog, s.Statement, f.fresh)
		p.Effects = dialects.BesideNew(f.catalog, f.script.Up, s.Statement, f.fresh, p.Effects)
		if f.config.Planner != nil && p.hasHazards() {
			p.Answer = f.config.Planner(p)
		}
		switch {
		case f.placed[i].Role != dialects.Runs:
		case f.config.Runner == SegueRuns && (p.Answer.Online || p.Answer.Recipe != ""):
			open.End()
		default:
			p.Held = open.Locks(f.placed[i])
			var apart bool
			if p.Effects, apart = open.Run(f.catalog, f.placed[i], s.Statement, p.Effects, f.fresh); apart {
				p.Held = nil
			}
			f.tied = f.tied || open.Ties() != ""
		}
		from := len(f.findings)
		for _, r := range f.config.active {
			if r.Check != nil {
				p.rule = r
				r.Check(p)
			}
		}
		f.alone = append(f.alone, slices.ContainsFunc(p.Effects, func(e dialects.Effect) bool { return !e.Transactional }))
		f.touches = append(f.touches, nil)
		if len(f.rewrites) > 0 {
			f.touches[i] = touchesOf(f.catalog, s.Statement)
		}
		f.rewrite(i, p, from)
		f.earlier = append(f.earlier, p.Effects)
		f.replay(s.Statement)
	}
	f.checkBranch()
	*p = f.pass()
	for _, r := range f.config.active {
		if r.CheckFile != nil {
			p.rule = r
			r.CheckFile(p)
		}
	}
	f.compose(f.following)
}

// transactions is the rule that the file's runner goes by. Of numbered files that segue does not run nothing
// is known but what they say themselves.
func (f *file) transactions() dialects.TransactionRule {
	rule := dialects.TransactionRule(f.migration.Up.Transaction)
	if rule == dialects.PlannedTransactions && f.config.Runner != SegueRuns {
		return dialects.ScriptedTransactions
	}
	return rule
}

func (f *file) pass() Pass {
	return Pass{
		Dialect: f.config.Dialect, Server: f.config.Server, Runner: f.config.Runner,
		Migration: f.migration, Script: &f.script, DirectiveErrors: f.directiveErrors,
		Catalog: f.catalog, Fresh: f.fresh, Placed: f.placed, Earlier: f.earlier,
		Branch: f.config.Branch, Work: f.work, Late: cmp.Or(f.config.Late, f.migration.Layout.Late()), file: f,
	}
}

// replay carries a statement out on the catalog, and keeps track of what it makes.
func (f *file) replay(s dialects.Statement) {
	if !f.undoes {
		f.following.saw(f.catalog, s)
	}
	f.config.Stats.follow(f.catalog, s)
	f.fresh.Replay(f.config.Dialect, f.catalog, s)
}

func (f *file) replayAll() {
	for _, s := range f.script.Up {
		f.replay(s.Statement)
	}
}

// unmake has a finding speak of what the author wrote where something stands in its place. Names may have been folded.
func (f *file) unmake(found *Finding) {
	if len(f.migration.Up.MadeUp) == 0 {
		return
	}
	names := slices.SortedFunc(maps.Keys(f.migration.Up.MadeUp), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) // one may be another's start
	})
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, name, f.migration.Up.MadeUp[name], strings.ToLower(name), f.migration.Up.MadeUp[name])
	}
	written := strings.NewReplacer(pairs...)
	for _, words := range []*string{&found.Table, &found.Message, &found.Why, &found.Instead} {
		*words = written.Replace(*words)
	}
}

// authors is a statement as its author wrote it, where something stands in its text for what a runner puts in.
func (f *file) authors(s dialects.Statement) string {
	if sql := f.migration.SQL; s.End.Offset <= len(sql) {
		return sql[s.Start.Offset:s.End.Offset]
	}
	return s.Text
}
