package lint

import (
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// Branch is the branch whose migrations are linted, as it stands to the one that it is to be merged into.
// The sets have the layout of the migrations that are linted.
type Branch struct {
	Into  string      // the other branch, as its user calls it: origin/main
	Start *source.Set // the migrations where the branch left it
	Tip   *source.Set // those that it has now
	// Beside are the files that the branch changes outside of its migrations, from the repository's root.
	Beside []string
}

// Work is what a branch does to a migration.
type Work string

// The kinds of work.
const (
	Keeps   Work = "" // nothing
	Adds    Work = "adds"
	Edits   Work = "edits"
	Deletes Work = "deletes"
)

// Stdin is the file's name of a finding in what was read from the standard input.
const Stdin = source.Stdin

// What runners do with a migration that is not as their history has it.
const (
	Runs    = source.Runs
	Refuses = source.Refuses
	Skips   = source.Skips
)

// on is what the branch does to a migration that it has. What the other branch has in the same place and
// form by now is kept.
func (b *Branch) on(m source.Migration) Work {
	if b == nil {
		return Keeps
	}
	if tip := b.Tip.At(m.Version); tip != nil && tip.Path == m.Path && m.Same(*tip) {
		return Keeps
	}
	switch was := b.Start.At(m.Version); {
	case was == nil:
		return Adds
	case !m.Same(*was):
		return Edits
	}
	return Keeps
}

// deleted are the migrations that the other branch has and the set has no more.
func (b *Branch) deleted(set *source.Set) []source.Migration {
	if b == nil {
		return nil
	}
	var gone []source.Migration
	for _, m := range b.Start.Migrations {
		if set.At(m.Version) == nil && b.Tip.At(m.Version) != nil {
			gone = append(gone, m)
		}
	}
	return gone
}

// Was is the migration as it was where the branch left the other one; nil where it was not there.
func (p *Pass) Was() *source.Migration { return p.Branch.Start.At(p.Migration.Version) }

// RunsTheSame reports whether the statements that the branch has made of the migration are those that it had.
// What is not SQL is the same where the file is.
func (p *Pass) RunsTheSame() bool {
	was := p.Was()
	unread := func(r *source.Refusal) bool { return r.Kind == source.Unread }
	if slices.ContainsFunc(p.Migration.Up.Refusals, unread) || slices.ContainsFunc(was.Up.Refusals, unread) {
		return p.Migration.Checksum == was.Checksum
	}
	before, _ := dialects.ReadScript(p.Dialect, was.Up.Text)
	return slices.EqualFunc(before.Up, p.Script.Up, func(a, b dialects.ScriptStatement) bool { return a.Text == b.Text })
}

// Noticed reports whether the runner stops at what the branch has made of the migration, where it has run.
func (p *Pass) Noticed() bool {
	was := p.Was()
	switch p.Migration.Layout.Keeps() {
	case source.KeptText:
		return p.Migration.Checksum != was.Checksum || p.Migration.Name != was.Name
	case source.KeptStatements:
		return !p.RunsTheSame()
	}
	return false
}

// Moved is the migration that the branch has made of one that it lacks by giving it another version; nil
// where there is none.
func (p *Pass) Moved() *source.Migration {
	set := p.file.config.set
	for i := range set.Migrations {
		m := &set.Migrations[i]
		if m.Checksum == p.Migration.Checksum && p.Branch.Start.At(m.Version) == nil {
			return m
		}
	}
	return nil
}

// checkBranch runs the rules about what the branch does to the migration.
func (f *file) checkBranch() {
	if f.work == Keeps {
		return
	}
	p := f.pass()
	for _, r := range f.config.active {
		if r.CheckBranch != nil {
			p.rule = r
			r.CheckBranch(&p)
		}
	}
}

// lintDeleted reports on the migrations that the branch deletes.
func (c *Config) lintDeleted(result *Result, catalog *dialects.Catalog) {
	for _, m := range c.Branch.deleted(c.set) {
		if !c.reports(m, Deletes) {
			continue
		}
		f := c.file(m, section{}, catalog)
		f.work = Deletes
		f.checkBranch()
		result.Findings = append(result.Findings, f.findings...)
	}
}
