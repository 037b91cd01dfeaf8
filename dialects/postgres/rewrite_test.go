package postgres

import (
	"errors"
	"testing"

	"github.com/segue-db/segue/dialects"
)

func renameFixture(kind dialects.TableKind) columnRename {
	t := &dialects.Table{Name: dialects.Name{Schema: "public", Name: "users"}, Kind: kind}
	for _, name := range []string{"id", "path", "subpath", "Größe", "data"} {
		t.Columns = append(t.Columns, &dialects.Column{Name: name})
	}
	return columnRename{table: t, from: "path", to: "New Path"}
}

// TestRenameInIndexes never touches what merely looks like the column: strings, types, functions, fields.
func TestRenameInIndexes(t *testing.T) {
	for _, test := range []struct{ from, to string }{
		{`CREATE INDEX i ON public.users USING btree (path)`, `CREATE INDEX CONCURRENTLY x ON public.users USING btree ("New Path")`},
		{`CREATE UNIQUE INDEX i ON public.users USING btree (subpath, path DESC NULLS LAST) INCLUDE (path, id) NULLS NOT DISTINCT WITH (fillfactor='70') WHERE (path IS NOT NULL)`,
			`CREATE UNIQUE INDEX CONCURRENTLY x ON public.users USING btree (subpath, "New Path" DESC NULLS LAST) INCLUDE ("New Path", id) NULLS NOT DISTINCT WITH (fillfactor='70') WHERE "New Path" IS NOT NULL`},
		{`CREATE INDEX i ON public.users USING gin (path public.gin_trgm_ops, lower((path)::text) COLLATE "C")`,
			`CREATE INDEX CONCURRENTLY x ON public.users USING gin ("New Path" public.gin_trgm_ops, lower("New Path"::text) COLLATE "C")`},
		{`CREATE INDEX i ON public.users USING btree (path(path), ((data)::path), (((users.path || 'path'::text) || (data).path)))`,
			`CREATE INDEX CONCURRENTLY x ON public.users USING btree (path("New Path"), (data::path), ((users."New Path" || 'path'::text) || (data).path))`},
		{`CREATE INDEX i ON public.users USING btree (id) WHERE (((path)::text ~~ 'a%'::text) AND (NOT (id = ANY (ARRAY[1, 2]))))`,
			`CREATE INDEX CONCURRENTLY x ON public.users USING btree (id) WHERE "New Path"::text ~~ 'a%'::text AND NOT id = ANY(ARRAY[1, 2])`},
	} {
		got, err := renameFixture(dialects.PlainTable).index(test.from, "x")
		if err != nil || got != test.to {
			t.Errorf("%s:\ngot  %s, %v\nwant %s", test.from, got, err, test.to)
		}
	}
	got, err := renameFixture(dialects.PartitionedTable).index(`CREATE INDEX i ON ONLY public.users USING btree (path)`, "x")
	if want := `CREATE INDEX x ON ONLY public.users USING btree ("New Path")`; err != nil || got != want {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestRenameInConstraints(t *testing.T) {
	for _, test := range []struct{ from, to string }{
		{`CHECK (((path)::text <> 'path'::text)) NO INHERIT`, `ALTER TABLE public.users ADD CONSTRAINT x CHECK ("New Path"::text <> 'path'::text) NO INHERIT NOT VALID`},
		{`CHECK (((path + 1) * 2) > id) NOT VALID`, `ALTER TABLE public.users ADD CONSTRAINT x CHECK ((("New Path" + 1) * 2) > id) NOT VALID`},
		{`FOREIGN KEY (id, path) REFERENCES public.paths(path, id) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL`,
			`ALTER TABLE public.users ADD CONSTRAINT x FOREIGN KEY (id, "New Path") REFERENCES public.paths (path, id) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL NOT VALID`},
		{`FOREIGN KEY (path, id) REFERENCES public.users(subpath, id) ON DELETE SET DEFAULT (path) DEFERRABLE`,
			`ALTER TABLE public.users ADD CONSTRAINT x FOREIGN KEY ("New Path", id) REFERENCES public.users (subpath, id) ON DELETE SET DEFAULT ("New Path")DEFERRABLE NOT VALID`},
		{`UNIQUE NULLS NOT DISTINCT (path, id) INCLUDE ("Größe")`, `ALTER TABLE public.users ADD CONSTRAINT x UNIQUE NULLS NOT DISTINCT ("New Path", id) INCLUDE ("Größe")`},
	} {
		got, err := renameFixture(dialects.PlainTable).constraint(test.from, "x", withPartitions)
		if err != nil || got != test.to {
			t.Errorf("%s:\ngot  %s, %v\nwant %s", test.from, got, err, test.to)
		}
	}
}

func TestRenameInStatistics(t *testing.T) {
	got, err := renameFixture(dialects.PlainTable).statistics(
		`CREATE STATISTICS public.s (ndistinct, mcv) ON path, id, lower(path) FROM public.users`, dialects.Name{Schema: "app", Name: "x"})
	if want := `CREATE STATISTICS app.x (ndistinct, mcv) ON "New Path", id, (lower("New Path")) FROM public.users`; err != nil || got != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

func TestRenameRefusesWholeRows(t *testing.T) {
	r := renameFixture(dialects.PlainTable)
	for _, definition := range []string{`CHECK ((users.* IS NOT NULL))`, `CHECK (f(users))`, `CHECK ((path > '') AND (users IS NOT NULL))`} {
		if _, err := r.constraint(definition, "x", withPartitions); !errors.Is(err, errWholeRow) {
			t.Errorf("%s: %v", definition, err)
		}
	}
	for _, definition := range []string{`CHECK (`, `CREATE TABLE t ()`, `CHECK (path > '') NOT ENFORCED`} {
		if got, err := r.constraint(definition, "x", withPartitions); err == nil {
			t.Errorf("%s: %s", definition, got)
		}
	}
}
