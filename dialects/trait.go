package dialects

// TraitKind is a kind of trait.
type TraitKind string

// Traits of the queries and data statements in a statement: in WITH, in subqueries, in the queries of
// views and of CREATE TABLE AS as well. A condition is what stands behind WHERE, or ON in a join.
const (
	// SelectStar: a query returns all columns, whichever there are, of a table. Detail is * or t.*. In
	// EXISTS it is none.
	SelectStar TraitKind = "select star"
	// NoWhere: a query at the top reads a table with neither a condition nor LIMIT.
	NoWhere TraitKind = "no where"
	// NoColumns: INSERT gives values and does not say which columns they are for.
	NoColumns TraitKind = "no columns"
	// ManyRows: INSERT ... VALUES has more than one row. Count is how many.
	ManyRows TraitKind = "many rows"
	// RandomOrder: rows are put into random order. Detail is the function.
	RandomOrder TraitKind = "random order"
	// LimitedWrite: UPDATE, DELETE, or the query of INSERT has a LIMIT or ORDER BY. Detail is which.
	LimitedWrite TraitKind = "limited write"
	// LeadingWildcard: a condition has a LIKE whose pattern may start with anything. Detail is the pattern.
	LeadingWildcard TraitKind = "leading wildcard"
	// NullComparison: a value is compared with NULL by an operator, which never says yes. Detail is what
	// stands there, such as <> NULL.
	NullComparison TraitKind = "null comparison"
	// ComputedColumn: a condition compares what is computed of a column, and not the column. Detail is the
	// expression.
	ComputedColumn TraitKind = "computed column"
	// ManyAlternatives: one condition has that many ORs, or values in an IN. Count is how many; there are
	// ten at least.
	ManyAlternatives TraitKind = "many alternatives"
	// DoubleColumn: INSERT or UPDATE names a column twice. Detail is the column.
	DoubleColumn TraitKind = "double column"
	// Instead: a rule is made that does something else in the place of what was asked for (Postgres). Detail is
	// of what: INSERT, UPDATE, DELETE or SELECT.
	Instead TraitKind = "instead"
	// SequenceSet: a query sets a sequence to a constant (Postgres). Detail is the sequence's name, Count the value.
	SequenceSet TraitKind = "sequence set"
)

// Traits of definitions, of the MySQL family.
const (
	// DisplayWidth: an integer column has a display width that means nothing. Detail is column and type.
	DisplayWidth TraitKind = "display width"
	// StartValue: a new table's AUTO_INCREMENT starts at Count.
	StartValue TraitKind = "start value"
	// Compression: a table's rows or pages are to be compressed. Detail is the option.
	Compression TraitKind = "compression"
	// Ignored: the server reads a clause over, so that what it asks for is not there. Detail is the clause.
	Ignored TraitKind = "ignored"
	// Definer: a view, trigger, routine or event belongs to the account in Detail, not to who makes it.
	Definer TraitKind = "definer"
)

// leastAlternatives is where ManyAlternatives starts.
const leastAlternatives = 10

// Traits gathers a statement's traits, each once.
type Traits []Trait

// Add adds a trait that is not there yet; of the same kind and detail the greater count stays.
func (t *Traits) Add(kind TraitKind, detail string, count int) {
	if kind == ManyAlternatives && count < leastAlternatives {
		return
	}
	for i := range *t {
		if known := &(*t)[i]; known.Kind == kind && known.Detail == detail {
			known.Count = max(known.Count, count)
			return
		}
	}
	*t = append(*t, Trait{kind, detail, count})
}
