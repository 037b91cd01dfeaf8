package demo

import (
	"fmt"
	"strings"
	"text/tabwriter"
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
	// MissedReads looked for a row by the value last written to it, and did not find it.
	MissedReads  int64
	LongestWrite time.Duration // from sending it to its acknowledgement
}

// Comparison is how many rows were compared and how many of them differ.
type Comparison struct{ Rows, Differ int64 }

// Clean reports whether nothing went wrong that an app or its users could have seen.
func (r Report) Clean() bool {
	for _, a := range r.Apps {
		if a.Errors > 0 || a.MissedReads > 0 {
			return false
		}
	}
	return r.Columns.Differ == 0 && r.Acknowledged.Differ == 0
}

// String is the table at the end of the demo.
func (r Report) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "APP\tWRITES\tREADS\tERRORS\tREADS THAT MISSED A WRITE\tLONGEST PAUSE OF A WRITE\t")
	for _, a := range r.Apps {
		fmt.Fprintf(w, "%s %s\t%s\t%s\t%s\t%s\t%s\t\n", a.Name, a.Version,
			counted(a.Writes), counted(a.Reads), counted(a.Errors), counted(a.MissedReads), a.LongestWrite.Round(time.Millisecond))
	}
	w.Flush()
	b.WriteString("\n")
	w = tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "COMPARED\tROWS\tDIFFER\t")
	fmt.Fprintf(w, "both columns, before contract\t%s\t%s\t\n", counted(r.Columns.Rows), counted(r.Columns.Differ))
	fmt.Fprintf(w, "what the apps wrote, at the end\t%s\t%s\t\n", counted(r.Acknowledged.Rows), counted(r.Acknowledged.Differ))
	w.Flush()
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
