package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.Fixer = Dialect{}

// Fix writes a statement anew at the tokens of its text: CONCURRENTLY behind INDEX, NOT VALID at a
// constraint's end. What a rewrite adds is checked to be read as what it is meant to be.
func (Dialect) Fix(c *dialects.Catalog, s dialects.Statement, wanted []string) *dialects.Rewrite {
	if s.Syntax != nil || s.Foreign != nil || len(wanted) == 0 {
		return nil
	}
	stmt, err := treeOf(s)
	if err != nil {
		return nil
	}
	switch unwrap(stmt).(type) {
	case *astIndexStmt, *astDropStmt, *astReindexStmt, *astRefreshMatViewStmt, *astAlterTableStmt:
	default:
		return nil // and nothing needs its tokens
	}
	f := newFixer(c, s, wanted)
	switch node := unwrap(stmt).(type) {
	case *astIndexStmt:
		f.createIndex(node)
	case *astDropStmt:
		f.dropIndexes(node)
	case *astReindexStmt:
		f.reindex(node)
	case *astRefreshMatViewStmt:
		f.refresh(node)
	case *astAlterTableStmt:
		f.alterTable(node)
	}
	return f.rewrite()
}

// Rules that are no hazards, and one that comes of what stands beside a statement.
const (
	detachPartitionNotConcurrent = "detach-partition-not-concurrent"
	dropIndexNotConcurrent       = "drop-index-not-concurrent"
	validateUnderLock            = "validate-under-lock"
)

// fixer writes one statement anew.
type fixer struct {
	*dialects.Catalog
	statement dialects.Statement
	wanted    []string
	script    words
	titles    []string
	cures     []string
	parts     []dialects.Part
	names     []string // of constraints that the server would choose
	failed    []string // rules of which a finding stays
	hopeless  bool
}

func newFixer(c *dialects.Catalog, s dialects.Statement, wanted []string) *fixer {
	return &fixer{Catalog: c, statement: s, wanted: wanted, script: wordsOf(s.Text)}
}

// wants reports whether a rule's finding is to be cured.
func (f *fixer) wants(rule string) bool { return slices.Contains(f.wanted, rule) }

// cure notes what is done about a rule's finding.
func (f *fixer) cure(rule, title string) {
	f.cures = appendNew(f.cures, rule)
	f.titles = appendNew(f.titles, title)
}

// fail notes that a rule's finding stays: then none of the rule's is cured.
func (f *fixer) fail(rule string) { f.failed = append(f.failed, rule) }

func (f *fixer) add(apart dialects.Apart, name, sql string) {
	f.parts = append(f.parts, dialects.Part{SQL: sql, Apart: apart, Name: name})
}

// giveUp says that the statement has no form that ends in the same schema, as far as is known.
func (f *fixer) giveUp() { f.hopeless = true }

// rewrite is what was made of the statement; nil where that is nothing, or does not read as SQL.
func (f *fixer) rewrite() *dialects.Rewrite {
	half := slices.ContainsFunc(f.cures, func(rule string) bool { return slices.Contains(f.failed, rule) })
	if f.hopeless || half || len(f.cures) == 0 || len(f.parts) == 0 {
		return nil
	}
	for _, p := range f.parts {
		if _, err := parseOne(p.SQL); err != nil {
			return nil
		}
	}
	return &dialects.Rewrite{Title: strings.Join(f.titles, "; "), Cures: f.cures, Parts: f.parts}
}

// inserting is the statement's text with a word put in behind a token.
func (f *fixer) inserting(behind int, word string) string {
	at := f.script.tokens[behind].end
	return dialects.ApplyEdits(f.script.src, []dialects.TextEdit{{Start: at, End: at, Text: " " + word}})
}

func (f *fixer) createIndex(node *astIndexStmt) {
	t := f.Table(rangeName(node.Relation))
	at := f.script.skip(f.script.skip(0, "CREATE"), "UNIQUE")
	if !f.wants(indexNotConcurrent) || node.Concurrent || !f.script.is(at, "INDEX") || t != nil && t.Kind == dialects.PartitionedTable {
		return
	}
	name := node.Idxname
	if name == "" {
		name = node.Relation.Relname + "_index"
	}
	f.cure(indexNotConcurrent, "build the index CONCURRENTLY")
	f.add(dialects.Outside, "create_"+name, f.inserting(at, "CONCURRENTLY"))
}

// dropIndexes drops one index a statement: CONCURRENTLY takes no more.
func (f *fixer) dropIndexes(node *astDropStmt) {
	if !f.wants(dropIndexNotConcurrent) || node.RemoveType.String() != "OBJECT_INDEX" || node.Concurrent || node.Behavior.String() == "DROP_CASCADE" {
		return
	}
	first := f.script.skip(2, "IF", "EXISTS")
	head := "DROP INDEX CONCURRENTLY "
	if node.MissingOk {
		head += "IF EXISTS "
	}
	at := first
	for _, object := range node.Objects {
		name := objectName(object)
		t := tableOfIndex(f.Catalog, name)
		if t != nil && (t.Kind == dialects.PartitionedTable || findIndex(t, name.Name).Constraint != "") {
			f.giveUp()
		}
		end := f.script.nameEnd(at)
		sql := head + f.script.text(at, end)
		if len(node.Objects) == 1 {
			sql = f.inserting(1, "CONCURRENTLY")
		}
		f.add(dialects.Outside, "drop_"+name.Name, sql)
		if at = end; f.script.is(at, ",") {
			at++
		}
	}
	if f.script.skip(at, "RESTRICT") != len(f.script.tokens) {
		f.giveUp()
	}
	f.cure(dropIndexNotConcurrent, "drop the index CONCURRENTLY")
}

// reindex rebuilds beside the traffic, which 12 and later can. An index of an exclusion constraint cannot be
// built so, nor can those of the system's tables.
func (f *fixer) reindex(node *astReindexStmt) {
	if !f.wants(indexNotConcurrent) || !f.version().AtLeast(12, 0) || slices.ContainsFunc(node.Params, isConcurrently) {
		return
	}
	at := 1
	if f.script.kind(at) == openToken {
		at = f.script.closing(at) + 1
	}
	what := f.script.word(at)
	if !slices.Contains([]string{"INDEX", "TABLE", "SCHEMA", "DATABASE"}, what) || f.excludes(rangeName(node.Relation)) {
		return
	}
	name := node.Name
	if node.Relation != nil {
		name = node.Relation.Relname
	}
	f.cure(indexNotConcurrent, "rebuild CONCURRENTLY")
	f.add(dialects.Outside, "reindex_"+name, f.inserting(at, "CONCURRENTLY"))
}

func isConcurrently(n *astNode) bool { return n.GetDefElem().GetDefname() == "concurrently" }

// excludes reports whether a table or an index of that name has to do with an exclusion constraint.
func (f *fixer) excludes(n dialects.Name) bool {
	t := f.Table(n)
	if t == nil {
		t = tableOfIndex(f.Catalog, n)
	}
	return t != nil && slices.ContainsFunc(t.Constraints, func(c *dialects.Constraint) bool { return c.Kind == dialects.Exclusion })
}

// version is the server's release; that of the parser's grammar where none was said.
func (f *fixer) version() dialects.Version { return judge{Catalog: f.Catalog}.version() }

// lowerWords is a name in the words of a file's name.
func lowerWords(parts ...string) string { return strings.ToLower(strings.Join(parts, "_")) }

// freeCheck is a name for a CHECK that is there for a while only.
func (f *fixer) freeCheck(t *dialects.Table, table, column string) string {
	return freeName(table, column, "not_null_check", func(name string) bool {
		return slices.Contains(f.names, name) || t != nil && findConstraint(t, name) != nil
	})
}

// headed puts comments that stood in a text above what was made of it, unless they are in that.
func headed(comments []string, sql string) string {
	head := ""
	for _, c := range comments {
		if !strings.Contains(sql, c) {
			head += c + "\n"
		}
	}
	return head + sql
}
