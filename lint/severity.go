package lint

import "fmt"

// Severity says how bad a finding is.
type Severity string

// The severities. Off is for configuration: a rule that is off reports nothing.
const (
	Off     Severity = "off"
	Info    Severity = "info"
	Warning Severity = "warning" // it may block or break something, or a plan takes care of it
	Error   Severity = "error"   // it blocks traffic or breaks a running app version
)

var severityRank = map[Severity]int{Off: 0, Info: 1, Warning: 2, Error: 3}

// AtLeast reports whether s is as bad as limit, or worse. Nothing reaches the limit Off.
func (s Severity) AtLeast(limit Severity) bool {
	return limit != Off && severityRank[s] >= severityRank[limit]
}

// eased is one degree less: what a plan takes care of.
func (s Severity) eased() Severity {
	if s == Error {
		return Warning
	}
	return Info
}

// atMost is the milder one of two.
func (s Severity) atMost(limit Severity) Severity {
	if severityRank[s] > severityRank[limit] {
		return limit
	}
	return s
}

// ParseSeverity reads off, info, warning or error.
func ParseSeverity(s string) (Severity, error) {
	if _, ok := severityRank[Severity(s)]; !ok {
		return "", fmt.Errorf("reading severity %q: it must be off, info, warning or error", s)
	}
	return Severity(s), nil
}
