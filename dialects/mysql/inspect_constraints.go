package mysql

import "github.com/segue-db/segue/dialects"

// readChecks reads CHECK constraints. Their names are a database's on MySQL and a table's on MariaDB,
// where one written within a column goes by the column's.
func (i *inspection) readChecks() error {
	var table, name, clause, enforced string
	return i.each(`
SELECT t.table_name, t.constraint_name, c.check_clause, `+i.on("t.enforced", "'YES'")+`
FROM information_schema.table_constraints t
JOIN information_schema.check_constraints c
  ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name`+i.on("", " AND c.table_name = t.table_name")+`
WHERE t.table_schema = DATABASE() AND t.constraint_type = 'CHECK'
ORDER BY t.table_name, t.constraint_name`, func() {
		t := i.table(table)
		if t == nil {
			return
		}
		expression := i.printed(clause)
		con := checkConstraint(name, expression, expressionColumns(expression))
		enforce(&con, enforced == "YES")
		i.replay.putConstraint(t, con)
	}, &table, &name, &clause, &enforced)
}

// readForeignKeys reads foreign keys. MariaDB calls RESTRICT what nothing was said of.
func (i *inspection) readForeignKeys() error {
	var open *dialects.Constraint
	var on *dialects.Table
	finish := func() {
		if open != nil && on != nil {
			i.replay.putConstraint(on, *open)
		}
		open = nil
	}
	var table, name, column, schema, references, referenced, onUpdate, onDelete string
	err := i.each(`
SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema, k.referenced_table_name,
       k.referenced_column_name, r.update_rule, r.delete_rule
FROM information_schema.key_column_usage k
JOIN information_schema.referential_constraints r
  ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
ORDER BY k.table_name, k.constraint_name, k.ordinal_position`, func() {
		if open == nil || open.Name != name || on != i.table(table) {
			finish()
			on = i.table(table)
			to := i.nameOf(schema, references)
			open = &dialects.Constraint{
				Name: name, Kind: dialects.ForeignKey, References: &to, OnUpdate: i.action(onUpdate), OnDelete: i.action(onDelete),
			}
		}
		open.Columns = append(open.Columns, column)
		open.ReferencedColumns = append(open.ReferencedColumns, referenced)
	}, &table, &name, &column, &schema, &references, &referenced, &onUpdate, &onDelete)
	finish()
	return err
}

func (i *inspection) action(rule string) string {
	if rule == "NO ACTION" || rule == "RESTRICT" && i.version.Kind == dialects.MariaDB {
		return ""
	}
	return rule
}
