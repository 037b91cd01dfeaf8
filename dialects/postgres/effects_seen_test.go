package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/segue-db/segue/dialects"
)

// cost is what a statement costs one table: the strongest lock on it or one of its indexes, which reads and
// writes open too, and whether all of its rows are read or written anew. To build an index again is to
// read all rows.
type cost struct {
	lock            dialects.Lock
	scans, rewrites bool
}

// or is the cost of both.
func (c cost) or(d cost) cost {
	if strength(d.lock) > strength(c.lock) {
		c.lock = d.lock
	}
	return cost{c.lock, c.scans || d.scans, c.rewrites || d.rewrites}
}

// isOrdinary reports whether the lock is one that reads and writes take, on what they join, look up for
// foreign keys and route rows to. Which tables that are may depend on the rows.
func (c cost) isOrdinary() bool { return strength(c.lock) <= strength(rowExclusive) }

func strength(l dialects.Lock) int { return slices.Index(lockModes[:], l) }

// costs are by table. What concerns no table by name is under the zero Name.
type costs map[dialects.Name]cost

// add leaves out ACCESS SHARE, which every query takes on what it reads, with all that is done under it. How
// a statement that takes no more than ROW EXCLUSIVE finds its rows is up to the server's planner.
func (c costs) add(table dialects.Name, more cost) {
	if strength(more.lock) <= strength(accessShare) {
		return
	}
	more.scans = (more.scans || more.rewrites) && !more.isOrdinary()
	c[table] = c[table].or(more)
}

func (c cost) String() string {
	words := []string{string(c.lock)}
	switch {
	case c.rewrites:
		words = append(words, "rewrites")
	case c.scans:
		words = append(words, "scans")
	}
	if c == (cost{}) {
		return "nothing"
	}
	return strings.Join(words, ", ")
}

// seenRelation is what a server has in a file, or would.
type seenRelation struct {
	oid, table uint32 // the table that an index or a TOAST table belongs to, or itself
	name       dialects.Name
	kind       string // pg_class.relkind
	file       uint32
	rows       int
}

// observer sees what statements do on one server. Each is rolled back, so that the next one finds
// the same database.
type observer struct {
	conn      *pgx.Conn
	relations []seenRelation
	at        map[uint32]int // by oid
	oids      string         // all of them, as an array
}

// observerSettings keep the server from a choice that depends on how big the tables are. The check of
// a foreign key is a query that joins both tables: it reads all rows of the referencing one, and looks
// each up in the other, by its index here. Statistics count a sequential scan only where there is one.
const observerSettings = `SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET enable_memoize = off;
SET enable_bitmapscan = off; SET enable_indexonlyscan = off; SET max_parallel_workers_per_gather = 0;
SET max_parallel_maintenance_workers = 0; SET allow_in_place_tablespaces = on`

// connectTo is an observer that knows no relation yet.
func connectTo(t *testing.T, url string) *observer {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	o := &observer{conn: conn, at: map[uint32]int{}}
	o.exec(t, observerSettings)
	return o
}

func (o *observer) exec(t *testing.T, sql string) []*pgconn.Result {
	t.Helper()
	results, err := o.conn.PgConn().Exec(t.Context(), sql).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return results
}

// read takes note of the relations as they are before each sample.
func (o *observer) read(t *testing.T) {
	t.Helper()
	rows := o.exec(t, `
SELECT c.oid, COALESCE(i.indrelid, owner.oid, c.oid), n.nspname, c.relname, c.relkind, c.relfilenode
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_class owner ON owner.reltoastrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f', 'i', 'I', 't') AND c.oid >= 16384
ORDER BY c.relkind = 'i', c.oid`)[0].Rows
	for _, row := range rows {
		r := seenRelation{
			oid: number(row[0]), table: number(row[1]), name: dialects.Name{Schema: string(row[2]), Name: string(row[3])},
			kind: string(row[4]), file: number(row[5]),
		}
		if r.kind == "r" || r.kind == "m" {
			count := o.exec(t, `SELECT count(*) FROM ONLY `+qualified(r.name))[0].Rows[0][0]
			r.rows = int(number(count))
		}
		o.at[r.oid] = len(o.relations)
		o.relations = append(o.relations, r)
	}
	for i, r := range o.relations { // a TOAST table's index
		o.relations[i].table = o.relations[o.at[r.table]].table
	}
	var oids []string
	for _, r := range o.relations {
		oids = append(oids, fmt.Sprint(r.oid))
	}
	o.oids = "'{" + strings.Join(oids, ",") + "}'::oid[]"
}

func number(text []byte) uint32 {
	n, err := strconv.ParseUint(string(text), 10, 32)
	if err != nil {
		panic(err)
	}
	return uint32(n)
}

// The counts of this session's own that are not reported yet, whatever transaction they are from:
// what they grow by is the sample's. A relation that the sample dropped still has them.
func (o *observer) counts() string {
	return `SELECT oid, pg_stat_get_xact_tuples_returned(oid) FROM unnest(` + o.oids + `) oid;`
}

const heldLocks = `SELECT relation, upper(regexp_replace(replace(mode, 'Lock', ''), '([a-z])([A-Z])', '\1 \2', 'g'))
FROM pg_locks WHERE locktype = 'relation' AND pid = pg_backend_pid();`

// files are what relations are stored in now. An empty one is none.
func (o *observer) files() string {
	return `SELECT oid, relfilenode, pg_relation_size(oid) FROM pg_class WHERE oid = ANY (` + o.oids + `);`
}

// inTransaction is what a statement does in a transaction: its locks are all held to the end.
func (o *observer) inTransaction(t *testing.T, sql, settings string) (costs, error) {
	t.Helper()
	results, err := o.conn.PgConn().Exec(t.Context(), `BEGIN; `+settings+o.counts()+sql+`;`+heldLocks+o.counts()+o.files()+`ROLLBACK`).ReadAll()
	if err != nil {
		o.exec(t, `ROLLBACK`)
		return nil, err
	}
	before := slices.IndexFunc(results, func(r *pgconn.Result) bool { return len(r.FieldDescriptions) > 0 })
	last := len(results) - 1
	return o.costs(results[last-3].Rows, results[before].Rows, results[last-2].Rows, results[last-1].Rows), nil
}

// costs makes of what was read what it says of each table.
func (o *observer) costs(locks, before, after, files [][][]byte) costs {
	seen := map[uint32]cost{}
	strongest := costs{}
	for _, row := range locks {
		i, old := o.at[number(row[0])]
		if !old {
			continue
		}
		table := o.relations[o.at[o.relations[i].table]]
		strongest.add(table.name, cost{lock: dialects.Lock(row[1])})
	}
	for i, row := range after {
		r := o.relations[o.at[number(row[0])]]
		if returned := int(number(row[1])) - int(number(before[i][1])); r.rows > 0 && returned >= r.rows {
			seen[r.oid] = cost{scans: true}
		}
	}
	empty := map[uint32]bool{}
	for _, row := range files {
		empty[number(row[0])] = number(row[2]) == 0
	}
	for _, row := range files {
		r := o.relations[o.at[number(row[0])]]
		if number(row[1]) == r.file || empty[r.table] {
			continue
		}
		switch r.kind {
		case "r", "m":
			seen[r.table] = cost{rewrites: true}
		case "i":
			seen[r.table] = cost{scans: true, rewrites: seen[r.table].rewrites}
		}
	}
	for oid, c := range seen {
		name := o.relations[o.at[oid]].name
		c.lock = strongest[name].lock
		strongest.add(name, c)
	}
	return strongest
}

// standsAloneHere reports whether the server refused a statement within a transaction.
func standsAloneHere(err error) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && refusal.Code == "25001"
}
