package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerer says what one statement does.
type lowerer struct {
	dialect Dialect
	src     string
	tokens  []token
	text    string // the whole statement
	*amended
	algorithm dialects.Algorithm
	locking   string
	traits    dialects.Traits
}

func (l *lowerer) lower(stmt astStmt) []dialects.Change {
	for _, group := range []func(astStmt) []dialects.Change{
		l.lowerTables, l.lowerObjects, l.lowerData, l.lowerSession,
	} {
		if changes := group(stmt); changes != nil {
			return changes
		}
	}
	return single(dialects.Opaque{Reason: l.opaqueReason()})
}

func single(c dialects.Change) []dialects.Change { return []dialects.Change{c} }

// lowerTables lowers what is done to tables and their parts.
func (l *lowerer) lowerTables(stmt astStmt) []dialects.Change {
	switch s := stmt.(type) {
	case *astCreateTable:
		return single(l.lowerCreateTable(s))
	case *astAlterTable:
		return l.lowerAlterTable(s)
	case *astDropTable:
		var changes []dialects.Change
		for _, t := range s.Tables {
			if s.IsView {
				changes = append(changes, dialects.DropObject{Kind: dialects.View, Object: tableName(t), IfExists: s.IfExists})
			} else {
				changes = append(changes, dialects.DropTable{Table: tableName(t), IfExists: s.IfExists})
			}
		}
		return changes
	case *astRenameTable:
		var changes []dialects.Change
		for _, t := range s.TableToTables {
			changes = append(changes, renameTable(tableName(t.OldTable), tableName(t.NewTable)))
		}
		return changes
	case *astCreateIndex:
		return single(l.lowerCreateIndex(s))
	case *astDropIndex:
		l.asks(s.LockAlg)
		table := tableName(s.Table)
		return single(dropIndex(table, s.IndexName, s.IfExists))
	case *astTruncateTable:
		return single(dialects.WriteData{Kind: dialects.Truncate, Table: tableName(s.Table)})
	case *astOptimizeTable:
		var changes []dialects.Change
		for _, t := range s.Tables {
			changes = append(changes, dialects.AlterTable{Table: tableName(t), What: "optimize"})
		}
		return changes
	case *astAnalyzeTable:
		var changes []dialects.Change
		for _, t := range s.TableNames {
			changes = append(changes, dialects.Describe{What: "analyze", Table: tableName(t)})
		}
		return changes
	}
	return nil
}

// renameTable is a rename, or a move to another database with the name that it has there.
func renameTable(from, to dialects.Name) dialects.Change {
	if to.Schema != "" && to.Schema != from.Schema {
		return dialects.AlterTable{Table: from, What: "set schema", Value: to.String()}
	}
	return dialects.RenameTable{Table: from, To: to.Name}
}

// primary is the name of every primary key.
const primary = "PRIMARY"

func dropIndex(table dialects.Name, name string, ifExists bool) dialects.Change {
	if strings.EqualFold(name, primary) {
		return dialects.DropConstraint{Table: table, Name: primary, Kind: dialects.PrimaryKey, IfExists: ifExists}
	}
	return dialects.DropIndex{Table: table, Index: dialects.Name{Schema: table.Schema, Name: name}, IfExists: ifExists}
}

// asks keeps the ALGORITHM and LOCK of CREATE INDEX and DROP INDEX.
func (l *lowerer) asks(clause *astLockAlgorithm) {
	if clause == nil {
		return
	}
	l.asksAlgorithm(clause.AlgorithmTp.String())
	l.asksLock(clause.LockTp.String())
}

func (l *lowerer) asksAlgorithm(word string) {
	if l.noCopy {
		word = string(dialects.AlgorithmNoCopy)
	}
	if word != "DEFAULT" {
		l.algorithm = dialects.Algorithm(word)
	}
}

func (l *lowerer) asksLock(word string) {
	if word != "DEFAULT" {
		l.locking = word
	}
}

// tableName is the name of a table or view.
func tableName(t *astTableName) dialects.Name {
	if t == nil {
		return dialects.Name{}
	}
	return dialects.Name{Schema: t.Schema.O, Name: t.Name.O}
}

// noteOf is the note that a constant in the tree stands for.
func (l *lowerer) noteOf(e astExpr) (note, bool) {
	v, ok := e.(astValue)
	if !ok {
		return note{}, false
	}
	return l.noted(v.GetString())
}

// opaqueReason names a statement by its leading keywords.
func (l *lowerer) opaqueReason() string {
	a := amender{src: l.src, tokens: l.tokens}
	words := []string{a.word(0)}
	switch words[0] {
	case "":
		return "segue does not know what this statement does"
	case "CALL", "EXECUTE":
		return words[0] + " runs code that segue does not look into"
	case "CREATE", "ALTER", "DROP":
		if second := a.word(1); second != "" && a.kind(1) == wordToken {
			words = append(words, second)
		}
	}
	return "segue does not know what " + strings.Join(words, " ") + " does"
}
