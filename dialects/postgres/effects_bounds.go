package postgres

import (
	"slices"
	"strconv"

	"github.com/segue-db/segue/dialects"
)

// The server scans no partition whose valid CHECKs prove its bound, or, of the default partition, that
// no row of it lies within the new one. What is here proves it for a key of one plain column that is
// compared with constants; for any other key a CHECK on all of its columns is the author's claim.

// comparison is a column compared with a constant; the operator = with several values is IN.
type comparison struct {
	column, operator string
	values           []string
}

// provesBound reports whether the partition's CHECKs say what the bound says.
func (j judge) provesBound(c dialects.AttachPartition) bool {
	parent, part := j.Table(c.Table), j.Table(c.Partition)
	if parent == nil || part == nil || parent.Partition == nil || len(parent.Partition.Expressions) > 0 {
		return false
	}
	key := parent.Partition.Columns
	bound, ok := readBound(key, c.Bound)
	if !ok {
		return slices.ContainsFunc(part.Constraints, func(con *dialects.Constraint) bool { return claims(con, key) })
	}
	if !j.provesNotNull(part, key[0]) {
		return false // a NULL belongs to no range and to no list that does not name it
	}
	known := checksOn(part, key[0])
	return !slices.ContainsFunc(bound, func(b comparison) bool {
		return !slices.ContainsFunc(known, func(k comparison) bool { return k.implies(b) })
	})
}

// shutsOut reports whether the default partition's CHECKs say that no row of it is within a bound.
func (j judge) shutsOut(parent, part *dialects.Table, text string) bool {
	if parent == nil || parent.Partition == nil || len(parent.Partition.Expressions) > 0 {
		return false
	}
	key := parent.Partition.Columns
	bound, ok := readBound(key, text)
	if !ok {
		return false
	}
	return slices.ContainsFunc(part.Constraints, func(con *dialects.Constraint) bool {
		if con.Kind != dialects.Check || con.NotValid {
			return false
		}
		expr, err := parseExpression(con.Expression)
		return err == nil && slices.ContainsFunc(conjuncts(expr), func(part *astNode) bool { return outside(part, bound) })
	})
}

// outside reports whether a condition holds for no row within the bound: each of its alternatives
// contradicts a part of it, or it is NOT of what the bound says.
func outside(expr *astNode, bound []comparison) bool {
	switch b := expr.GetBoolExpr(); b.GetBoolop().String() {
	case "OR_EXPR":
		return !slices.ContainsFunc(b.Args, func(arg *astNode) bool { return !outside(arg, bound) })
	case "NOT_EXPR":
		return !slices.ContainsFunc(conjuncts(b.Args[0]), func(part *astNode) bool { return !within(part, bound) })
	}
	for _, c := range compared(expr) {
		for _, b := range bound {
			if c.column == b.column && slices.ContainsFunc(b.negated(), func(n comparison) bool { return c.implies(n) }) {
				return true
			}
		}
	}
	return false
}

// within reports whether a condition holds for every row within the bound.
func within(expr *astNode, bound []comparison) bool {
	known := compared(expr)
	return len(known) > 0 && !slices.ContainsFunc(known, func(c comparison) bool {
		return !slices.ContainsFunc(bound, func(b comparison) bool { return b.implies(c) })
	})
}

// negated is what holds where a part of a bound does not, for a value that is not NULL.
func (c comparison) negated() []comparison {
	opposite := map[string]string{">=": "<", "<": ">=", "=": "<>"}[c.operator]
	if len(c.values) != 1 {
		return nil
	}
	return []comparison{{c.column, opposite, c.values}}
}

// claims reports whether a constraint is a valid CHECK on all columns of a key.
func claims(con *dialects.Constraint, key []string) bool {
	return con.Kind == dialects.Check && !con.NotValid &&
		!slices.ContainsFunc(key, func(column string) bool { return !slices.Contains(con.Columns, column) })
}

// readBound is what a bound says of the key's only column; false for a bound that is not read.
func readBound(key []string, text string) ([]comparison, bool) {
	if len(key) != 1 {
		return nil, false
	}
	stmt, err := parseOne("CREATE TABLE t PARTITION OF p " + text)
	if err != nil {
		return nil, false
	}
	spec := stmt.GetCreateStmt().GetPartbound()
	switch {
	case spec == nil || spec.IsDefault:
		return nil, false
	case spec.Strategy == "l":
		in := comparison{column: key[0], operator: "="}
		for _, n := range spec.Listdatums {
			value, ok := constant(n)
			if !ok {
				return nil, false
			}
			in.values = append(in.values, value)
		}
		return []comparison{in}, true
	case spec.Strategy == "r":
		var bound []comparison
		for _, end := range []struct {
			operator string
			data     []*astNode
		}{{">=", spec.Lowerdatums}, {"<", spec.Upperdatums}} {
			if datum := boundDatum(end.data[0]); datum == "MINVALUE" || datum == "MAXVALUE" {
				continue
			}
			value, ok := constant(end.data[0])
			if !ok {
				return nil, false
			}
			bound = append(bound, comparison{key[0], end.operator, []string{value}})
		}
		return bound, true
	}
	return nil, false
}

// checksOn are what a table's valid CHECKs say of a column.
func checksOn(t *dialects.Table, column string) []comparison {
	var known []comparison
	for _, con := range t.Constraints {
		if con.Kind != dialects.Check || con.NotValid {
			continue
		}
		expr, err := parseExpression(con.Expression)
		if err != nil {
			continue
		}
		for _, part := range conjuncts(expr) {
			for _, c := range compared(part) {
				if c.column == column {
					known = append(known, c)
				}
			}
		}
	}
	return known
}

// swapped are the operators with their sides exchanged.
var swapped = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}

// compared reads a comparison, IN, = ANY (ARRAY[...]) as the server prints it, and BETWEEN, which is two.
func compared(expr *astNode) []comparison {
	e := expr.GetAExpr()
	if e == nil {
		return nil
	}
	operator := listName(e.Name).Name
	column, value := e.Lexpr, e.Rexpr
	if columnNamed(column) == "" && e.Kind.String() == "AEXPR_OP" {
		column, value, operator = e.Rexpr, e.Lexpr, swapped[operator]
	}
	c := comparison{column: columnNamed(column), operator: operator}
	items := []*astNode{value}
	switch e.Kind.String() {
	case "AEXPR_OP":
	case "AEXPR_IN", "AEXPR_BETWEEN":
		items = value.GetList().GetItems()
	case "AEXPR_OP_ANY":
		items = elements(value)
	default:
		return nil
	}
	for _, item := range items {
		v, ok := constant(item)
		if !ok {
			return nil
		}
		c.values = append(c.values, v)
	}
	if c.column == "" || len(c.values) == 0 || len(c.values) > 1 && e.Kind.String() == "AEXPR_IN" && operator != "=" {
		return nil
	}
	if e.Kind.String() == "AEXPR_BETWEEN" {
		return []comparison{{c.column, ">=", c.values[:1]}, {c.column, "<=", c.values[1:]}}
	}
	return []comparison{c}
}

// elements are those of an array that is written out, casts around it left out.
func elements(n *astNode) []*astNode {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	return n.GetAArrayExpr().GetElements()
}

// columnNamed is the column that an expression is, but for casts, which the server adds for its
// operators; empty for any other.
func columnNamed(n *astNode) string {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	words := texts(n.GetColumnRef().GetFields())
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// constant is the value of a constant as text, casts left out.
func constant(n *astNode) (string, bool) {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	if n.GetAConst() == nil {
		return "", false
	}
	return constantText(n.GetAConst())
}

// implies reports whether a value for which c holds is one for which the other does. Only numbers are
// put in order here: how the server orders anything else depends on its type.
func (c comparison) implies(other comparison) bool {
	if c.column != other.column {
		return false
	}
	if c.operator == "=" {
		return !slices.ContainsFunc(c.values, func(v string) bool { return !other.holds(v) })
	}
	v, w := c.values[0], other.values[0]
	switch c.operator + " " + other.operator {
	case ">= >=", "> >=", "< <":
		return v == w || beyond(v, w, c.operator)
	case "<= <":
		return beyond(v, w, "<=") && !beyond(w, v, "<=")
	case "<> <>":
		return v == w
	}
	return false
}

// beyond reports whether a bound of v is as strict as one of w or stricter.
func beyond(v, w, operator string) bool {
	a, errA := strconv.ParseFloat(v, 64)
	b, errB := strconv.ParseFloat(w, 64)
	if errA != nil || errB != nil {
		return false
	}
	if operator == ">=" || operator == ">" {
		return a >= b
	}
	return a <= b
}

// holds reports whether a comparison holds for a value.
func (c comparison) holds(value string) bool {
	switch c.operator {
	case "=":
		return slices.Contains(c.values, value)
	case ">=":
		return value == c.values[0] || beyond(value, c.values[0], ">=")
	case "<":
		return beyond(value, c.values[0], "<=") && !beyond(c.values[0], value, "<=")
	case "<>": // numbers may be spelled in more than one way
		return value != c.values[0] && beyond(value, c.values[0], "<=") == !beyond(c.values[0], value, "<=")
	}
	return false
}
