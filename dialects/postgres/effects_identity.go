package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// identityEffects are on tables of which a publication sends updates, and whose rows nothing identifies once the
// statement has run: every UPDATE and DELETE fails there. Source: CheckCmdReplicaIdentity in the server's
// execReplication.c, and the manual's "Publication".
func (j judge) identityEffects(change dialects.Change) []dialects.Effect {
	if !j.mayUnidentify(change) {
		return nil
	}
	if c, ok := change.(dialects.AlterTable); ok {
		if t := j.Table(c.Table); t == nil || len(t.Publications) == 0 { // not by what the migrations tell
			if c.Value != "nothing" {
				return nil
			}
			return quiet(breaks(dialects.Effect{Table: j.Resolve(c.Table), Transactional: true}, noReplicaIdentity,
				"if a publication sends the updates and deletes of %s, the server refuses them from then on", j.Resolve(c.Table)))
		}
	}
	after := j.Catalog.Clone()
	Dialect{}.Replay(after, j.statement)
	var effects []dialects.Effect
	for _, was := range j.Tables {
		t := after.Tables[was.Name]
		if t != nil && failsToIdentify(after, t) && !failsToIdentify(j.Catalog, was) {
			effects = append(effects, breaks(dialects.Effect{Table: t.Name, Transactional: true}, noReplicaIdentity,
				"a publication sends the updates and deletes of %s, and nothing identifies its rows: the server refuses them", t.Name))
		}
	}
	sortEffects(effects)
	return effects
}

// mayUnidentify is a quick look: it spares most statements a copy of the catalog.
func (j judge) mayUnidentify(change dialects.Change) bool {
	table := j.Table(change.Target())
	switch c := change.(type) {
	case dialects.CreateObject:
		return c.Kind == dialects.Publication
	case dialects.AlterObject:
		return c.Kind == dialects.Publication && c.What == "set tables"
	case dialects.AlterTable:
		return c.What == "replica identity"
	case dialects.DropIndex:
		table = j.tableOfIndex(c.Index)
	case dialects.DropConstraint, dialects.DropColumn:
	default:
		return false
	}
	return table != nil && len(table.Publications) > 0
}

// failsToIdentify reports whether a publication of the catalog's sends the table's updates or deletes without anything
// that identifies a row.
func failsToIdentify(c *dialects.Catalog, t *dialects.Table) bool {
	return !identifiesRows(t) && slices.ContainsFunc(t.Publications, func(use dialects.PublicationUse) bool {
		o := c.Objects[dialects.ObjectKey{Kind: dialects.Publication, Name: dialects.Name{Name: use.Name}}]
		return o == nil || sendsUpdates(o.Definition)
	})
}

// identifiesRows reports whether a table's replica identity does; of a partitioned table each partition's own has to.
func identifiesRows(t *dialects.Table) bool {
	switch t.ReplicaIdentity {
	case "full":
		return true
	case "nothing":
		return false
	case "", "default":
		return t.Partition != nil || slices.ContainsFunc(t.Constraints, func(con *dialects.Constraint) bool { return con.Kind == dialects.PrimaryKey })
	}
	return slices.ContainsFunc(t.Indexes, func(index *dialects.Index) bool { return index.Name.Name == t.ReplicaIdentity })
}

// sendsUpdates reports whether CREATE PUBLICATION leaves updates or deletes among what is sent, as it does unless it
// says what that is.
func sendsUpdates(definition string) bool {
	stmt, err := parseOne(definition)
	if err != nil {
		return true
	}
	for _, o := range stmt.GetCreatePublicationStmt().GetOptions() {
		if def := o.GetDefElem(); def.GetDefname() == "publish" {
			sent := strings.ToLower(argText(def.GetArg()))
			return strings.Contains(sent, "update") || strings.Contains(sent, "delete")
		}
	}
	return true
}
