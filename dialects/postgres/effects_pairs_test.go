package postgres

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// pairTypes are the types that are changed into each other, each with modifiers that matter.
var pairTypes = strings.FieldsFunc(`smallint|integer|bigint|real|double precision|money|oid|regclass
numeric|numeric(10,0)|numeric(8,2)|numeric(10,2)|numeric(12,2)|numeric(12,3)
text|varchar|varchar(10)|varchar(20)|character(5)|character(8)|bpchar|"char"|name|citext
bytea|boolean|date|uuid|json|jsonb|xml|inet|cidr|macaddr|tsvector|point|box
time|time(3)|time(0)|time(6)|timestamp(6)|timetz|timetz(3)|timestamp|timestamp(3)|timestamp(0)|timestamptz|timestamptz(3)|timestamptz(0)|timestamptz(6)|timetz(6)
interval|interval(3)|interval(0)|interval(6)|interval day to second|interval day to second(3)|interval year|interval hour
bit(8)|bit(16)|bit|varbit|varbit(8)|varbit(16)
mood|spare_mood|label|sure|surer|above|pair|int4range|int8range
text[]|varchar[]|varchar(10)[]|varchar(20)[]|numeric(8,2)[]|numeric[]|integer[]|bigint[]|label[]`, func(r rune) bool { return r == '|' || r == '\n' })

// changeType changes a column's type, tells what came of the table's file and its index's, and undoes it. A
// table without rows will do: the server writes it anew all the same, and is stopped right before, which
// makes the whole three times as quick.
const changeType = `CREATE FUNCTION stop_rewrite() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'rewrites'; END $$;
CREATE EVENT TRIGGER stop_rewrite ON table_rewrite EXECUTE FUNCTION stop_rewrite();
CREATE FUNCTION pg_temp.change_type(changed regclass, typ text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  filed oid[] := ARRAY(SELECT relfilenode FROM pg_class WHERE oid = changed OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = changed));
  result text;
BEGIN
  BEGIN
    EXECUTE format('ALTER TABLE %s ALTER c TYPE %s', changed, typ);
  EXCEPTION WHEN datatype_mismatch THEN
    EXECUTE format('ALTER TABLE %s ALTER c TYPE %s USING c::%s', changed, typ, typ);
  END;
  SELECT CASE WHEN bool_or(oid = changed AND relfilenode <> ALL (filed)) THEN 'rewrites'
    WHEN bool_or(relfilenode <> ALL (filed)) THEN 'builds the index' ELSE 'a moment' END INTO result
  FROM pg_class WHERE oid = changed OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = changed);
  RAISE EXCEPTION '%', result;
EXCEPTION
  WHEN raise_exception THEN RETURN SQLERRM;
  WHEN OTHERS THEN RETURN 'refused';
END $$;`

// pairs holds what is predicted of every pair of types against the server, without an index of the column
// and with one, in a time zone like others and in UTC.
func (p *proof) pairs(t *testing.T) {
	database, _ := p.copy(t)
	var setup strings.Builder
	setup.WriteString(`CREATE EXTENSION citext;`)
	for i, typ := range pairTypes {
		fmt.Fprintf(&setup, "CREATE TABLE bare_%d (c %s); CREATE TABLE indexed_%[1]d (c %[2]s);", i, typ)
		// Some types have no order to be indexed by.
		fmt.Fprintf(&setup, "DO $$ BEGIN CREATE INDEX indexed_%d_c ON indexed_%[1]d (c); EXCEPTION WHEN undefined_object THEN END $$;", i)
	}
	inspected := makeSchema(t, database, setup.String())
	replayed := p.catalogs[fmt.Sprint(p.major)+"*"].Clone()
	for _, stmt := range (Dialect{}).Parse(strings.NewReplacer("DO $$ BEGIN ", "", " EXCEPTION WHEN undefined_object THEN END $$", "").Replace(setup.String())) {
		Dialect{}.Replay(replayed, stmt)
	}
	o := connectTo(t, database)
	o.exec(t, changeType)
	for _, zone := range []string{"Europe/Berlin", "UTC"} {
		inspected.Session.TimeZone, replayed.Session.TimeZone = zone, zone
		o.exec(t, `SET TimeZone = '`+zone+`'`)
		for from, typ := range pairTypes {
			if zone != "UTC" || strings.Contains(typ, "timestamp") {
				p.pairsOf(t, o, zone, from, map[string]*dialects.Catalog{"": inspected, "*": replayed})
			}
		}
	}
}

// pairsOf changes one type into all others. With an index only where the table without one is not written
// anew.
func (p *proof) pairsOf(t *testing.T, o *observer, zone string, from int, catalogs map[string]*dialects.Catalog) {
	t.Helper()
	var values []string
	for to, typ := range pairTypes {
		values = append(values, fmt.Sprintf("(%d, %s)", to, quoteLiteral(typ)))
	}
	rows := o.exec(t, fmt.Sprintf(`SELECT bare, CASE WHEN bare IN ('rewrites', 'refused') THEN 'refused' ELSE pg_temp.change_type('indexed_%d', typ) END
FROM (SELECT i, typ, pg_temp.change_type('bare_%[1]d', typ) AS bare FROM (VALUES %s) AS list (i, typ) OFFSET 0) AS changed ORDER BY i`,
		from, strings.Join(values, ",")))[0].Rows
	for to, row := range rows {
		for i, table := range []string{"bare", "indexed"} {
			if seen := string(row[i]); seen != "refused" {
				stmt := Dialect{}.Parse(fmt.Sprintf("ALTER TABLE %s_%d ALTER c TYPE %s", table, from, pairTypes[to]))[0]
				for name, catalog := range catalogs {
					if predicted := whatTypeChangeDoes(catalog, stmt); predicted != seen {
						p.found.add(fmt.Sprint(p.major)+name, pairTypes[from]+" to "+pairTypes[to]+" in "+zone, table, predicted, seen)
					}
				}
			}
		}
	}
	p.found.mu.Lock()
	defer p.found.mu.Unlock()
	p.found.pairs += len(rows)
}

// whatTypeChangeDoes is the prediction in the words of changeType.
func whatTypeChangeDoes(c *dialects.Catalog, stmt dialects.Statement) string {
	switch e := (Dialect{}).Effects(c, stmt, nil)[0]; {
	case e.Rewrites:
		return "rewrites"
	case e.Scans:
		return "builds the index"
	}
	return "a moment"
}
