package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// closing are the settings by which a server takes no more writes, or no more sessions, from anybody.
var closing = map[string]string{
	"global read_only":             "no app can write any table of the server until it is off again",
	"global super_read_only":       "nobody can write any table of the server until it is off again",
	"global offline_mode":          "the server ends the sessions of all apps, and takes none until it is off again",
	"global transaction_read_only": "no session that begins from now on can write",
	"global tx_read_only":          "no session that begins from now on can write",
}

// closesServer judges SET.
func (j judge) closesServer(e dialects.Effect, c dialects.Setting) dialects.Effect {
	e.Transactional = true
	why, ok := closing[c.Name]
	if !ok || isOff(c.Value) {
		return e
	}
	e.Blocks = dialects.BlocksWrites
	return wayOut(stops(e, explicitLock, "%s", why), "leave it out of migrations: a switch-over to another server is for its own tool")
}

func isOff(value string) bool {
	switch strings.ToUpper(strings.Trim(value, "'\"`")) {
	case "0", "OFF", "FALSE", "DEFAULT":
		return true
	}
	return false
}

// dropsObject judges DROP of what apps may call. IF EXISTS of what no migration made most likely finds nothing.
func (j judge) dropsObject(e dialects.Effect, c dialects.DropObject) dialects.Effect {
	known := j.Objects[dialects.ObjectKey{Kind: c.Kind, Name: j.Resolve(c.Object)}] != nil
	if c.Kind != dialects.Function && c.Kind != dialects.Sequence || c.IfExists && j.Whole() && !known {
		return e
	}
	return breaks(e, dropObject, "app versions that still use it fail at once")
}

// readsWhole judges a query that fills a new table. At READ COMMITTED it would lock no rows, which no migration says of
// its session; held against MySQL 9.7 and MariaDB 10.11.
func (j judge) readsWhole(e dialects.Effect, c dialects.CreateTable) dialects.Effect {
	whole, ok := j.wholeTable(c.Whole)
	if !ok || c.IfNotExists && j.Table(c.Table) != nil {
		return e
	}
	e.Table, e.Scans = whole, true
	return wayOut(stops(e, unboundedWrite, "it reads every row of %s and holds it locked until it is through, so each app that writes one waits, and "+
		"replicas fall behind", whole),
		"make the table first, and copy in batches by primary key, each in a transaction of its own, outside of the migration")
}

// serversOwn are the databases whose tables no app writes.
var serversOwn = map[string]bool{"information_schema": true, "performance_schema": true, "mysql": true, "sys": true}

// wholeTable is the table that a query takes every row of; one that no migration made is in use.
func (j judge) wholeTable(read dialects.Name) (dialects.Name, bool) {
	if t := j.Table(read); t != nil {
		return t.Name, true
	}
	view := j.Objects[dialects.ObjectKey{Kind: dialects.View, Name: j.Resolve(read)}]
	if read.Name == "" || view != nil || serversOwn[strings.ToLower(read.Schema)] {
		return dialects.Name{}, false
	}
	return j.Resolve(read), true
}
