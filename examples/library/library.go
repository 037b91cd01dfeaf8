// Package library is a service that carries its migrations in its own binary, and brings the schema
// to what it needs when it starts.
package library

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases/compat"
)

//go:embed migrations
var migrations embed.FS

//go:embed segue.app.yaml
var manifest []byte

// Service is one instance of the app web.
type Service struct {
	runner   *migrate.Runner
	manifest *compat.Manifest
}

// New connects to nothing yet.
func New(pool *pgxpool.Pool, log *slog.Logger) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	runner, err := migrate.New(files, postgres.Pool(pool), migrate.Options{Project: "billing", Wait: time.Minute, Logger: log})
	if err != nil {
		return nil, err
	}
	m, err := compat.ReadManifest(manifest, "segue.app.yaml")
	if err != nil {
		return nil, err
	}
	return &Service{runner, m}, nil
}

// Start applies what is pending. All instances may call it at once: of a phased migration one
// copies the rows, and the others go on.
func (s *Service) Start(ctx context.Context) (migrate.Result, error) {
	result, err := s.runner.Up(ctx)
	if err != nil {
		return result, err
	}
	return result, s.runner.Work(ctx)
}

// Ready says whether this version works on the schema as it is now.
func (s *Service) Ready(ctx context.Context) (compat.Answer, error) {
	readiness, err := s.runner.Check(ctx, s.manifest)
	return readiness.Answer, err
}
