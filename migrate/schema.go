package migrate

import (
	"context"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// schema is the schema state as readiness sees it: the catalog, what the ledger of every project
// says of forms, and what the directory is about to bring.
func (c *conn) schema(ctx context.Context, q dialects.Queryer, catalog *dialects.Catalog) (compat.Schema, error) {
	s := columns(catalog)
	known := map[string]bool{}
	if c.hasLedger {
		records, err := c.ledger.everywhere(ctx, q)
		if err != nil {
			return s, err
		}
		for _, r := range records {
			stage, err := c.ledger.stage(ctx, q, r)
			if err != nil {
				return s, err
			}
			s.Forms = append(s.Forms, r.Plan.CompatForms(r.Project, stage)...)
			s.Migrations = append(s.Migrations, compat.Migration{Project: r.Project, Version: r.Version, Progress: progress(r)})
			s.Contracted = s.Contracted || stage == compat.Contracted && len(r.Plan.Forms) > 0
			if r.Project == c.options.Project && r.State != phases.RolledBack {
				known[r.Version] = true
			}
		}
	}
	if err := c.coming(&s, catalog.Clone(), known); err != nil {
		return s, err
	}
	filled(&s)
	return s, nil
}

func columns(catalog *dialects.Catalog) compat.Schema {
	s := compat.Schema{DefaultSchema: catalog.DefaultSchema,
		Columns: map[string][]string{}, Required: map[string][]string{}, Coming: map[string]map[string]string{}}
	for name, t := range catalog.Tables {
		for _, col := range t.Columns {
			s.Columns[name.String()] = append(s.Columns[name.String()], col.Name)
			if col.NotNull && col.Default == "" && col.Identity == "" && col.Generated == "" {
				s.Required[name.String()] = append(s.Required[name.String()], col.Name)
			}
		}
	}
	return s
}

func progress(r *record) compat.Progress {
	switch {
	case r.State == phases.Done:
		return compat.Finished
	case r.State == phases.RolledBack:
		return compat.NotStarted
	}
	return compat.InProgress
}

// coming adds what the directory's migrations that the ledger lacks are about to bring.
func (c *conn) coming(s *compat.Schema, catalog *dialects.Catalog, known map[string]bool) error {
	for _, file := range c.set.Migrations {
		if known[file.Version] {
			continue
		}
		m, err := parse(c.db.Dialect(), file)
		if err != nil {
			return err
		}
		project := c.options.Project
		if !slices.ContainsFunc(s.Migrations, func(x compat.Migration) bool { return x.Project == project && x.Version == file.Version }) {
			s.Migrations = append(s.Migrations, compat.Migration{Project: project, Version: file.Version, Progress: compat.NotStarted})
		}
		for _, statement := range m.Script.Up {
			for _, change := range statement.Changes {
				r, ok := change.(dialects.RenameColumn)
				if !ok || catalog.Table(r.Table) == nil {
					continue
				}
				f := compat.Form{Project: project, Migration: file.Version, Table: catalog.Resolve(r.Table).String(),
					Old: r.Column, New: r.To, Stage: compat.Pending}
				if !slices.ContainsFunc(s.Forms, func(x compat.Form) bool {
					return x.Project == project && x.Migration == file.Version && x.Table == f.Table && x.Old == f.Old
				}) {
					s.Forms = append(s.Forms, f)
				}
			}
			c.db.Dialect().Replay(catalog, statement.Statement)
		}
		for table, now := range columns(catalog).Columns {
			for _, column := range now {
				if !slices.Contains(s.Columns[table], column) && s.Coming[table][column] == "" {
					if s.Coming[table] == nil {
						s.Coming[table] = map[string]string{}
					}
					s.Coming[table][column] = file.Version
				}
			}
		}
	}
	return nil
}

// filled takes the columns out of Required that a sync trigger fills where they are left out.
func filled(s *compat.Schema) {
	for _, f := range s.Forms {
		if f.Stage != compat.Both && f.Stage != compat.Filling && f.Stage != compat.Undoing {
			continue
		}
		s.Required[f.Table] = slices.DeleteFunc(s.Required[f.Table], func(column string) bool {
			return column == f.Old || column == f.New
		})
	}
}
