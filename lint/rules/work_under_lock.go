package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var workUnderLock = lint.Rule{
	ID: "work-under-lock", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"eugene/E4"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Work on rows goes on while the transaction holds a lock that others wait for",
		Condition: "A transaction holds a lock that stops reads or writes of a table in use, and a later statement of it may take long: " +
			"an UPDATE, DELETE or MERGE whose rows no key picks out, INSERT ... SELECT, CREATE TABLE AS, COPY from a file, a view that is " +
			"filled, or a scan, rewrite or index of another table. (For VALIDATE CONSTRAINT see validate-under-lock.)",
		Effect: "ALTER TABLE is done in a moment, but its lock is kept until the transaction ends: whoever waits for it waits for all " +
			"that comes after it. segue itself commits before such a write, unless something that would end with the transaction ties " +
			"the statements together (SET LOCAL, LOCK TABLE, a temporary table).",
		Workaround: "Put the slow statement into a migration of its own, outside of the transaction, and large writes into batches. Or " +
			"put it first: what comes before the lock is not done under it.",
	}},
	Check: func(p *lint.Pass) {
		if len(p.Held) == 0 {
			return
		}
		what, on := longWork(p)
		locks := slices.DeleteFunc(slices.Clone(p.Held), func(h dialects.HeldLock) bool { return on.Name != "" && h.Table == on })
		if what == "" || len(locks) == 0 {
			return
		}
		held := slices.MaxFunc(locks, func(a, b dialects.HeldLock) int { return reach(a) - reach(b) })
		p.Report(lint.Finding{
			Table:   held.Table.String(),
			Message: fmt.Sprintf("%s while the transaction holds %s", what, lockOn(held)),
			Why: fmt.Sprintf("%s, taken in line %d, is kept until the transaction ends: %s for all that comes after it",
				held.Lock, held.Taken.Line, waiters(held)),
			Instead: "put this statement into a migration of its own, or before the one that takes the lock",
		})
	},
}

// reach ranks locks by who waits for them.
func reach(l dialects.HeldLock) int {
	if l.Blocks == dialects.BlocksAll {
		return 2
	}
	return 1
}

func lockOn(l dialects.HeldLock) string {
	if l.Table.Name == "" {
		return string(l.Lock)
	}
	return fmt.Sprintf("%s on %s", l.Lock, l.Table)
}

func waiters(l dialects.HeldLock) string {
	if l.Blocks == dialects.BlocksAll {
		return "reads and writes wait"
	}
	return "writes wait"
}

// longWork says what in the statement may take long; empty where nothing does. Where it is a hazard by itself it
// says on which table: the lock on that is what the hazard is about.
func longWork(p *lint.Pass) (what string, on dialects.Name) {
	for _, e := range p.Effects {
		if what := workOf(p, e.Change); what != "" {
			return what, dialects.Name{}
		}
		if (e.Scans || e.Rewrites) && e.Table.Name != "" && !p.Fresh[e.Table] && !validates(e) {
			return fmt.Sprintf("work on all of %s goes on", e.Table), e.Table
		}
	}
	return "", dialects.Name{}
}

func validates(e dialects.Effect) bool {
	_, ok := e.Change.(dialects.ValidateConstraint)
	return ok
}

func workOf(p *lint.Pass, change dialects.Change) string {
	switch c := change.(type) {
	case dialects.WriteData:
		return writing(p, c)
	case dialects.CreateTable:
		if source := inUseOf(p, c.Reads); source != "" {
			return fmt.Sprintf("%s is filled from %s", c.Table, source)
		}
	case dialects.CreateObject:
		unfilled := strings.HasSuffix(strings.ToUpper(c.Definition), "WITH NO DATA")
		if source := inUseOf(p, c.Reads); c.Kind == dialects.MaterializedView && source != "" && !unfilled {
			return fmt.Sprintf("%s is filled from %s", c.Object, source)
		}
	case dialects.AlterObject:
		if c.Kind == dialects.MaterializedView && c.What == "refresh" && c.Value == "concurrently" {
			return fmt.Sprintf("%s is filled again", c.Object)
		}
	}
	return ""
}

// writing is what a data statement does to rows that no key picks out.
func writing(p *lint.Pass, c dialects.WriteData) string {
	switch c.Kind {
	case dialects.Insert:
		if source := inUseOf(p, c.Reads); source != "" {
			return fmt.Sprintf("%s is filled from %s", c.Table, source)
		}
	case dialects.Copy:
		return fmt.Sprintf("a file is loaded into %s", c.Table)
	case dialects.Update, dialects.Delete:
		if c.Bounded && inUse(p, c.Table) && !c.ByKey(p.Catalog) {
			return fmt.Sprintf("the %s of rows of %s goes on", c.Kind, c.Table)
		}
	case dialects.Merge:
		if inUse(p, c.Table) {
			return fmt.Sprintf("the merge into %s goes on", c.Table)
		}
	}
	return ""
}

// inUseOf is the first of the tables that apps may be using; empty where there is none.
func inUseOf(p *lint.Pass, tables []dialects.Name) string {
	for _, t := range tables {
		if inUse(p, t) {
			return t.String()
		}
	}
	return ""
}
