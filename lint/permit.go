package lint

import "github.com/segue-db/segue/dialects"

// permit is an allowance and how far it reaches: one statement, or the file where that is nil.
type permit struct {
	Allowance
	statement *dialects.ScriptStatement
	reason    string
}

// readPermits collects what is allowed: for single statements first, so that the closest one counts.
func (f *file) readPermits() []*permit {
	permits := f.directivePermits()
	for _, a := range f.config.Allow {
		if f.config.set.Compare(a.Migration, f.migration.Version) == 0 {
			start := dialects.Place{Line: 1, Column: 1}
			permits = append(permits, &permit{
				Allowance: Allowance{Rule: a.Rule, Start: start, End: start, Configured: true}, reason: a.Reason,
			})
		}
	}
	return permits
}

func (f *file) directivePermits() []*permit {
	var permits []*permit
	add := func(list []dialects.Directive, s *dialects.ScriptStatement) {
		for _, d := range list {
			for _, rule := range d.Rules {
				permits = append(permits, &permit{
					Allowance: Allowance{Rule: rule, Start: d.Start, End: d.End}, statement: s, reason: d.Reason,
				})
			}
		}
	}
	for i := range f.script.Up {
		add(f.script.Up[i].Directives, &f.script.Up[i])
	}
	add(f.script.Directives, nil)
	return permits
}

// permitFor finds what allows a finding; nil if nothing does. What is wrong with a file itself can be
// allowed only where it is one statement's, or what the branch did.
func (f *file) permitFor(finding *Finding, s *dialects.ScriptStatement, r *Rule) *permit {
	if s == nil && finding.Family == SourceFamily && r.CheckBranch == nil {
		return nil
	}
	for _, permit := range f.permits {
		if permit.Rule == finding.Rule && (permit.statement == nil || permit.statement == s) {
			return permit
		}
	}
	return nil
}
