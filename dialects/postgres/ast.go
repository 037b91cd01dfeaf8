package postgres

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"

	pg_query "github.com/pganalyze/pg_query_go/v5"
	"github.com/pganalyze/pg_query_go/v5/parser"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// This file alone imports the parser, libpg_query with the grammar of Postgres 16, so that another
// can take its place. The names are the parser's own behind the prefix ast.

// grammarVersion is the Postgres release whose grammar the parser has.
const grammarVersion = 16

// The parser's nodes.
type (
	// The tree. A message is any of its parts.
	astMessage     = proto.Message
	astParseResult = pg_query.ParseResult
	astRawStmt     = pg_query.RawStmt
	astNode        = pg_query.Node
	astList        = pg_query.List
	astString      = pg_query.String
	astInteger     = pg_query.Integer
	astFloat       = pg_query.Float
	astBoolean     = pg_query.Boolean

	// Names and types.
	astRangeVar       = pg_query.RangeVar
	astTypeName       = pg_query.TypeName
	astColumnRef      = pg_query.ColumnRef
	astObjectWithArgs = pg_query.ObjectWithArgs

	// Expressions.
	astAConst           = pg_query.A_Const
	astAExpr            = pg_query.A_Expr
	astAStar            = pg_query.A_Star
	astAIndirection     = pg_query.A_Indirection
	astBoolExpr         = pg_query.BoolExpr
	astJoinExpr         = pg_query.JoinExpr
	astSubLink          = pg_query.SubLink
	astRangeSubselect   = pg_query.RangeSubselect
	astRangeFunction    = pg_query.RangeFunction
	astSortBy           = pg_query.SortBy
	astAArrayExpr       = pg_query.A_ArrayExpr
	astCaseExpr         = pg_query.CaseExpr
	astCoalesceExpr     = pg_query.CoalesceExpr
	astCollateClause    = pg_query.CollateClause
	astFuncCall         = pg_query.FuncCall
	astMinMaxExpr       = pg_query.MinMaxExpr
	astResTarget        = pg_query.ResTarget
	astRowExpr          = pg_query.RowExpr
	astSQLValueFunction = pg_query.SQLValueFunction
	astTypeCast         = pg_query.TypeCast

	// Queries and data.
	astSelectStmt      = pg_query.SelectStmt
	astInsertStmt      = pg_query.InsertStmt
	astUpdateStmt      = pg_query.UpdateStmt
	astDeleteStmt      = pg_query.DeleteStmt
	astMergeStmt       = pg_query.MergeStmt
	astCopyStmt        = pg_query.CopyStmt
	astTruncateStmt    = pg_query.TruncateStmt
	astWithClause      = pg_query.WithClause
	astCommonTableExpr = pg_query.CommonTableExpr
	astIntoClause      = pg_query.IntoClause

	// Tables.
	astCreateStmt             = pg_query.CreateStmt
	astCreateForeignTableStmt = pg_query.CreateForeignTableStmt
	astCreateTableAsStmt      = pg_query.CreateTableAsStmt
	astColumnDef              = pg_query.ColumnDef
	astConstraint             = pg_query.Constraint
	astConstraintKind         = pg_query.ConstrType
	astTableLikeClause        = pg_query.TableLikeClause
	astPartitionSpec          = pg_query.PartitionSpec
	astPartitionBoundSpec     = pg_query.PartitionBoundSpec
	astAlterTableStmt         = pg_query.AlterTableStmt
	astAlterTableCmd          = pg_query.AlterTableCmd
	astReplicaIdentityStmt    = pg_query.ReplicaIdentityStmt
	astPartitionCmd           = pg_query.PartitionCmd
	astIndexStmt              = pg_query.IndexStmt
	astCreateStatsStmt        = pg_query.CreateStatsStmt
	astAlterStatsStmt         = pg_query.AlterStatsStmt
	astReindexStmt            = pg_query.ReindexStmt
	astClusterStmt            = pg_query.ClusterStmt
	astVacuumStmt             = pg_query.VacuumStmt
	astLockStmt               = pg_query.LockStmt

	// Objects.
	astCreateSchemaStmt           = pg_query.CreateSchemaStmt
	astCreateEnumStmt             = pg_query.CreateEnumStmt
	astAlterEnumStmt              = pg_query.AlterEnumStmt
	astCompositeTypeStmt          = pg_query.CompositeTypeStmt
	astCreateRangeStmt            = pg_query.CreateRangeStmt
	astCreateDomainStmt           = pg_query.CreateDomainStmt
	astAlterDomainStmt            = pg_query.AlterDomainStmt
	astAlterTypeStmt              = pg_query.AlterTypeStmt
	astDefineStmt                 = pg_query.DefineStmt
	astViewStmt                   = pg_query.ViewStmt
	astRefreshMatViewStmt         = pg_query.RefreshMatViewStmt
	astRuleStmt                   = pg_query.RuleStmt
	astCreateTrigStmt             = pg_query.CreateTrigStmt
	astCreateEventTrigStmt        = pg_query.CreateEventTrigStmt
	astAlterEventTrigStmt         = pg_query.AlterEventTrigStmt
	astCreateRoleStmt             = pg_query.CreateRoleStmt
	astAlterRoleStmt              = pg_query.AlterRoleStmt
	astDropRoleStmt               = pg_query.DropRoleStmt
	astDropdbStmt                 = pg_query.DropdbStmt
	astAlterRoleSetStmt           = pg_query.AlterRoleSetStmt
	astCreatePolicyStmt           = pg_query.CreatePolicyStmt
	astAlterPolicyStmt            = pg_query.AlterPolicyStmt
	astCreateFunctionStmt         = pg_query.CreateFunctionStmt
	astAlterFunctionStmt          = pg_query.AlterFunctionStmt
	astCreateSeqStmt              = pg_query.CreateSeqStmt
	astAlterSeqStmt               = pg_query.AlterSeqStmt
	astCreateExtensionStmt        = pg_query.CreateExtensionStmt
	astAlterExtensionStmt         = pg_query.AlterExtensionStmt
	astAlterExtensionContentsStmt = pg_query.AlterExtensionContentsStmt
	astCreatePublicationStmt      = pg_query.CreatePublicationStmt
	astAlterPublicationStmt       = pg_query.AlterPublicationStmt
	astCreateSubscriptionStmt     = pg_query.CreateSubscriptionStmt
	astAlterSubscriptionStmt      = pg_query.AlterSubscriptionStmt
	astDropSubscriptionStmt       = pg_query.DropSubscriptionStmt
	astDropStmt                   = pg_query.DropStmt
	astRenameStmt                 = pg_query.RenameStmt
	astAlterObjectSchemaStmt      = pg_query.AlterObjectSchemaStmt
	astAlterObjectDependsStmt     = pg_query.AlterObjectDependsStmt
	astAlterOwnerStmt             = pg_query.AlterOwnerStmt

	// Objects that no table of this server depends on.
	astCreateFdwStmt            = pg_query.CreateFdwStmt
	astAlterFdwStmt             = pg_query.AlterFdwStmt
	astCreateForeignServerStmt  = pg_query.CreateForeignServerStmt
	astAlterForeignServerStmt   = pg_query.AlterForeignServerStmt
	astCreateUserMappingStmt    = pg_query.CreateUserMappingStmt
	astAlterUserMappingStmt     = pg_query.AlterUserMappingStmt
	astDropUserMappingStmt      = pg_query.DropUserMappingStmt
	astImportForeignSchemaStmt  = pg_query.ImportForeignSchemaStmt
	astCreateCastStmt           = pg_query.CreateCastStmt
	astCreateTransformStmt      = pg_query.CreateTransformStmt
	astCreateConversionStmt     = pg_query.CreateConversionStmt
	astCreateAmStmt             = pg_query.CreateAmStmt
	astCreatePLangStmt          = pg_query.CreatePLangStmt
	astCreateOpClassStmt        = pg_query.CreateOpClassStmt
	astCreateOpFamilyStmt       = pg_query.CreateOpFamilyStmt
	astAlterOpFamilyStmt        = pg_query.AlterOpFamilyStmt
	astAlterOperatorStmt        = pg_query.AlterOperatorStmt
	astAlterTSDictionaryStmt    = pg_query.AlterTSDictionaryStmt
	astAlterTSConfigurationStmt = pg_query.AlterTSConfigurationStmt
	astAlterCollationStmt       = pg_query.AlterCollationStmt
	astAlterDatabaseSetStmt     = pg_query.AlterDatabaseSetStmt
	astLoadStmt                 = pg_query.LoadStmt

	// Sessions and the rest.
	astVariableSetStmt            = pg_query.VariableSetStmt
	astVariableShowStmt           = pg_query.VariableShowStmt
	astTransactionStmt            = pg_query.TransactionStmt
	astConstraintsSetStmt         = pg_query.ConstraintsSetStmt
	astDiscardStmt                = pg_query.DiscardStmt
	astCommentStmt                = pg_query.CommentStmt
	astSecLabelStmt               = pg_query.SecLabelStmt
	astGrantStmt                  = pg_query.GrantStmt
	astGrantRoleStmt              = pg_query.GrantRoleStmt
	astAlterDefaultPrivilegesStmt = pg_query.AlterDefaultPrivilegesStmt
	astExplainStmt                = pg_query.ExplainStmt
	astDeallocateStmt             = pg_query.DeallocateStmt
	astNotifyStmt                 = pg_query.NotifyStmt
	astListenStmt                 = pg_query.ListenStmt
	astUnlistenStmt               = pg_query.UnlistenStmt
	astCheckPointStmt             = pg_query.CheckPointStmt
)

// parseError is a refusal by the parser. Offset is in bytes from the start of the text.
type parseError struct {
	Message string
	Offset  int
}

func (e *parseError) Error() string { return e.Message }

const tooDeep = "the statement is too deeply nested for segue's parser"

// parseSQL parses a text of any number of statements. Its errors are of type *parseError. The C code keeps what it
// needs by thread (libpg_query 16): any number may be at it at once.
func parseSQL(sql string) (*astParseResult, error) {
	if at := strings.IndexByte(sql, 0); at >= 0 {
		return nil, &parseError{Message: "a zero byte is not allowed in SQL: the file may be UTF-16, and has to be UTF-8", Offset: at}
	}
	if !utf8.ValidString(sql) {
		return nil, &parseError{Message: "the text is not valid UTF-8", Offset: invalidUTF8(sql)}
	}
	if at, found := overlong(sql); found {
		return nil, &parseError{Message: tooDeep, Offset: at}
	}
	if len(sql) <= maxJSONText {
		json, err := jsonTree(sql)
		if err != nil {
			return nil, refused(sql, err)
		}
		if tree := treeFromJSON(sql, json); tree != nil {
			return tree, nil
		}
	}
	return treeFromProtobuf(sql)
}

// jsonTree is what treeFromJSON reads.
func jsonTree(sql string) (string, error) { return parser.ParseToJSON(sql) }

func treeFromProtobuf(sql string) (*astParseResult, error) {
	tree, err := pg_query.Parse(sql)
	if err != nil {
		return nil, refused(sql, err)
	}
	return tree, nil
}

func refused(sql string, err error) *parseError {
	var refusal *parser.Error
	if errors.As(err, &refusal) {
		return &parseError{Message: refusal.Message, Offset: byteOffset(sql, refusal.Cursorpos-1)}
	}
	return &parseError{Message: tooDeep} // for its encoding
}

// parseOne parses a text of exactly one statement.
func parseOne(sql string) (*astNode, error) {
	tree, err := parseSQL(sql)
	if err != nil {
		return nil, err
	}
	if len(tree.Stmts) != 1 {
		return nil, &parseError{Message: fmt.Sprintf("%d statements where one was expected", len(tree.Stmts))}
	}
	return tree.Stmts[0].Stmt, nil
}

// parseExpression parses an expression, as in DEFAULT or CHECK.
func parseExpression(expr string) (*astNode, error) {
	if tree := plainTree(expr); tree != nil {
		return tree, nil
	}
	const head = "SELECT "
	stmt, err := parseOne(head + expr)
	var refusal *parseError
	if errors.As(err, &refusal) {
		refusal.Offset = max(0, refusal.Offset-len(head))
		return nil, refusal
	}
	if targets := stmt.GetSelectStmt().GetTargetList(); len(targets) == 1 {
		return targets[0].GetResTarget().GetVal(), nil
	}
	return nil, &parseError{Message: "one expression was expected"}
}

// deparse writes one statement.
func deparse(stmt *astNode) (string, error) {
	if stmt.GetCreateStatsStmt() != nil { // libpg_query forgets to quote the columns
		stmt = clone(stmt)
		for _, n := range stmt.GetCreateStatsStmt().Exprs {
			if e := n.GetStatsElem(); e.GetName() != "" {
				e.Name = quote(e.Name)
			}
		}
	}
	tree := &astParseResult{Stmts: []*astRawStmt{{Stmt: stmt}}}
	sql, err := pg_query.Deparse(tree)
	if err != nil {
		return "", fmt.Errorf("writing a statement from its tree: %w", err)
	}
	return sql, nil
}

// deparseExpression writes an expression.
func deparseExpression(expr *astNode) (string, error) {
	if text, plain := plainExpression(expr); plain {
		return text, nil
	}
	sql, err := deparse(wrap(&astSelectStmt{
		TargetList:  []*astNode{wrap(&astResTarget{Val: expr})},
		LimitOption: pg_query.LimitOption_LIMIT_OPTION_DEFAULT,
		Op:          pg_query.SetOperation_SETOP_NONE,
	}))
	return strings.TrimPrefix(sql, "SELECT "), err
}

// nodeFields are the fields of a node by the message that is in them: it holds one, in the field of its type.
var nodeFields = sync.OnceValue(func() map[protoreflect.FullName]protoreflect.FieldDescriptor {
	fields := map[protoreflect.FullName]protoreflect.FieldDescriptor{}
	all := (&astNode{}).ProtoReflect().Descriptor().Oneofs().ByName("node").Fields()
	for i := range all.Len() {
		if f := all.Get(i); f.Message() != nil {
			fields[f.Message().FullName()] = f
		}
	}
	return fields
})

// unwrap is the message in a node, such as *astIndexStmt; nil for none.
func unwrap(n *astNode) any {
	if n == nil || n.Node == nil {
		return nil
	}
	return reflect.ValueOf(n.Node).Elem().Field(0).Interface() // Node is a struct of one field, such as *pg_query.Node_IndexStmt
}

// wrap makes a node of a message, such as *astColumnRef.
func wrap(message proto.Message) *astNode {
	n, m := &astNode{}, message.ProtoReflect()
	if field := nodeFields()[m.Descriptor().FullName()]; field != nil {
		n.ProtoReflect().Set(field, protoreflect.ValueOfMessage(m))
	}
	return n
}

// addConstraint is ALTER TABLE ... ADD.
func addConstraint(table string, n *astConstraint) *astNode {
	return wrap(&astAlterTableStmt{
		Relation: &astRangeVar{Relname: table, Relpersistence: "p", Inh: true},
		Cmds: []*astNode{wrap(&astAlterTableCmd{
			Subtype: pg_query.AlterTableType_AT_AddConstraint, Def: wrap(n), Behavior: pg_query.DropBehavior_DROP_RESTRICT,
		})},
		Objtype: pg_query.ObjectType_OBJECT_TABLE,
	})
}

// The kinds of constraint that plainKey reads.
const (
	primaryKeyConstraint = pg_query.ConstrType_CONSTR_PRIMARY
	uniqueConstraint     = pg_query.ConstrType_CONSTR_UNIQUE
	foreignKeyConstraint = pg_query.ConstrType_CONSTR_FOREIGN
)

// indexElements are columns as an index has them.
func indexElements(columns []string) []*astNode {
	var elements []*astNode
	for _, name := range columns {
		elements = append(elements, wrap(&pg_query.IndexElem{
			Name: name, Ordering: pg_query.SortByDir_SORTBY_DEFAULT, NullsOrdering: pg_query.SortByNulls_SORTBY_NULLS_DEFAULT,
		}))
	}
	return elements
}

// stringConstant and call are expressions: a string, and the call of a function without arguments.
func stringConstant(s string) *astNode {
	return wrap(&astAConst{Val: &pg_query.A_Const_Sval{Sval: &astString{Sval: s}}})
}

func call(function string) *astNode {
	return wrap(&astFuncCall{Funcname: []*astNode{stringNode(function)}, Funcformat: pg_query.CoercionForm_COERCE_EXPLICIT_CALL})
}

// stringNode is a name within a tree.
func stringNode(s string) *astNode { return pg_query.MakeStrNode(s) }

// walk visits a message and all below it, parents first: *astColumnRef and so on, the *astNode around
// each included. Below a message for which visit returns false it does not go. A visited message
// may be changed in place.
func walk(root proto.Message, visit func(message any) bool) {
	traverse(root, visit, func(any) {})
}

// traverse is walk that also says when it leaves a message that it went below.
func traverse(root proto.Message, enter func(message any) bool, leave func(message any)) {
	if root != nil {
		traverseFrom(reflect.ValueOf(root), enter, leave)
	}
}

func traverseFrom(message reflect.Value, enter func(message any) bool, leave func(message any)) {
	if message.IsNil() || !enter(message.Interface()) {
		return
	}
	fields := message.Elem()
	for _, i := range messageFields(fields.Type()) {
		field := fields.Field(i)
		switch field.Kind() {
		case reflect.Interface: // a choice: a struct of the one that was made
			if field.IsNil() {
				continue
			}
			if chosen := field.Elem().Elem().Field(0); chosen.Kind() == reflect.Pointer {
				traverseFrom(chosen, enter, leave)
			}
		case reflect.Pointer:
			traverseFrom(field, enter, leave)
		case reflect.Slice:
			for i := range field.Len() {
				traverseFrom(field.Index(i), enter, leave)
			}
		}
	}
	leave(message.Interface())
}

// fieldsWithMessages are the indexes of the fields in which a type of message has others, by the types that were met.
var fieldsWithMessages sync.Map // reflect.Type to []int

func messageFields(message reflect.Type) []int {
	if known, ok := fieldsWithMessages.Load(message); ok {
		return known.([]int)
	}
	var indexes []int
	for i := range message.NumField() {
		f := message.Field(i)
		list := f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Pointer
		if f.IsExported() && (list || f.Type.Kind() == reflect.Pointer || f.Type.Kind() == reflect.Interface) {
			indexes = append(indexes, i)
		}
	}
	fieldsWithMessages.Store(message, indexes)
	return indexes
}

// shallow is a copy that shares what is below the message itself.
func shallow[M any](message *M) *M {
	c := reflect.New(reflect.TypeFor[M]())
	c.Elem().Set(reflect.ValueOf(message).Elem())
	return c.Interface().(*M)
}

// clone is a deep copy.
func clone[M proto.Message](message M) M { return proto.Clone(message).(M) }

// invalidUTF8 is the offset of the first byte that belongs to no character.
func invalidUTF8(s string) int {
	for at, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[at:]); size == 1 {
				return at
			}
		}
	}
	return len(s)
}

// byteOffset turns an offset in characters, as the parser counts, into one in bytes.
func byteOffset(s string, characters int) int {
	for at := range s {
		if characters <= 0 {
			return at
		}
		characters--
	}
	return len(s)
}
