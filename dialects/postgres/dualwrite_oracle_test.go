package postgres

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// oracleTables are a table of one column, and one whose column has two forms.
const oracleTables = `CREATE TABLE a (id int PRIMARY KEY, v text DEFAULT 'none', x int);
	CREATE TABLE b (id int PRIMARY KEY, o text DEFAULT 'none', x int);`

// oracle writes random statements through both names, each to both tables, and fails at the first
// difference (dual-write-oracle.sql of the field notes).
const oracle = `DO $$
DECLARE i int; k int; val text; c text; op int; differs text;
BEGIN
	PERFORM setseed(%v);
	FOR i IN 1..%d LOOP
		k := floor(random() * 40); op := floor(random() * 9); c := CASE WHEN random() < .5 THEN 'o' ELSE 'n' END;
		val := (ARRAY['null', 'default', '''none''', '''A''', '''a''', '''a ''', ''''''])[1 + floor(random() * 7)];
		CASE op
		WHEN 0, 1 THEN
			EXECUTE format('insert into a (id, v) values (%%s, %%s) on conflict (id) do update set v = excluded.v', k, val);
			EXECUTE format('insert into b (id, %%I) values (%%s, %%s) on conflict (id) do update set %%I = excluded.%%I', c, k, val, c, c);
		WHEN 2 THEN
			EXECUTE format('insert into a (id) values (%%s) on conflict do nothing', k);
			EXECUTE format('insert into b (id) values (%%s) on conflict do nothing', k);
		WHEN 3, 4 THEN
			EXECUTE format('update a set v = %%s where id = %%s', val, k);
			EXECUTE format('update b set %%I = %%s where id = %%s', c, val, k);
		WHEN 5 THEN
			EXECUTE format('update a set x = %%s where id = %%s', i, k);
			EXECUTE format('update b set x = %%s where id = %%s', i, k);
		WHEN 6 THEN
			DELETE FROM a WHERE id = k; DELETE FROM b WHERE id = k;
		WHEN 7 THEN
			EXECUTE format('update a set v = v || ''.'' where id = %%s and length(v) < 9', k);
			EXECUTE format('update b set %%1$I = %%1$I || ''.'' where id = %%2$s and length(%%1$I) < 9', c, k);
		WHEN 8 THEN
			EXECUTE format('merge into a using (values (%%s)) s (i) on id = i when matched then update set v = %%s when not matched then insert (id, v) values (i, %%s)', k, val, val);
			EXECUTE format('merge into b using (values (%%s)) s (i) on id = i when matched then update set %%I = %%s when not matched then insert (id, %%I) values (i, %%s)', k, c, val, c, val);
		END CASE;
		SELECT (a.*, b.*)::text INTO differs FROM a FULL JOIN b USING (id)
		WHERE a.id IS NULL OR b.id IS NULL OR record_image_ne(ROW(a.v), ROW(b.n)) OR record_image_ne(ROW(a.v), ROW(b.o)) LIMIT 1;
		IF FOUND THEN
			RAISE EXCEPTION 'statement %%: op %%, column %%, value %%, key %%: %%', i, op, c, val, k, differs;
		END IF;
	END LOOP;
END $$`

// oracleChunk is how many statements run in one transaction: the versions of rows that they leave
// can be vacuumed only after it.
const oracleChunk = 500

func TestOneColumnOracle(t *testing.T) {
	seeds, statements := []uint64{1, 2, 3}, 60_000
	if testing.Short() {
		seeds, statements = seeds[:1], 3_000
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			l := openLive(t, oracleTables)
			if l.server.Major() < 15 {
				t.Skip("MERGE is there from 15 on")
			}
			_, dw := l.plan(t, "b", "o", "n")
			l.toDualWrite(t, dw)
			random := rand.New(rand.NewPCG(seed, 0))
			for range statements / oracleChunk {
				runScript(t, l.s, fmt.Sprintf(oracle, random.Float64(), oracleChunk))
				runScript(t, l.s, `VACUUM a`)
				runScript(t, l.s, `VACUUM b`)
			}
			if rows := value(t, l.s, `SELECT count(*)::text FROM b`); rows == "0" {
				t.Error("the oracle wrote nothing")
			}
		})
	}
}

// TestOracleFindsTheFillOnlyBody shows that the oracle can fail: the fill-only body undoes a NULL.
func TestOracleFindsTheFillOnlyBody(t *testing.T) {
	l := openLive(t, oracleTables)
	if l.server.Major() < 15 {
		t.Skip("MERGE is there from 15 on")
	}
	_, dw := l.plan(t, "b", "o", "n")
	l.carryOut(t, dw.Expand...)
	if err := l.s.Script(t.Context(), fmt.Sprintf(oracle, 0.5, oracleChunk)); err == nil || !strings.Contains(err.Error(), "column n, value null") {
		t.Errorf("got %v", err)
	}
}
