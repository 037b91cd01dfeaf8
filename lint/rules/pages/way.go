package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
)

// way is what segue does about a rule's example where it runs the directory.
type way struct {
	layout  source.Layout
	finding *lint.Finding // nil where the rule finds nothing there
	plan    *phases.Plan  // of the migration that the finding is in; nil where segue refuses it
}

// wayOf lints and plans an example as a directory that segue runs.
func (w Writer) wayOf(ctx context.Context, r *lint.Rule, e *example.Example) (way, error) {
	layout, runner := source.Layout(e.Layout), lint.OthersRun
	if layout == source.Segue {
		runner = lint.SegueRuns
	}
	archive := &txtar.Archive{}
	for _, f := range e.Files {
		archive.Files = append(archive.Files, txtar.File{Name: f.Path, Data: []byte(f.SQL)})
	}
	fsys, err := txtar.FS(archive)
	if err != nil {
		return way{}, err
	}
	set, err := source.Read(fsys, layout)
	if err != nil {
		return way{}, err
	}
	d := w.Dialect(e.Server)
	result, err := lint.Run(ctx, lint.Config{
		Dialect: d, Server: e.Server, Rules: w.Rules, Planner: rules.Plan, Runner: runner, Severities: e.Severities,
	}, set.Migrations)
	if err != nil {
		return way{}, err
	}
	at := slices.IndexFunc(result.Findings, func(f lint.Finding) bool { return f.Rule == r.ID })
	if at < 0 {
		return way{}, nil
	}
	found := result.Findings[at]
	return way{layout: layout, finding: &found, plan: planOf(d, e.Server, set, found.File)}, nil
}

// planOf plans a migration of a set on the schema that those before it make.
func planOf(d dialects.Dialect, v dialects.Version, set *source.Set, path string) *phases.Plan {
	catalog := d.NewCatalog(v)
	for _, m := range set.Migrations {
		script, problems := dialects.ReadScript(d, m.Up.Text)
		if m.Path == path {
			migration := phases.Migration{
				Version: m.Version, Path: m.Path, Script: script, Up: dialects.TransactionRule(m.Up.Transaction),
			}
			for _, r := range m.Up.Refusals {
				migration.UpRefusals = append(migration.UpRefusals, r)
			}
			plan, err := phases.Compile(d, catalog, migration, phases.Protected)
			if err != nil || len(problems) > 0 {
				return nil
			}
			return plan
		}
		for _, s := range script.Up {
			d.Replay(catalog, s.Statement)
		}
	}
	return nil
}

// words say it; empty where there is nothing to say.
func (w way) words() string {
	switch {
	case w.finding == nil:
		return ""
	case w.plan == nil:
		refuses := "**What segue does:** where it runs the directory, it refuses this migration before anything of it is run"
		if w.layout != source.Segue {
			refuses = fmt.Sprintf("**What segue does:** `segue up` runs such a directory in the transactions that %s makes, and refuses this migration "+
				"before anything of it is run", w.layout)
		}
		if w.finding.Family == lint.SourceFamily {
			return filled(refuses + ".")
		}
		return filled(refuses + fmt.Sprintf(", unless two comments above the statement say that it is meant: `-- segue:allow %s REASON` and `-- segue:plan off`.",
			w.finding.Rule))
	case w.layout != source.Segue:
		return ""
	case w.finding.Plan == "":
		return filled("**What segue does:** where it runs the directory, it runs the file as it is written.")
	case w.plan.Phased():
		return w.phased()
	}
	var sql []string
	for _, s := range w.plan.Phases[0].Steps {
		sql = append(sql, fmt.Sprintf("-- %s\n%s;", s.Why, strings.TrimRight(s.SQL, ";")))
	}
	return filled(w.leave()+"runs:") + "\n" + block("sql", strings.Join(sql, "\n\n"))
}

// leave begins what is said of a statement that segue takes care of.
func (w way) leave() string {
	degree := "a " + string(w.finding.Severity)
	if w.finding.Severity == lint.Info {
		degree = "a note"
	}
	return fmt.Sprintf("**What segue does:** where it runs the directory, leave the statement as it is. It is %s there, and `segue up` ", degree)
}

// phased is a plan that goes beyond expand.
func (w way) phased() string {
	var b strings.Builder
	b.WriteString(filled(fmt.Sprintf("%scarries it out by the %s plan, while old and new app versions run:", w.leave(), w.finding.Plan)))
	b.WriteString("\n| phase | step |\n|---|---|\n")
	for _, phase := range w.plan.Phases {
		for _, s := range phase.Steps {
			fmt.Fprintf(&b, "| %s | %s |\n", phase.Name, prose(s.Why))
		}
		if len(phase.Steps) == 0 {
			fmt.Fprintf(&b, "| %s | nothing runs: old and new app versions read and write, in any mix |\n", phase.Name)
		}
	}
	return b.String()
}
