package postgres

import (
	"maps"
	"slices"
	"testing"
)

// TestTypesAreToldWithoutTheParser compares what typeOf says by itself with what the parser makes of it.
func TestTypesAreToldWithoutTheParser(t *testing.T) {
	for _, typ := range slices.Concat(
		slices.Collect(maps.Keys(ownSpellings)), slices.Collect(maps.Keys(typeSpellings)), slices.Collect(maps.Keys(reservedWords)), slices.Collect(maps.Keys(typeWords)),
		[]string{"text", "jsonb", "json", "uuid", "date", "bytea", "double", "money", "status", "app.status", `"Status"`, `"a.b".c`, "year",
			"interval day to second", "int4range", "name", "names", "zone", "json_scalar", "xml", "public", "t$1", "_a"},
	) {
		got, own := typeOf(typ)
		want, parsedOwn := parsedTypeOf(typ)
		if own != parsedOwn || own && got != want {
			t.Errorf("%s: is %q, %v; to the parser it is %q, %v", typ, got, own, want, parsedOwn)
		}
	}
}
