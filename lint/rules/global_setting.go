package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var globalSetting = lint.Rule{
	ID: "global-setting", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "SET GLOBAL changes the server for everybody, and only this one",
		Condition: "SET GLOBAL or SET PERSIST of a setting, other than read_only and its like, which are a matter of explicit-lock.",
		Effect: "It holds for every database of the server, and for each session that any app opens from then on. It is not " +
			"written to the binary log: replicas keep the old value, and so does the server that takes over. SET GLOBAL is " +
			"gone with the next restart.",
		Workaround: "Set it where the server is configured, on all servers alike; or for the migration's session alone, without GLOBAL. " +
			"Where it must be here, say so: -- segue:allow global-setting REASON.",
	}, {
		Servers: onPostgres,
		Title:   "ALTER ROLE and ALTER DATABASE ... SET change what the next sessions of running apps do",
		Condition: "ALTER ROLE ... SET or ALTER DATABASE ... SET or RESET, of a setting by which statements find other tables (search_path), read or " +
			"write values in another form (DateStyle, IntervalStyle, TimeZone, bytea_output, client_encoding), run in another way (role, " +
			"row_security, session_replication_role, default_transaction_...) or are cut off (timeouts). A role that the migration has made " +
			"before is left out.",
		Effect: "What is connected keeps the old value; each session that an app opens from then on has the new one. A pool has both for a while, and " +
			"what fails does so here and there, long after the migration.",
		Workaround: "Set it in the apps' own connections, with the version that counts on it. Or see that every running version works with both " +
			"values, and say so: -- segue:allow global-setting REASON.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			if c, ok := change.(dialects.Describe); ok && c.What == "set default" {
				defaultSet(p, c)
			}
		}
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

// feltSettings are the settings of Postgres that statements are read, found or ended by.
var feltSettings = map[string]bool{
	"all": true, "search_path": true, "datestyle": true, "intervalstyle": true, "timezone": true, "bytea_output": true, "client_encoding": true,
	"extra_float_digits": true, "standard_conforming_strings": true, "transform_null_equals": true, "role": true, "row_security": true,
	"session_replication_role": true, "default_transaction_read_only": true, "default_transaction_isolation": true,
	"default_transaction_deferrable": true, "statement_timeout": true, "lock_timeout": true, "transaction_timeout": true,
	"idle_in_transaction_session_timeout": true, "idle_session_timeout": true,
}

// defaultSet reports what a role's or a database's next sessions begin with (Postgres).
func defaultSet(p *lint.Pass, c dialects.Describe) {
	whose := "every role"
	switch {
	case len(c.Roles) > 0:
		whose = strings.Join(c.Roles, ", ")
	case c.Object.Name.Name != "":
		whose = "database " + c.Object.Name.Name
	}
	if hasMade(p, whose) || !feltSettings[strings.ToLower(c.Value)] {
		return
	}
	p.Report(lint.Finding{
		Message: fmt.Sprintf("%s of %s changes for every session that an app opens from now on", strings.ToLower(c.Value), whose),
		Why:     "what is connected keeps the old value: a pool has both for a while, and what fails does so here and there",
		Instead: "set it in the connections of the version that counts on it, or see that every running version works with both",
	})
}
