package postgres

import (
	"os"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestLower reads testdata/lower.txt: a statement behind --, then its changes, one a line.
func TestLower(t *testing.T) {
	text, err := os.ReadFile("testdata/lower.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n-- ") {
		sql, want, _ := strings.Cut(strings.TrimPrefix(block, "-- "), "\n")
		if got := briefChanges(sql); got != want {
			t.Errorf("%s\ngot\n%s\nwant\n%s", sql, got, want)
		}
	}
}

func TestTypeText(t *testing.T) {
	for written, want := range map[string]string{
		"int": "integer", "int4": "integer", "int8": "bigint", "smallint": "smallint", "bool": "boolean",
		"real": "real", "float": "double precision", "float(5)": "real", "double precision": "double precision",
		"char": "character(1)", "char(5)": "character(5)", "bpchar": "bpchar", `"char"`: `"char"`,
		"varchar": "character varying", "varchar(40)": "character varying(40)",
		"decimal(5)": "numeric(5,0)", "numeric(10,2)": "numeric(10,2)", "numeric": "numeric",
		"timestamp": "timestamp without time zone", "timestamptz(3)": "timestamp(3) with time zone",
		"timestamp(3) with time zone": "timestamp(3) with time zone", "time": "time without time zone",
		"timetz": "time with time zone", "interval": "interval", "interval day to second(3)": "interval day to second(3)",
		"interval(3)": "interval(3)", "interval year": "interval year",
		"bit": "bit(1)", "varbit(8)": "bit varying(8)", "bit varying": "bit varying",
		"text[]": "text[]", "int[3][3]": "integer[]", "int array": "integer[]", "pg_catalog.int4": "integer",
		"mood": "mood", `s."Mood"`: `s."Mood"`, "geometry(point, 4326)": "geometry(point,4326)", "uuid": "uuid",
	} {
		changes := Dialect{}.Parse("CREATE TABLE t (c " + written + ")")[0].Changes
		created, ok := changes[0].(dialects.CreateTable)
		if !ok || created.Columns[0].Type != want {
			t.Errorf("%s: got %s, want %s", written, brief(changes[0]), want)
		}
	}
}

func TestQuote(t *testing.T) {
	for name, want := range map[string]string{
		"users": "users", "_a1$": "_a1$", "Users": `"Users"`, "größe": `"größe"`, "1a": `"1a"`, "": `""`,
		"user": `"user"`, "order": `"order"`, "between": `"between"`, "left": `"left"`, "name": "name",
		"json_table": `"json_table"`, `a"b`: `"a""b"`, "a b": `"a b"`,
	} {
		if got := (Dialect{}).Quote(name); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
	if got, want := (Dialect{}).Qualified(dialects.Name{Schema: "S", Name: "t"}), `"S".t`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
