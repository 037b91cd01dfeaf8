package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// otherEffect judges what is no ALTER, and what of an ALTER has no algorithm.
func (j judge) otherEffect(e dialects.Effect) dialects.Effect {
	switch c := e.Change.(type) {
	case dialects.CreateTable:
		if e = j.readsWhole(e, c); c.Replace && j.Table(c.Table) != nil {
			return breaks(e, dropTable, "the rows of %s are gone, and app versions that use it find another table", e.Table)
		}
	case dialects.DropTable:
		if c.IfExists && j.Whole() && j.Table(c.Table) == nil {
			return e
		}
		e.Lock = lockExclusive
		users := j.tableUsers(e.Table)
		e = breaks(e, dropTable, "app versions that still use %s fail at once, and its rows are gone%s", e.Table, users)
		if users != "" {
			e = wayOut(e, "first deploy a version that does not use the table, and drop or mend what names it; drop it when no other one runs")
		}
		return e
	case dialects.RenameTable:
		e.Lock = lockExclusive
		return j.renamesTable(e)
	case dialects.AlterTable:
		return j.partitionEffect(e, c)
	case dialects.DropObject:
		if c.Kind == dialects.Schema {
			return breaks(e, dropTable, "all tables of %s are gone", c.Object)
		}
		if c.Kind == dialects.View && !(c.IfExists && j.Whole() && j.Objects[dialects.ObjectKey{Kind: c.Kind, Name: j.Resolve(c.Object)}] == nil) {
			return wayOut(breaks(e, dropTable, "app versions that still use view %s fail at once", e.Table),
				"to put another view in its place write CREATE OR REPLACE VIEW alone; to do without it first deploy a version that does not use it")
		}
		return j.dropsObject(e, c)
	case dialects.CreateObject:
		if c.Kind == dialects.TriggerObject {
			e.Table = j.Resolve(c.Table)
			e.Lock = lockExclusive
		}
		if c.Kind == dialects.View {
			return j.replacesView(e, c)
		}
	case dialects.WriteData:
		return j.writeEffect(e, c)
	case dialects.LockTable:
		if c.Lock == globalReadLock {
			e.Lock, e.Blocks = c.Lock, dialects.BlocksWrites
			return stops(e, explicitLock, "nobody can write any table of the server until UNLOCK TABLES or the end of the session, and while it waits for "+
				"what runs, reads queue behind it too")
		}
	case dialects.Setting:
		return j.closesServer(e, c)
	case dialects.Transaction:
		e.Transactional = true
	case dialects.Opaque:
		if j.statement.Syntax != nil {
			return stops(e, syntaxError, "segue cannot read the statement: %s", c.Reason)
		}
		return stops(e, opaqueStatement, "%s", c.Reason)
	}
	return e
}

func (j judge) writeEffect(e dialects.Effect, c dialects.WriteData) dialects.Effect {
	e.Transactional = c.Kind != dialects.Truncate
	switch c.Kind {
	case dialects.Truncate:
		e.Lock = lockExclusive
		return stops(e, truncateTable, "takes every row out of %s, and nothing brings them back", e.Table)
	case dialects.Insert:
		if whole, ok := j.wholeTable(c.Whole); ok {
			e.Table, e.Scans = whole, true
			return wayOut(stops(e, unboundedWrite, "it reads every row of %s and holds it locked until it commits, so each app that writes one waits, "+
				"and replicas fall behind", whole),
				"copy in batches by primary key, each in a transaction of its own, outside of the migration")
		}
	case dialects.Select:
		if whole, ok := j.wholeTable(c.Whole); ok {
			e.Table, e.Scans = whole, true
			return wayOut(stops(e, unboundedWrite, "every row of %s is locked until it commits, and so are the gaps between them: each app that "+
				"writes one, or adds one, waits", whole), "leave it out, or have a WHERE pick the rows out by a key")
		}
	case dialects.Update, dialects.Delete:
		if !c.Bounded {
			e.Scans = true
			return stops(e, unboundedWrite, "every row of %s is locked until it commits, each app that writes one waits, and replicas fall behind", e.Table)
		}
	}
	return e
}

// partitionEffect judges what is done to partitions, OPTIMIZE, and RENAME TABLE to another database.
func (j judge) partitionEffect(e dialects.Effect, c dialects.AlterTable) dialects.Effect {
	e.Lock = lockExclusive
	switch c.What {
	case "optimize":
		t := j.Table(c.Table)
		if t == nil {
			t = &dialects.Table{Engine: innoDB}
		}
		a := j.rebuilt(t, "")
		e = j.cost(e, a)
		return j.costHazard(e, outcome{ability: a, parts: []ability{a}, selves: []ability{a}}, a, a, tableRewrite)
	case "set schema":
		return j.renamesTable(e)
	case "drop partition", "truncate partition":
		return wayOut(breaks(e, dropPartition, "the rows of partition %s are gone for every app version at once, and nothing brings them back", c.Value),
			"keep a copy of the rows where they are still wanted, and allow it once no app version reads them")
	case "exchange partition":
		e.Scans = true
		partition, other, _ := strings.Cut(c.Value, " WITH TABLE ")
		return wayOut(breaks(e, dropPartition, "the rows of partition %s and those of %s change places, for every app version at once", partition, other),
			"allow it once no app version reads the rows that go")
	case "convert partition":
		partition, other, _ := strings.Cut(c.Value, " TO TABLE ")
		return wayOut(breaks(e, dropPartition, "the rows of partition %s are those of table %s from then on, and %s has them no more, for every app version at once",
			partition, other, e.Table), "allow it once no app version reads them there")
	case "partition by", "remove partitioning":
		e.Lock, e.Blocks, e.Scans, e.Rewrites = lockShared, dialects.BlocksWrites, true, true
		e.Algorithm = dialects.AlgorithmCopy
		return stops(e, tableRewrite, "the server copies every row of %s into other partitions, and writes wait until it is done", e.Table)
	case "coalesce partition", "reorganize partition", "rebuild partition", "optimize partition", "repair partition":
		e.Lock, e.Blocks, e.Scans, e.Rewrites = lockShared, dialects.BlocksWrites, true, true
		return stops(e, tableRewrite, "the server copies partitions of %s, and writes wait until it is done", e.Table)
	case "add partition":
		if t := j.Table(c.Table); t != nil && t.Partition != nil && (t.Partition.Strategy == "hash" || t.Partition.Strategy == "key") {
			e.Lock, e.Blocks, e.Scans, e.Rewrites = lockShared, dialects.BlocksWrites, true, true
			return stops(e, tableRewrite, "the server spreads the rows of %s over the partitions anew, and writes wait until it is done", e.Table)
		}
	case "check partition":
		e.Scans = true
	case "import tablespace", "discard tablespace", "import partition tablespace", "discard partition tablespace",
		"secondary load", "secondary unload", "convert table":
		return stops(e, opaqueStatement, "segue does not look into what %s does to %s", c.What, e.Table)
	}
	return e
}
