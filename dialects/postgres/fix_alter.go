package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// alterFixer writes one ALTER TABLE anew, subcommand by subcommand: what stays is edited in its place, the rest
// goes before it or behind it.
type alterFixer struct {
	*fixer
	name     dialects.Name
	table    *dialects.Table // nil where the catalog has none
	relation string          // the table's name as it is written
	head     string          // ALTER TABLE and the name, as they are written
	subs     []span
	edits    []dialects.TextEdit
	gone     []bool   // subcommands that are parts of their own
	added    []string // subcommands that are added at the end
	before   []dialects.Part
	after    []dialects.Part
	proved   []string // columns that a part proves NOT NULL
	apart    dialects.Apart
}

func (f *fixer) alterTable(node *astAlterTableStmt) {
	if node.Objtype.String() != "OBJECT_TABLE" {
		return
	}
	at := f.script.skip(f.script.skip(f.script.skip(0, "ALTER", "TABLE"), "IF", "EXISTS"), "ONLY")
	end := f.script.nameEnd(at)
	a := alterFixer{
		fixer: f, name: f.Resolve(rangeName(node.Relation)), table: f.Table(rangeName(node.Relation)),
		relation: f.script.text(at, end), head: f.script.text(0, end), subs: f.script.list(end),
	}
	if len(a.subs) != len(node.Cmds) || a.subs[0].lo == end && f.script.is(end, "*") {
		return
	}
	a.gone = make([]bool, len(a.subs))
	for i, n := range node.Cmds {
		a.subcommand(i, n.GetAlterTableCmd(), node)
	}
	a.keepOrder(node)
	f.parts = append(f.parts, a.before...)
	if main, ok := a.main(); ok {
		f.add(a.apart, lowerWords("alter", a.name.Name), main)
	}
	f.parts = append(f.parts, a.after...)
}

func (a *alterFixer) subcommand(i int, cmd *astAlterTableCmd, node *astAlterTableStmt) {
	switch cmd.Subtype.String() {
	case "AT_AddConstraint":
		a.addConstraint(i, cmd.Def.GetConstraint())
	case "AT_AddColumn":
		if !cmd.MissingOk { // where the column is there its constraints are not added either
			a.addColumn(i, cmd.Def.GetColumnDef())
		}
	case "AT_ValidateConstraint":
		if a.wants(validateUnderLock) && len(node.Cmds) > 1 {
			a.after = append(a.after, dialects.Part{
				Name: lowerWords("validate", cmd.Name), Apart: dialects.Committed, SQL: headed(a.remove(i), a.head+" VALIDATE CONSTRAINT "+quote(cmd.Name)),
			})
			a.cure(validateUnderLock, "validate the constraint by itself")
		}
	case "AT_SetNotNull":
		partitioned := a.table != nil && a.table.Kind == dialects.PartitionedTable
		if a.wants(setNotNull) && a.version().AtLeast(12, 0) && (node.Relation.Inh || !partitioned) {
			a.setNotNull(i, cmd.Name)
		}
	case "AT_DetachPartition":
		a.detach(i, cmd.Def.GetPartitionCmd())
	}
}

// keepOrder gives up where what stays needs a key that comes behind it.
func (a *alterFixer) keepOrder(node *astAlterTableStmt) {
	if !slices.ContainsFunc(a.after, func(p dialects.Part) bool { return p.Apart == dialects.Outside }) {
		return
	}
	for _, n := range node.Cmds {
		cmd := n.GetAlterTableCmd()
		constraints := []*astNode{cmd.Def}
		if def := cmd.GetDef().GetColumnDef(); def != nil {
			constraints = def.Constraints
		}
		for _, c := range constraints {
			if referenced := c.GetConstraint().GetPktable(); referenced != nil && a.Resolve(rangeName(referenced)) == a.name {
				a.giveUp()
			}
		}
		switch cmd.Subtype.String() {
		case "AT_ReplicaIdentity", "AT_ClusterOn":
			a.giveUp()
		}
	}
}

// setNotNull has a CHECK prove that the column has no NULL, which 12 and later take in the place of a scan. It
// must not be dropped in the same command.
func (a *alterFixer) setNotNull(i int, column string) {
	check := a.freeCheck(a.table, a.name.Name, column)
	a.names = append(a.names, check)
	a.replace(i, "ADD CONSTRAINT "+quote(check)+" CHECK ("+quote(column)+" IS NOT NULL) NOT VALID")
	a.validate(check)
	a.follow(lowerWords("set_not_null", a.name.Name, column), a.head+" ALTER COLUMN "+quote(column)+" SET NOT NULL")
	a.follow(lowerWords("drop", check), a.head+" DROP CONSTRAINT "+quote(check))
	a.cure(setNotNull, "prove by a CHECK that is validated on its own that "+column+" has no NULL, then set it NOT NULL")
}

// prove has the columns of a key that may be NULL made NOT NULL before it.
func (a *alterFixer) prove(columns []string) {
	for _, name := range columns {
		column := a.table.Column(name)
		if column == nil || column.NotNull || checkedNotNull(a.table, name) || slices.Contains(a.proved, name) {
			continue
		}
		check := a.freeCheck(a.table, a.name.Name, name)
		a.names, a.proved = append(a.names, check), append(a.proved, name)
		a.before = append(a.before,
			dialects.Part{Name: lowerWords("add", check), SQL: a.head + " ADD CONSTRAINT " + quote(check) + " CHECK (" + quote(name) + " IS NOT NULL) NOT VALID"},
			dialects.Part{Name: lowerWords("validate", check), SQL: a.head + " VALIDATE CONSTRAINT " + quote(check), Apart: dialects.Committed},
			dialects.Part{Name: lowerWords("set_not_null", a.name.Name, name), SQL: a.head + " ALTER COLUMN " + quote(name) + " SET NOT NULL"},
			dialects.Part{Name: lowerWords("drop", check), SQL: a.head + " DROP CONSTRAINT " + quote(check)})
	}
}

// validate has a constraint checked once it is committed: within the same transaction its check would run under
// the lock that adding it took.
func (a *alterFixer) validate(constraint string) {
	a.after = append(a.after, dialects.Part{
		Name: lowerWords("validate", constraint), SQL: a.head + " VALIDATE CONSTRAINT " + quote(constraint), Apart: dialects.Committed,
	})
}

// follow adds a part that may commit with the one before it.
func (a *alterFixer) follow(name, sql string) {
	a.after = append(a.after, dialects.Part{Name: name, SQL: sql})
}

// replace puts text in the place of a subcommand.
func (a *alterFixer) replace(i int, text string) {
	a.edits = append(a.edits, dialects.TextEdit{Start: a.script.start(a.subs[i]), End: a.script.end(a.subs[i]), Text: text})
}

// insert puts text in behind a token.
func (a *alterFixer) insert(token int, text string) {
	at := a.script.tokens[token].end
	a.edits = append(a.edits, dialects.TextEdit{Start: at, End: at, Text: text})
}

// remove takes a subcommand out of the statement, and returns the comments that go with it.
func (a *alterFixer) remove(i int) []string {
	a.gone[i] = true
	return a.script.commentsIn(a.ownStart(i), a.ownEnd(i))
}

// ownStart is where a subcommand starts with the comments above it; one in the line in which the subcommand before it
// ends is that one's.
func (a *alterFixer) ownStart(i int) int {
	if i > 0 {
		end := a.script.end(a.subs[i-1])
		for _, c := range a.script.comments {
			if c.start >= end && c.end <= a.script.start(a.subs[i]) && strings.Contains(a.script.src[end:c.start], "\n") {
				return c.start
			}
		}
	}
	return a.script.start(a.subs[i])
}

// ownEnd is where the next subcommand starts with its comments.
func (a *alterFixer) ownEnd(i int) int {
	if i+1 < len(a.subs) {
		return a.ownStart(i + 1)
	}
	return a.script.end(a.subs[i])
}

// main is the statement with what stays in it; false where nothing does.
func (a *alterFixer) main() (string, bool) {
	last := -1
	for i, gone := range a.gone {
		if !gone {
			last = i
		}
	}
	if last < 0 {
		return "", false
	}
	if len(a.added) > 0 {
		at := a.script.end(a.subs[last])
		for _, text := range a.added {
			a.edits = append(a.edits, dialects.TextEdit{Start: at, End: at, Text: ", " + text})
		}
	}
	for i, gone := range a.gone {
		switch {
		case !gone:
		case i < last:
			a.edits = append(a.edits, dialects.TextEdit{Start: a.ownStart(i), End: a.ownStart(i + 1)})
		default:
			a.edits = append(a.edits, dialects.TextEdit{Start: a.script.end(a.subs[max(last, i-1)]), End: a.script.end(a.subs[i])})
		}
	}
	slices.SortStableFunc(a.edits, func(x, y dialects.TextEdit) int { return x.Start - y.Start })
	return dialects.ApplyEdits(a.script.src, a.edits), true
}
