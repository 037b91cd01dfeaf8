package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// writeMigrations writes n migrations of a growing shop to a directory, the same ones each time: about three
// statements a file, each on what the files before have made. It returns how many statements they have.
func writeMigrations(dir string, n int) (statements int, err error) {
	h := history{random: rand.New(rand.NewPCG(4, 2))}
	for i := range n {
		name, text := h.next()
		file := filepath.Join(dir, fmt.Sprintf("%05d_%s.sql", i+1, name))
		if err := os.WriteFile(file, []byte(strings.Join(text, "\n\n")+"\n"), 0o666); err != nil {
			return 0, err
		}
		statements += len(text)
	}
	return statements, nil
}

// history is the schema so far.
type history struct {
	random *rand.Rand
	tables []*table
	made   int // objects, for names that are there once
}

type table struct {
	name    string
	columns []column // beside id, created_at and updated_at
}

type column struct {
	name, kind string
	nullable   bool
}

var (
	nouns = strings.Fields("account address article batch cart category channel comment coupon customer delivery device discount " +
		"document event invoice item label ledger message note offer order parcel partner payment plan price product profile " +
		"project receipt refund region report return review role seat segment session shipment stock store supplier tag task " +
		"team ticket transfer user vendor voucher warehouse")
	adjectives = strings.Fields("archived billing daily draft external imported internal legacy linked monthly partial pending public scheduled shared")
	words      = strings.Fields("amount balance code color comment count currency description discount email grade kind label level locale mode name note " +
		"origin phone position priority quantity rank rate reason score size slug source status summary title token total url weight zone")
	kinds = []string{"text", "text", "text", "varchar(255)", "varchar(64)", "integer", "bigint", "bigint", "numeric(12,2)", "boolean", "timestamptz", "date", "jsonb", "uuid"}
)

func pick[T any](h *history, list []T) T { return list[h.random.IntN(len(list))] }

func (h *history) number() int { h.made++; return h.made }

// next is the next migration: a word for its name, and its statements.
func (h *history) next() (name string, statements []string) {
	if len(h.tables) < 5 {
		return h.createTable()
	}
	parts := []struct {
		share int
		make  func() (string, []string)
	}{
		{14, h.createTable}, {26, h.addColumns}, {16, h.addIndexes}, {9, h.addForeignKey}, {7, h.addCheck}, {6, h.setNotNull},
		{5, h.dropColumn}, {3, h.renameColumn}, {4, h.changeType}, {7, h.backfill}, {3, h.addTrigger},
	}
	at := h.random.IntN(100)
	for _, p := range parts {
		if at -= p.share; at < 0 {
			return p.make()
		}
	}
	panic("the shares are not a hundred")
}

func (h *history) newColumn() column {
	word := pick(h, words)
	return column{name: fmt.Sprintf("%s_%d", word, h.number()), kind: pick(h, kinds), nullable: h.random.IntN(3) > 0}
}

// some is a table and a column of it.
func (h *history) some() (*table, *column) {
	for {
		if t := pick(h, h.tables); len(t.columns) > 0 {
			return t, &t.columns[h.random.IntN(len(t.columns))]
		}
	}
}

func (h *history) createTable() (string, []string) {
	t := &table{name: fmt.Sprintf("%s_%ss_%d", pick(h, adjectives), pick(h, nouns), h.number())}
	lines := []string{"    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}
	for range 3 + h.random.IntN(8) {
		c := h.newColumn()
		t.columns = append(t.columns, c)
		line := "    " + c.name + " " + c.kind
		if !c.nullable {
			line += " NOT NULL"
		}
		if h.random.IntN(5) == 0 && c.kind == "text" {
			line += " DEFAULT ''"
		}
		lines = append(lines, line)
	}
	if len(h.tables) > 0 && h.random.IntN(2) == 0 {
		other := pick(h, h.tables)
		lines = append(lines, fmt.Sprintf("    %s_id bigint NOT NULL REFERENCES %s (id) ON DELETE CASCADE", other.name, other.name))
	}
	lines = append(lines, "    created_at timestamptz NOT NULL DEFAULT now()", "    updated_at timestamptz NOT NULL DEFAULT now()")
	statements := []string{fmt.Sprintf("-- Holds the %s of every customer.\nCREATE TABLE %s (\n%s\n);",
		strings.ReplaceAll(t.name, "_", " "), t.name, strings.Join(lines, ",\n"))}
	for range 1 + h.random.IntN(2) {
		statements = append(statements, fmt.Sprintf("CREATE INDEX %s_idx_%d ON %s (%s);", t.name, h.number(), t.name, pick(h, t.columns).name))
	}
	statements = append(statements, fmt.Sprintf("COMMENT ON TABLE %s IS 'What the shop knows of it';", t.name))
	h.tables = append(h.tables, t)
	return "create_" + t.name, statements
}

func (h *history) addColumns() (string, []string) {
	t := pick(h, h.tables)
	var statements []string
	for range 1 + h.random.IntN(3) {
		c := h.newColumn()
		c.nullable = true
		statements = append(statements, fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s;", t.name, c.name, c.kind))
		if c.kind == "text" {
			statements = append(statements, fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT 'none';", t.name, c.name),
				fmt.Sprintf("UPDATE %s SET %s = 'none' WHERE %s IS NULL;", t.name, c.name, c.name))
		}
		t.columns = append(t.columns, c)
	}
	return "extend_" + t.name, statements
}

func (h *history) addIndexes() (string, []string) {
	t, c := h.some()
	online := pick(h, []string{"CONCURRENTLY ", "CONCURRENTLY IF NOT EXISTS ", ""})
	statements := []string{
		"SET lock_timeout = '2s';",
		fmt.Sprintf("CREATE INDEX %s%s_idx_%d ON %s (%s, created_at DESC);", online, t.name, h.number(), t.name, c.name),
	}
	if c.kind == "text" {
		statements = append(statements, fmt.Sprintf("CREATE INDEX %s%s_idx_%d ON %s (lower(%s)) WHERE %s IS NOT NULL;",
			online, t.name, h.number(), t.name, c.name, c.name))
	}
	return "index_" + t.name, statements
}

func (h *history) addForeignKey() (string, []string) {
	t, other := pick(h, h.tables), pick(h, h.tables)
	c := column{name: fmt.Sprintf("%s_id_%d", other.name, h.number()), kind: "bigint", nullable: true}
	t.columns = append(t.columns, c)
	key := fmt.Sprintf("%s_fk_%d", t.name, h.number())
	statements := []string{
		fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s bigint;", t.name, c.name),
		fmt.Sprintf("ALTER TABLE %s\n    ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (id) NOT VALID;", t.name, key, c.name, other.name),
	}
	if h.random.IntN(2) == 0 {
		statements = append(statements, fmt.Sprintf("ALTER TABLE %s VALIDATE CONSTRAINT %s;", t.name, key))
	}
	return "link_" + t.name, statements
}

func (h *history) addCheck() (string, []string) {
	t, c := h.some()
	check := fmt.Sprintf("%s_check_%d", t.name, h.number())
	return "check_" + t.name, []string{
		fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL OR created_at < '2024-01-01') NOT VALID;", t.name, check, c.name),
		fmt.Sprintf("ALTER TABLE %s VALIDATE CONSTRAINT %s;", t.name, check),
	}
}

func (h *history) setNotNull() (string, []string) {
	t, c := h.some()
	c.nullable = false
	return "require_" + t.name, []string{
		fmt.Sprintf("DELETE FROM %s WHERE %s IS NULL;", t.name, c.name),
		fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;", t.name, c.name),
	}
}

func (h *history) dropColumn() (string, []string) {
	t, c := h.some()
	dropped := c.name
	*c = t.columns[len(t.columns)-1]
	t.columns = t.columns[:len(t.columns)-1]
	return "shrink_" + t.name, []string{fmt.Sprintf("ALTER TABLE %s DROP COLUMN IF EXISTS %s;", t.name, dropped)}
}

func (h *history) renameColumn() (string, []string) {
	t, c := h.some()
	from := c.name
	c.name = fmt.Sprintf("%s_%d", pick(h, words), h.number())
	return "rename_" + t.name, []string{fmt.Sprintf("ALTER TABLE %s RENAME COLUMN %s TO %s;", t.name, from, c.name)}
}

func (h *history) changeType() (string, []string) {
	t, c := h.some()
	c.kind = "text"
	return "retype_" + t.name, []string{
		"BEGIN;", fmt.Sprintf("ALTER TABLE %s ALTER COLUMN %s TYPE text USING %s::text;", t.name, c.name, c.name), "COMMIT;",
	}
}

func (h *history) backfill() (string, []string) {
	t, c := h.some()
	statements := []string{fmt.Sprintf("UPDATE %s\nSET updated_at = now()\nWHERE id IN (SELECT id FROM %s WHERE %s IS NULL ORDER BY id LIMIT 1000);",
		t.name, t.name, c.name)}
	for i := range 1 + h.random.IntN(3) {
		statements = append(statements, fmt.Sprintf("DELETE FROM %s WHERE created_at < now() - interval '%d months' AND %s IS NULL;", t.name, 12*(i+1), c.name))
	}
	return "backfill_" + t.name, statements
}

func (h *history) addTrigger() (string, []string) {
	t := pick(h, h.tables)
	name := fmt.Sprintf("%s_touch_%d", t.name, h.number())
	return "touch_" + t.name, []string{
		fmt.Sprintf("CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    NEW.updated_at := now();\n    RETURN NEW;\nEND\n$$;", name),
		fmt.Sprintf("CREATE TRIGGER %s BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s();", name, t.name, name),
		fmt.Sprintf("CREATE VIEW %s_view AS SELECT id, created_at FROM %s WHERE updated_at > now() - interval '1 day';", name, t.name),
	}
}
