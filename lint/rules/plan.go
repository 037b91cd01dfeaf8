package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/phases"
)

// Plan says what the planner would do with a statement: the same recipes and online forms, asked
// in the same order. It is a lint.Planner.
func Plan(p *lint.Pass) lint.Answer {
	if p.PlanOff() {
		return lint.Answer{}
	}
	for _, e := range p.Effects {
		if r := phases.RecipeFor(e.Change); r != nil && len(e.Hazards) > 0 {
			return phased(r, p, e.Change)
		}
	}
	return online(p)
}

func phased(r *phases.Recipe, p *lint.Pass, change dialects.Change) lint.Answer {
	run := 0
	for _, placed := range p.Placed {
		if placed.Role == dialects.Runs {
			run++
		}
	}
	if run > 1 || len(p.Statement.Changes) > 1 {
		return lint.Answer{Refusal: fmt.Sprintf("put it into a migration of its own, and segue carries it out by the %s plan", r.ID)}
	}
	err := r.Build(&phases.Plan{Migration: p.Migration.Version}, phases.Request{
		Dialect: p.Dialect, Catalog: p.Catalog, Statement: *p.Statement, Change: change, Accepted: p.Accepted(),
	})
	if err != nil {
		return lint.Answer{Refusal: fmt.Sprintf("segue's %s plan does not fit here: %s", r.ID, reasons(err))}
	}
	return lint.Answer{Recipe: r.ID}
}

// reasons are a refusal's, without what it is about: the finding says that.
func reasons(err error) string {
	var refusal *dialects.Refusal
	if errors.As(err, &refusal) {
		return strings.Join(refusal.Reasons, "; ")
	}
	return err.Error()
}

// online asks for a form of the statement that takes every hazard away.
func online(p *lint.Pass) lint.Answer {
	rewriter, ok := p.Dialect.(dialects.OnlineRewriter)
	if !ok {
		return lint.Answer{}
	}
	actions, cured, err := rewriter.Online(p.Catalog, p.Migration.Version, p.Statement.Statement)
	if err != nil {
		return lint.Answer{Refusal: fmt.Sprintf("segue's online form does not fit here: %s", reasons(err))}
	}
	if len(actions) == 0 {
		return lint.Answer{}
	}
	for _, e := range p.Effects {
		for _, h := range e.Hazards {
			if !slices.Contains(cured, h.ID) {
				return lint.Answer{}
			}
		}
	}
	return lint.Answer{Online: true}
}
