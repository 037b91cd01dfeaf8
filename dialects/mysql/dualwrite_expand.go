package mysql

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// expand adds the new column, empty in every row there is, and the triggers that fill it. Each
// statement commits by itself, so the order is what keeps every row:
//
// The default is set after the column is there: rows that are there keep NULL (dual-write.md, A5, A6).
// The UPDATE triggers come before the INSERT triggers: a row that was inserted in step must not be
// updated out of it (B4). The old column's stand-in default comes when its triggers know it.
func (p *pair) expand() []dialects.Action {
	table, n := qualified(p.spec.Table), quote(p.spec.New)
	actions := []dialects.Action{p.brief(
		p.alter("ADD COLUMN %s %s NULL INVISIBLE", n, p.columnType()),
		// Dropping what is not there is an error on MySQL: the runner probes before it undoes.
		p.undoColumn(), exists("columns", p.spec.Table, "column_name", p.spec.New),
		"adds the new column, empty, and unseen by SELECT * and by an INSERT without a column list")}
	if p.dflt.kind == steadyDefault {
		actions = append(actions, p.brief(
			p.giveDefault(), "",
			p.defaultProbe(p.spec.New), "gives the new column the old one's default, for rows that are written from now on"))
	}
	for _, event := range []rowEvent{onUpdate, onInsert} {
		actions = append(actions, p.addTrigger(fillOnly, event, "",
			fmt.Sprintf("fills the new column in every row that an %s writes from now on", event)))
		if p.hasImplicit() {
			actions = append(actions, p.addTrigger(implicit, event, "",
				"gives the new column what the server makes of a NULL in the old one, where the writer is not strict or says IGNORE"))
		}
	}
	if standIn := p.standIn(); standIn != "" {
		actions = append(actions, p.brief(
			p.alter("ALTER COLUMN %s SET DEFAULT %s", quote(p.spec.Old), standIn),
			fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT, ALGORITHM=INSTANT;", table, quote(p.spec.Old)),
			p.defaultProbe(p.spec.Old),
			"lets INSERT ... SELECT give the new column alone; where that is not given either, a strict session still gets an error"))
	}
	return actions
}

// giveDefault sets the new column's default. MySQL's ALTER COLUMN takes CURRENT_TIMESTAMP as an expression
// alone, which goes through the app's time zone; what stands behind DEFAULT in a definition does not.
func (p *pair) giveDefault() string {
	n := quote(p.spec.New)
	if strings.HasPrefix(p.dflt.expr, "CURRENT_TIMESTAMP") {
		return p.alter("MODIFY %s %s NULL DEFAULT %s INVISIBLE", n, p.columnType(), p.dflt.expr)
	}
	return p.alter("ALTER COLUMN %s SET DEFAULT %s", n, p.dflt.expr)
}

// undoColumn drops the new column, where it is there. MySQL has no DROP COLUMN IF EXISTS, and no
// statement that depends on a condition but a prepared one.
func (p *pair) undoColumn() string {
	if p.isMariaDB() {
		return fmt.Sprintf("ALTER TABLE %s DROP COLUMN IF EXISTS %s, ALGORITHM=INSTANT;", qualified(p.spec.Table), quote(p.spec.New))
	}
	return ifThere("columns", p.spec.Table, "column_name", p.spec.New, p.alter("DROP COLUMN %s", quote(p.spec.New)))
}

// ifThere runs a statement where information_schema has an object, and nothing elsewhere.
func ifThere(view string, table dialects.Name, column, name, sql string) string {
	return script(
		fmt.Sprintf("SET @segue_undo = IF(EXISTS (SELECT 1 FROM information_schema.%s WHERE table_schema = %s AND table_name = %s AND %s = %s),\n  %s, 'DO 0')",
			view, schemaText(table.Schema), quoteLiteral(table.Name), column, quoteLiteral(name), quoteLiteral(sql)),
		"PREPARE segue_undo FROM @segue_undo", "EXECUTE segue_undo", "DEALLOCATE PREPARE segue_undo") + ";"
}

// defaultProbe tells whether a column has a default. MySQL shows no text for an expression that ALTER
// COLUMN gave to a TEXT; MariaDB shows the text NULL for no default.
func (p *pair) defaultProbe(column string) string {
	has := "(column_default IS NOT NULL OR extra LIKE '%DEFAULT_GENERATED%')"
	if p.isMariaDB() {
		has = "column_default IS NOT NULL AND column_default <> 'NULL'"
	}
	return fmt.Sprintf("SELECT IF(COUNT(*) > 0, 'done', 'absent') FROM information_schema.columns WHERE table_schema = %s AND table_name = %s AND column_name = %s AND %s",
		schemaText(p.spec.Table.Schema), quoteLiteral(p.spec.Table.Name), quoteLiteral(column), has)
}
