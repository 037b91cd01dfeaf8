package postgres

import (
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// The same schema, replayed from its text and read from a server that ran the text, is one catalog
// in all that a text can say.
func TestReplayedIsInspected(t *testing.T) {
	source, err := os.ReadFile("testdata/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	read := inspected(t, string(source))
	replayed := Dialect{}.NewCatalog(read.Version)
	for _, s := range (Dialect{}).Parse(string(source)) {
		if s.Syntax != nil {
			t.Fatal(s.Syntax)
		}
		Dialect{}.Replay(replayed, s)
	}
	got, want := describe(t, replayed), describe(t, read)
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("only inspected: %s", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("only replayed:  %s", line)
		}
	}
	if len(want) < 100 {
		t.Errorf("only %d facts were compared", len(want))
	}
}

// describe writes what both ways know of a catalog, a fact a line. Expressions are compared as
// trees without casts: the server adds its own.
func describe(t *testing.T, c *dialects.Catalog) []string {
	t.Helper()
	var facts []string
	fact := func(format string, args ...any) { facts = append(facts, fmt.Sprintf(format, args...)) }
	for schema := range c.Schemas {
		fact("schema %s", schema)
	}
	for name, table := range c.Tables {
		fact("%s: %s, partition of %s %q, inherits %v", name, table.Kind, maybe(table.PartitionOf), table.Bound, table.Inherits)
		if p := table.Partition; p != nil {
			fact("%s: partitioned by %s %v %v", name, p.Strategy, p.Columns, p.Expressions)
		}
		for place, k := range table.Columns {
			fact("%s: column %d %q %s collation %s, not null %v, default %s, identity %q, generated %s, owns %s, comment %q",
				name, place, k.Name, strings.TrimPrefix(k.Type, "public."), k.Collation.Name, k.NotNull,
				expression(t, k.Default), k.Identity, expression(t, k.Generated), maybe(k.Sequence), k.Comment)
		}
		for _, k := range table.Constraints {
			if k.Kind == dialects.NotNull {
				continue // has a name from 18 on, which a text need not say
			}
			fact("%s: constraint %s %s %v, references %s %v, not valid %v, deferrable %v, index %q, inherited %v: %s",
				name, k.Name, k.Kind, sorted(k.Kind, k.Columns), maybe(k.References), k.ReferencedColumns,
				k.NotValid, k.Deferrable, k.Index, k.Inherited, definition(t, "ALTER TABLE t ADD "+k.Definition))
		}
		for _, x := range table.Indexes {
			fact("%s: index %s, keys %q, columns %v, %s, unique %v, primary %v, partial %v, expressions %v, constraint %q, part of %s",
				name, x.Name, x.Keys, sorted(dialects.Check, x.Columns), x.Method, x.Unique, x.Primary, x.Partial,
				x.Expressions, x.Constraint, maybe(x.Parent))
			if x.Constraint == "" {
				fact("%s: index %s is %s", name, x.Name, definition(t, x.Definition))
			}
		}
		fact("%s: row security %v, replica identity %q", name, table.RowSecurity, table.ReplicaIdentity)
		for _, g := range table.Triggers {
			fact("%s: trigger %q before %v row %v %v of %v runs %s, inherited %v",
				name, g.Name, g.Before, g.Row, g.Events, sorted(dialects.Check, g.Columns), g.Function, g.Inherited)
		}
		for _, p := range table.Policies {
			fact("%s: policy %s on %v", name, p.Name, sorted(dialects.Check, p.Columns))
		}
		for _, s := range table.Statistics {
			fact("%s: statistics %s on %v", name, s.Name, sorted(dialects.Check, s.Columns))
		}
	}
	for key, o := range c.Objects {
		fact("%s %s: values %q, reads %v, owned by %v", key.Kind, key.Name, o.Values, sortedNames(o.Reads), o.OwnedBy)
	}
	sort.Strings(facts)
	return facts
}

func maybe(n *dialects.Name) string {
	if n == nil {
		return "nothing"
	}
	return n.String()
}

// sorted orders the columns of a check, which has no order of its own.
func sorted(kind dialects.ConstraintKind, columns []string) []string {
	columns = slices.Clone(columns)
	if kind == dialects.Check {
		slices.Sort(columns)
	}
	return columns
}

func sortedNames(names []dialects.Name) []string {
	var all []string
	for _, n := range names {
		all = append(all, n.String())
	}
	slices.Sort(all)
	return all
}

func expression(t *testing.T, text string) string {
	t.Helper()
	if text == "" {
		return "none"
	}
	return strings.TrimPrefix(definition(t, "SELECT "+text), "SELECT ")
}

// definition is a statement as a tree that no longer shows who wrote it: without casts, names in
// public qualified, and without the ONLY that the server prints for partitioned indexes.
func definition(t *testing.T, sql string) string {
	t.Helper()
	stmt, err := parseOne(sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	walk(stmt, func(message any) bool {
		switch m := message.(type) {
		case *astNode:
			for m.GetTypeCast() != nil {
				m.Node = m.GetTypeCast().Arg.Node
			}
		case *astRangeVar:
			m.Inh = true
			if m.Schemaname == "" {
				m.Schemaname = "public"
			}
		}
		return true
	})
	text, err := deparse(stmt)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
