package mysql

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
)

// oracleColumn is a column of one form in table a, and of two in table b, with what is written to it.
type oracleColumn struct {
	name, column string
	values       []string
	grow         string // an expression of the column {c}
}

var oracleColumns = []oracleColumn{
	{"default", "varchar(20) DEFAULT 'none'", oracleTexts, "CONCAT({c}, '.')"},
	{"no default", "varchar(20)", oracleTexts, "UPPER({c})"},
	{"not null", "varchar(20) NOT NULL", oracleTexts, "CONCAT({c}, ' ')"},
	{"not null with default", "varchar(20) NOT NULL DEFAULT 'none'", oracleTexts, "CONCAT({c}, '.')"},
	{"float", "float NOT NULL DEFAULT 1", []string{"NULL", "DEFAULT", "1", "0", "1.0000002", "16777214", "16777215"}, "{c} * 1.0000002"},
}

var oracleTexts = []string{"NULL", "DEFAULT", "'none'", "'A'", "'a'", "'a '", "''", "'NONE'"}

// oracleStatements are written to a by the column v, and to b by either of its names. {k} and {l} are keys,
// {v} and {w} values.
var oracleStatements = []string{
	"INSERT INTO {t} (id, {c}) VALUES ({k}, {v}) ON DUPLICATE KEY UPDATE {c} = VALUES({c})",
	"INSERT INTO {t} (id, {c}) VALUES ({k}, {v}) ON DUPLICATE KEY UPDATE {c} = {w}, x = {i}",
	"INSERT IGNORE INTO {t} (id, {c}) VALUES ({k}, {v}), ({l}, {w})",
	"INSERT IGNORE INTO {t} (id, x) VALUES ({k}, {i})",
	"INSERT INTO {t} (id) VALUES ({k})",
	"INSERT INTO {t} (id, {c}) SELECT {k}, {c} FROM {t} WHERE id = {l} ON DUPLICATE KEY UPDATE x = {i}",
	"INSERT INTO {t} (id, {c}) SELECT {k}, {c} FROM (SELECT {c} FROM {t} WHERE id = {l}) s ON DUPLICATE KEY UPDATE {c} = VALUES({c})",
	"REPLACE INTO {t} (id, {c}) VALUES ({k}, {v})",
	"REPLACE INTO {t} (id, {c}, x) SELECT {k}, {c}, x FROM {t} WHERE id = {l}",
	"UPDATE {t} SET {c} = {v} WHERE id = {k}",
	"UPDATE {t} SET {c} = {v} WHERE id IN ({k}, {l})",
	"UPDATE IGNORE {t} SET {c} = {v}, x = {i} WHERE id = {k}",
	"UPDATE {t} SET x = {i} WHERE id = {k}",
	"UPDATE {t} SET {c} = {c}, x = {i} WHERE id = {k}",
	"UPDATE {t} SET {c} = {g} WHERE id = {k} AND LENGTH({c}) < 9",
	"UPDATE {t} JOIN (SELECT {k} AS i) s ON s.i = {t}.id SET {t}.{c} = {v}, {t}.x = {i}",
	"UPDATE {t} AS one JOIN {t} AS other ON other.id = {l} SET one.{c} = other.{c} WHERE one.id = {k}",
	"DELETE FROM {t} WHERE id = {k}",
	"DELETE {t} FROM {t} JOIN (SELECT {k} AS i) s ON s.i = {t}.id",
}

// oracle writes random statements, each to both tables, and compares them. It returns the first
// difference.
type oracle struct {
	*live
	column  oracleColumn
	random  *rand.Rand
	strict  bool
	refused int // statements that both tables refused
}

// announced holds for statements that end otherwise, as the plan says or because of what the servers do
// about any trigger. All are a NULL, or no value, for a NOT NULL column, of which the server makes what
// the type has for nothing where the session is not strict or the statement says IGNORE: a trigger does
// not know of either, and when it hands the NULL on MySQL refuses it.
//
// MariaDB takes a NULL in an UPDATE of several tables from a strict session too, once the table has any
// BEFORE UPDATE trigger (tried on 10.11).
func (o *oracle) announced(statement, side string) bool {
	if !strings.Contains(o.column.column, "NOT NULL") {
		return false
	}
	loose := !o.strict || strings.Contains(statement, "IGNORE")
	without := !strings.Contains(o.column.column, "DEFAULT")
	null := strings.Contains(statement, "NULL") || without && strings.Contains(statement, "DEFAULT")
	switch {
	case !o.isMariaDB():
		return null && side == "n" && loose
	case null && strings.Contains(statement, "JOIN"):
		return true
	}
	// What stands in for a default takes the place of having none, for a NULL by the new name too.
	return without && (strings.Contains(statement, "DEFAULT") || loose && null && side == "n")
}

// sameOutcome allows for the other number of a missing value's error.
func sameOutcome(single, double int) bool {
	missing := []int{1048, 1364, 1406, 1366} // the last two: what stands in for a default on MariaDB does not fit
	return single == double || slices.Contains(missing, single) && slices.Contains(missing, double)
}

func (o *oracle) run(t *testing.T, statements int) string {
	t.Helper()
	for i := range statements {
		if i%40 == 0 {
			o.strict = o.random.IntN(2) == 0
			mode := map[bool]string{true: "STRICT_TRANS_TABLES", false: ""}[o.strict]
			runScript(t, o.app, "COMMIT; SET SESSION sql_mode = '"+mode+"'; START TRANSACTION")
		}
		pick := func(list []string) string { return list[o.random.IntN(len(list))] }
		statement := strings.NewReplacer("{i}", strconv.Itoa(i), "{k}", strconv.Itoa(o.random.IntN(40)), "{l}", strconv.Itoa(o.random.IntN(40)),
			"{v}", pick(o.column.values), "{w}", pick(o.column.values), "{g}", o.column.grow).Replace(pick(oracleStatements))
		side := pick([]string{"o", "n"})
		if o.announced(statement, side) {
			continue
		}
		write := func(table, column string) int {
			_, err := o.app.Exec(t.Context(), strings.NewReplacer("{t}", table, "{c}", column).Replace(statement))
			var server *driver.MySQLError
			if errors.As(err, &server) {
				return int(server.Number)
			}
			if err != nil {
				t.Fatal(err)
			}
			return 0
		}
		single, double := write("a", "v"), write("b", side)
		where := fmt.Sprintf("statement %d, strict %v, by %s: %s", i, o.strict, side, statement)
		// Without a default DEFAULT is an error even where no row is written.
		nothing := single == 1364 && double == 0 && strings.Contains(statement, "DEFAULT")
		if !nothing && !sameOutcome(single, double) {
			return fmt.Sprintf("%s: error %d on the one column, %d on the two", where, single, double)
		}
		if single != 0 {
			o.refused++
		}
		var differs *string
		err := dialects.ReadRow(t.Context(), o.app, `SELECT (SELECT CONCAT_WS('|', a.id, COALESCE(a.v, 'NULL'), COALESCE(b.o, 'NULL'), COALESCE(b.n, 'NULL'), a.x, b.x)
  FROM a LEFT JOIN b ON b.id = a.id WHERE b.id IS NULL OR `+differ("a.v", "b.o")+` OR `+differ("a.v", "b.n")+` OR NOT (a.x <=> b.x) LIMIT 1)`, nil, &differs)
		if err == nil && differs == nil {
			err = dialects.ReadRow(t.Context(), o.app, `SELECT (SELECT CONCAT('of b alone: ', b.id) FROM b LEFT JOIN a ON a.id = b.id WHERE a.id IS NULL LIMIT 1)`, nil, &differs)
		}
		if err != nil {
			t.Fatal(err)
		}
		if differs != nil {
			return fmt.Sprintf("%s: id, v, o, n, a.x, b.x are %s", where, *differs)
		}
	}
	runScript(t, o.app, "COMMIT")
	return ""
}

func openOracle(t *testing.T, kind dialects.Kind, column oracleColumn, seed uint64) (*oracle, *dialects.DualWrite) {
	l := openLive(t, kind, fmt.Sprintf(`CREATE TABLE a (id int PRIMARY KEY, v %[1]s, x int); CREATE TABLE b (id int PRIMARY KEY, o %[1]s, x int)`, column.column))
	_, dw := l.plan(t, "b", "o", "n")
	return &oracle{live: l, column: column, random: rand.New(rand.NewPCG(seed, 0))}, dw
}

// TestOracle holds two columns against one. SEGUE_SOAK is how many statements each table gets, in place
// of what a test has time for.
func TestOracle(t *testing.T) {
	statements := 1500
	if testing.Short() {
		statements = 200
	}
	if soak, err := strconv.Atoi(os.Getenv("SEGUE_SOAK")); err == nil {
		statements = soak
	}
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		for i, column := range oracleColumns {
			t.Run(string(kind)+"/"+column.name, func(t *testing.T) {
				o, dw := openOracle(t, kind, column, uint64(i+1))
				o.toDualWrite(t, dw)
				if mismatch := o.run(t, statements); mismatch != "" {
					t.Error(mismatch)
				}
				if rows := value(t, o.s, `SELECT COUNT(*) FROM b`); rows == "0" {
					t.Error("the oracle wrote nothing")
				}
				if o.refused == 0 && strings.Contains(column.column, "NOT NULL") {
					t.Error("no statement was refused by either")
				}
			})
		}
	}
}

// TestOracleFindsWrongBodies shows that the oracle can fail, by bodies that lose something.
func TestOracleFindsWrongBodies(t *testing.T) {
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		for _, wrong := range []struct {
			name   string
			column int
			spoil  func(sql string) string
		}{
			{"equal is identical", 0, func(sql string) string {
				return strings.ReplaceAll(sql, "CAST(NEW.`n` AS BINARY) <=> CAST(OLD.`n` AS BINARY)", "TRUE")
			}},
			{"printed alike is identical", 4, func(sql string) string {
				return strings.ReplaceAll(sql, "NOT (NEW.`n` <=> OLD.`n`)", "FALSE")
			}},
			{"fill-only for ever", 1, nil},
			{"no default in the INSERT", 0, func(sql string) string {
				return strings.ReplaceAll(sql, "segue_default varchar(20) CHARACTER SET", "segue_default varchar(2) CHARACTER SET")
			}},
		} {
			t.Run(string(kind)+"/"+wrong.name, func(t *testing.T) {
				o, dw := openOracle(t, kind, oracleColumns[wrong.column], 7)
				if wrong.spoil == nil {
					o.carryOut(t, dw.Expand...)
				} else {
					actions := slices.Clone(dw.TwoWay)
					spoiled := false
					for i, a := range actions {
						actions[i].SQL = wrong.spoil(a.SQL)
						spoiled = spoiled || actions[i].SQL != a.SQL
					}
					if !spoiled {
						t.Fatal("the body has no such thing to spoil")
					}
					o.carryOut(t, dw.Expand...)
					o.carryOut(t, actions...)
				}
				if o.run(t, 1500) == "" {
					t.Error("the oracle found nothing")
				}
			})
		}
	}
}
