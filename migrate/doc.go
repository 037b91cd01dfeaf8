// Package migrate is the runner, and the library's front door: it carries migrations out on a live
// database, phase by phase, and says what may go ahead.
//
//	r, err := migrate.New(files, postgres.Pool(pool), migrate.Options{Project: "billing"})
//	res, err := r.Up(ctx)   // plain migrations, and phased ones through expand
//	err = r.Work(ctx)       // backfills what is expanded
//
// # How a step is run
//
// Intent is written to the ledger before a step and the result after it. Where DDL is
// transactional the result commits with the step, so that a step that has intent and no result did
// not happen. Elsewhere the step's probe tells. A runner that dies at any instant is resumed by
// running the same command again; nothing is ever blindly repeated.
//
// # Locks
//
// Three, apart, so that long work blocks nobody (design section 5): the ledger lock covers compiling
// plans, entering phases and runs of plain migrations; the migration lock is held on the session
// that works on one migration; the registry lock is what deploy start and contract decide under.
// The first two are polled with no transaction open.
package migrate
