package demo

import (
	"fmt"
	"strings"
	"time"
)

// Report is what was counted.
type Report struct {
	Apps []AppReport
	// Columns compares the old column with the new one in every row, just before contract.
	Columns Comparison
	// Acknowledged compares every row in the end with what the apps were told is stored.
	Acknowledged Comparison
	Took         time.Duration
}

// AppReport is what one version of the app did and saw.
type AppReport struct {
	Name, Version string
	Writes, Reads int64
	Errors        int64
	// StaleReads looked for a row by the value last written to it, and did not find it.
	StaleReads   int64
	LongestWrite time.Duration // from sending a write to its acknowledgement
}

// Comparison is how many rows were compared and how many of them differ.
type Comparison struct{ Rows, Differ int64 }

// Clean reports whether nothing went wrong that an app or its users could have seen.
func (r Report) Clean() bool {
	for _, a := range r.Apps {
		if a.Errors > 0 || a.StaleReads > 0 {
			return false
		}
	}
	return r.Columns.Differ == 0 && r.Acknowledged.Differ == 0
}

// String is the table at the end of the demo.
func (r Report) String() string {
	var b strings.Builder
	row := func(cells ...any) { fmt.Fprintf(&b, "%-11s%9s%9s%8s%13s%16s\n", cells...) }
	row("APP", "WRITES", "READS", "ERRORS", "STALE READS", "LONGEST PAUSE")
	for _, a := range r.Apps {
		row(a.Name+" "+a.Version, counted(a.Writes), counted(a.Reads), counted(a.Errors), counted(a.StaleReads),
			a.LongestWrite.Round(time.Millisecond))
	}
	b.WriteString("\n")
	pair := func(cells ...any) { fmt.Fprintf(&b, "%-38s%11s%8s\n", cells...) }
	pair("COMPARED", "ROWS", "DIFFER")
	for _, c := range []struct {
		what string
		Comparison
	}{
		{"user_email and email, before contract", r.Columns},
		{"what the apps wrote, at the end", r.Acknowledged},
	} {
		pair(c.what, counted(c.Rows), counted(c.Differ))
	}
	return b.String()
}

// counted is a number with thousands set apart.
func counted(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
