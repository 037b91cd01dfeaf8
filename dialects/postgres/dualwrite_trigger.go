package postgres

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// triggerBody is one of the two bodies of a sync trigger.
type triggerBody string

const (
	// fillOnly holds until the backfill is verified: a NULL in the new column never wins over a value in
	// the old one, since it may come from a row read before it was filled (dual-write.md, A2, A3).
	fillOnly triggerBody = "fill-only"
	// twoWay holds from dual-write on: whichever side changed wins, the new one if both did.
	twoWay triggerBody = "two-way"
)

// triggerSQL steps aside for the backfill's own session alone (dual-write.md, A17).
func (p *pair) triggerSQL() string {
	return fmt.Sprintf(`CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s FOR EACH ROW
	WHEN (pg_catalog.current_setting('segue.backfill', true) IS DISTINCT FROM pg_catalog.pg_backend_pid()::pg_catalog.text)
	EXECUTE FUNCTION %s()`, quote(p.trigger), qualified(p.table.Name), qualified(p.function))
}

// functionSQL writes the trigger function. It runs under the search_path of whoever writes a row, so
// nothing in it is looked up there: every name has its schema, and there is no SET clause, which each row would pay for.
func (p *pair) functionSQL(create string, body triggerBody) string {
	return fmt.Sprintf("%s %s() RETURNS trigger LANGUAGE plpgsql AS %s",
		create, qualified(p.function), dollarQuoted(p.body(body)))
}

// body compares by the image of values, never by an operator: equal is not identical, and some
// types have no equality (A4). IS [NOT] DISTINCT FROM NULL is a plain test for NULL of any type,
// where IS NULL is also true of a composite whose fields are all NULL.
func (p *pair) body(body triggerBody) string {
	o, n := quote(p.spec.Old), quote(p.spec.New)
	insert := fmt.Sprintf(`		-- A side that equals its default was not given.
		IF %s THEN
			new.%s := new.%s;
		ELSIF %s THEN
			new.%[3]s := new.%[2]s;
		END IF;`, p.given(n), o, n, p.given(o))
	update := fmt.Sprintf(`	ELSIF %s THEN
		new.%s := new.%s;
	ELSIF %s THEN
		new.%[3]s := new.%[2]s;
	END IF;`, imageChanged(n), o, n, imageChanged(o))
	switch {
	case body == fillOnly:
		insert = fmt.Sprintf(`		-- The new column is not read yet: NULL, or its default, is no value of its own.
		IF %s THEN
			new.%s := new.%s;
		ELSE
			new.%[3]s := new.%[2]s;
		END IF;`, p.notFilled(n), n, o)
		update = fmt.Sprintf(`	ELSIF %s AND new.%[3]s IS DISTINCT FROM NULL THEN
		new.%[2]s := new.%[3]s;
	ELSIF %[4]s THEN
		new.%[3]s := new.%[2]s;
	ELSIF new.%[3]s IS NOT DISTINCT FROM NULL THEN
		new.%[3]s := new.%[2]s;
	END IF;`, imageChanged(n), o, n, imageChanged(o))
	case p.dflt.kind == volatileDefault:
		insert = fmt.Sprintf(`		-- The new column has no default yet: NULL was not given, and the old one's default counts.
		IF new.%[2]s IS DISTINCT FROM NULL THEN
			new.%[1]s := new.%[2]s;
		ELSE
			new.%[2]s := new.%[1]s;
		END IF;`, o, n)
	}
	return fmt.Sprintf(`BEGIN
	IF TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN
%s
%s
	RETURN new;
END`, insert, update)
}

// imageChanged tells whether an UPDATE changes a column.
func imageChanged(column string) string {
	return fmt.Sprintf("pg_catalog.record_image_ne(ROW(new.%s), ROW(old.%[1]s))", column)
}

// given tells whether an INSERT says something of a column.
func (p *pair) given(column string) string {
	if p.dflt.kind != steadyDefault {
		return fmt.Sprintf("new.%s IS DISTINCT FROM NULL", column)
	}
	return fmt.Sprintf("pg_catalog.record_image_ne(ROW(new.%s), ROW(CAST(%s AS %s)))", column, p.dflt.expr, p.typ)
}

// notFilled tells whether an INSERT leaves the new column to be filled.
func (p *pair) notFilled(column string) string {
	null := fmt.Sprintf("new.%s IS NOT DISTINCT FROM NULL", column)
	if p.dflt.kind != steadyDefault {
		return null
	}
	return fmt.Sprintf("%s\n\t\t\tOR pg_catalog.record_image_eq(ROW(new.%s), ROW(CAST(%s AS %s)))",
		null, column, p.dflt.expr, p.typ)
}

// twoWay gives the trigger its two-way body. CREATE OR REPLACE takes no lock on the table.
func (p *pair) twoWay() dialects.Action {
	return dialects.Action{
		SQL:           p.functionSQL("CREATE OR REPLACE FUNCTION", twoWay) + ";",
		Undo:          p.functionSQL("CREATE OR REPLACE FUNCTION", fillOnly) + ";",
		Why:           "lets apps write either column, NULL included, now that every row is filled",
		Blocks:        dialects.BlocksNothing,
		Transactional: true,
	}
}

// prove holds both columns identical by a CHECK, and proves it of every row. It stands until
// contract, so nothing slips in between (dual-write.md, A7).
func (p *pair) prove() []dialects.Action {
	table, name := qualified(p.table.Name), quote(proofName(p.spec))
	add := fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s CHECK (pg_catalog.record_image_eq(ROW(%s), ROW(%s))) NOT VALID;",
		table, name, quote(p.spec.Old), quote(p.spec.New))
	drop := fmt.Sprintf("ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %s;", table, name)
	return []dialects.Action{
		p.brief(add, drop, "refuses a write that would leave the two columns different"),
		p.validate(p.table, proofName(p.spec), "proves every row's two columns identical"),
	}
}

// validate checks the rows there are, beside writers.
func (p *pair) validate(t *dialects.Table, constraint, why string) dialects.Action {
	return dialects.Action{
		SQL:    p.onTable(t, "ALTER TABLE %s VALIDATE CONSTRAINT %s", qualified(t.Name), quote(constraint)),
		Why:    why,
		Tables: []dialects.Name{t.Name},
		Lock:   "SHARE UPDATE EXCLUSIVE", Blocks: dialects.BlocksNothing,
		Scans: true, Transactional: true, Patient: true,
	}
}
