package phases

import (
	"github.com/segue-db/segue/dialects"
)

// Recipe turns one kind of change into the phases that carry it out under traffic.
type Recipe struct {
	// ID names the recipe, and its file.
	ID string
	// Matches reports whether the recipe is for this change.
	Matches func(dialects.Change) bool
	// Build fills the plan's phases, forms, notices and unknowns. It returns a *dialects.Refusal
	// where the change cannot be carried out without losing something.
	Build func(*Plan, Request) error
}

// Request is what a recipe is given. Catalog is as it is before the statement. Accepted are the
// findings and risks that a directive accepts.
type Request struct {
	Dialect   dialects.Dialect
	Catalog   *dialects.Catalog
	Statement dialects.ScriptStatement
	Change    dialects.Change
	Accepted  []string
}

// recipes are all that there are, in the order in which they are asked.
var recipes = []Recipe{
	renameColumn,
}

// RecipeFor finds the recipe for a change; nil if there is none.
func RecipeFor(c dialects.Change) *Recipe {
	for i := range recipes {
		if recipes[i].Matches(c) {
			return &recipes[i]
		}
	}
	return nil
}

// ddl makes steps of actions.
func ddl(actions []dialects.Action) []Step {
	var steps []Step
	for _, a := range actions {
		steps = append(steps, Step{Kind: DDL, Action: a})
	}
	return steps
}
