package dialects

// Catalog is the schema as data. It is replayed from changes or read from a live server; the same
// type either way. What only a server can know (Rows, Grants, OIDs) is zero when replayed.
type Catalog struct {
	Version       Version
	DefaultSchema string // where an unqualified name is created, and looked for first
	// Session is what was set for the statements that follow. Like DefaultSchema it ends with its file.
	Session   SessionState
	Charset   string // of new tables that say nothing (MySQL family)
	Collation string // likewise
	Live      bool   // read from a server
	// Gaps says that a statement that was replayed works on a table which nothing has made: the migrations are not all
	// that there was, and what else they have not made may be there too.
	Gaps   bool
	Tables map[Name]*Table
	// Objects holds what is neither a table nor a part of one: views, functions, sequences, types.
	Objects map[ObjectKey]*Object
	// Schemas are the schemas that were made or are there.
	Schemas map[string]bool
	// ReplicaRole says whether the role that the catalog was read as may keep triggers from
	// firing for its own writes (on Postgres session_replication_role).
	ReplicaRole ReplicaRole

	links links // nil where none are kept
}

// ReplicaRole is what a role may do about triggers.
type ReplicaRole string

// The answers; that of a catalog which was not read from a server is unknown.
const (
	ReplicaRoleUnknown ReplicaRole = ""
	ReplicaRoleMay     ReplicaRole = "may"
	ReplicaRoleMayNot  ReplicaRole = "may not"
)

// ObjectKey is an object's kind and name. Overloaded functions share one key.
type ObjectKey struct {
	Kind ObjectKind
	Name Name
}

// Object is a view, function, sequence or type. Reads are the tables that a view reads, as far as
// they are known; Columns those of them that it names, as table.column pairs.
type Object struct {
	Kind       ObjectKind
	Name       Name
	Reads      []Name
	Columns    []ColumnRef
	Values     []string // an enum's, in order
	Definition string   // a view's query, a function's body, a domain's base type and constraints
	OwnedBy    *ColumnRef
	NotNull    bool // a domain that rejects NULL
	Stable     bool // a function that says it is not volatile
	// Keys are a materialized view's unique indexes of columns over all rows, by their names: to be refreshed
	// concurrently it needs one. Empty says that it has no rows yet, and cannot be either. Both are known where it is
	// replayed only.
	Keys  []string
	Empty bool
	// ForTriggers is a function that triggers alone can call.
	ForTriggers bool
}

// ColumnRef is one column of one table.
type ColumnRef struct {
	Table  Name   `json:"table"`
	Column string `json:"column,omitempty"`
}

// NewCatalog returns an empty catalog with the given default schema.
func NewCatalog(v Version, defaultSchema string) *Catalog {
	return &Catalog{
		Version: v, DefaultSchema: defaultSchema,
		Tables: map[Name]*Table{}, Objects: map[ObjectKey]*Object{},
		Schemas: map[string]bool{defaultSchema: true},
	}
}

// Resolve gives a name the schema that the server would: its own, or the default one.
func (c *Catalog) Resolve(n Name) Name {
	if n.Schema == "" {
		n.Schema = c.DefaultSchema
	}
	return n
}

// Table finds a table by a name that may lack its schema; nil if there is none.
func (c *Catalog) Table(n Name) *Table { return c.Tables[c.Resolve(n)] }

// TableKind tells tables apart.
type TableKind string

// The kinds of table.
const (
	PlainTable       TableKind = "table"
	PartitionedTable TableKind = "partitioned table"
	ForeignTable     TableKind = "foreign table"
)

// Table is a table, partitioned table or partition.
type Table struct {
	Name        Name
	Kind        TableKind
	Columns     []*Column // in the server's order, dropped ones left out
	Constraints []*Constraint
	Indexes     []*Index
	Triggers    []*Trigger
	Policies    []*PolicyDef
	Statistics  []*ExtendedStatistics
	Partition   *PartitionKey // of a partitioned table
	PartitionOf *Name         // of a partition
	Bound       string
	Inherits    []Name // classical parents
	OfType      *Name  // the type that a typed table takes its columns from
	Temporary   bool

	RowSecurity      bool
	ForceRowSecurity bool
	ReplicaIdentity  string // "default", "full", "nothing", or the index's name
	Publications     []PublicationUse
	Subscriptions    []string
	Rows             int64 // the server's estimate; -1 where it has none
	Pages            int64 // physical blocks, where the server has them

	// Of the MySQL family.
	Engine          string // InnoDB, as the server spells it
	RowFormat       string // Dynamic, Compact, Redundant, Compressed; empty: the server's default
	Charset         string // of new columns that say nothing
	Collation       string // likewise
	Comment         string
	Partitions      []string // the names of a partitioned table's partitions, which are no tables here
	SystemVersioned bool     // MariaDB keeps the rows' history
	// RowVersions are how often columns were added or dropped at once since the table was last
	// rebuilt. Known of a live MySQL server only.
	RowVersions int
}

// PartitionKey is how a table is partitioned. Columns are those named plainly; Expressions says
// that the key has expressions too.
type PartitionKey struct {
	Strategy    string // range, list, hash
	Columns     []string
	Expressions []string
}

// PublicationUse is a publication that sends the table.
type PublicationUse struct {
	Name      string
	Columns   []string // a column list; nil for all
	RowFilter string
}

// Column of a table. Type is the server's spelling with modifiers, such as character
// varying(40); Default is an expression's text, empty for none.
type Column struct {
	Name      string
	Type      string
	Collation Name // zero: the type's own
	NotNull   bool
	Default   string
	Identity  string // "always", "by default", or empty
	Generated string // the expression of a generated column
	Comment   string
	// The rest is known of a live server only.
	Storage     string // where it is not the type's own: plain, external, extended, main
	Compression string // where it was set
	StatsTarget int    // -1 where it was not set
	Options     []string
	Grants      []ColumnGrant
	Sequence    *Name  // the sequence that the column owns (serial)
	Domain      *Name  // the domain, where Type is one
	BaseType    string // Type with domains resolved; as Type for others

	// Of the MySQL family. Type is COLUMN_TYPE there, such as varchar(40) or int unsigned. Default
	// is what may stand behind DEFAULT: 'a', 5, CURRENT_TIMESTAMP(6), (uuid()); empty for none and
	// for NULL. Identity is AutoIncrement or empty.
	Charset   string // of a character column
	OnUpdate  string // what stands behind ON UPDATE: CURRENT_TIMESTAMP(6)
	Invisible bool
	Stored    bool // the generated column is kept in the row
}

// AutoIncrement is Column.Identity of MySQL's AUTO_INCREMENT.
const AutoIncrement = "auto_increment"

// ColumnGrant is one privilege on one column.
type ColumnGrant struct {
	Role      string // empty: PUBLIC
	Privilege string // SELECT, INSERT, UPDATE, REFERENCES
	Grantable bool
}

// ConstraintKind tells constraints apart.
type ConstraintKind string

// The kinds of constraint. NotNull is a named NOT NULL, which Postgres has from 18 on.
const (
	PrimaryKey ConstraintKind = "primary key"
	Unique     ConstraintKind = "unique"
	Check      ConstraintKind = "check"
	ForeignKey ConstraintKind = "foreign key"
	Exclusion  ConstraintKind = "exclusion"
	NotNull    ConstraintKind = "not null"
)

// Constraint of a table. Definition is the text after CONSTRAINT name, as the server prints it.
// Columns are those of its own table that it names, in the constraint's order.
type Constraint struct {
	Name              string
	Kind              ConstraintKind
	Columns           []string
	Definition        string
	Expression        string // a check's
	References        *Name  // a foreign key's table
	ReferencedColumns []string
	NotValid          bool
	Deferrable        bool
	Index             string // the index that carries it
	Inherited         bool   // a partition's copy of its parent's
	NotEnforced       bool   // of a check; on Postgres from 18 on, of a foreign key too
	Comment           string
	// Of the MySQL family.
	OnDelete string // of a foreign key: CASCADE, SET NULL, RESTRICT, ...; empty for NO ACTION
	OnUpdate string // likewise
}

// Index of a table. Definition is the whole CREATE INDEX, as the server prints it. Columns are all
// columns that it names: keys, INCLUDE, expressions and predicate; Keys the plain key columns in
// order, empty strings standing for expressions.
type Index struct {
	Name             Name
	Columns          []string
	Keys             []string
	Definition       string
	Method           string
	Unique           bool
	Primary          bool
	Partial          bool
	Expressions      bool
	Valid            bool
	NullsNotDistinct bool
	Constraint       string // the constraint that it carries; empty for a plain index
	Parent           *Name  // the partitioned index that it is a part of
	Clustered        bool
	Comment          string
	// Of the MySQL family. Method is BTREE, HASH, RTREE, FULLTEXT or VECTOR.
	Parts     []IndexPart
	Invisible bool   // kept up, but not used by queries (MariaDB: IGNORED)
	Parser    string // of a FULLTEXT index: WITH PARSER
}

// IndexPart is one key part of an index of the MySQL family: a column, its first Length characters
// where that is not zero, or an expression.
type IndexPart struct {
	Column     string
	Length     int
	Expression string
	Descending bool
}

// Trigger on a table. Columns are those that it names: UPDATE OF, WHEN; on MySQL its body's NEW.x and
// OLD.x. Triggers of MySQL are kept in the order in which they run.
type Trigger struct {
	Name       string
	Before     bool
	Row        bool
	Events     []string // insert, update, delete, truncate
	Columns    []string
	Function   Name
	Definition string
	Enabled    string // "origin", "always", "replica", "disabled"
	Inherited  bool   // a partition's copy of its parent's
}

// PolicyDef is a row security policy. Columns are those that its expressions name.
type PolicyDef struct {
	Name    string
	Columns []string
}

// ExtendedStatistics is CREATE STATISTICS on a table.
type ExtendedStatistics struct {
	Name        Name
	Columns     []string
	Definition  string
	StatsTarget int // -1 where it was not set
	Comment     string
}

// Column finds a column; nil if there is none.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}
