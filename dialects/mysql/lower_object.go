package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerObjects lowers what is neither a table nor a part of one and that the parser knows.
func (l *lowerer) lowerObjects(stmt astStmt) []dialects.Change {
	schema := func(name string) dialects.Name { return dialects.Name{Name: name} }
	switch s := stmt.(type) {
	case *astCreateView:
		return single(dialects.CreateObject{
			Kind: dialects.View, Object: tableName(s.ViewName), Replace: s.OrReplace || l.replace,
			Reads: l.read(s.Select), Definition: l.text,
		})
	case *astCreateDatabase:
		return single(dialects.CreateObject{Kind: dialects.Schema, Object: schema(s.Name.O), Replace: s.IfNotExists})
	case *astDropDatabase:
		return single(dialects.DropObject{Kind: dialects.Schema, Object: schema(s.Name.O), IfExists: s.IfExists, Cascade: true})
	case *astAlterDatabase:
		return single(dialects.AlterObject{Kind: dialects.Schema, Object: schema(s.Name.O), What: "options"})
	case *astCreateSequence:
		return single(dialects.CreateObject{
			Kind: dialects.Sequence, Object: tableName(s.Name), Replace: s.IfNotExists || l.replace, Definition: l.text,
		})
	case *astAlterSequence:
		return single(dialects.AlterObject{Kind: dialects.Sequence, Object: tableName(s.Name), What: "options"})
	case *astDropSequence:
		var changes []dialects.Change
		for _, t := range s.Sequences {
			changes = append(changes, dialects.DropObject{Kind: dialects.Sequence, Object: tableName(t), IfExists: s.IfExists})
		}
		return changes
	}
	return nil
}

// objectKinds are the kinds of what is lowered from its words alone, since the parser does not know it
// or knows only some of its body.
var objectKinds = map[string]dialects.ObjectKind{
	"TRIGGER": dialects.TriggerObject, "FUNCTION": dialects.Function, "PROCEDURE": dialects.Function,
	"EVENT": dialects.OtherObject, "PACKAGE": dialects.Function, // a package is routines that apps call
}

// lowerStored lowers CREATE, ALTER and DROP of triggers, routines and events; nil for any other
// statement.
func (l *lowerer) lowerStored() []dialects.Change {
	a := amender{src: l.src, tokens: l.tokens}
	verb := a.word(0)
	if verb != "CREATE" && verb != "ALTER" && verb != "DROP" {
		return nil
	}
	i := a.storedHead()
	kind, ok := objectKinds[a.word(i)]
	if !ok {
		return nil
	}
	if verb == "ALTER" && a.is(i, "TABLE") {
		return nil
	}
	word := a.word(i)
	i = a.skip(i+1, "BODY")
	conditional := a.is(i, "IF")
	i = a.skip(a.skip(i, "IF", "NOT", "EXISTS"), "IF", "EXISTS")
	name, next := a.qualifiedName(i)
	if name.Name == "" {
		return nil
	}
	switch {
	case verb == "DROP":
		return single(dialects.DropObject{Kind: kind, Object: name, IfExists: conditional})
	case verb == "ALTER":
		c := dialects.AlterObject{Kind: kind, Object: name, What: "options"}
		if word == "EVENT" {
			c.Value = l.text
		}
		return single(c)
	}
	c := dialects.CreateObject{Kind: kind, Object: name, Replace: conditional || a.is(1, "OR", "REPLACE"), Definition: l.text}
	if kind == dialects.TriggerObject {
		c.Table = a.triggerTable(next)
	}
	return single(c)
}

// storedHead is the index of the word that says what CREATE, ALTER or DROP is about.
func (a *amender) storedHead() int {
	i := a.skip(1, "OR", "REPLACE")
	if a.is(i, "DEFINER", "=") {
		i = a.accountEnd(i + 2)
	}
	return a.skip(i, "AGGREGATE")
}

// accountEnd is the index behind the account at i: user, user@host, or CURRENT_USER().
func (a *amender) accountEnd(i int) int {
	i++
	if i < len(a.tokens) && a.kind(i) == otherToken && strings.HasPrefix(a.src[a.tokens[i].start:], "@") {
		return i + 1
	}
	return a.skip(i, "(", ")")
}

// definer finds an account that CREATE or ALTER gives what it makes to. Of a view ALGORITHM may stand before it.
func (l *lowerer) definer() {
	a := amender{src: l.src, tokens: l.tokens}
	if !a.is(0, "CREATE") && !a.is(0, "ALTER") {
		return
	}
	i := a.skip(1, "OR", "REPLACE")
	if a.is(i, "ALGORITHM", "=") {
		i += 3
	}
	if a.is(i, "DEFINER", "=") && !a.is(i+2, "CURRENT_USER") && !a.is(i+2, "CURRENT_ROLE") {
		l.traits.Add(dialects.Definer, a.textOf(i+2, a.accountEnd(i+2)), 0)
	}
}

// qualifiedName reads a name of one or two parts, and returns the index behind it.
func (a *amender) qualifiedName(i int) (dialects.Name, int) {
	if i >= len(a.tokens) || a.kind(i) != wordToken && a.kind(i) != quotedToken {
		return dialects.Name{}, i
	}
	end := a.qualifiedEnd(i)
	if end > i+1 {
		return dialects.Name{Schema: a.name(i), Name: a.name(end - 1)}, end
	}
	return dialects.Name{Name: a.name(i)}, end
}

// triggerTable is the table of BEFORE INSERT ON table. Events may be several on MariaDB.
func (a *amender) triggerTable(i int) dialects.Name {
	for ; i < len(a.tokens); i++ {
		if a.is(i, "ON") {
			name, _ := a.qualifiedName(i + 1)
			return name
		}
	}
	return dialects.Name{}
}
