package rules

import (
	"fmt"
	"regexp"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noEvent = lint.Rule{
	ID: "no-event", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/SYSTEM_EVENT_DISALLOW_CREATE"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "An event runs code on the server by itself",
		Condition: "An event is made.",
		Effect: "It runs whether an app is deployed or not, in no log that an app's team reads, and not at all where event_scheduler is off. " +
			"On a replica it is disabled, and stays so after a failover until somebody thinks of it.",
		Workaround: "A job of the app's own scheduler.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateObject)
		if !ok || c.Kind != dialects.OtherObject || !scheduled.MatchString(c.Definition) {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("event %s runs code on the server by itself", p.Catalog.Resolve(c.Object)),
			Why:     "it runs out of sight of apps and their logs, and after a failover not at all until somebody enables it",
			Instead: "a job of the app's own scheduler",
		}
	}),
}

// scheduled is the head of CREATE EVENT: nothing else that is made has both words.
var scheduled = regexp.MustCompile(`(?is)\bEVENT\b.*?\bON\s+SCHEDULE\b`)
