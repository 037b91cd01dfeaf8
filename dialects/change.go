package dialects

// Change is what a statement does to the schema, in terms that every dialect shares. The set is
// sealed: each kind is a struct of this package, and a switch over them is how they are read.
type Change interface {
	// Target is the object that is changed: a table for most kinds. It is the zero Name where
	// there is none.
	Target() Name
	change()
}

// Columns.
type (
	AddColumn struct {
		Table       Name
		Column      Column
		Constraints []Constraint // written within the column: NOT NULL and DEFAULT are in Column
		Indexes     []Index      // likewise, where an index is not a constraint (MySQL family)
		IfNotExists bool
		First       bool   // FIRST (MySQL family)
		After       string // AFTER column
	}
	// RedefineColumn writes a column's whole definition anew, and may rename and move it: MODIFY and
	// CHANGE of the MySQL family. What it changes only the catalog tells; effects carry the change
	// that it comes down to where it is one alone.
	RedefineColumn struct {
		Table       Name
		Column      string
		To          Column
		Constraints []Constraint
		Indexes     []Index
		IfExists    bool
		First       bool
		After       string
	}
	DropColumn struct {
		Table    Name
		Column   string
		IfExists bool
		Cascade  bool
	}
	RenameColumn struct {
		Table  Name
		Column string
		To     string
	}
	AlterColumnType struct {
		Table     Name
		Column    string
		Type      string
		Collation string
		Using     string
	}
	// SetDefault sets a column's default; an empty Default drops it.
	SetDefault struct {
		Table   Name
		Column  string
		Default string
	}
	SetNotNull struct {
		Table  Name
		Column string
	}
	DropNotNull struct {
		Table  Name
		Column string
	}
	// AlterColumn is any other subcommand on a column. What is its keyword text in lower case:
	// "set statistics", "set storage", "set compression", "set options", "add identity",
	// "drop identity", "set generated", "drop expression", "set expression", "set visible",
	// "set invisible".
	AlterColumn struct {
		Table  Name
		Column string
		What   string
		Value  string
	}
)

// Tables.
type (
	CreateTable struct {
		Table       Name
		Columns     []Column
		Constraints []Constraint
		Inherits    []Name
		Like        []LikeTable
		PartitionOf *Name
		Bound       string // FOR VALUES ..., of a partition
		Partition   *PartitionKey
		Temporary   bool
		Unlogged    bool
		IfNotExists bool
		AsQuery     bool // CREATE TABLE AS, SELECT INTO: the columns are not known
		// Reads are the tables that its query takes its rows from (Postgres).
		Reads []Name
		// Of the MySQL family. Options are those that Table keeps; Indexes those that are no
		// constraints; Replace is OR REPLACE. A table that Whole names is read.
		Indexes []Index
		Options TableOptions
		Replace bool
		Whole   Name // the table that its query takes every row of
	}
	// LikeTable is LIKE within CREATE TABLE. Including are the parts that are copied beside names,
	// types and NOT NULL: "comments", "compression", "constraints", "defaults", "generated",
	// "identity", "indexes", "statistics", "storage". At is the number of columns before it.
	LikeTable struct {
		Table     Name
		Including []string
		At        int
	}
	// TableOptions are options of a table of the MySQL family; empty where nothing was said.
	TableOptions struct {
		Engine          string
		RowFormat       string
		Charset         string
		Collation       string
		Comment         string
		SystemVersioned bool
		Partitions      []string
	}
	DropTable struct {
		Table    Name
		IfExists bool
		Cascade  bool
	}
	RenameTable struct {
		Table Name
		To    string
	}
	AttachPartition struct {
		Table     Name
		Partition Name
		Bound     string
	}
	DetachPartition struct {
		Table        Name
		Partition    Name
		Concurrently bool
	}
	// AlterTable is any other subcommand on a table. What is its keyword text in lower case:
	// "set logged", "set unlogged", "set tablespace", "set options", "inherit", "no inherit",
	// "enable row security", "force row security", "enable trigger", "disable trigger",
	// "replica identity", "owner", "cluster on", "set access method", ...
	AlterTable struct {
		Table Name
		What  string
		Value string
	}
)

// Constraints and indexes.
type (
	AddForeignKey struct {
		Table      Name
		Constraint Constraint // of kind ForeignKey; NotValid is in it
	}
	// AddConstraint adds any constraint but a foreign key. UsingIndex names the index that it takes over.
	AddConstraint struct {
		Table      Name
		Constraint Constraint
		UsingIndex string
	}
	ValidateConstraint struct {
		Table Name
		Name  string
	}
	DropConstraint struct {
		Table    Name
		Name     string
		Kind     ConstraintKind // where the statement says it
		IfExists bool
		Cascade  bool
	}
	RenameConstraint struct {
		Table Name
		Name  string
		To    string
	}
	AlterConstraint struct {
		Table Name
		Name  string
		What  string // "enforced", "not enforced"; empty on Postgres
	}
	CreateIndex struct {
		Table        Name
		Index        Index
		Concurrently bool
		IfNotExists  bool
		Only         bool // ON ONLY: of a partitioned table's own index, not its partitions'
	}
	// DropIndex and RenameIndex have a Table where an index is its table's (MySQL family).
	DropIndex struct {
		Table        Name
		Index        Name
		Concurrently bool
		IfExists     bool
		Cascade      bool
	}
	RenameIndex struct {
		Table Name
		Index Name
		To    string
	}
	AttachIndex struct {
		Index     Name
		Partition Name // the partition's index
	}
	// Reindex rebuilds indexes; Object is the table, index or schema that was named.
	Reindex struct {
		Object       Name
		Concurrently bool
	}
)

// ObjectKind is the kind of an object that is neither a table nor a part of one.
type ObjectKind string

// The kinds of object beside tables.
const (
	View             ObjectKind = "view"
	MaterializedView ObjectKind = "materialized view"
	TriggerObject    ObjectKind = "trigger"
	IndexObject      ObjectKind = "index" // in AlterObject alone: storage options, tablespace
	Function         ObjectKind = "function"
	Sequence         ObjectKind = "sequence"
	Schema           ObjectKind = "schema"
	DatabaseObject   ObjectKind = "database"
	EnumType         ObjectKind = "enum"
	CompositeType    ObjectKind = "type"
	Domain           ObjectKind = "domain"
	Policy           ObjectKind = "policy"
	Statistics       ObjectKind = "statistics"
	Extension        ObjectKind = "extension"
	Publication      ObjectKind = "publication"
	Subscription     ObjectKind = "subscription"
	OtherObject      ObjectKind = "other"
)

// Objects beside tables. Table is set for triggers and policies, which live on one.
type (
	CreateObject struct {
		Kind    ObjectKind
		Object  Name
		Table   Name
		Replace bool // OR REPLACE, or IF NOT EXISTS
		// Reads are the tables that a view's query names.
		Reads []Name
		// Values are an enum's, in order.
		Values []string
		// Definition is the statement's text, for what the catalog keeps as text.
		Definition string
	}
	DropObject struct {
		Kind     ObjectKind
		Object   Name
		Table    Name
		IfExists bool
		Cascade  bool
	}
	// AlterObject is a change to an object beside tables. What is its keyword text in lower case,
	// such as "rename", "set schema", "add value", "rename value", "owner", "refresh".
	AlterObject struct {
		Kind   ObjectKind
		Object Name
		Table  Name
		What   string
		Value  string
		To     string // the new name, of a rename, or the new schema
		Before string // the neighbour of an enum's added value
		After  string
	}
)

// Write is the kind of a data statement.
type Write string

// The kinds of data statement.
const (
	Insert   Write = "insert"
	Update   Write = "update"
	Delete   Write = "delete"
	Truncate Write = "truncate"
	Merge    Write = "merge"
	Copy     Write = "copy"
	Select   Write = "select"
)

// Data, sessions, and the rest.
type (
	// WriteData reads or writes rows.
	WriteData struct {
		Kind    Write
		Table   Name
		Bounded bool // has a WHERE
		// Sought are the columns by which its WHERE finds rows; none where that cannot be told (MySQL family).
		Sought []string
		// Of Postgres. Pinned are the columns that every row of the WHERE has one of the given constants in;
		// Reads the other tables that it takes rows from; Cascade is that of TRUNCATE.
		Pinned  []string
		Reads   []Name
		Cascade bool
		// Meant is a WHERE that keeps no row out, as WHERE true.
		Meant bool
		// Whole is the table that INSERT ... SELECT takes every row of, or that SELECT ... FOR UPDATE locks every row of (MySQL
		// family). Of Postgres also one that UPDATE, DELETE or MERGE joins with nothing to keep rows out but that they have no partner.
		Whole Name
		// Unfilled is the column that an UPDATE writes wherever it is NULL, and asks for nothing else.
		Unfilled string
	}
	// Setting is SET and RESET; Local is SET LOCAL.
	Setting struct {
		Name  string
		Value string
		Local bool
	}
	// Transaction is BEGIN, COMMIT, COMMIT AND CHAIN, ROLLBACK, SAVEPOINT, ...: Word is its keywords in lower case.
	Transaction struct{ Word string }
	// LockTable is an explicit lock.
	LockTable struct {
		Table Name
		Lock  Lock
	}
	// Describe changes no behaviour: COMMENT, GRANT, REVOKE, ANALYZE, ... What is its keyword.
	// Column and Value are of COMMENT: the column that it is on, where it is on one, and its text. Of GRANT and
	// REVOKE (Postgres) Object is what is no table, Value the privileges and Roles whose they are.
	Describe struct {
		What   string
		Table  Name
		Column string
		Value  string
		Object ObjectKey
		Roles  []string
	}
	// Opaque is not understood. It is run exactly as written, and unsafe until it is allowed.
	Opaque struct{ Reason string }
)

func (c AddColumn) Target() Name          { return c.Table }
func (c DropColumn) Target() Name         { return c.Table }
func (c RenameColumn) Target() Name       { return c.Table }
func (c RedefineColumn) Target() Name     { return c.Table }
func (c AlterColumnType) Target() Name    { return c.Table }
func (c SetDefault) Target() Name         { return c.Table }
func (c SetNotNull) Target() Name         { return c.Table }
func (c DropNotNull) Target() Name        { return c.Table }
func (c AlterColumn) Target() Name        { return c.Table }
func (c CreateTable) Target() Name        { return c.Table }
func (c DropTable) Target() Name          { return c.Table }
func (c RenameTable) Target() Name        { return c.Table }
func (c AttachPartition) Target() Name    { return c.Table }
func (c DetachPartition) Target() Name    { return c.Table }
func (c AlterTable) Target() Name         { return c.Table }
func (c AddForeignKey) Target() Name      { return c.Table }
func (c AddConstraint) Target() Name      { return c.Table }
func (c ValidateConstraint) Target() Name { return c.Table }
func (c DropConstraint) Target() Name     { return c.Table }
func (c RenameConstraint) Target() Name   { return c.Table }
func (c AlterConstraint) Target() Name    { return c.Table }
func (c CreateIndex) Target() Name        { return c.Table }
func (c DropIndex) Target() Name          { return c.Index }
func (c RenameIndex) Target() Name        { return c.Index }
func (c AttachIndex) Target() Name        { return c.Index }
func (c Reindex) Target() Name            { return c.Object }
func (c CreateObject) Target() Name       { return c.Object }
func (c DropObject) Target() Name         { return c.Object }
func (c AlterObject) Target() Name        { return c.Object }
func (c WriteData) Target() Name          { return c.Table }
func (c Setting) Target() Name            { return Name{} }
func (c Transaction) Target() Name        { return Name{} }
func (c LockTable) Target() Name          { return c.Table }
func (c Describe) Target() Name           { return c.Table }
func (c Opaque) Target() Name             { return Name{} }

func (AddColumn) change()          {}
func (DropColumn) change()         {}
func (RenameColumn) change()       {}
func (RedefineColumn) change()     {}
func (AlterColumnType) change()    {}
func (SetDefault) change()         {}
func (SetNotNull) change()         {}
func (DropNotNull) change()        {}
func (AlterColumn) change()        {}
func (CreateTable) change()        {}
func (DropTable) change()          {}
func (RenameTable) change()        {}
func (AttachPartition) change()    {}
func (DetachPartition) change()    {}
func (AlterTable) change()         {}
func (AddForeignKey) change()      {}
func (AddConstraint) change()      {}
func (ValidateConstraint) change() {}
func (DropConstraint) change()     {}
func (RenameConstraint) change()   {}
func (AlterConstraint) change()    {}
func (CreateIndex) change()        {}
func (DropIndex) change()          {}
func (RenameIndex) change()        {}
func (AttachIndex) change()        {}
func (Reindex) change()            {}
func (CreateObject) change()       {}
func (DropObject) change()         {}
func (AlterObject) change()        {}
func (WriteData) change()          {}
func (Setting) change()            {}
func (Transaction) change()        {}
func (LockTable) change()          {}
func (Describe) change()           {}
func (Opaque) change()             {}
