package phases

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Migration is what the planner needs of one migration file.
type Migration struct {
	Version string
	Name    string
	Path    string
	Script  dialects.Script
	// Up and Down are the transactions that the two sections run in.
	Up, Down dialects.TransactionRule
	// Outside says how the migration's runner has a statement run outside of a transaction; empty for
	// segue's own layout, where there is no need to say so.
	Outside string
	// UpRefusals and DownRefusals are what segue cannot run as the runner would.
	UpRefusals, DownRefusals []error
}

// Protection says whether apps may be using the database while a migration runs.
type Protection string

// The protections.
const (
	// Protected plans for a database in use: what is not safe becomes phases, or is refused.
	Protected Protection = "protected"
	// AsWritten runs every statement as its author wrote it: nobody is there to protect.
	AsWritten Protection = "as-written"
)

// RefusedError says that a statement is neither safe nor covered by a recipe.
type RefusedError struct {
	Path      string
	Place     dialects.Place
	Statement string
	Hazard    dialects.Hazard
	Hint      string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s:%d:%d: refusing %q: %s (%s)\n  %s",
		e.Path, e.Place.Line, e.Place.Column, firstLine(e.Statement), e.Hazard.Detail, e.Hazard.ID, e.Hint)
}

// Compile turns a migration into its plan, on the catalog as it is before it. The catalog is left
// as it is. Errors are *RefusedError, *dialects.Refusal and the migration's own refusals, joined where there
// are several.
func Compile(d dialects.Dialect, c *dialects.Catalog, m Migration, protection Protection) (*Plan, error) {
	p := &Plan{Migration: m.Version, Name: m.Name, Recipes: []string{}}
	b := builder{
		dialect: d, catalog: c.Clone(), fresh: dialects.Fresh{}, migration: m, plan: p, protection: protection,
		open: dialects.OpenTransaction{Dialect: d, Rule: m.Up, Script: m.Script.Up},
	}
	if err := errors.Join(m.UpRefusals...); err != nil {
		return nil, err
	}
	if err := b.build(); err != nil {
		return nil, err
	}
	if err := b.undo(); err != nil {
		p.DownRefused = err.Error()
	}
	if err := p.seal(); err != nil {
		return nil, err
	}
	return p, nil
}

// builder walks a migration's statements, replaying each on a catalog of its own.
type builder struct {
	dialect    dialects.Dialect
	catalog    *dialects.Catalog
	fresh      dialects.Fresh
	migration  Migration
	plan       *Plan
	protection Protection
	open       dialects.OpenTransaction
	run        int              // how many statements there are, but for BEGIN and COMMIT
	placed     dialects.Placing // where the statement runs that is looked at
	steps      []Step           // of the unit that it is in
	grouped    []Step           // of the units before
}

func (b *builder) build() error {
	for _, d := range b.migration.Script.Directives {
		if d.Word == dialects.SoakDirective {
			b.plan.Soak = d.Args
		}
	}
	placed, err := b.place(b.migration.Up, b.migration.Script.Up)
	if err != nil {
		return err
	}
	for _, p := range placed {
		if p.Role == dialects.Runs {
			b.run++
		}
	}
	b.open.Placed = placed
	var refusals []error
	for i, s := range b.migration.Script.Up {
		b.enter(placed[i])
		if err := b.statement(s); err != nil {
			refusals = append(refusals, err)
		}
		b.replay(s.Statement)
	}
	if err := errors.Join(refusals...); err != nil {
		return err
	}
	if len(b.plan.Phases) == 0 {
		b.plan.Phases = []Phase{{Name: Expand, Steps: b.allSteps()}}
	}
	return nil
}

// enter goes on to a statement: what is in another unit does not commit with those before.
func (b *builder) enter(p dialects.Placing) {
	if p.Unit != b.placed.Unit {
		b.commit()
	}
	b.placed = p
}

// commit has what follows not commit with the steps before.
func (b *builder) commit() { b.grouped, b.steps = append(b.grouped, group(b.steps)...), nil }

func (b *builder) allSteps() []Step { return append(b.grouped, group(b.steps)...) }

func (b *builder) replay(s dialects.Statement) {
	for _, c := range s.Changes {
		b.plan.touch(touches(b.catalog, c))
	}
	b.fresh.Replay(b.dialect, b.catalog, s)
}

func (b *builder) statement(s dialects.ScriptStatement) error {
	if b.placed.Role == dialects.Delimits {
		return nil
	}
	for _, d := range s.Directives {
		switch d.Word {
		case dialects.UsingDirective, dialects.ReverseDirective, dialects.FillDirective, dialects.AsDirective, dialects.PhaseDirective:
			return b.refuse(s, dialects.Hazard{ID: "directive", Detail: "segue:" + string(d.Word) + " has no recipe that reads it"},
				"take the directive out, or split the change into migrations of their own")
		case dialects.SoakDirective:
			b.plan.Soak = d.Args
		}
	}
	if b.protection == AsWritten {
		b.weigh(s, nil) // whose locks nobody waits for
		return b.asWritten(s)
	}
	effects := b.dialect.Effects(b.catalog, s.Statement, b.fresh)
	effects = dialects.BesideNew(b.catalog, b.migration.Script.Up, s.Statement, b.fresh, effects)
	off := slices.ContainsFunc(slices.Concat(s.Directives, b.migration.Script.Directives), func(d dialects.Directive) bool { return d.Word == dialects.PlanDirective })
	if !off {
		if recipe, change := b.recipe(s, effects); recipe != nil {
			return b.phased(*recipe, s, change)
		}
		done, err := b.online(s, effects)
		if done || err != nil {
			b.open.End()
			return err
		}
	}
	for _, e := range b.weigh(s, effects) {
		for _, h := range e.Hazards {
			reason, allowed := b.allowed(s, h.ID)
			switch {
			case off && allowed:
				b.plan.Allowed = append(b.plan.Allowed, fmt.Sprintf("%s: %s", h.ID, reason))
			case off:
				return b.refuse(s, h, fmt.Sprintf("segue:plan off needs a second key: -- segue:allow %s REASON", h.ID))
			default:
				return b.refuse(s, h, fmt.Sprintf("see segue rules %s; to run it as written: -- segue:plan off and -- segue:allow %s REASON above it", h.ID, h.ID))
			}
		}
	}
	return b.asWritten(s)
}

// recipe finds the recipe for a statement of one change that has a hazard. A change that is safe
// here, on a table made in the same file say, needs none.
func (b *builder) recipe(s dialects.ScriptStatement, effects []dialects.Effect) (*Recipe, dialects.Change) {
	for _, e := range effects {
		if r := RecipeFor(e.Change); r != nil && len(e.Hazards) > 0 {
			return r, e.Change
		}
	}
	return nil, nil
}

func (b *builder) phased(r Recipe, s dialects.ScriptStatement, change dialects.Change) error {
	if b.run > 1 || len(s.Changes) > 1 {
		return b.refuse(s, dialects.Hazard{ID: r.ID, Detail: "it becomes a plan of several phases, and a plan holds one change"},
			"put it into a migration of its own")
	}
	b.plan.Recipes = append(b.plan.Recipes, r.ID)
	request := Request{Dialect: b.dialect, Catalog: b.catalog, Statement: s, Change: change}
	for _, d := range slices.Concat(s.Directives, b.migration.Script.Directives) {
		if d.Word == dialects.AllowDirective {
			request.Accepted = append(request.Accepted, d.Rules...)
		}
	}
	if reason, ok := b.allowed(s, dialects.MultiPrimaryRisk); ok {
		b.plan.Allowed = append(b.plan.Allowed, dialects.MultiPrimaryRisk+": "+reason)
	}
	return r.Build(b.plan, request)
}

// online takes the statement's online form, where it has one that takes away every hazard.
func (b *builder) online(s dialects.ScriptStatement, effects []dialects.Effect) (bool, error) {
	rewriter, ok := b.dialect.(dialects.OnlineRewriter)
	if !ok || !slices.ContainsFunc(effects, func(e dialects.Effect) bool { return len(e.Hazards) > 0 }) {
		return false, nil
	}
	actions, cured, err := rewriter.Online(b.catalog, b.migration.Version, s.Statement)
	if err != nil || len(actions) == 0 {
		return false, err
	}
	for _, e := range effects {
		for _, h := range e.Hazards {
			if !slices.Contains(cured, h.ID) {
				return false, nil
			}
		}
	}
	for _, h := range cured {
		if !slices.Contains(b.plan.Recipes, h) {
			b.plan.Recipes = append(b.plan.Recipes, h)
		}
	}
	b.steps = append(b.steps, ddl(actions)...)
	return true, nil
}

// weigh adds the hazards that come of the transaction which the statement stands in, and ends that before
// the statement where that takes them away.
func (b *builder) weigh(s dialects.ScriptStatement, effects []dialects.Effect) []dialects.Effect {
	effects, apart := b.open.Run(b.catalog, b.placed, s.Statement, effects, b.fresh)
	if apart {
		b.commit()
	}
	return effects
}

// asWritten adds the author's own text as a step.
func (b *builder) asWritten(s dialects.ScriptStatement) error {
	written := step(b.dialect, b.catalog, s, b.fresh)
	b.steps = append(b.steps, written)
	return b.boxed(s, written)
}

func (b *builder) allowed(s dialects.ScriptStatement, hazard string) (reason string, ok bool) {
	for _, d := range slices.Concat(s.Directives, b.migration.Script.Directives) {
		if d.Word == dialects.AllowDirective && slices.Contains(d.Rules, hazard) {
			return d.Reason, true
		}
	}
	return "", false
}

func (b *builder) refuse(s dialects.ScriptStatement, h dialects.Hazard, hint string) error {
	return &RefusedError{Path: b.migration.Path, Place: s.Start, Statement: s.Text, Hazard: h, Hint: hint}
}

func firstLine(s string) string {
	line, rest, more := strings.Cut(s, "\n")
	if more && strings.TrimSpace(rest) != "" {
		line += " ..."
	}
	return line
}
