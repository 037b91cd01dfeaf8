package library_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/examples/library"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
)

// server is a throwaway Postgres.
var server *scratch.Server

func TestMain(m *testing.M) { os.Exit(runExamples(m)) }

// runExamples skips the examples where there is no server and none is required: an example cannot
// skip itself.
func runExamples(m *testing.M) int {
	var err error
	server, err = scratch.Start(context.Background(), scratch.Options{Server: dialects.Version{Kind: dialects.Postgres}})
	switch {
	case errors.Is(err, scratch.ErrNoServer) && !strings.Contains(os.Getenv("SEGUE_REQUIRE"), "postgres"):
		fmt.Println("skipped:", err)
		return 0
	case err != nil:
		fmt.Println(err)
		return 1
	}
	code := m.Run()
	if err := server.Stop(); err != nil {
		fmt.Println(err)
		return 1
	}
	return code
}

// connect is a pool on an empty database.
func connect(ctx context.Context) *pgxpool.Pool {
	url, err := server.NewDatabase(ctx)
	if err != nil {
		log.Fatal(err)
	}
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		log.Fatal(err)
	}
	return pool
}

// start runs the service on a database, as main would.
func start(ctx context.Context, pool *pgxpool.Pool) {
	service, err := library.New(pool, slog.New(slog.DiscardHandler))
	if err != nil {
		log.Fatal(err)
	}
	result, err := service.Start(ctx)
	if err != nil {
		log.Fatal(err)
	}
	ready, err := service.Ready(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("applied:", result.Applied, "expanded:", result.Expanded, "ready:", ready)
}

// On an empty database there is nobody to protect: every migration runs as it is written.
func ExampleService_Start() {
	ctx := context.Background()
	pool := connect(ctx)
	defer pool.Close()

	start(ctx, pool)
	// Output:
	// applied: [0001 0002] expanded: [] ready: yes
}

// On a database in use the rename is phased: this version works from dual-write on, and so does the
// one before it, until contract takes the old column away.
func ExampleService_Start_inUse() {
	ctx := context.Background()
	pool := connect(ctx)
	defer pool.Close()
	users, err := os.ReadFile("migrations/0001_users.sql")
	if err != nil {
		log.Fatal(err)
	}
	earlier, err := migrate.New(fstest.MapFS{"0001_users.sql": {Data: users}}, postgres.Pool(pool), migrate.Options{Project: "billing"})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := earlier.Up(ctx); err != nil {
		log.Fatal(err)
	}
	if _, err := pool.Exec(ctx, "INSERT INTO users (user_email) VALUES ('ada@example.com')"); err != nil {
		log.Fatal(err)
	}

	start(ctx, pool)
	var email string
	if err := pool.QueryRow(ctx, "UPDATE users SET user_email = 'ada@example.org' WHERE id = 1 RETURNING email").Scan(&email); err != nil {
		log.Fatal(err)
	}
	fmt.Println("written by the old name, read by the new one:", email)
	// Output:
	// applied: [] expanded: [0002] ready: yes
	// written by the old name, read by the new one: ada@example.org
}
