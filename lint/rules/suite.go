// Package rules holds the rules of lint: one file each, named by the rule's ID, with its examples
// in testdata.
package rules

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
)

// suite is every rule, in the order in which they are listed.
var suite = []lint.Rule{
	// What breaks an app version that still runs.
	renameColumn,
	renameTable,
	renameObject,
	dropColumn,
	hideColumn,
	dropTable,
	dropObject,
	dropDatabase,
	dropUnique,
	dropPartition,
	dropHistory,
	collationMayCollide,
	parentKeyNotUnique,
	notNullWithoutDefault,
	dropNotNull,
	jsonColumn,
	foreignKeyTypeMismatch,
	enumValueUsedEarly,
	createTrigger,
	createRule,
	disableTrigger,
	changeSequence,
	changeDefault,
	dropDefault,
	uniqueAdded,
	dropCascade,
	accountRestricted,
	enableRowSecurity,
	noReplicaIdentity,
	enumValueAdded,
	generatedAlwaysIdentity,

	// What blocks traffic.
	changeColumnType,
	setNotNull,
	addColumnRewrite,
	indexNotConcurrent,
	concurrentIndexOnPartitioned,
	dropIndexNotConcurrent,
	dropIndexBeforeReplacement,
	indexNotOnline,
	foreignKeyNotValid,
	foreignKeyNotOnline,
	dropForeignKey,
	dropTableLocksOthers,
	foreignKeyWithoutIndex,
	checkNotValid,
	validateUnderLock,
	workUnderLock,
	severalTablesLocked,
	explicitLock,
	missingLockTimeout,
	missingStatementTimeout,
	attachPartition,
	createPartitionOf,
	detachPartitionNotConcurrent,
	detachReferencedPartition,
	tableRewrite,
	unboundedWrite,
	truncateTable,
	mixedAlter,
	altersToCombine,
	dropVisibleIndex,
	writeWithoutIndex,
	instantCorruption,
	askedToBlock,
	bareAlter,
	severalDDLInOneFile,
	opaqueStatement,

	// Taste: off until it is asked for.
	preferBigint,
	smallID,
	preferIdentity,
	preferText,
	preferTimestamptz,
	noChar,
	noEnum,
	noFloat,
	noTime,
	noTimestamp,
	zeroDate,
	longVarchar,
	displayWidth,
	autoIncrement,
	compressedRows,
	definer,
	selectStar,
	insertWithoutColumns,
	requireWhere,
	leadingWildcard,
	computedCondition,
	longCondition,
	orderByRandom,
	limitedWrite,
	manyRowsInInsert,
	requirePrimaryKey,
	primaryKeyType,
	noForeignKey,
	onDeleteCascade,
	noPartition,
	unloggedTable,
	noTrigger,
	noRoutine,
	noView,
	noEvent,
	domainWithConstraint,
	innodbOnly,
	narrowCharset,
	requireCollation,
	columnCharset,
	requireSchemaName,
	nameStyle,
	reservedWord,
	tableComment,
	columnComment,
	longComment,
	requireDefault,
	noNullColumns,
	redundantIndex,
	wideIndex,
	manyIndexes,
	blobInIndex,
	timeInsideIndex,
	columnOrder,
	wideRow,
	manyCurrentTimestamps,
	enumValueOrder,
	preferRobustStatements,
	mergeAlterTable,
	longTransaction,

	// What is wrong with a file itself. unusedAllow comes last: only behind all others is it known
	// what a directive silenced.
	syntaxError,
	nullComparison,
	concurrentIndexCorruption,
	doubleColumn,
	nameTooLong,
	notOnThisServer,
	algorithmRefused,
	foreignKeyRefused,
	stillNeeded,
	formRefused,
	clauseIgnored,
	checksOff,
	globalSetting,
	systemVersionedAlter,
	transaction,
	cannotRunInTransaction,
	notRead,
	versionTaken,
	versionOutOfOrder,
	editedMigration,
	deletedMigration,
	mixedDeploy,
	directive,
	unusedAllow,
}

//go:embed testdata
var testdata embed.FS

// Whose words a doc speaks.
var (
	onPostgres = []dialects.Kind{dialects.Postgres}
	onMySQL    = []dialects.Kind{dialects.MySQL, dialects.MariaDB}
	onMariaDB  = []dialects.Kind{dialects.MariaDB}
)

// Suite is every rule, without its examples, which a run of lint does not need.
func Suite() []lint.Rule { return slices.Clone(suite) }

// Illustrated is every rule with its examples, as the tests run them. To read them all takes longer than to lint
// a hundred files.
func Illustrated() []lint.Rule {
	rules := Suite()
	for i := range rules {
		r := &rules[i]
		r.Docs = slices.Clone(r.Docs)
		for j := range r.Docs {
			r.Docs[j].Before = exampleOf(r.ID, "before", &r.Docs[j])
			r.Docs[j].After = exampleOf(r.ID, "after", &r.Docs[j])
		}
	}
	return rules
}

// exampleOf is the last migration of a rule's example: the ones before it set the scene.
func exampleOf(id, name string, doc *lint.Doc) string {
	e := Example(id, name, doc)
	if e == nil {
		return ""
	}
	return strings.TrimSpace(e.Files[len(e.Files)-1].SQL)
}

// Example is a rule's example of a name, before or after, on a server whose words the doc speaks; nil where
// there is none.
func Example(id, name string, doc *lint.Doc) *example.Example {
	files, err := fs.Glob(testdata, fmt.Sprintf("testdata/%s/%s*.txtar", id, name))
	if err != nil {
		return nil
	}
	for _, file := range files {
		data, err := testdata.ReadFile(file)
		if err != nil {
			return nil
		}
		e, err := example.Read(data)
		if err != nil {
			return nil
		}
		if doc.Speaks(e.Server.Kind) {
			return e
		}
	}
	return nil
}

// hazards makes a check of a rule that puts a hazard into words. Where the dialect says the way out
// itself its words are the finding's; where say gives no reason, the hazard's own is it.
func hazards(id string, say func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding) func(*lint.Pass) {
	return func(p *lint.Pass) {
		for e, h := range p.Hazards(id) {
			f := say(p, e, h)
			if f.Table == "" && e.Table.Name != "" {
				f.Table = e.Table.String()
			}
			if h.Instead != "" {
				f.Instead = h.Instead
				if f.Message != h.Detail {
					f.Why = h.Detail
				}
			}
			if f.Why == "" {
				f.Why = h.Detail
			}
			p.Report(f)
		}
	}
}

// meanwhile says what others do while a statement works on its table.
func meanwhile(e dialects.Effect) string {
	switch e.Blocks {
	case dialects.BlocksAll:
		return "while nobody can use it"
	case dialects.BlocksWrites:
		return "while writes to it wait"
	}
	return "while writes to it go on"
}
