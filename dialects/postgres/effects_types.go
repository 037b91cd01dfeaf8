package postgres

import (
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// modifierRule says which modifiers a type change may have without a rewrite.
type modifierRule string

const (
	anyModifiers   modifierRule = "any"
	wider          modifierRule = "the same or wider; none is widest"
	sameScale      modifierRule = "the same scale and no less precision, or none"
	finer          modifierRule = "no less precision, or none"
	unlimited      modifierRule = "none on the new type"
	whereUnindexed modifierRule = "any, where no index has the column"
)

// freeTypeChanges are the type changes that leave every row as it is. Source: the manual's ALTER TABLE
// page, and the planner support functions of the types' casts (varchar_support and its like).
var freeTypeChanges = []struct {
	from, to string
	rule     modifierRule
}{
	{"character varying", "character varying", wider},
	{"character varying", "text", anyModifiers},
	{"text", "character varying", unlimited},
	{"bit varying", "bit varying", wider},
	{"numeric", "numeric", sameScale},
	{"timestamp without time zone", "timestamp without time zone", finer},
	{"timestamp with time zone", "timestamp with time zone", finer},
	{"time without time zone", "time without time zone", finer},
	{"time with time zone", "time with time zone", finer},
	{"interval", "interval", finer},
	{"cidr", "inet", anyModifiers},
	{"xml", "text", anyModifiers},
	{"xml", "character varying", unlimited},
	{"text", "citext", whereUnindexed},
	{"citext", "text", whereUnindexed},
	{"character varying", "citext", whereUnindexed},
	{"citext", "character varying", unlimited},
}

// typeChange is a column's change of type, in the server's spelling.
type typeChange struct {
	from, to string
	indexed  bool
}

// keepsRows reports whether the change leaves every row as it is.
func (c typeChange) keepsRows() bool {
	if c.from == c.to {
		return true
	}
	from, fromMods := cutModifiers(c.from)
	to, toMods := cutModifiers(c.to)
	for _, free := range freeTypeChanges {
		if free.from == from && free.to == to {
			return free.rule.allows(fromMods, toMods, c.indexed)
		}
	}
	return false
}

func (r modifierRule) allows(from, to []int, indexed bool) bool {
	switch r {
	case anyModifiers:
		return true
	case unlimited:
		return len(to) == 0
	case whereUnindexed:
		return !indexed
	case wider, finer:
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

// isConstrained reports whether a domain rejects any value of its base type.
func isConstrained(domain *dialects.Object) bool {
	return domain.NotNull || strings.Contains(domain.Definition, " CHECK (")
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
