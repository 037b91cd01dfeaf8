package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// modifierRule says which modifiers a type change may have without a rewrite.
type modifierRule string

const (
	anyModifiers modifierRule = "any"
	wider        modifierRule = "the same or wider; none is widest"
	sameScale    modifierRule = "the same scale and no less precision, or none"
	finer        modifierRule = "no less precision, or all six digits, or none"
	unlimited    modifierRule = "none on the new type"
	untrimmed    modifierRule = "all six digits on the new type, or none"
)

// freeTypeChange is a change of type that leaves every row as it is.
type freeTypeChange struct {
	from, to  string
	rule      modifierRule
	reindexes bool // an index of the column is built again, since the new type sorts by other operators
	inUTC     bool // only in a session whose time zone is UTC
}

// freeTypeChanges are all of them, but for domains, which are as what they are over, for intervals, and for a
// type that only loses its modifiers. Source: the
// manual's ALTER TABLE page, and the planner support functions of the types' casts (varchar_support and
// its like); the effects test holds them, and every other pair of types, against servers.
var freeTypeChanges = []freeTypeChange{
	{from: "character varying", to: "character varying", rule: wider},
	{from: "character varying", to: "text", rule: anyModifiers},
	{from: "text", to: "character varying", rule: unlimited},
	{from: "bit varying", to: "bit varying", rule: wider},
	{from: "bit", to: "bit varying", rule: unlimited, reindexes: true},
	{from: "character", to: "bpchar", rule: anyModifiers},
	{from: "text", to: "bpchar", rule: anyModifiers, reindexes: true},
	{from: "character varying", to: "bpchar", rule: anyModifiers, reindexes: true},
	{from: "citext", to: "bpchar", rule: anyModifiers, reindexes: true},
	{from: "xml", to: "bpchar", rule: anyModifiers},
	{from: "integer", to: "oid", rule: anyModifiers, reindexes: true},
	{from: "oid", to: "integer", rule: anyModifiers, reindexes: true},
	{from: "integer", to: "regclass", rule: anyModifiers, reindexes: true},
	{from: "regclass", to: "integer", rule: anyModifiers, reindexes: true},
	{from: "oid", to: "regclass", rule: anyModifiers},
	{from: "regclass", to: "oid", rule: anyModifiers},
	{from: "numeric", to: "numeric", rule: sameScale},
	{from: "timestamp without time zone", to: "timestamp without time zone", rule: finer},
	{from: "timestamp with time zone", to: "timestamp with time zone", rule: finer},
	{from: "timestamp without time zone", to: "timestamp with time zone", rule: untrimmed, reindexes: true, inUTC: true},
	{from: "timestamp with time zone", to: "timestamp without time zone", rule: untrimmed, reindexes: true, inUTC: true},
	{from: "time without time zone", to: "time without time zone", rule: finer},
	{from: "time with time zone", to: "time with time zone", rule: finer},
	{from: "cidr", to: "inet", rule: anyModifiers},
	{from: "xml", to: "text", rule: anyModifiers},
	{from: "xml", to: "character varying", rule: unlimited},
	{from: "text", to: "citext", rule: anyModifiers, reindexes: true},
	{from: "citext", to: "text", rule: anyModifiers, reindexes: true},
	{from: "character varying", to: "citext", rule: anyModifiers, reindexes: true},
	{from: "citext", to: "character varying", rule: unlimited, reindexes: true},
}

// utcNames are time zones that have always been UTC, so that a timestamp is the same number in them with
// and without a time zone. Source: TimestampTimestampTzRequiresRewrite in src/backend/utils/adt/timestamp.c.
var utcNames = wordSet(`utc etc/utc uct etc/uct gmt etc/gmt zulu etc/zulu universal etc/universal`)

// typeChange is a column's change of type, in the server's spelling, domains resolved to what they are
// over.
type typeChange struct {
	from, to   string
	constrains bool   // the new type is a domain that rejects values
	recollates bool   // the new column has another collation
	timeZone   string // the session's
}

// keepsRows reports whether the change leaves every row as it is. Another collation does.
func (c typeChange) keepsRows() bool {
	if c.constrains {
		return false
	}
	if c.from == c.to {
		return true
	}
	free, ok := c.free()
	return ok && (!free.inUTC || utcNames[strings.ToLower(c.timeZone)])
}

// keepsIndex reports whether such a change leaves an index of the column as it is. One with an expression
// or a predicate is always built again. Source: CheckIndexCompatible in src/backend/commands/indexcmds.c.
func (c typeChange) keepsIndex(index *dialects.Index) bool {
	if index.Expressions || index.Partial {
		return false
	}
	if index.Method == "gin" && strings.HasSuffix(c.to, "[]") { // it holds elements, under an operator class for any array
		return false
	}
	free, _ := c.free()
	return !c.recollates && !free.reindexes
}

// free is the entry of freeTypeChanges that allows the change.
func (c typeChange) free() (freeTypeChange, bool) {
	from, fromMods := cutModifiers(c.from)
	to, toMods := cutModifiers(c.to)
	if from == to && len(toMods) == 0 || keepsInterval(from, to, fromMods, toMods) {
		return freeTypeChange{from: from, to: to}, true
	}
	for _, free := range freeTypeChanges {
		if free.from == from && free.to == to && free.rule.allows(fromMods, toMods) {
			return free, true
		}
	}
	return freeTypeChange{}, false
}

// allDigits is the precision of a time that has no modifier.
const allDigits = 6

// intervalParts are an interval's fields, from the least.
var intervalParts = []string{"second", "minute", "hour", "day", "month", "year"}

// keepsInterval reports whether an interval of some fields and digits is one of others as it is: its least
// field is kept, and the digits of its seconds. Source: interval_support in src/backend/utils/adt/timestamp.c.
func keepsInterval(from, to string, fromMods, toMods []int) bool {
	least := func(typ string) (int, bool) {
		fields, is := strings.CutPrefix(typ, "interval")
		if !is || strings.HasSuffix(typ, "[]") {
			return 0, false
		}
		words := strings.Fields(fields)
		if len(words) == 0 {
			return 0, true
		}
		return slices.Index(intervalParts, words[len(words)-1]), true
	}
	of, ok := least(from)
	kept, also := least(to)
	return ok && also && kept <= of && (of > 0 || finer.allows(fromMods, toMods))
}

func (r modifierRule) allows(from, to []int) bool {
	switch r {
	case anyModifiers:
		return true
	case untrimmed:
		return len(to) == 0 || to[0] >= allDigits
	case unlimited:
		return len(to) == 0
	case finer:
		return len(to) == 0 || to[0] >= allDigits || len(from) == 1 && to[0] >= from[0]
	case wider:
		return len(to) == 0 || len(from) == 1 && len(to) == 1 && to[0] >= from[0]
	case sameScale:
		return len(to) == 0 || len(from) == 2 && len(to) == 2 && to[0] >= from[0] && to[1] == from[1]
	}
	return false
}

// cutModifiers splits timestamp(3) with time zone into its name and 3. An array's name keeps its [],
// so that no element's rule is taken for it.
func cutModifiers(typ string) (name string, modifiers []int) {
	before, rest, found := strings.Cut(typ, "(")
	if !found {
		return typ, nil
	}
	list, after, _ := strings.Cut(rest, ")")
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil {
			return typ, nil
		}
		modifiers = append(modifiers, n)
	}
	return before + after, modifiers
}

// ownSpellings are those of typeSpellings without modifiers.
var ownSpellings = func() map[string]bool {
	set := map[string]bool{}
	for _, spelling := range typeSpellings {
		set[strings.Replace(spelling, "%", "", 1)] = true
	}
	return set
}()

// typeOf is the name in a type's spelling; false for one that the server spells in its own way.
func typeOf(typ string) (dialects.Name, bool) {
	name, _ := cutModifiers(strings.TrimSuffix(typ, "[]"))
	switch {
	case ownSpellings[name]:
		return dialects.Name{}, false
	case isBare(name), name == "json": // which is a word of SQL from Postgres 17 on, and a type's name all the same
		return dialects.Name{Name: name}, true
	}
	return parsedTypeOf(name)
}

func parsedTypeOf(name string) (dialects.Name, bool) {
	stmt, err := parseExpression("NULL::" + name)
	if err != nil {
		return dialects.Name{}, false
	}
	n := listName(stmt.GetTypeCast().GetTypeName().GetNames())
	return n, n.Schema != "pg_catalog"
}

// volatileFunctions give another value for each row, of the server and of extensions that are often
// installed. Source: SELECT proname FROM pg_proc WHERE provolatile = 'v'.
var volatileFunctions = wordSet(`
	clock_timestamp currval gen_random_uuid lastval nextval random random_normal setval timeofday
	uuidv4 uuidv7
	gen_random_bytes gen_salt uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4
`)

// isVolatile reports whether an expression may give another value for each row. Of a function that
// was made here nothing better is known than that it says so.
func (j judge) isVolatile(expr string) bool {
	tree, err := parseExpression(expr)
	if err != nil {
		return true
	}
	volatile := false
	walk(tree, func(m any) bool {
		if call, ok := m.(*astFuncCall); ok {
			name := listName(call.Funcname)
			own := j.Objects[dialects.ObjectKey{Kind: dialects.Function, Name: j.Resolve(name)}]
			volatile = volatile || volatileFunctions[name.Name] || own != nil && !own.Stable
		}
		return !volatile
	})
	return volatile
}
