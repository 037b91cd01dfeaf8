package postgres

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerer says what one statement does. Text is the whole statement, which the catalog keeps of objects
// that it knows as text; traits are found on the way.
type lowerer struct {
	text   string
	traits dialects.Traits
}

func (l *lowerer) lower(stmt *astNode) []dialects.Change {
	for _, group := range []func(*astNode) []dialects.Change{
		l.lowerTables, l.lowerObjects, lowerNames, l.lowerData, l.lowerSession, l.lowerAside,
	} {
		if changes := group(stmt); changes != nil {
			return changes
		}
	}
	return single(dialects.Opaque{Reason: opaqueReason(l.text)})
}

func single(c dialects.Change) []dialects.Change { return []dialects.Change{c} }

// lowerTables lowers what is done to tables and their parts.
func (l *lowerer) lowerTables(stmt *astNode) []dialects.Change {
	switch s := unwrap(stmt).(type) {
	case *astCreateStmt:
		return single(lowerCreateTable(s))
	case *astCreateForeignTableStmt:
		return single(lowerCreateTable(s.BaseStmt))
	case *astCreateTableAsStmt:
		if s.Objtype.String() == "OBJECT_TABLE" {
			l.read(s.Query)
			within := writesWithin(s.Query.GetSelectStmt().GetWithClause())
			return append(within, lowerCreateTableAs(s.Into, s.Query, s.IfNotExists))
		}
	case *astSelectStmt:
		if s.IntoClause != nil {
			l.read(stmt)
			return append(writesWithin(s.WithClause), lowerCreateTableAs(s.IntoClause, stmt, false))
		}
	case *astAlterTableStmt:
		return lowerAlterTable(s)
	case *astIndexStmt:
		return single(lowerCreateIndex(s))
	case *astReindexStmt:
		return single(lowerReindex(s))
	case *astClusterStmt:
		return single(dialects.AlterTable{Table: rangeName(s.Relation), What: "cluster", Value: s.Indexname})
	case *astVacuumStmt:
		return lowerVacuum(s)
	}
	return nil
}

func lowerReindex(s *astReindexStmt) dialects.Change {
	c := dialects.Reindex{Object: rangeName(s.Relation), Concurrently: option(s.Params, "concurrently")}
	if s.Relation == nil {
		c.Object = dialects.Name{Name: s.Name}
	}
	return c
}

// lowerVacuum lowers VACUUM and ANALYZE; without a table they take the whole database.
func lowerVacuum(s *astVacuumStmt) []dialects.Change {
	var tables []dialects.Name
	for _, rel := range s.Rels {
		tables = append(tables, rangeName(rel.GetVacuumRelation().GetRelation()))
	}
	if len(tables) == 0 {
		tables = []dialects.Name{{}}
	}
	var changes []dialects.Change
	for _, table := range tables {
		switch {
		case !s.IsVacuumcmd:
			changes = append(changes, dialects.Describe{What: "analyze", Table: table})
		case option(s.Options, "full"):
			changes = append(changes, dialects.AlterTable{Table: table, What: "vacuum full"})
		default:
			changes = append(changes, dialects.AlterTable{Table: table, What: "vacuum"})
		}
	}
	return changes
}

// option reports whether a list such as (FULL, VERBOSE false) switches an option on.
func option(options []*astNode, name string) bool {
	for _, o := range options {
		if def := o.GetDefElem(); def.GetDefname() == name {
			switch strings.ToLower(argText(def.GetArg())) {
			case "false", "off", "0", "no":
				return false
			}
			return true
		}
	}
	return false
}

// argText is the text of an option's or a setting's argument.
func argText(n *astNode) string {
	switch a := unwrap(n).(type) {
	case nil:
		return ""
	case *astString:
		return a.Sval
	case *astInteger:
		return fmt.Sprint(a.Ival)
	case *astFloat:
		return a.Fval
	case *astBoolean:
		return fmt.Sprint(a.Boolval)
	case *astTypeName:
		return typeText(a)
	case *astList:
		return listName(a.Items).String()
	case *astAConst:
		if s, ok := constantText(a); ok {
			return s
		}
	}
	return expressionText(n)
}

// constantText is the value of a constant as text; false for NULL.
func constantText(c *astAConst) (string, bool) {
	switch {
	case c.GetIsnull():
		return "", false
	case c.GetSval() != nil:
		return c.GetSval().Sval, true
	case c.GetIval() != nil:
		return fmt.Sprint(c.GetIval().Ival), true
	case c.GetFval() != nil:
		return c.GetFval().Fval, true
	case c.GetBoolval() != nil:
		return fmt.Sprint(c.GetBoolval().Boolval), true
	case c.GetBsval() != nil:
		return c.GetBsval().Bsval, true
	}
	return "", false
}

// opaqueReason names a statement by its leading keywords.
func opaqueReason(text string) string {
	l := lexer{src: text}
	var words []string
	for len(words) < 3 {
		t, ok := l.next()
		if !ok || t.kind != wordToken && t.kind != commentToken {
			break
		}
		if t.kind == wordToken {
			words = append(words, strings.ToUpper(text[t.start:t.end]))
		}
	}
	switch {
	case len(words) == 0:
		return "segue does not know what this statement does"
	case words[0] == "DO", words[0] == "CALL", words[0] == "EXECUTE":
		return words[0] + " runs code that segue does not look into"
	}
	switch words[0] {
	case "CREATE", "ALTER", "DROP", "REASSIGN":
		if len(words) == 3 && words[2] != "ALL" { // ALTER TABLE ALL IN TABLESPACE
			words = words[:2]
		}
	default:
		words = words[:1]
	}
	return "segue does not know what " + strings.Join(words, " ") + " does"
}
