package integration_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"
)

// owner is one connection of an app version on MySQL or MariaDB. The rows of items with its number are its
// alone, so that what the server acknowledged last is what each must hold. Between them and other
// owners' rows there are rows that nobody touches: gaps in an index are locked by statements such as
// REPLACE, and neighbours would be each other's deadlock victims with or without segue. For the same
// reason the table has no AUTO_INCREMENT key, at the end of which all would meet.
type owner struct {
	number int
	column string // the name by which it knows the column
	strict bool
	null   bool // the column takes NULL
	c      *client
	update *sql.Stmt // prepared once, for as long as the app lives
	random *rand.Rand

	rows   map[int]*string // by slot
	value  int
	writes int
	errors []string
}

// statement is one that an owner runs, and what it leaves.
type statement struct {
	sql  string
	args []any
	then func()
}

// hot is the number of rows that every owner writes to.
const hot = 90

func newOwner(t *testing.T, url, column string, number int, null bool) *owner {
	t.Helper()
	o := &owner{number: number, column: column, strict: number%2 == 0, null: null, rows: map[int]*string{},
		random: rand.New(rand.NewPCG(uint64(number), uint64(time.Now().UnixNano())))}
	mode := ""
	if !o.strict {
		mode = "NO_ENGINE_SUBSTITUTION"
	}
	o.c = connectWith(t, url, mode)
	var err error
	if o.update, err = o.c.conn.PrepareContext(t.Context(), o.text("UPDATE items SET {c} = ? WHERE owner = ? AND slot = ?")); err != nil {
		t.Fatal(err)
	}
	o.do(statement{sql: "INSERT INTO items (owner, slot, {c}) VALUES ($1, 0, $2), ($3, 1000000, $4)",
		args: []any{number, o.prefix(), number, o.prefix() + "~"}, then: func() {
			first, last := o.prefix(), o.prefix()+"~"
			o.rows[0], o.rows[1000000] = &first, &last
		}})
	for range 20 {
		o.do(o.insert())
	}
	return o
}

func (o *owner) prefix() string { return fmt.Sprintf("o%02d", o.number) }

func (o *owner) text(sql string) string { return strings.ReplaceAll(sql, "{c}", o.column) }

// fresh is a value that no row had before.
func (o *owner) fresh() *string {
	o.value++
	v := fmt.Sprintf("%s-%d", o.prefix(), o.value)
	return &v
}

// slot is a row of the owner's that is there, and free one that is not.
func (o *owner) slot() int {
	for n := range o.rows { // a random one
		if n != 0 && n != 1000000 {
			return n
		}
	}
	return 0
}

func (o *owner) free() int {
	for {
		if n := 1 + o.random.IntN(900_000); o.rows[n] == nil {
			if _, taken := o.rows[n]; !taken {
				return n
			}
		}
	}
}

// run writes until the context ends, a statement every pace.
func (o *owner) run(ctx context.Context, pace time.Duration) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			o.do(o.next())
		}
	}
}

func (o *owner) do(s statement) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	o.writes++
	if _, err := o.c.Exec(ctx, o.text(s.sql), s.args...); err != nil {
		o.errors = append(o.errors, fmt.Sprintf("%v: %s %v", err, o.text(s.sql), s.args))
		return
	}
	if s.then != nil {
		s.then()
	}
}

func (o *owner) insert() statement {
	slot, v := o.free(), o.fresh()
	return statement{"INSERT INTO items (owner, slot, {c}) VALUES ($1, $2, $3)", []any{o.number, slot, *v}, func() { o.rows[slot] = v }}
}

// next is a statement of a random kind.
func (o *owner) next() statement {
	if len(o.rows) < 15 {
		return o.insert()
	}
	slot, free, v, n := o.slot(), o.free(), o.fresh(), o.number
	had := o.rows[slot]
	set := func(slot int, v *string) func() { return func() { o.rows[slot] = v } }
	changed := func(by string, change func(string) string) statement {
		return statement{"UPDATE items SET {c} = " + by + " WHERE owner = $1 AND slot = $2", []any{n, slot}, func() {
			if had != nil {
				to := change(*had)
				o.rows[slot] = &to
			}
		}}
	}
	plain := statement{"UPDATE items SET {c} = $1 WHERE owner = $2 AND slot = $3", []any{*v, n, slot}, set(slot, v)}
	if had != nil && len(*had) > 40 {
		return plain
	}
	switch o.random.IntN(26) {
	case 0:
		return o.insert()
	case 1:
		second, w := o.free(), o.fresh()
		if second == free {
			return plain
		}
		return statement{"INSERT INTO items (owner, slot, {c}) VALUES ($1, $2, $3), ($4, $5, $6)", []any{n, free, *v, n, second, *w},
			func() { o.rows[free], o.rows[second] = v, w }}
	case 2:
		return statement{"INSERT INTO items VALUES ($1, $2, $3, 'by position')", []any{n, free, *v}, set(free, v)}
	case 3:
		return plain
	case 4:
		if had != nil {
			return statement{"UPDATE items SET {c} = $1 WHERE {c} = $2", []any{*v, *had}, set(slot, v)}
		}
	case 5:
		return changed("UPPER({c})", strings.ToUpper)
	case 6:
		return changed("CONCAT({c}, ' ')", func(s string) string { return s + " " })
	case 7:
		return changed("{c}", func(s string) string { return s })
	case 8:
		return statement{"UPDATE items SET note = $1 WHERE owner = $2 AND slot = $3", []any{*v, n, slot}, nil}
	case 9:
		return statement{"DELETE FROM items WHERE owner = $1 AND slot = $2", []any{n, slot}, func() { delete(o.rows, slot) }}
	case 10:
		return statement{"INSERT INTO items (owner, slot, {c}) VALUES ($1, $2, $3) ON DUPLICATE KEY UPDATE {c} = VALUES({c})", []any{n, slot, *v}, set(slot, v)}
	case 11:
		s := changed("", func(s string) string { return s + "+" })
		s.sql, s.args = "INSERT INTO items (owner, slot, {c}) VALUES ($1, $2, $3) ON DUPLICATE KEY UPDATE {c} = CONCAT({c}, '+')", []any{n, slot, *v}
		return s
	case 12:
		return statement{"INSERT INTO items (owner, slot, {c}) VALUES ($1, $2, $3) ON DUPLICATE KEY UPDATE note = 'met'", []any{n, free, *v}, set(free, v)}
	case 13:
		return statement{"REPLACE INTO items (owner, slot, {c}) VALUES ($1, $2, $3)", []any{n, slot, *v}, set(slot, v)}
	case 14:
		return statement{"REPLACE INTO items (owner, slot, {c}, note) VALUES ($1, $2, $3, 'replaced')", []any{n, free, *v}, set(free, v)}
	case 15:
		return statement{"INSERT INTO items (owner, slot, {c}) SELECT owner, $1, CONCAT(LEFT({c}, 3), $2) FROM items WHERE owner = $3 AND slot = $4", []any{free, *v, n, slot}, func() {
			o.rows[free] = had
			if had != nil {
				to := (*had)[:3] + *v
				o.rows[free] = &to
			}
		}}
	case 16:
		return o.load(free, v)
	case 17:
		if first := o.rows[0]; first != nil {
			return statement{"UPDATE items a JOIN items b ON b.owner = a.owner AND b.slot = 0 SET a.{c} = CONCAT(b.{c}, $1), b.note = $2 WHERE a.owner = $3 AND a.slot = $4",
				[]any{*v, *v, n, slot}, func() { to := *first + *v; o.rows[slot] = &to }}
		}
	case 18:
		if o.null {
			return statement{"UPDATE items SET {c} = NULL WHERE owner = $1 AND slot = $2", []any{n, slot}, set(slot, nil)}
		}
	case 19:
		if o.null {
			return statement{"INSERT INTO items (owner, slot) VALUES ($1, $2)", []any{n, free}, set(free, nil)}
		}
	case 20:
		if !o.strict {
			long := *v + strings.Repeat("x", 60)
			cut := long[:60]
			return statement{"UPDATE items SET {c} = $1 WHERE owner = $2 AND slot = $3", []any{long, n, slot}, set(slot, &cut)}
		}
	case 21:
		return statement{"INSERT IGNORE INTO items (owner, slot, {c}) VALUES ($1, $2, $3)", []any{n, slot, *v}, nil}
	case 22:
		return o.transaction(slot, v)
	case 23:
		return statement{"UPDATE items SET {c} = $1 WHERE owner = $2 AND slot = $3", []any{*v, hot, o.random.IntN(5)}, nil}
	case 24:
		o.prepared(slot, v)
	}
	o.read(slot)
	return plain
}

// load is LOAD DATA of one row, from the client.
func (o *owner) load(slot int, v *string) statement {
	name := fmt.Sprint("owner", o.number, o.c.pid, o.column)
	driver.RegisterReaderHandler(name, func() io.Reader {
		return strings.NewReader(fmt.Sprintf("%d\t%d\t%s\n", o.number, slot, *v))
	})
	return statement{"LOAD DATA LOCAL INFILE 'Reader::" + name + "' INTO TABLE items (owner, slot, {c})", nil, func() { o.rows[slot] = v }}
}

// transaction is two updates that commit together, in the order of slots.
func (o *owner) transaction(slot int, v *string) statement {
	w := o.fresh()
	return statement{fmt.Sprintf("BEGIN; UPDATE items SET {c} = '%s', note = 'one of two' WHERE owner = %d AND slot = %d; UPDATE items SET {c} = '%s' WHERE owner = %d AND slot = %d; COMMIT",
		*v, o.number, slot, *w, o.number, slot), nil, func() { o.rows[slot] = w }}
}

func (o *owner) prepared(slot int, v *string) {
	o.writes++
	if _, err := o.update.Exec(*v, o.number, slot); err != nil {
		o.errors = append(o.errors, "prepared long ago: "+err.Error())
		return
	}
	o.rows[slot] = v
}

// read compares a row with what was acknowledged.
func (o *owner) read(slot int) {
	var got *string
	err := o.c.QueryRow(context.Background(), o.text("SELECT {c} FROM items WHERE owner = $1 AND slot = $2"), o.number, slot).Scan(&got)
	if want := o.rows[slot]; err != nil || value(got) != value(want) {
		o.errors = append(o.errors, fmt.Sprintf("row %d reads %s, and %s was acknowledged (%v)", slot, value(got), value(want), err))
	}
}

func value(s *string) string {
	if s == nil {
		return "NULL"
	}
	return fmt.Sprintf("%q", *s)
}

// lost compares all rows of the owner's with what was acknowledged.
func (o *owner) lost(t *testing.T, column string) (wrong []string) {
	t.Helper()
	found, err := o.c.conn.QueryContext(t.Context(), "SELECT slot, "+column+" FROM items WHERE owner = ?", o.number)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	seen := 0
	for found.Next() {
		var slot int
		var got *string
		if err := found.Scan(&slot, &got); err != nil {
			t.Fatal(err)
		}
		seen++
		if want, there := o.rows[slot]; !there || value(want) != value(got) {
			wrong = append(wrong, fmt.Sprintf("slot %d is %s, and %s was acknowledged (there: %v)", slot, value(got), value(want), there))
		}
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	if seen != len(o.rows) {
		wrong = append(wrong, fmt.Sprintf("%d rows are there, and %d were acknowledged", seen, len(o.rows)))
	}
	return wrong
}
