package lint

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// Pass is all that a rule may see. It is the rule's for the length of the call; what it points to
// is everybody's, and must not be changed.
type Pass struct {
	Dialect   dialects.Dialect
	Server    dialects.Version
	Runner    Runner
	Migration source.Migration
	Script    *dialects.Script
	// DirectiveErrors are what is wrong with the file's directives.
	DirectiveErrors []*dialects.DirectiveError

	// Statement is nil in CheckFile.
	Statement *dialects.ScriptStatement
	// Catalog is the schema before the statement; in CheckFile behind the last one.
	Catalog *dialects.Catalog
	// Fresh holds what the same file made before the statement: it has no traffic.
	Fresh dialects.Fresh
	// Effects are the statement's, one for each of its changes.
	Effects []dialects.Effect
	// Earlier are the effects of the file's statements before this one, in order; in CheckFile of all.
	Earlier [][]dialects.Effect
	// InTransaction says that the statement runs in a transaction block, which the file or its runner
	// makes. In a directory that segue runs it sees to that itself.
	InTransaction bool
	// Held are the locks that others wait for and that the statement's transaction holds before it.
	Held []dialects.HeldLock
	// Placed says for each statement of the script's up section where it runs.
	Placed []dialects.Placing
	// Branch is nil where it is not asked what a branch does; Work is what it does to the migration.
	Branch *Branch
	Work   Work
	// Late is what the runner does with a migration whose version comes before one that has run.
	Late source.Handling
	// Answer is what segue would do with a statement that has hazards.
	Answer Answer

	file *file
	rule *Rule
}

// Planner says what segue would do with a pass's statement. It is asked about statements with
// hazards only.
type Planner func(*Pass) Answer

// Answer is what segue would do with a statement: a recipe makes phases of it, or it has an online
// form, or there is a way that is closed here. It is zero where segue has nothing to offer.
type Answer struct {
	Recipe  string // the recipe's ID
	Online  bool   // the statement has an online form that takes every hazard away
	Refusal string // a sentence: why segue cannot do it here, and what to do about that
}

// Hazards are the statement's hazards that the rule of this ID explains, with the effects that have
// them.
func (p *Pass) Hazards(id string) iter.Seq2[dialects.Effect, dialects.Hazard] {
	if !p.hasHazards() {
		return noHazards
	}
	return func(yield func(dialects.Effect, dialects.Hazard) bool) {
		for i := range p.Effects { // by index: an effect is big, and every rule asks
			for _, h := range p.Effects[i].Hazards {
				if h.ID == id && !yield(p.Effects[i], h) {
					return
				}
			}
		}
	}
}

func noHazards(func(dialects.Effect, dialects.Hazard) bool) {}

func (p *Pass) hasHazards() bool {
	for i := range p.Effects {
		if len(p.Effects[i].Hazards) > 0 {
			return true
		}
	}
	return false
}

// Report reports a finding of the rule, on the whole statement, or at the file's start, unless f has a place, and as bad as
// the rule is unless f says how bad. Of a hazard it is milder where the table is known to be small, a degree
// less where segue takes care of it, and an error where segue refuses the migration for it. What the file or the configuration allows is kept as
// suppressed instead.
func (p *Pass) Report(f Finding) {
	severity, configured := p.file.config.severity(p.rule)
	if f.Severity != "" && !configured {
		severity = f.Severity
	}
	f.Rule, f.Family = p.rule.ID, p.rule.Family
	f.File = p.file.path
	if s := p.Statement; s != nil {
		f.Statement = p.file.authors(s.Statement)
		if f.Line == 0 {
			f.spans(s.Start, s.End)
		}
	} else if f.Line == 0 {
		f.spans(dialects.Place{Line: 1, Column: 1}, dialects.Place{Line: 1, Column: 1})
	}
	hazard := p.isHazard()
	if graded := p.grade(&f, severity); !configured {
		severity = graded
	}
	handled := hazard && p.offer(&f)
	switch {
	case configured:
	case handled:
		severity = severity.eased()
	case hazard && p.Runner == SegueRuns:
		severity = Error
	}
	f.Severity = severity
	p.file.unmake(&f)
	if p.file.found(f) {
		return
	}
	permit := p.file.permitFor(&f, p.Statement, p.rule)
	if permit == nil {
		p.file.findings = append(p.file.findings, f)
		return
	}
	permit.Used = true
	if hazard && f.Plan == "" && p.Runner == SegueRuns && !p.PlanOff() && !permit.Configured {
		f.Instead = "it is allowed, and takes a second key, on purpose: put -- segue:plan off above it as well, " +
			"and segue runs it as written"
		p.file.findings = append(p.file.findings, f)
		return
	}
	p.file.suppressed = append(p.file.suppressed, Suppressed{
		Rule: f.Rule, File: f.File, Line: f.Line, Reason: permit.reason, Configured: permit.Configured, Finding: f,
	})
}

// found reports whether the very same was found at the same place, of another part of the statement.
func (f *file) found(again Finding) bool {
	for i := len(f.findings) - 1; i >= 0 && f.findings[i].Start == again.Start; i-- {
		if have := f.findings[i]; have.Rule == again.Rule && have.End == again.End && have.Table == again.Table &&
			have.Message == again.Message && have.Why == again.Why && have.Instead == again.Instead {
			return true
		}
	}
	return false
}

// Reported reports whether the rule has found something in the file already.
func (p *Pass) Reported() bool {
	return slices.ContainsFunc(p.file.findings, func(f Finding) bool { return f.Rule == p.rule.ID }) ||
		slices.ContainsFunc(p.file.suppressed, func(s Suppressed) bool { return s.Rule == p.rule.ID })
}

// Outside says how a statement is run outside of a transaction here: words to put behind it.
func (p *Pass) Outside() string {
	if how := p.Migration.Layout.Outside(); p.InTransaction && how != "" {
		return "outside of a transaction: " + how
	}
	return "outside of a transaction"
}

// ReportAt reports a finding of the rule at a place of the file.
func (p *Pass) ReportAt(start, end dialects.Place, f Finding) {
	f.spans(start, end)
	p.Report(f)
}

// PlanOff reports whether a directive has the statement run as it is written.
func (p *Pass) PlanOff() bool {
	return slices.ContainsFunc(slices.Concat(p.Statement.Directives, p.Script.Directives),
		func(d dialects.Directive) bool { return d.Word == dialects.PlanDirective })
}

// Accepted are the rules and risks that directives accept for the statement.
func (p *Pass) Accepted() []string {
	var all []string
	for _, d := range slices.Concat(p.Statement.Directives, p.Script.Directives) {
		all = append(all, d.Rules...)
	}
	return all
}

// isHazard reports whether the rule explains a hazard of the statement.
func (p *Pass) isHazard() bool {
	for range p.Hazards(p.rule.ID) {
		return true
	}
	return false
}

// offer adds to a finding about a hazard what segue would do. It reports whether segue runs the
// directory and will do it.
func (p *Pass) offer(f *Finding) bool {
	switch a := p.Answer; {
	case a.Refusal != "":
		f.Instead = fmt.Sprintf("%s; or by hand: %s", a.Refusal, f.Instead)
		return false
	case a.Online:
		f.Plan = f.Rule
	case a.Recipe != "":
		f.Plan = a.Recipe
	default:
		return false
	}
	if p.Runner == SegueRuns {
		f.Instead = fmt.Sprintf("leave it as it is: segue up carries it out by the %s plan; %s shows the steps", f.Plan, p.planCommand())
		if p.Answer.Online {
			f.Instead = fmt.Sprintf("leave it as it is: segue up runs the online form of it; %s shows it", p.planCommand())
		}
		return true
	}
	f.Instead += fmt.Sprintf("; segue does it for you: %s shows the steps", p.planCommand())
	return false
}

// planCommand is what shows the migration's plan.
func (p *Pass) planCommand() string {
	if p.Migration.Path == source.Stdin {
		return "segue plan, once it is a migration (segue new),"
	}
	return "segue plan " + p.Migration.Version
}

// Allowance is one rule that a directive or the configuration allows.
type Allowance struct {
	Rule       string
	Start, End dialects.Place
	Configured bool              // in the configuration, not in the file
	Unknown    *UnknownRuleError // there is no such rule
	Used       bool              // it silenced a finding, so far
}

// Allowances are all that the file's directives and the configuration allow in it, but for rules
// that are off, and for what only a live server shows: see dialects.MultiPrimaryRisk.
func (p *Pass) Allowances() []Allowance {
	var all []Allowance
	for _, permit := range p.file.permits {
		a := permit.Allowance
		if a.Rule == dialects.MultiPrimaryRisk && !a.Configured {
			continue
		}
		r, err := FindRule(p.file.config.Rules, permit.Rule)
		if !errors.As(err, &a.Unknown) {
			if s, _ := p.file.config.severity(r); s == Off {
				continue
			}
		}
		all = append(all, a)
	}
	return all
}
