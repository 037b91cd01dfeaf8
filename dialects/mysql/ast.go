package mysql

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/format"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	"github.com/pingcap/tidb/pkg/parser/opcode"
	"github.com/pingcap/tidb/pkg/parser/types"
)

// This file alone imports the parser, TiDB's, so that another can take its place. The names are the
// parser's own behind the prefix ast.

// The parser's nodes.
type (
	astNode      = ast.Node
	astStmt      = ast.StmtNode
	astExpr      = ast.ExprNode
	astValue     = ast.ValueExpr
	astTableName = ast.TableName
	astFieldType = types.FieldType

	astCreateTable    = ast.CreateTableStmt
	astColumnDef      = ast.ColumnDef
	astConstraint     = ast.Constraint
	astReference      = ast.ReferenceDef
	astIndexPart      = ast.IndexPartSpecification
	astIndexOption    = ast.IndexOption
	astTableOption    = ast.TableOption
	astPartitions     = ast.PartitionOptions
	astAlterTable     = ast.AlterTableStmt
	astAlterSpec      = ast.AlterTableSpec
	astColumnPosition = ast.ColumnPosition
	astDropTable      = ast.DropTableStmt
	astRenameTable    = ast.RenameTableStmt
	astTruncateTable  = ast.TruncateTableStmt
	astCreateIndex    = ast.CreateIndexStmt
	astDropIndex      = ast.DropIndexStmt
	astLockAlgorithm  = ast.IndexLockAndAlgorithm

	astCreateView     = ast.CreateViewStmt
	astCreateDatabase = ast.CreateDatabaseStmt
	astDropDatabase   = ast.DropDatabaseStmt
	astAlterDatabase  = ast.AlterDatabaseStmt
	astCreateSequence = ast.CreateSequenceStmt
	astAlterSequence  = ast.AlterSequenceStmt
	astDropSequence   = ast.DropSequenceStmt
	astOptimizeTable  = ast.OptimizeTableStmt
	astAnalyzeTable   = ast.AnalyzeTableStmt
	astLockTables     = ast.LockTablesStmt
	astUnlockTables   = ast.UnlockTablesStmt

	astSelect           = ast.SelectStmt
	astSetOperation     = ast.SetOprStmt
	astInsert           = ast.InsertStmt
	astUpdate           = ast.UpdateStmt
	astDelete           = ast.DeleteStmt
	astLoadData         = ast.LoadDataStmt
	astTableSource      = ast.TableSource
	astTableRefs        = ast.TableRefsClause
	astCommonTable      = ast.CommonTableExpression
	astColumnReference  = ast.ColumnNameExpr
	astFunctionCall     = ast.FuncCallExpr
	astCast             = ast.FuncCastExpr
	astBinary           = ast.BinaryOperationExpr
	astBetween          = ast.BetweenExpr
	astLike             = ast.PatternLikeOrIlikeExpr
	astIn               = ast.PatternInExpr
	astIsNull           = ast.IsNullExpr
	astExists           = ast.ExistsSubqueryExpr
	astSubquery         = ast.SubqueryExpr
	astParentheses      = ast.ParenthesesExpr
	astOn               = ast.OnCondition
	astJoin             = ast.Join
	astRows             = ast.ResultSetNode
	astOrder            = ast.OrderByClause
	astAssignment       = ast.Assignment
	astSet              = ast.SetStmt
	astDo               = ast.DoStmt
	astUse              = ast.UseStmt
	astBegin            = ast.BeginStmt
	astCommit           = ast.CommitStmt
	astRollback         = ast.RollbackStmt
	astCompletion       = ast.CompletionType
	astSavepoint        = ast.SavepointStmt
	astReleaseSavepoint = ast.ReleaseSavepointStmt
	astGrant            = ast.GrantStmt
	astRevoke           = ast.RevokeStmt
	astGrantRole        = ast.GrantRoleStmt
	astRevokeRole       = ast.RevokeRoleStmt
	astCreateUser       = ast.CreateUserStmt
	astAlterUser        = ast.AlterUserStmt
	astDropUser         = ast.DropUserStmt
	astRenameUser       = ast.RenameUserStmt
	astFlush            = ast.FlushStmt
	astUserSpec         = ast.UserSpec
	astShow             = ast.ShowStmt
	astExplain          = ast.ExplainStmt
	astSetRole          = ast.SetRoleStmt
	astSetPassword      = ast.SetPwdStmt
	astSetDefaultRole   = ast.SetDefaultRoleStmt
)

const chainCompletion = ast.CompletionTypeChain

// Column attributes.
const (
	astPrimaryKeyOption    = ast.ColumnOptionPrimaryKey
	astNotNullOption       = ast.ColumnOptionNotNull
	astAutoIncrementOption = ast.ColumnOptionAutoIncrement
	astUniqueOption        = ast.ColumnOptionUniqKey
	astCommentOption       = ast.ColumnOptionComment
	astReferenceOption     = ast.ColumnOptionReference
	astCheckOption         = ast.ColumnOptionCheck
)

// Table options.
const (
	astEngineOption       = ast.TableOptionEngine
	astTableCommentOption = ast.TableOptionComment
	astRowFormatOption    = ast.TableOptionRowFormat
	astKeyBlockSizeOption = ast.TableOptionKeyBlockSize
	astEncryptionOption   = ast.TableOptionEncryption
	astTableAutoIncOption = ast.TableOptionAutoIncrement
	astTablespaceOption   = ast.TableOptionTablespace
	astStatsOption        = ast.TableOptionStatsPersistent
	astStatsRecalcOption  = ast.TableOptionStatsAutoRecalc
	astStatsPagesOption   = ast.TableOptionStatsSamplePages
	astCompressionOption  = ast.TableOptionCompression
	astPageCompressOption = ast.TableOptionPageCompressed
	astFirstPosition      = ast.ColumnPositionFirst
	astAfterPosition      = ast.ColumnPositionAfter
	astInvisibleIndex     = ast.IndexVisibilityInvisible
	astUniqueIndex        = ast.IndexKeyTypeUnique
	astSpatialIndex       = ast.IndexKeyTypeSpatial
	astFulltextIndex      = ast.IndexKeyTypeFulltext
	astPrimaryConstraint  = ast.ConstraintPrimaryKey
	astUniqueConstraint   = ast.ConstraintUniq
	astUniqueKey          = ast.ConstraintUniqKey
	astUniqueIndexKey     = ast.ConstraintUniqIndex
	astForeignConstraint  = ast.ConstraintForeignKey
	astFulltextConstraint = ast.ConstraintFulltext
	astCheckConstraint    = ast.ConstraintCheck
	astNoAction           = ast.ReferOptionNoAction
	astTemporaryNone      = ast.TemporaryNone
	astHashIndex          = ast.IndexTypeHash
	astUnspecifiedLength  = types.UnspecifiedLength
	astFlushTables        = ast.FlushTables
	astNoRowLock          = ast.SelectLockNone
	astAccountLock        = ast.Lock
	astPasswordExpire     = ast.PasswordExpire
	astTLSNone            = ast.TlsNone
)

// Subcommands of ALTER TABLE.
const (
	astSpecOption            = ast.AlterTableOption
	astSpecAddColumns        = ast.AlterTableAddColumns
	astSpecAddConstraint     = ast.AlterTableAddConstraint
	astSpecDropColumn        = ast.AlterTableDropColumn
	astSpecDropPrimaryKey    = ast.AlterTableDropPrimaryKey
	astSpecDropIndex         = ast.AlterTableDropIndex
	astSpecDropForeignKey    = ast.AlterTableDropForeignKey
	astSpecModifyColumn      = ast.AlterTableModifyColumn
	astSpecChangeColumn      = ast.AlterTableChangeColumn
	astSpecRenameColumn      = ast.AlterTableRenameColumn
	astSpecRenameTable       = ast.AlterTableRenameTable
	astSpecAlterColumn       = ast.AlterTableAlterColumn
	astSpecLock              = ast.AlterTableLock
	astSpecAlgorithm         = ast.AlterTableAlgorithm
	astSpecRenameIndex       = ast.AlterTableRenameIndex
	astSpecDropCheck         = ast.AlterTableDropCheck
	astSpecAlterCheck        = ast.AlterTableAlterCheck
	astSpecIndexVisibility   = ast.AlterTableIndexInvisible
	astSpecAddPartitions     = ast.AlterTableAddPartitions
	astSpecPartitionBy       = ast.AlterTablePartition
	astSpecExchangePartition = ast.AlterTableExchangePartition
)

// specWords are the subcommands that change nothing but what they name.
var specWords = map[ast.AlterTableType]string{
	ast.AlterTableForce:                      "force",
	ast.AlterTableAddPartitions:              "add partition",
	ast.AlterTableCoalescePartitions:         "coalesce partition",
	ast.AlterTableDropPartition:              "drop partition",
	ast.AlterTableTruncatePartition:          "truncate partition",
	ast.AlterTablePartition:                  "partition by",
	ast.AlterTableEnableKeys:                 "enable keys",
	ast.AlterTableDisableKeys:                "disable keys",
	ast.AlterTableRemovePartitioning:         "remove partitioning",
	ast.AlterTableRebuildPartition:           "rebuild partition",
	ast.AlterTableReorganizePartition:        "reorganize partition",
	ast.AlterTableCheckPartitions:            "check partition",
	ast.AlterTableExchangePartition:          "exchange partition",
	ast.AlterTableOptimizePartition:          "optimize partition",
	ast.AlterTableRepairPartition:            "repair partition",
	ast.AlterTableImportPartitionTablespace:  "import partition tablespace",
	ast.AlterTableDiscardPartitionTablespace: "discard partition tablespace",
	ast.AlterTableImportTablespace:           "import tablespace",
	ast.AlterTableDiscardTablespace:          "discard tablespace",
	ast.AlterTableOrderByColumns:             "order by",
	ast.AlterTableWithValidation:             "with validation",
	ast.AlterTableWithoutValidation:          "without validation",
	ast.AlterTableSecondaryLoad:              "secondary load",
	ast.AlterTableSecondaryUnload:            "secondary unload",
}

// partitionStrategies are the words of PARTITION BY.
var partitionStrategies = map[ast.PartitionType]string{
	ast.PartitionTypeRange: "range", ast.PartitionTypeList: "list", ast.PartitionTypeHash: "hash",
	ast.PartitionTypeKey: "key", ast.PartitionTypeSystemTime: "system_time",
}

// rowFormats are as the server spells them.
var rowFormats = map[uint64]string{
	ast.RowFormatDynamic: "Dynamic", ast.RowFormatCompact: "Compact",
	ast.RowFormatRedundant: "Redundant", ast.RowFormatCompressed: "Compressed", ast.RowFormatFixed: "Fixed",
}

// Operators.
const (
	astOr  = opcode.LogicOr
	astAnd = opcode.LogicAnd
)

// comparisons are the operators that say nothing where one side is NULL.
var comparisons = map[opcode.Op]string{
	opcode.EQ: "=", opcode.NE: "<>", opcode.LT: "<", opcode.GT: ">", opcode.LE: "<=", opcode.GE: ">=",
}

// calculations are the operators that make another value of a column's.
var calculations = map[opcode.Op]bool{
	opcode.Plus: true, opcode.Minus: true, opcode.Mul: true, opcode.Div: true, opcode.IntDiv: true, opcode.Mod: true,
	opcode.And: true, opcode.Or: true, opcode.Xor: true, opcode.LeftShift: true, opcode.RightShift: true,
}

// parseError is a refusal by the parser. Offset is in bytes from the start of the text.
type parseError struct {
	Message string
	Offset  int
}

func (e *parseError) Error() string { return e.Message }

// drive gives the parser its constants, unless the program that segue is a library of has done so.
var drive = sync.OnceFunc(func() {
	if ast.NewValueExpr != nil {
		return
	}
	text := func(s string) (any, error) { return s, nil }
	ast.NewDecimal, ast.NewHexLiteral, ast.NewBitLiteral = text, text, text
	ast.NewParamMarkerExpr = func(int) ast.ParamMarkerExpr { return &constant{} }
	ast.NewValueExpr = func(value any, _, _ string) ast.ValueExpr {
		if known, ok := value.(ast.ValueExpr); ok {
			return known
		}
		return &constant{value: value}
	}
})

// constant is a constant of the text; numbers keep their spelling but for what the parser reads.
type constant struct {
	ast.TexprNode
	value      any
	projection int
}

func (c *constant) SetValue(value any)         { c.value = value }
func (c *constant) GetValue() any              { return c.value }
func (c *constant) GetDatumString() string     { return c.GetString() }
func (c *constant) GetProjectionOffset() int   { return c.projection }
func (c *constant) SetProjectionOffset(at int) { c.projection = at }
func (c *constant) SetOrder(int)               {}
func (c *constant) Format(w io.Writer)         { _, _ = io.WriteString(w, c.GetString()) }

// GetString is the constant's value; empty for NULL.
func (c *constant) GetString() string {
	if c.value == nil {
		return ""
	}
	return fmt.Sprint(c.value)
}

// Restore writes the constant as SQL.
func (c *constant) Restore(ctx *format.RestoreCtx) error {
	switch v := c.value.(type) {
	case nil:
		ctx.WriteKeyWord("NULL")
	case string:
		ctx.WriteString(v)
	default:
		ctx.WritePlain(c.GetString())
	}
	return nil
}

// Accept shows the constant to a visitor.
func (c *constant) Accept(v ast.Visitor) (ast.Node, bool) {
	node, _ := v.Enter(c)
	return v.Leave(node)
}

// parseStatement parses a text of one statement without comments. Its errors are of type *parseError.
func parseStatement(text string) (astStmt, error) {
	if at := strings.IndexByte(text, 0); at >= 0 {
		return nil, &parseError{Message: "a zero byte is not allowed in SQL: the file may be UTF-16, and has to be UTF-8", Offset: at}
	}
	drive()
	p := parser.New()
	p.SetStrictDoubleTypeCheck(false)
	stmts, _, err := p.ParseSQL(text)
	if err != nil {
		return nil, refusalOf(text, err.Error())
	}
	if len(stmts) != 1 {
		return nil, &parseError{Message: fmt.Sprintf("%d statements where one was expected", len(stmts))}
	}
	return stmts[0], nil
}

// refusalOf reads the parser's message. Those about grammar start with line and column, counted in
// bytes, of the end of the token that did not fit; others have no place.
func refusalOf(text, message string) *parseError {
	at := strings.Index(message, "line ")
	var line, column int
	if at < 0 {
		return &parseError{Message: message}
	}
	if _, err := fmt.Sscanf(message[at:], "line %d column %d", &line, &column); err != nil {
		return &parseError{Message: message}
	}
	end := 0
	for ; line > 1; line-- {
		end += strings.IndexByte(text[end:], '\n') + 1
	}
	end = min(end+column, len(text))
	l := lexer{src: text, delimiter: defaultDelimiter}
	last := token{}
	for {
		t, ok := l.next()
		if !ok || t.start >= end {
			break
		}
		last = t
	}
	word := text[last.start:last.end]
	if end >= len(text) && strings.HasSuffix(strings.TrimSpace(message), `near ""`) {
		return &parseError{Message: "syntax error at the end of the statement", Offset: last.end}
	}
	return &parseError{Message: fmt.Sprintf("syntax error at or near %q", word), Offset: last.start}
}

// parseExpression parses an expression, as in DEFAULT or CHECK.
func parseExpression(expr string) (astExpr, error) {
	const head = "SELECT "
	plain := plainExpression(expr)
	stmt, err := parseStatement(head + plain.text)
	if err != nil {
		if refusal, ok := err.(*parseError); ok {
			refusal.Offset = plain.offset(max(0, refusal.Offset-len(head)))
		}
		return nil, err
	}
	if s, ok := stmt.(*astSelect); ok && s.Fields != nil && len(s.Fields.Fields) == 1 && s.From == nil {
		return s.Fields.Fields[0].Expr, nil
	}
	return nil, &parseError{Message: "one expression was expected"}
}

// walk visits a node and all below it, parents first. Below a node for which visit returns false it
// does not go.
func walk(root astNode, visit func(astNode) bool) {
	traverse(root, visit, func(astNode) {})
}

// traverse is walk that also says when it leaves a node that it went below.
func traverse(root astNode, enter func(astNode) bool, leave func(astNode)) {
	if root != nil {
		root.Accept(&visitor{enter: enter, leave: leave})
	}
}

// visitor turns the parser's visits into enter and leave. The parser says Leave of what was skipped as well.
type visitor struct {
	enter   func(astNode) bool
	leave   func(astNode)
	skipped bool
}

func (v *visitor) Enter(n ast.Node) (ast.Node, bool) {
	v.skipped = !v.enter(n)
	return n, v.skipped
}

func (v *visitor) Leave(n ast.Node) (ast.Node, bool) {
	if !v.skipped {
		v.leave(n)
	}
	v.skipped = false
	return n, true
}

// writeExpression writes an expression from its tree, for people to read.
func writeExpression(e astExpr) string {
	var text strings.Builder
	flags := format.RestoreStringSingleQuotes | format.RestoreKeyWordUppercase | format.RestoreNameBackQuotes
	if e == nil || e.Restore(format.NewRestoreCtx(flags, &text)) != nil {
		return ""
	}
	return text.String()
}

// typeBase is a type's name, such as int or varbinary.
func typeBase(t *astFieldType) string { return types.TypeToStr(t.GetType(), t.GetCharset()) }

func isUnsigned(t *astFieldType) bool { return mysql.HasUnsignedFlag(t.GetFlag()) }
func isZerofill(t *astFieldType) bool { return mysql.HasZerofillFlag(t.GetFlag()) }
