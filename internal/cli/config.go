package cli

import (
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
)

// config is segue.yaml (design section 9). Keys that nothing reads yet are taken with their default
// alone, so that nobody believes a setting that does nothing.
type config struct {
	project        string
	dir            string // as written: relative to the file
	layout         source.Layout
	server         dialects.Version // its Kind is empty where nobody said one
	outOfOrder     bool
	direct         bool
	apps           []string
	rollbackWindow time.Duration
	lint           lintConfig
	locks          migrate.Locks
	backfill       migrate.Backfill
}

type lintConfig struct {
	after  string
	failOn lint.Severity
	rules  map[string]lint.Severity
	allow  []lint.Allow
}

// defaultDir is where migrations are looked for unless something else is said.
const defaultDir = "migrations"

func defaultConfig() config {
	return config{
		project: "main", dir: defaultDir, layout: source.Auto,
		lint: lintConfig{failOn: lint.Error, rules: map[string]lint.Severity{}},
	}
}

// parseConfig reads a segue.yaml over the defaults. name is what errors call the file; they say
// line and column too.
func parseConfig(data []byte, name string, getenv func(string) (string, bool)) (config, error) {
	c := defaultConfig()
	r := yamlReader{name: name, getenv: getenv}
	root, err := r.parse(data)
	if err != nil || root == nil {
		return c, err
	}
	return c, r.keys(root, "", keys{
		"project":         func(n ast.Node) error { return r.project(n, &c.project) },
		"dir":             func(n ast.Node) error { return r.filled(n, "dir", &c.dir) },
		"layout":          func(n ast.Node) error { return r.layout(n, &c.layout) },
		"server":          func(n ast.Node) error { return r.server(n, &c.server) },
		"out_of_order":    func(n ast.Node) error { return r.outOfOrder(n, &c.outOfOrder) },
		"direct":          func(n ast.Node) error { return r.flag(n, "direct", &c.direct) },
		"apps":            func(n ast.Node) error { return r.apps(n, &c.apps) },
		"rollback_window": func(n ast.Node) error { return r.duration(n, "rollback_window", zeroToo, &c.rollbackWindow) },
		"retention":       func(n ast.Node) error { return r.only(n, "retention", "0") },
		"lint":            func(n ast.Node) error { return r.lint(n, &c.lint) },
		"locks":           func(n ast.Node) error { return r.locks(n, &c.locks) },
		"backfill":        func(n ast.Node) error { return r.backfill(n, &c.backfill) },
		"online_ddl": func(n ast.Node) error {
			return r.keys(n, "online_ddl", keys{
				"tool": func(n ast.Node) error { return r.only(n, "online_ddl.tool", "") },
			})
		},
	})
}

func (r yamlReader) project(n ast.Node, to *string) error {
	if err := r.filled(n, "project", to); err != nil {
		return err
	}
	if err := checkProject(*to); err != nil {
		return r.errorf(n, "%w", err)
	}
	return nil
}

func (r yamlReader) layout(n ast.Node, to *source.Layout) error {
	return r.parsed(n, "layout", func(s string) (err error) {
		*to, err = source.ParseLayout(s)
		return err
	})
}

func (r yamlReader) server(n ast.Node, to *dialects.Version) error {
	return r.parsed(n, "server", func(s string) (err error) {
		*to, err = parseServer(s)
		return err
	})
}

func (r yamlReader) outOfOrder(n ast.Node, to *bool) error {
	var word string
	if err := r.choice(n, "out_of_order", &word, "refuse", "apply"); err != nil {
		return err
	}
	*to = word == "apply"
	return nil
}

func (r yamlReader) apps(n ast.Node, to *[]string) error {
	return r.list(n, "apps", func(n ast.Node) error {
		return r.parsed(n, "an item of apps", func(s string) error {
			_, err := phases.ParseExpectedApp(s)
			*to = append(*to, s)
			return err
		})
	})
}

func (r yamlReader) lint(n ast.Node, to *lintConfig) error {
	suite := rules.Suite()
	return r.keys(n, "lint", keys{
		"after": func(n ast.Node) error { return r.text(n, "lint.after", &to.after) },
		"fail_on": func(n ast.Node) error {
			return r.parsed(n, "lint.fail_on", func(s string) (err error) {
				to.failOn, err = lint.ParseSeverity(s)
				return err
			})
		},
		"rules": func(n ast.Node) error {
			return r.pairs(n, "lint.rules", func(key string, at, value ast.Node) error {
				if _, err := lint.FindRule(suite, key); err != nil {
					return r.errorf(at, "%w", err)
				}
				return r.parsed(value, "lint.rules."+key, func(s string) (err error) {
					to.rules[key], err = lint.ParseSeverity(s)
					return err
				})
			})
		},
		"allow": func(n ast.Node) error {
			return r.list(n, "lint.allow", func(n ast.Node) error {
				var a lint.Allow
				err := r.keys(n, "lint.allow", keys{
					"rule": func(n ast.Node) error {
						return r.parsed(n, "lint.allow.rule", func(s string) error {
							a.Rule = s
							_, err := lint.FindRule(suite, s)
							return err
						})
					},
					"migration": func(n ast.Node) error { return r.filled(n, "lint.allow.migration", &a.Migration) },
					"reason":    func(n ast.Node) error { return r.filled(n, "lint.allow.reason", &a.Reason) },
				})
				if err == nil && (a.Rule == "" || a.Migration == "" || a.Reason == "") {
					err = r.errorf(n, "an item of lint.allow needs rule, migration and reason")
				}
				to.allow = append(to.allow, a)
				return err
			})
		},
	})
}

func (r yamlReader) locks(n ast.Node, to *migrate.Locks) error {
	return r.keys(n, "locks", keys{
		"timeout":  func(n ast.Node) error { return r.duration(n, "locks.timeout", aboveZero, &to.Timeout) },
		"attempts": func(n ast.Node) error { return r.count(n, "locks.attempts", &to.Attempts) },
		"within":   func(n ast.Node) error { return r.duration(n, "locks.within", aboveZero, &to.Within) },
		"terminate_blockers_after": func(n ast.Node) error {
			return r.duration(n, "locks.terminate_blockers_after", zeroToo, &to.TerminateBlockersAfter)
		},
	})
}

func (r yamlReader) backfill(n ast.Node, to *migrate.Backfill) error {
	return r.keys(n, "backfill", keys{
		"batch_target": func(n ast.Node) error { return r.duration(n, "backfill.batch_target", aboveZero, &to.BatchTarget) },
		"workers":      func(n ast.Node) error { return r.count(n, "backfill.workers", &to.Workers) },
		"max_lag":      func(n ast.Node) error { return r.only(n, "backfill.max_lag", "10s") },
		"replicas":     func(n ast.Node) error { return r.only(n, "backfill.replicas", "auto") },
		"hold_when": func(n ast.Node) error {
			return r.list(n, "backfill.hold_when", func(n ast.Node) error { return r.notYet(n, "backfill.hold_when", "[]") })
		},
	})
}
