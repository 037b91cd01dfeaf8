package postgres

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// What is written most often is written here, to the letter as libpg_query does. It takes a tree to C through
// protobuf and back, which of 10,000 files takes a sixth of all the time.

// plainExpression writes a constant, a column or the call of a function without arguments; false for
// anything else.
func plainExpression(e *astNode) (string, bool) {
	switch x := unwrap(e).(type) {
	case *astAConst:
		switch {
		case x.Isnull:
			return "NULL", true
		case x.GetSval() != nil && !strings.Contains(x.GetSval().Sval, `\`):
			return quoteLiteral(x.GetSval().Sval), true
		case x.GetIval() != nil:
			return strconv.Itoa(int(x.GetIval().Ival)), true
		case x.GetBoolval() != nil:
			return strconv.FormatBool(x.GetBoolval().Boolval), true
		}
	case *astColumnRef:
		if words := texts(x.Fields); len(words) == 1 && len(x.Fields) == 1 {
			return quote(words[0]), true
		}
	case *astFuncCall:
		words := texts(x.Funcname)
		bare := len(x.Args) == 0 && !x.AggStar && x.AggFilter == nil && x.Over == nil && len(x.AggOrder) == 0
		if bare && len(words) == 1 && isBare(words[0]) {
			return words[0] + "()", true
		}
	}
	return "", false
}

// plainTree reads a string or the call of a function without arguments; nil for anything else.
func plainTree(expr string) *astNode {
	if name, called := strings.CutSuffix(expr, "()"); called && isBare(name) {
		return call(name)
	}
	if n := len(expr); n > 1 && expr[0] == '\'' && expr[n-1] == '\'' && !strings.ContainsAny(expr[1:n-1], "'\\\x00") && utf8.ValidString(expr) {
		return stringConstant(expr[1 : n-1])
	}
	return nil
}

// plainIndex writes a CREATE INDEX on columns alone; false for any other.
func plainIndex(s *astIndexStmt) (string, bool) {
	keys, plainKeys := plainElements(s.IndexParams)
	including, plainIncluding := plainElements(s.IndexIncludingParams)
	if !plainKeys || !plainIncluding || s.WhereClause != nil || len(s.Options) > 0 || s.TableSpace != "" || s.Relation.GetCatalogname() != "" {
		return "", false
	}
	b := &strings.Builder{}
	b.WriteString(indexHead(s))
	if s.Idxname != "" {
		b.WriteString(quote(s.Idxname) + " ")
	}
	b.WriteString("ON ")
	if !s.Relation.GetInh() {
		b.WriteString("ONLY ")
	}
	b.WriteString(qualified(rangeName(s.Relation)) + " USING " + quote(s.AccessMethod) + " (" + keys + ")")
	if including != "" {
		b.WriteString(" INCLUDE (" + including + ")")
	}
	if s.NullsNotDistinct {
		b.WriteString(" NULLS NOT DISTINCT")
	}
	return b.String(), true
}

// indexHead is what a CREATE INDEX begins with, without what only says how it is run.
func indexHead(s *astIndexStmt) string {
	if s.Unique {
		return "CREATE UNIQUE INDEX "
	}
	return "CREATE INDEX "
}

func plainElements(list []*astNode) (string, bool) {
	elements := make([]string, len(list))
	for i, n := range list {
		e := n.GetIndexElem()
		if e.GetName() == "" || len(e.Collation) > 0 || len(e.Opclass) > 0 {
			return "", false
		}
		elements[i] = quote(e.Name) + sortOrders[e.Ordering.String()] + sortOrders[e.NullsOrdering.String()]
	}
	return strings.Join(elements, ", "), true
}

// sortOrders are the parser's names for what can stand behind an index's column.
var sortOrders = map[string]string{
	"SORTBY_ASC": " ASC", "SORTBY_DESC": " DESC", "SORTBY_NULLS_FIRST": " NULLS FIRST", "SORTBY_NULLS_LAST": " NULLS LAST",
}

// plainConstraint writes a key or a foreign key of a table, without its name; false for any other constraint.
func plainConstraint(n *astConstraint) (string, bool) {
	if len(n.Options) > 0 || n.Indexname != "" || n.Indexspace != "" || len(n.FkDelSetCols) > 0 || n.Pktable.GetCatalogname() != "" {
		return "", false
	}
	b := &strings.Builder{}
	columns := func(list []*astNode) { b.WriteString(" (" + quoteList(texts(list)) + ")") }
	switch n.Contype.String() {
	case "CONSTR_PRIMARY":
		b.WriteString("PRIMARY KEY")
	case "CONSTR_UNIQUE":
		b.WriteString("UNIQUE")
		if n.NullsNotDistinct {
			b.WriteString(" NULLS NOT DISTINCT")
		}
	case "CONSTR_FOREIGN":
		if len(n.FkAttrs) == 0 || n.FkMatchtype == "f" || !n.Pktable.GetInh() {
			return "", false
		}
		b.WriteString("FOREIGN KEY")
		columns(n.FkAttrs)
		b.WriteString(" REFERENCES " + qualified(rangeName(n.Pktable)))
		if len(n.PkAttrs) > 0 {
			columns(n.PkAttrs)
		}
		b.WriteString(keyAction("UPDATE", n.FkUpdAction) + keyAction("DELETE", n.FkDelAction))
	default:
		return "", false
	}
	if len(n.Keys) > 0 {
		columns(n.Keys)
	}
	if len(n.Including) > 0 {
		b.WriteString(" INCLUDE")
		columns(n.Including)
	}
	for _, said := range []struct {
		is   bool
		word string
	}{{n.Deferrable, " DEFERRABLE"}, {n.Initdeferred, " INITIALLY DEFERRED"}, {n.SkipValidation, " NOT VALID"}} {
		if said.is {
			b.WriteString(said.word)
		}
	}
	return b.String(), true
}

var keyHeads = map[string]astConstraintKind{"PRIMARY KEY ": primaryKeyConstraint, "UNIQUE ": uniqueConstraint}

// plainKey reads a key or a foreign key of columns whose names need no quotes; nil for anything else.
func plainKey(definition string) *astConstraint {
	for head, kind := range keyHeads {
		if list, found := strings.CutPrefix(definition, head); found {
			if columns := plainColumns(list); columns != nil {
				return &astConstraint{Contype: kind, Keys: columns}
			}
			return nil
		}
	}
	list, found := strings.CutPrefix(definition, "FOREIGN KEY ")
	own, target, references := strings.Cut(list, " REFERENCES ")
	if !found || !references {
		return nil
	}
	target, notValid := strings.CutSuffix(target, " NOT VALID")
	target, deleted := cutAction(target, " ON DELETE ")
	target, updated := cutAction(target, " ON UPDATE ")
	name, list, named := strings.Cut(target, " ")
	schema, table, qualified := strings.Cut(name, ".")
	if !qualified {
		schema, table = "", name
	}
	n := &astConstraint{Contype: foreignKeyConstraint, FkAttrs: plainColumns(own)}
	if named {
		n.PkAttrs = plainColumns(list)
	}
	if n.FkAttrs == nil || named && n.PkAttrs == nil || !isBare(table) || qualified && !isBare(schema) {
		return nil
	}
	n.Pktable = &astRangeVar{Schemaname: schema, Relname: table, Relpersistence: "p", Inh: true}
	n.FkMatchtype, n.FkUpdAction, n.FkDelAction = "s", updated, deleted
	n.SkipValidation, n.InitiallyValid = notValid, !notValid
	return n
}

// plainColumns reads (a, b).
func plainColumns(list string) []*astNode {
	n := len(list)
	if n < 3 || list[0] != '(' || list[n-1] != ')' {
		return nil
	}
	var columns []*astNode
	for name := range strings.SplitSeq(list[1:n-1], ", ") {
		if !isBare(name) {
			return nil
		}
		columns = append(columns, stringNode(name))
	}
	return columns
}

// cutAction cuts an action of a foreign key off the end, and gives its letter.
func cutAction(text, on string) (rest, letter string) {
	for letter, action := range keyActions {
		if rest, found := strings.CutSuffix(text, on+action); found {
			return rest, letter
		}
	}
	return text, "a"
}

// keyActions are the parser's letters for a foreign key's actions; a is NO ACTION, which is not written.
var keyActions = map[string]string{"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}

func keyAction(on, letter string) string {
	if action := keyActions[letter]; action != "" {
		return " ON " + on + " " + action
	}
	return ""
}
