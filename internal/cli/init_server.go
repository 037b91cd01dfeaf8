package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// askWithin is how long init waits for a database that it could do without.
const askWithin = 3 * time.Second

// initialServer is the server that a new configuration names, and in words how that is known: what
// was said, else what the database says, else its URL, else what the migrations can be read as.
func (a *app) initialServer(ctx context.Context, set *source.Set) (v dialects.Version, known string, err error) {
	url := a.databaseURL()
	switch {
	case a.flags.server != "":
		if v, err = parseServer(a.flags.server); err != nil {
			return v, "", usage("", "--server: %w", err)
		}
		return v, "as you said", nil
	case url != "":
		if v, err = askServer(ctx, url); err == nil {
			return v, "as the database says", nil
		}
		if ctx.Err() != nil {
			return v, "", err
		}
		return serverOf(url), "by the database's URL; it does not answer now", nil
	case set != nil && len(set.Migrations) > 0:
		v, known = serverOfSQL(set.Migrations)
		return v, known, nil
	}
	return serverOf(""), "", nil
}

// askServer asks a live database what it is.
func askServer(ctx context.Context, url string) (v dialects.Version, err error) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	db, err := openDatabase(ctx, url)
	if err != nil {
		return v, err
	}
	defer db.Close()
	session, err := db.Session(ctx)
	if err != nil {
		return v, err
	}
	defer session.Close()
	server, err := db.Server(ctx, session)
	v = server.Version
	if v.Kind != dialects.MySQL || v.AtLeast(8, 1) {
		v.Patch = 0 // it matters for MySQL 8.0 alone
	}
	return v, err
}

// serverOfSQL is the kind of server whose grammar reads most of the migrations. Most plain SQL is
// read by all of them, and then it is the default.
func serverOfSQL(migrations []source.Migration) (v dialects.Version, known string) {
	fewest := -1
	for _, k := range serverKinds() {
		unread := 0
		for _, m := range migrations {
			for _, s := range k.dialect(k.assumed).Parse(m.Up.Text) {
				if s.Syntax != nil || s.Foreign != nil {
					unread++
				}
			}
		}
		if fewest < 0 || unread < fewest {
			fewest, v = unread, k.assumed
		}
	}
	return v, fmt.Sprintf("since the migrations read as %s's", v.Kind)
}
