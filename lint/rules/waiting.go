package rules

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// givesUp reports whether the statement stops to wait for a lock before long, so that nobody queues behind
// it for more than a moment: segue runs it, or the file has set the server's timeout.
func givesUp(p *lint.Pass) bool {
	return p.Runner == lint.SegueRuns || timeoutSet(p, "lock_timeout", "lock_wait_timeout")
}

// moment is how bad a lock is that is held for a moment: others queue for as long as the statement waits
// for it.
func moment(p *lint.Pass) lint.Severity {
	if givesUp(p) {
		return lint.Info
	}
	return lint.Warning
}

// timeoutSet reports whether one of the settings limits the statement, as far as its file says. In CheckFile
// it looks behind the last statement.
func timeoutSet(p *lint.Pass, names ...string) bool {
	set := false
	for i, s := range p.Script.Up {
		if p.Statement != nil && s.Start.Offset >= p.Statement.Start.Offset {
			break
		}
		for _, change := range s.Changes {
			c, ok := change.(dialects.Setting)
			if !ok || c.Name != "all" && !slices.Contains(names, c.Name) {
				continue
			}
			if !c.Local || p.Statement == nil || p.Placed[i].Unit == unitOf(p) {
				set = limits(c.Value)
			}
		}
	}
	return set
}

// limits reports whether a timeout's value is one: neither zero nor the default, which is none.
func limits(value string) bool {
	value = strings.ToLower(strings.Trim(value, "' "))
	return strings.Trim(value, "0 ms") != "" && value != "default"
}

// unitOf is where the statement runs.
func unitOf(p *lint.Pass) int {
	return p.Placed[indexOf(p)].Unit
}

// indexOf is the statement's place in its script.
func indexOf(p *lint.Pass) int {
	return slices.IndexFunc(p.Script.Up, func(s dialects.ScriptStatement) bool { return s.Start.Offset == p.Statement.Start.Offset })
}

// inUse reports whether apps may be using a table: the file did not make it.
func inUse(p *lint.Pass, table dialects.Name) bool { return !p.Fresh[p.Catalog.Resolve(table)] }

// hasMetadataLocks reports whether the servers keep a table's readers from its DDL by a lock that effects do
// not name. They are those that commit DDL by themselves.
func hasMetadataLocks(p *lint.Pass) bool {
	_, commits := p.Dialect.(dialects.Autocommitter)
	return commits
}
