package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var globalSetting = lint.Rule{
	ID: "global-setting", Family: lint.SourceFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "SET GLOBAL changes the server for everybody, and only this one",
		Condition: "SET GLOBAL or SET PERSIST of a setting, other than read_only and its like, which are a matter of explicit-lock.",
		Effect: "It holds for every database of the server, and for each session that any app opens from then on. It is not " +
			"written to the binary log: replicas keep the old value, and so does the server that takes over. SET GLOBAL is " +
			"gone with the next restart.",
		Workaround: "Set it where the server is configured, on all servers alike; or for the migration's session alone, without GLOBAL. " +
			"Where it must be here, say so: -- segue:allow global-setting REASON.",
	}},
	Check: func(p *lint.Pass) {
		for _, e := range p.Effects {
			c, ok := e.Change.(dialects.Setting)
			name, global := strings.CutPrefix(c.Name, "global ")
			if !ok || !global || serverClosing[name] {
				continue
			}
			p.Report(lint.Finding{
				Message: fmt.Sprintf("%s is set for the whole server", name),
				Why:     "every database and every app's next session has it, while replicas do not",
				Instead: "set it where the server is configured, or without GLOBAL for this session",
			})
		}
	},
}

// serverClosing are the settings that explicit-lock is about.
var serverClosing = map[string]bool{
	"read_only": true, "super_read_only": true, "offline_mode": true, "transaction_read_only": true, "tx_read_only": true,
}
