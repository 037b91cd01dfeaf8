package lint

import (
	"fmt"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Stats are the sizes of a live database's tables and the day on which they were read.
type Stats struct {
	Taken time.Time
	Sizes map[dialects.Name]dialects.Size
}

// follow keeps the size of a table that a statement renames. A name that is known keeps its own: the statement has run
// on the database already, or will put one table in another's place.
func (s *Stats) follow(c *dialects.Catalog, statement dialects.Statement) {
	if len(s.Sizes) == 0 {
		return
	}
	for _, change := range statement.Changes {
		from, to := c.Resolve(change.Target()), dialects.Name{}
		switch x := change.(type) {
		case dialects.RenameTable:
			to = dialects.Name{Schema: from.Schema, Name: x.To}
		case dialects.AlterTable:
			if x.What != "set schema" {
				continue
			}
			to = dialects.Name{Schema: x.Value, Name: from.Name}
			if schema, name, moved := strings.Cut(x.Value, "."); moved { // MySQL names the table there too
				to = dialects.Name{Schema: schema, Name: name}
			}
		default:
			continue
		}
		size, known := s.Sizes[from]
		if _, taken := s.Sizes[to]; known && !taken {
			s.Sizes[to] = size
		}
	}
}

// How long others may have to wait before it is felt. Without an estimate a table is taken for a large
// one, so an estimate only ever makes a finding milder.
const (
	// unnoticed is what nobody feels: the limit under which an answer seems to come at once.
	unnoticed = 100 * time.Millisecond
	// borne is how long segue itself lets traffic queue behind a lock (locks.timeout): a second.
	borne = time.Second
)

// pace is what a server gets done in a second.
type pace struct{ rows, bytes int64 }

// The paces are low ones, for cold pages and a server that has other work. In memory PostgreSQL 15
// scanned 12 million rows of 120 bytes a second, built indexes on 0.3 to 1 million, rewrote 0.1 million
// with two indexes, and updated 8 thousand with three; MariaDB 10.11 on a busy machine scanned 0.1
// million, built on 0.03 to 0.05, and copied 0.01. They tell seconds from hours and no more.
var (
	scanPace    = pace{rows: 1_000_000, bytes: 100 << 20}
	buildPace   = pace{rows: 200_000, bytes: 50 << 20}
	rewritePace = pace{rows: 50_000, bytes: 10 << 20}
	writePace   = pace{rows: 10_000, bytes: 2 << 20}
)

// takes is how long work at a pace takes on so much: whatever of both takes longer.
func (p pace) takes(rows, bytes int64) time.Duration {
	return max(span(rows, p.rows), span(bytes, p.bytes))
}

func span(n, perSecond int64) time.Duration {
	return time.Duration(float64(max(n, 0)) / float64(perSecond) * float64(time.Second))
}

// lasts is how long an effect that goes over a table of that size takes.
func lasts(e dialects.Effect, s dialects.Size) time.Duration {
	table := max(s.Bytes, 0)
	if e.Rewrites {
		return rewritePace.takes(s.Rows, table+max(s.IndexBytes, 0))
	}
	switch c := e.Change.(type) {
	case dialects.WriteData:
		return writePace.takes(s.Rows, table+max(s.IndexBytes, 0))
	case dialects.CreateIndex, dialects.Reindex:
		return buildPace.takes(s.Rows, table)
	case dialects.AddConstraint:
		switch c.Constraint.Kind {
		case dialects.PrimaryKey, dialects.Unique, dialects.Exclusion:
			return buildPace.takes(s.Rows, table)
		}
	}
	return scanPace.takes(s.Rows, table)
}

// sized reports whether how bad a hazard is depends on how large the effect's table is. A change that breaks
// app versions does so on one row.
func sized(e dialects.Effect, h dialects.Hazard) bool {
	return h.Family == dialects.LockFamily && (e.Scans || e.Rewrites) && e.Table.Name != ""
}

// grade adds to a finding of a hazard, or of work over a table, how large the table is, and says how bad it can be at most
// then. It is the rule's own severity where the size has no bearing on it or is not known.
func (p *Pass) grade(f *Finding, severity Severity) Severity {
	stats := p.file.config.Stats
	var longest time.Duration
	var size dialects.Size
	var table dialects.Name
	weigh := func(e dialects.Effect) (known bool) {
		s, known := stats.Sizes[e.Table]
		if !known || s.Rows < 0 {
			return false
		}
		if d := lasts(e, s); table.Name == "" || d > longest {
			longest, size, table = d, s, e.Table
		}
		return true
	}
	for e, h := range p.Hazards(p.rule.ID) {
		if (f.Table == "" || e.Table.String() == f.Table) && !(sized(e, h) && weigh(e)) {
			return severity
		}
	}
	if f.Over != nil {
		weigh(*f.Over)
	}
	if table.Name == "" {
		return severity
	}
	f.Rows, f.Bytes = &size.Rows, nil
	weight := ""
	if size.Bytes >= 0 {
		f.Bytes = &size.Bytes
		weight = fmt.Sprintf(" in %s", inBytes(size.Bytes))
	}
	f.Why += fmt.Sprintf("; %s had about %s rows%s on %s, reckoned to take %s", table, counted(size.Rows), weight,
		stats.Taken.Format("2 January 2006"), magnitude(longest))
	switch {
	case longest <= unnoticed:
		return severity.atMost(Info)
	case longest <= borne:
		return severity.atMost(Warning)
	}
	return severity
}

// magnitude is a duration as far as it can be foretold.
func magnitude(d time.Duration) string {
	switch {
	case d <= unnoticed:
		return "a moment"
	case d <= borne:
		return "less than a second"
	case d < time.Minute:
		return "seconds"
	case d < time.Hour:
		return "minutes"
	case d < 24*time.Hour:
		return "hours"
	}
	return "days"
}

// counted is a number with thousands set apart.
func counted(n int64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", counted(n/1000), n%1000)
}

// inBytes is a size in the largest unit that it has one of.
func inBytes(n int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	at, whole := 0, float64(n)
	for whole >= 1024 && at < len(units)-1 {
		whole /= 1024
		at++
	}
	if whole < 10 && at > 0 {
		return fmt.Sprintf("%.1f %s", whole, units[at])
	}
	return fmt.Sprintf("%.0f %s", whole, units[at])
}
