package postgres

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// effectVersions are the releases that effects are proved on. Each is there or, where SEGUE_REQUIRE
// lists postgres, the test fails; in short runs one is enough.
var effectVersions = []int{14, 15, 16, 17, 18}

// TestEffectsOnServers holds what is predicted of each sample in testdata/effects against what the
// releases of Postgres do: the locks in pg_locks, the files that are written anew in pg_class, and the
// scans in the statistics.
func TestEffectsOnServers(t *testing.T) {
	start := time.Now()
	versions := effectVersions
	if testing.Short() {
		versions = []int{scratch.Postgres(t).Major()}
	}
	var d disagreements
	t.Run("servers", func(t *testing.T) {
		for _, major := range versions {
			t.Run(fmt.Sprint(major), func(t *testing.T) {
				t.Parallel()
				server := scratch.Postgres(t, scratch.Version(major), scratch.Setting("autovacuum", "off"))
				p := newProof(t, server, &d)
				t.Run("samples", p.run)
				t.Run("types", p.pairs)
				t.Run("wrong", p.wrong)
			})
		}
	})
	t.Logf("%d samples and %d pairs of types on %d servers in %s", d.samples, d.pairs, d.proofs, time.Since(start).Round(time.Millisecond))
	if len(d.servers) > 0 {
		t.Errorf("predictions differ from what the servers did:\n%s", &d)
	}
}

// disagreement is where a prediction is not what a server did.
type disagreement struct{ sample, what, predicted, seen string }

// disagreements are collected from all servers.
type disagreements struct {
	mu      sync.Mutex
	servers map[disagreement][]string
	proofs  int // servers
	samples int
	pairs   int
}

func (d *disagreements) add(server, sample, what string, predicted, seen any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.servers == nil {
		d.servers = map[disagreement][]string{}
	}
	found := disagreement{sample, what, fmt.Sprint(predicted), fmt.Sprint(seen)}
	d.servers[found] = append(d.servers[found], server)
}

func (d *disagreements) String() string {
	var lines []string
	for found, servers := range d.servers {
		slices.Sort(servers)
		lines = append(lines, strings.Join([]string{found.sample, found.what, found.predicted, found.seen, strings.Join(servers, " ")}, "\t"))
	}
	slices.Sort(lines)
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 1, 2, ' ', 0)
	fmt.Fprintf(w, "sample\twhat\tpredicted\tseen\tservers\n%s\n", strings.Join(lines, "\n"))
	w.Flush()
	return text.String()
}

// effectSample is one statement of testdata/effects.
type effectSample struct {
	sql          string
	since, until int    // releases; 0 where it is for all
	settings     string // SET LOCAL ...
	timeZone     string // where settings have one
	live         bool   // on what the parser cannot read of the schema
	cautious     bool   // the prediction is more than what happens, which the catalog cannot tell
	refused      bool   // not run where a transaction may not have it: what it does is outside databases
	needed       bool   // the server refuses it, for what else is there
}

// effectSamples reads the samples. A block of statements may begin with lines that say which releases
// have them, as -- since 15 and -- until 16, and settings that they are run with: -- set x = y.
func effectSamples(t *testing.T) []effectSample {
	t.Helper()
	files, err := filepath.Glob("testdata/effects/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var samples []effectSample
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "schema") {
			continue
		}
		for block := range strings.SplitSeq(read(t, file), "\n\n") {
			samples = append(samples, blockSamples(t, block)...)
		}
	}
	return samples
}

func blockSamples(t *testing.T, block string) []effectSample {
	t.Helper()
	var s effectSample
	for line := range strings.Lines(block) {
		word, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "-- ")), " ")
		var err error
		switch {
		case !strings.HasPrefix(line, "-- "):
		case word == "since":
			_, err = fmt.Sscan(value, &s.since)
		case word == "until":
			_, err = fmt.Sscan(value, &s.until)
		case word == "set":
			s.settings += "SET LOCAL " + value + ";"
			if zone, ok := strings.CutPrefix(value, "TimeZone = "); ok {
				s.timeZone = strings.Trim(zone, "'")
			}
		case word == "live":
			s.live = true
		case word == "cautious":
			s.cautious = true
		case word == "refused":
			s.refused = true
		case word == "needed":
			s.needed = true
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	var samples []effectSample
	for _, stmt := range (Dialect{}).Parse(block) {
		s.sql = stmt.Text
		samples = append(samples, s)
	}
	return samples
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// proof holds predictions against one server.
type proof struct {
	*observer
	admin    *observer // in the server's own database
	template string    // the URL of a database that nobody is connected to
	copies   int
	found    *disagreements
	major    int
	// catalogs are the schema as lint replays it and as a runner reads it, by what a server is
	// called in the table.
	catalogs map[string]*dialects.Catalog
}

// newProof makes a database of the samples' schema, and a copy to run them on.
func newProof(t *testing.T, server *scratch.Server, found *disagreements) *proof {
	t.Helper()
	p := &proof{admin: connectTo(t, server.URL()), template: server.Database(t), found: found, major: server.Major()}
	p.admin.exec(t, `CREATE TABLESPACE spare LOCATION ''`)
	schema := read(t, "testdata/effects/schema.sql")
	more := ""
	if server.Major() >= 18 {
		more = read(t, "testdata/effects/schema_18.sql")
	}
	inspected := makeSchema(t, p.template, schema+more)
	replayed := Dialect{}.NewCatalog(inspected.Version)
	for _, stmt := range (Dialect{}).Parse(schema) {
		if stmt.Syntax == nil {
			Dialect{}.Replay(replayed, stmt)
		}
	}
	major := fmt.Sprint(server.Major())
	p.catalogs = map[string]*dialects.Catalog{major: inspected, major + "*": replayed}
	database, _ := p.copy(t) // it goes with the server, which is this test's own
	p.observer = connectTo(t, database)
	p.read(t)
	return p
}

// makeSchema makes the tables, and leaves the database with nobody connected.
func makeSchema(t *testing.T, url, schema string) *dialects.Catalog {
	t.Helper()
	d, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s, err := d.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	runScript(t, s, schema)
	runScript(t, s, `ANALYZE`)
	c, err := d.Inspect(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (p *proof) run(t *testing.T) {
	n := 0
	for _, s := range effectSamples(t) {
		if s.since <= p.major && (s.until == 0 || p.major <= s.until) {
			n++
			p.check(t, s)
		}
	}
	p.found.mu.Lock()
	p.found.proofs++
	p.found.samples += n
	p.found.mu.Unlock()
}

func (p *proof) check(t *testing.T, s effectSample) {
	t.Helper()
	stmt := Dialect{}.Parse(s.sql)[0]
	seen, err := p.inTransaction(t, s.sql, s.settings)
	alone := standsAloneHere(err)
	predictions := map[string]costs{}
	for name, catalog := range p.catalogs {
		if s.live && !catalog.Live {
			continue
		}
		if s.timeZone != "" {
			catalog = catalog.Clone()
			catalog.Session.TimeZone = s.timeZone
		}
		effects := Dialect{}.Effects(catalog, stmt, nil)
		if together := !slices.ContainsFunc(effects, func(e dialects.Effect) bool { return !e.Transactional }); together == alone {
			p.found.add(name, s.sql, "in a transaction", together, !alone)
		}
		if isRefused(effects) != s.needed {
			p.found.add(name, s.sql, "is refused", !s.needed, s.needed)
		}
		if !slices.ContainsFunc(effects, func(e dialects.Effect) bool { _, is := e.Change.(dialects.Opaque); return is }) {
			predictions[name] = p.predicted(effects) // what is opaque is refused, whatever it costs
		}
	}
	if alone {
		if s.refused || len(predictions) == 0 {
			return
		}
		seen, err = p.alone(t, s.sql, p.mayLock(predictions))
	}
	if (err != nil) != s.needed {
		t.Errorf("%s: %v", s.sql, err)
		return
	}
	if s.needed {
		return
	}
	for name, predicted := range predictions {
		p.compare(name, s, predicted, seen)
	}
}

// isRefused reports whether the effects say that the server does no such thing.
func isRefused(effects []dialects.Effect) bool {
	return slices.ContainsFunc(effects, func(e dialects.Effect) bool {
		return slices.ContainsFunc(e.Hazards, func(h dialects.Hazard) bool {
			return slices.Contains([]string{stillNeeded, formRefused, concurrentOnWhole}, h.ID)
		})
	})
}

// mayLock are the tables that a statement may lock: those that are predicted, and all above and below
// them. For a statement on the whole database a few stand for all.
func (p *proof) mayLock(predictions map[string]costs) []dialects.Name {
	var names []dialects.Name
	for server, predicted := range predictions {
		j := judge{Catalog: p.catalogs[server]}
		for name := range predicted {
			if name.Name == "" {
				names = appendNew(names, dialects.Name{Schema: "attic", Name: "boxes"}, dialects.Name{Schema: "public", Name: "users"},
					dialects.Name{Schema: "public", Name: "sorted"}, dialects.Name{Schema: "public", Name: "ages"})
				continue
			}
			names = appendNew(names, j.withAncestors(name)...)
			for _, t := range j.family(name) {
				names = appendNew(names, t.Name)
			}
		}
	}
	return names
}

// predicted are the costs that effects come to, on what the database has before the sample: what a
// statement makes concerns nobody.
func (p *proof) predicted(effects []dialects.Effect) costs {
	predicted := costs{}
	for _, e := range effects {
		if e.Table.Name == "" || p.kindOf(e.Table) != "" {
			predicted.add(e.Table, cost{e.Lock, e.Scans, e.Rewrites})
		}
	}
	if everywhere, ok := predicted[dialects.Name{}]; ok {
		for _, c := range predicted {
			everywhere = everywhere.or(c)
		}
		return costs{{}: everywhere}
	}
	return predicted
}

func (p *proof) compare(server string, s effectSample, predicted, seen costs) {
	if _, ok := predicted[dialects.Name{}]; ok { // of one table after the other, or of one that is not known
		var any cost
		for _, c := range seen {
			any = any.or(c)
		}
		seen = costs{{}: any}
	}
	exceeded := false
	for name := range unionOf(predicted, seen) {
		want, got := predicted[name], seen[name]
		if p.kindOf(name) == "p" { // it has no rows but those of its partitions
			want.scans, want.rewrites, got.scans, got.rewrites = false, false, false, false
		}
		switch {
		case want == got:
		case want == cost{} && got.isOrdinary():
		case s.cautious && want.or(got) == want:
			exceeded = true
		default:
			p.found.add(server, s.sql, name.String(), want, got)
		}
	}
	if s.cautious && !exceeded {
		p.found.add(server, s.sql, "whether the prediction is cautious", true, false)
	}
}

func unionOf(a, b costs) map[dialects.Name]bool {
	names := map[dialects.Name]bool{}
	for _, c := range []costs{a, b} {
		for name := range c {
			names[name] = true
		}
	}
	return names
}

// kindOf is pg_class.relkind of a table; empty where there is none.
func (p *proof) kindOf(name dialects.Name) string {
	for _, r := range p.relations {
		if r.name == name && r.table == r.oid {
			return r.kind
		}
	}
	return ""
}
