package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// set follows USE, and those of a session's settings that effects depend on. A value that cannot be told,
// such as one that was put by in a variable before, is taken for the server's default.
func (r replayer) set(c dialects.Setting) {
	value := strings.ToLower(strings.Trim(c.Value, "'\"`"))
	switch c.Name {
	case "database":
		r.DefaultSchema = c.Value
		r.Schemas[c.Value] = true
	case "foreign_key_checks":
		r.Session.KeysUnchecked = value == "0" || value == "off" || value == "false"
	case "sql_mode":
		literal := strings.HasPrefix(c.Value, "'") || strings.HasPrefix(c.Value, `"`)
		strict := strings.Contains(value, "strict_") || strings.Contains(value, "traditional")
		r.Session.Lenient = literal && !strict
	}
}
