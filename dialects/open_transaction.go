package dialects

import (
	"fmt"
	"slices"
)

// The hazards that a statement has only because of what stands before it in its transaction. Each is the
// ID of the lint rule that explains it.
const (
	validateUnderLock  = "validate-under-lock"
	enumValueUsedEarly = "enum-value-used-early"
)

// byName are the hazards of what apps use by its name: a statement loses them where nobody can have used it yet, or
// sees it missing.
var byName = []string{"drop-object", "rename-object", "rename-table"}

// OpenTransaction is what the transaction that a script is in holds so far. Lint and the planner follow it
// with the same code, so they cannot disagree. On servers that commit DDL by themselves it holds nothing, and only what
// the script makes again counts.
type OpenTransaction struct {
	Dialect Dialect
	Rule    TransactionRule
	Script  []ScriptStatement
	Placed  []Placing // of Script

	unit   int
	locks  []HeldLock // those that make others wait
	made   []Name     // enums
	values []newValue // nobody may use them before the transaction has committed
	tie    string     // what the end of the transaction would undo, so that it cannot come earlier
	// missing is what the transaction has dropped, or renamed, and makes again before its end.
	missing []Name
}

// HeldLock is a lock that a transaction keeps until it ends, and where the statement is that took it.
type HeldLock struct {
	Effect
	Taken Place
}

type newValue struct {
	enum  Name
	value string
}

// EnumReader is a Dialect whose servers let nobody use an enum's new value in the transaction that adds it.
type EnumReader interface {
	// UsesValue reports whether a statement makes the server read the value. Where that cannot be told
	// it says no.
	UsesValue(c *Catalog, s Statement, enum Name, value string) bool
	// MakesUsable reports whether a value may be used at once if its enum is as new as itself.
	MakesUsable(v Version) bool
}

// Run goes on to a statement that runs as it is written. It adds to the effects the hazards that come of
// what the transaction holds. Where segue chooses the transactions it is to commit before such a statement
// instead: it is apart then. Nothing that fresh holds is in use.
func (t *OpenTransaction) Run(c *Catalog, p Placing, s Statement, effects []Effect, fresh Fresh) (weighed []Effect, apart bool) {
	t.enter(p)
	if t.commits() {
		return t.remade(c, p, s, effects), false
	}
	effects = t.remade(c, p, s, effects)
	hazard, at := t.conflict(c, s, effects, fresh)
	if (hazard != nil || t.onlyAdds() && WritesRows(c, s, fresh)) && t.Rule == PlannedTransactions && t.Ties() == "" {
		t.End()
		apart = true
		hazard, at = t.conflict(c, s, effects, fresh)
	}
	if hazard != nil && len(effects) > 0 {
		effects = slices.Clone(effects)
		effects[at].Hazards = append(slices.Clone(effects[at].Hazards), *hazard)
	}
	t.hold(c, s, effects)
	return effects, apart
}

// Locks are those that the transaction of the statement at a place holds before it, and that others wait for.
func (t *OpenTransaction) Locks(p Placing) []HeldLock {
	t.enter(p)
	return slices.Clip(t.locks)
}

func (t *OpenTransaction) enter(p Placing) {
	if p.Unit != t.unit {
		t.End()
		t.unit = p.Unit
	}
}

// End is the end of the transaction, or a statement that commits by itself.
func (t *OpenTransaction) End() {
	*t = OpenTransaction{Dialect: t.Dialect, Rule: t.Rule, Script: t.Script, Placed: t.Placed, unit: t.unit}
}

// conflict finds what a statement cannot bear, and the effect that it is about.
func (t *OpenTransaction) conflict(c *Catalog, s Statement, effects []Effect, fresh Fresh) (*Hazard, int) {
	for i, e := range effects {
		v, ok := e.Change.(ValidateConstraint)
		if !ok || !e.Scans || fresh[e.Table] {
			continue
		}
		// A statement takes the strongest lock of its parts for all of them.
		for _, held := range slices.Concat(t.locks, strong(s, effects)) {
			detail := fmt.Sprintf("validates %s with a scan of %s while this transaction holds %s on %s: %s",
				v.Name, e.Table, held.Lock, held.Table, waiting(held.Blocks))
			return &Hazard{ID: validateUnderLock, Family: LockFamily, Detail: t.tied(detail)}, i
		}
	}
	reader, ok := t.Dialect.(EnumReader)
	if !ok {
		return nil, 0
	}
	for _, v := range t.values {
		if reader.UsesValue(c, s, v.enum, v.value) {
			detail := fmt.Sprintf("uses %s of enum %s, and the server refuses that until the transaction that added it has committed",
				v.value, v.enum)
			return &Hazard{ID: enumValueUsedEarly, Family: CompatibilityFamily, Detail: t.tied(detail)}, 0
		}
	}
	return nil, 0
}

// onlyAdds reports whether the transaction holds locks, all for what it adds. Where it has taken something away, such as
// a trigger that it makes again later, no app may write before its end.
func (t *OpenTransaction) onlyAdds() bool {
	for _, held := range t.locks {
		switch held.Change.(type) {
		case AddColumn, SetDefault, AddConstraint, AddForeignKey, CreateTable, CreateIndex, CreateObject:
		default:
			return false
		}
	}
	return len(t.locks) > 0
}

// remade takes away the hazard of dropping what the transaction makes again, so that nobody sees it missing, and of
// dropping or renaming what the script itself has made. Until it is made again nobody may commit.
func (t *OpenTransaction) remade(c *Catalog, p Placing, s Statement, effects []Effect) []Effect {
	for i, e := range effects {
		name, known := c.Resolve(e.Change.Target()), true
		cleared := isByName
		switch x := e.Change.(type) {
		case DropTable:
			if known = !x.IfExists || c.Gaps || c.hasRelation(name); known {
				continue
			}
		case DropObject:
			known = !x.IfExists || c.Gaps || c.hasAny(name)
		case AlterObject:
		default:
			continue
		}
		if !known {
			cleared = isDrop
		}
		if !slices.ContainsFunc(e.Hazards, cleared) {
			continue
		}
		before, behind, later := t.around(c, p, s, name)
		if !before && !behind && (known || !later) {
			continue
		}
		if !before && known && !t.commits() {
			t.missing = append(t.missing, name)
		}
		effects = slices.Clone(effects)
		effects[i].Hazards = slices.DeleteFunc(slices.Clone(e.Hazards), cleared)
	}
	return effects
}

// commits reports whether the server commits DDL by itself. Then all that can be asked for is that the same script
// makes again what it drops: there may be no other way to write it anew.
func (t *OpenTransaction) commits() bool {
	_, commits := t.Dialect.(Autocommitter)
	return commits
}

func isByName(h Hazard) bool { return slices.Contains(byName, h.ID) }

// isDrop is of what IF EXISTS drops of which nothing is known, as at the head of a dump.
func isDrop(h Hazard) bool { return h.ID == "drop-table" || isByName(h) }

// around reports whether the script makes an object of the name before the statement, behind it in the same
// transaction, or later at all.
func (t *OpenTransaction) around(c *Catalog, p Placing, s Statement, name Name) (before, behind, later bool) {
	for i, other := range t.Script {
		for _, change := range other.Changes {
			if !makes(c, change, name) {
				continue
			}
			switch {
			case other.Start.Offset < s.Start.Offset:
				o, isObject := change.(CreateObject)
				before = before || !isObject || !o.Replace // which may have been there before the script
			case other.Start.Offset > s.Start.Offset:
				behind, later = behind || t.commits() || t.Placed[i].Unit == p.Unit, true
			}
		}
	}
	return before, behind, later
}

func makes(c *Catalog, change Change, name Name) bool {
	switch x := change.(type) {
	case CreateObject, CreateTable:
		return c.Resolve(change.Target()) == name
	case AlterObject:
		renamed := c.Resolve(x.Object)
		renamed.Name = x.To
		return x.What == "rename" && renamed == name
	}
	return false
}

// tied adds why nobody may commit in between.
func (t *OpenTransaction) tied(detail string) string {
	if tie := t.Ties(); t.Rule == PlannedTransactions && tie != "" {
		return detail + "; " + tie + " ties them together"
	}
	return detail
}

// Ties names why nobody may commit now; empty where anybody may.
func (t *OpenTransaction) Ties() string {
	if t.tie == "" && len(t.missing) > 0 {
		return fmt.Sprintf("%s, which is made again further down,", t.missing[0])
	}
	return t.tie
}

func waiting(b Blocks) string {
	if b == BlocksAll {
		return "reads and writes wait"
	}
	return "writes wait"
}

// hold takes note of what the transaction holds once the statement has run.
func (t *OpenTransaction) hold(c *Catalog, s Statement, effects []Effect) {
	for _, e := range effects {
		if !e.Transactional && t.Rule == PlannedTransactions {
			t.End() // it runs by itself
			return
		}
	}
	t.locks = append(t.locks, strong(s, effects)...)
	for _, change := range s.Changes {
		t.keep(c, change)
	}
}

// keep takes note of enums and their values, and of what a transaction's end undoes.
func (t *OpenTransaction) keep(c *Catalog, change Change) {
	switch x := change.(type) {
	case CreateObject:
		if x.Kind == EnumType {
			t.made = append(t.made, c.Resolve(x.Object))
		}
	case AlterObject:
		if x.Kind == EnumType && x.What == "add value" {
			t.addValue(c, newValue{enum: c.Resolve(x.Object), value: x.Value})
		}
	}
	if tie := tieOf(change); tie != "" {
		t.tie = tie
	}
	t.missing = slices.DeleteFunc(t.missing, func(n Name) bool { return makes(c, change, n) })
}

// tieOf is what the end of the transaction would undo of a change, as the text names it; empty where that is nothing.
func tieOf(change Change) string {
	switch x := change.(type) {
	case LockTable:
		return "LOCK TABLE"
	case Setting:
		if x.Local {
			return "SET LOCAL " + x.Name
		}
	case AlterTable:
		if x.What == "disable trigger" {
			return "DISABLE TRIGGER"
		}
	case CreateTable:
		if x.Temporary {
			return "temporary table " + x.Table.Name
		}
	case Describe:
		if x.What == "set constraints" {
			return "SET CONSTRAINTS"
		}
	}
	return ""
}

// strong are the locks of a statement that others wait for.
func strong(s Statement, effects []Effect) (locks []HeldLock) {
	for _, e := range effects {
		if e.Blocks != BlocksNothing {
			locks = append(locks, HeldLock{Effect: e, Taken: s.Start})
		}
	}
	return locks
}

func (t *OpenTransaction) addValue(c *Catalog, v newValue) {
	reader, ok := t.Dialect.(EnumReader)
	if !ok || reader.MakesUsable(c.Version) && slices.Contains(t.made, v.enum) {
		return
	}
	t.values = append(t.values, v)
}
