package lint

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// Fixed is what the fixes of a result come to.
type Fixed struct {
	Changes  []Change  // in the order of their paths; none where nothing is fixed
	Findings []Finding // those that are fixed
	Notes    []string  // what a person has to do besides
	Result   *Result   // what is found then, in the same migrations and in those that were added
}

// Change is a file of the migrations directory as fixes leave it.
type Change struct {
	Path   string // within the directory, with slashes
	Before string
	After  string
	New    Newness
}

// Newness says whether a file was there.
type Newness string

// The answers.
const (
	WasThere Newness = "was there"
	IsNew    Newness = "is new"
)

// Apply applies all fixes of a result of Run on a set, and looks at what they leave: it writes nothing. A fix is left
// out where the directory would not end in the same schema, or something new would be found; its finding stays, and
// says so.
func Apply(ctx context.Context, c Config, files fs.FS, set *source.Set, r *Result, now time.Time) (*Fixed, error) {
	a := applying{config: c, files: files, set: set, result: r, now: now}
	fixes := a.fixes()
	if len(fixes) == 0 {
		return &Fixed{Result: r}, nil
	}
	a.catalog = replayed(ctx, c, set.Migrations)
	fitting := &fitting{applying: &a, fixed: &Fixed{Result: r}, unfit: map[*Fix]string{}}
	if err := fitting.add(ctx, fixes); err != nil {
		return nil, err
	}
	a.disown(fitting.fixed.Result, fitting.unfit)
	return fitting.fixed, nil
}

// fitting is the search for the fixes that fit beside each other. The first ones have it.
type fitting struct {
	*applying
	kept  []*Fix
	fixed *Fixed
	unfit map[*Fix]string
}

// add tries some more, and where they do not fit the halves of them: each try lints all migrations again, and most fixes
// fit.
func (f *fitting) add(ctx context.Context, fixes []*Fix) error {
	all := slices.Concat(f.kept, fixes)
	fixed, err := f.try(ctx, all)
	switch {
	case err == nil:
		f.fixed, f.kept = fixed, all
		return nil
	case !errors.Is(err, errUnfit):
		return err
	case len(fixes) == 1:
		f.unfit[fixes[0]] = err.Error()
		return nil
	}
	half := len(fixes) / 2
	if err := f.add(ctx, fixes[:half]); err != nil {
		return err
	}
	return f.add(ctx, fixes[half:])
}

// disown takes the fixes that do not fit from the findings that are left. Those were found anew, and have fixes of their
// own.
func (a *applying) disown(left *Result, unfit map[*Fix]string) {
	type key struct{ rule, file, statement string }
	reasons := map[key]string{}
	for _, f := range a.result.Findings {
		if f.Fix != nil && unfit[f.Fix.whole()] != "" {
			reasons[key{f.Rule, f.File, f.Statement}] = unfit[f.Fix.whole()]
		}
	}
	for i := range left.Findings {
		f := &left.Findings[i]
		if reason := reasons[key{f.Rule, f.File, f.Statement}]; reason != "" && f.Fix != nil {
			f.Fix, f.Unfixed = nil, reason
		}
	}
}

// errUnfit is why a fix is left out.
var errUnfit = errors.New(unfitHere)

const unfitHere = "the fix does not fit here"

// Misfit reports whether a finding had a fix that Apply left out.
func (f *Finding) Misfit() bool { return strings.HasPrefix(f.Unfixed, unfitHere) }

// applying is the work of Apply.
type applying struct {
	config  Config
	files   fs.FS
	set     *source.Set
	result  *Result
	now     time.Time
	catalog *dialects.Catalog // that the migrations end in
}

// fixes are those of the result, each once, in the order of their findings.
func (a *applying) fixes() []*Fix {
	var fixes []*Fix
	seen := map[*Fix]bool{}
	for _, f := range a.result.Findings {
		if f.Fix != nil && !seen[f.Fix.whole()] {
			seen[f.Fix.whole()] = true
			fixes = append(fixes, f.Fix.whole())
		}
	}
	return fixes
}

// try applies fixes and holds what they leave against what was there. An error that is errUnfit says what does not fit.
func (a *applying) try(ctx context.Context, fixes []*Fix) (*Fixed, error) {
	w, err := a.write(fixes)
	if err != nil {
		return nil, err
	}
	set, err := source.Read(overlay{a.files, w.texts}, a.set.Layout)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnfit, err)
	}
	c := a.config
	if reports := c.Reports; reports != nil {
		c.Reports = func(m source.Migration) bool { return reports(m) || w.isNew[m.Path] }
	}
	result, err := Run(ctx, c, set.Migrations)
	if err != nil {
		return nil, err
	}
	if after := replayed(ctx, c, set.Migrations); !sameSchema(a.catalog, after) {
		return nil, fmt.Errorf("%w: the migrations would end in another schema", errUnfit)
	}
	fixed := &Fixed{Changes: w.changes(), Notes: w.notes, Result: result}
	for _, f := range a.result.Findings {
		if f.Fix != nil && slices.Contains(fixes, f.Fix.whole()) {
			fixed.Findings = append(fixed.Findings, f)
		}
	}
	return fixed, a.unlike(fixed)
}

// unlike says what is found that was not found before, beside what is fixed. What is less bad than the worst of that is
// no reason to leave it as it is, and a note never is one.
func (a *applying) unlike(fixed *Fixed) error {
	counts := map[string]int{}
	worst := Info
	for _, f := range fixed.Result.Findings {
		counts[f.Rule]++
	}
	for _, f := range fixed.Findings {
		counts[f.Rule]++
		if f.Severity.AtLeast(worst) {
			worst = f.Severity
		}
	}
	for _, f := range a.result.Findings {
		counts[f.Rule]--
	}
	for _, f := range fixed.Result.Findings {
		if counts[f.Rule] > 0 && f.Severity != Info && f.Severity.AtLeast(worst) {
			return fmt.Errorf("%w: it would bring %s, at %s:%d: %s", errUnfit, f.Rule, f.File, f.Line, f.Message)
		}
	}
	return nil
}

// replayed is the schema that migrations end in.
func replayed(ctx context.Context, c Config, migrations []source.Migration) *dialects.Catalog {
	catalog := c.Dialect.NewCatalog(c.Server)
	schema, session := catalog.DefaultSchema, catalog.Session
	for _, read := range c.readAhead(ctx, migrations) {
		for _, s := range read.up.script.Up {
			c.Dialect.Replay(catalog, s.Statement)
		}
		catalog.DefaultSchema, catalog.Session = schema, session
	}
	return catalog
}
