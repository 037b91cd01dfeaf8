package mysql

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// The hazards of MySQL and MariaDB. Each is the ID of the lint rule that explains it.
const (
	addColumnRewrite      = "add-column-rewrite"
	algorithmRefused      = "algorithm-refused"
	askedToBlock          = "asked-to-block"
	bareAlter             = "bare-alter"
	changeColumnType      = "change-column-type"
	dropColumn            = "drop-column"
	dropObject            = "drop-object"
	explicitLock          = "explicit-lock"
	dropHistory           = "drop-history"
	dropPartition         = "drop-partition"
	dropTable             = "drop-table"
	foreignKeyNotOnline   = "foreign-key-not-online"
	foreignKeyRefused     = "foreign-key-refused"
	indexNotOnline        = "index-not-online"
	mixedAlter            = "mixed-alter"
	notNullWithoutDefault = "not-null-without-default"
	notOnThisServer       = "not-on-this-server"
	opaqueStatement       = "opaque-statement"
	renameColumn          = "rename-column"
	renameTableHazard     = "rename-table"
	setNotNull            = "set-not-null"
	stillNeeded           = "still-needed"
	syntaxError           = "syntax-error"
	tableRewrite          = "table-rewrite"
	truncateTable         = "truncate-table"
	unboundedWrite        = "unbounded-write"
)

// The locks of an ALTER, by the words of its LOCK clause. Every ALTER holds the exclusive one for a
// moment at its end, and most at their start: that is no hazard, since the runner asks for it with a
// short timeout.
const (
	lockShared    dialects.Lock = "SHARED"
	lockExclusive dialects.Lock = "EXCLUSIVE"
)

// settings are what the effects of a statement depend on beside the tables.
type settings struct {
	strict            bool
	foreignKeyChecks  bool
	onlineCopyAllowed bool // MariaDB's old_mode without LOCK_ALTER_TABLE_COPY
}

var defaultSettings = settings{strict: true, foreignKeyChecks: true, onlineCopyAllowed: true}

// Effects judges each change of a statement, on the catalog as it is before the statement. What an
// ALTER costs depends on all of its clauses, so each effect has the algorithm, lock and rewriting of
// the whole; hazards are with the change that brings them. A redefinition that comes down to one
// change carries that change.
//
// The rules were held against MySQL 9.7 and MariaDB 10.11; what differs between releases is from the
// manuals.
func (d Dialect) Effects(c *dialects.Catalog, s dialects.Statement, fresh dialects.Fresh) []dialects.Effect {
	j := d.judge(c, s)
	var effects []dialects.Effect
	for i, e := range j.effects() {
		if s.Foreign != nil { // it is refused: what it would do no longer matters
			e.Hazards = nil
			if i == 0 {
				e = breaks(e, notOnThisServer, "the server refuses the statement: %s", s.Foreign.Message)
			}
			effects = append(effects, e)
			continue
		}
		if fresh[e.Table] {
			e.Blocks = dialects.BlocksNothing
			e.Hazards = slices.DeleteFunc(e.Hazards, func(h dialects.Hazard) bool { return !refusals[h.ID] })
		}
		for i := range e.Hazards {
			if h := &e.Hazards[i]; h.Instead == "" {
				h.Instead = j.instead(e, h.ID)
			}
		}
		effects = append(effects, e)
	}
	return effects
}

// judge is of a statement on a catalog.
func (d Dialect) judge(c *dialects.Catalog, s dialects.Statement) judge {
	now := defaultSettings
	now.foreignKeyChecks, now.strict = !c.Session.KeysUnchecked, !c.Session.Lenient
	return judge{replayer: replayer{Catalog: c, server: d.serverOf(c)}, statement: s, settings: now}
}

// judge knows what a statement's effects depend on.
type judge struct {
	replayer
	statement dialects.Statement
	settings  settings
}

func (j judge) effects() []dialects.Effect {
	var effects []dialects.Effect
	alters := j.alters()
	whole := outcome{}
	if alters {
		whole = j.outcome()
	}
	for i, change := range j.statement.Changes {
		e := dialects.Effect{Change: change, Blocks: dialects.BlocksNothing}
		if name := change.Target(); name.Name != "" {
			e.Table = j.Resolve(name)
		}
		if alters && whole.judges(i) {
			e = j.alterEffect(e, whole, i)
		} else {
			e = j.otherEffect(e)
		}
		e = j.refused(e, i)
		effects = append(effects, e)
	}
	if alters {
		effects = once(once(j.bare(effects, whole), mixedAlter), askedToBlock)
		effects = j.refusedAlgorithm(effects, whole)
	}
	return effects
}

// once keeps the first of a hazard that the whole statement has.
func once(effects []dialects.Effect, id string) []dialects.Effect {
	seen := false
	for i := range effects {
		effects[i].Hazards = slices.DeleteFunc(effects[i].Hazards, func(h dialects.Hazard) bool {
			again := h.ID == id && seen
			seen = seen || h.ID == id
			return again
		})
	}
	return effects
}

// alters reports whether the statement is an ALTER TABLE, or one that the servers make into it: CREATE
// INDEX and DROP INDEX.
func (j judge) alters() bool {
	switch j.verb() {
	case "ALTER":
		return slices.ContainsFunc(j.statement.Changes, isAlter)
	case "CREATE", "DROP":
		_, creates := j.statement.Changes[0].(dialects.CreateIndex)
		_, drops := j.statement.Changes[0].(dialects.DropIndex)
		_, dropsKey := j.statement.Changes[0].(dialects.DropConstraint)
		return creates || drops || dropsKey
	}
	return false
}

// verb is the statement's first word.
func (j judge) verb() string {
	a := amender{src: j.statement.Text, tokens: tokensOf(j.statement.Text)}
	return a.word(0)
}

// maxVerb is how much of a statement its first tokens are read from.
const maxVerb = 200

// tokensOf are the first tokens of a statement, behind the settings of SET STATEMENT.
func tokensOf(text string) []token {
	text = text[:min(len(text), maxVerb)]
	var tokens []token
	l := lexer{src: text, delimiter: defaultDelimiter, dialect: Dialect{}}
	for {
		t, ok := l.next()
		if !ok {
			return behindSettings(text, tokens)
		}
		if t.kind != commentToken && t.kind != markToken {
			tokens = append(tokens, t)
		}
	}
}

func isAlter(change dialects.Change) bool {
	switch c := change.(type) {
	case dialects.AddColumn, dialects.DropColumn, dialects.RenameColumn, dialects.RedefineColumn, dialects.SetDefault,
		dialects.AlterColumn, dialects.AddForeignKey, dialects.AddConstraint, dialects.DropConstraint, dialects.AlterConstraint,
		dialects.CreateIndex, dialects.DropIndex, dialects.RenameIndex, dialects.AlterTable, dialects.RenameTable:
		return true
	case dialects.AlterObject:
		return c.Kind == dialects.IndexObject
	}
	return false
}

// stops adds a hazard that has traffic wait. Its detail is formatted.
func stops(e dialects.Effect, id, format string, args ...any) dialects.Effect {
	return hazardous(e, id, dialects.LockFamily, format, args...)
}

// breaks adds a hazard that breaks an app version which still runs.
func breaks(e dialects.Effect, id, format string, args ...any) dialects.Effect {
	return hazardous(e, id, dialects.CompatibilityFamily, format, args...)
}

// wayOut says how to do without the hazard that was added last.
func wayOut(e dialects.Effect, format string, args ...any) dialects.Effect {
	e.Hazards[len(e.Hazards)-1].Instead = fmt.Sprintf(format, args...)
	return e
}

func hazardous(e dialects.Effect, id string, family dialects.Family, format string, args ...any) dialects.Effect {
	e.Hazards = append(e.Hazards, dialects.Hazard{ID: id, Family: family, Detail: fmt.Sprintf(format, args...)})
	return e
}
