package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
)

// serverKind is what the commands know of a kind of server.
type serverKind struct {
	// assumed is the server that is reckoned with where no release was said.
	assumed dialects.Version
	schemes []string // of URLs; MySQL's and MariaDB's stand for each other: the live server says which it is
	like    string   // a URL
	dialect func(dialects.Version) dialects.Dialect
	open    func(ctx context.Context, url string) (dialects.Database, error)
}

// serverKinds are all of them, the default first.
func serverKinds() []serverKind {
	ofMySQL := func(v dialects.Version) dialects.Dialect { return mysql.Dialect{Server: v} }
	openMySQL := func(ctx context.Context, url string) (dialects.Database, error) { return mysql.Open(ctx, url) }
	return []serverKind{
		{
			assumed: dialects.Version{Kind: dialects.Postgres, Major: 16},
			schemes: []string{"postgres", "postgresql"},
			like:    "postgres://user:password@host:5432/name",
			dialect: func(dialects.Version) dialects.Dialect { return postgres.Dialect{} },
			open:    func(ctx context.Context, url string) (dialects.Database, error) { return postgres.Open(ctx, url) },
		},
		{
			assumed: dialects.Version{Kind: dialects.MySQL, Major: 8, Minor: 4},
			schemes: []string{"mysql"},
			like:    "mysql://user:password@host:3306/name",
			dialect: ofMySQL, open: openMySQL,
		},
		{
			assumed: dialects.Version{Kind: dialects.MariaDB, Major: 10, Minor: 11},
			schemes: []string{"mariadb"},
			like:    "mariadb://user:password@host:3306/name",
			dialect: ofMySQL, open: openMySQL,
		},
	}
}

// kindOf is a kind of server that dialects.ParseVersion knows.
func kindOf(kind dialects.Kind) serverKind {
	for _, k := range serverKinds() {
		if k.assumed.Kind == kind {
			return k
		}
	}
	panic(fmt.Sprintf("no server kind %q", kind))
}

// parseServer reads KIND[:VERSION], and fills in the release where none was said.
func parseServer(text string) (dialects.Version, error) {
	v, err := dialects.ParseVersion(text)
	if err != nil {
		return v, err
	}
	k := kindOf(v.Kind)
	switch {
	case v.Major == 0:
		return k.assumed, nil
	case v.Major == k.assumed.Major && !strings.Contains(text, ".") && k.assumed.Minor != 0:
		return v, fmt.Errorf("reading server %q: it takes two numbers to name a release, such as %s", text, k.assumed)
	}
	return v, nil
}

// serverOf is the server that is reckoned with where nobody said one: of the kind that the
// database's URL is for, else the default.
func serverOf(url string) dialects.Version {
	scheme, _, _ := strings.Cut(url, "://")
	for _, k := range serverKinds() {
		if slices.Contains(k.schemes, scheme) {
			return k.assumed
		}
	}
	return serverKinds()[0].assumed
}

// dialect is the pure side of the server that plans and findings are for.
func (s *settings) dialect() dialects.Dialect { return kindOf(s.server.Kind).dialect(s.server) }

// openDatabase picks the dialect by the URL's scheme. It does not connect, and no error of it holds
// a password.
func openDatabase(ctx context.Context, url string) (dialects.Database, error) {
	kinds := serverKinds()
	like := fmt.Sprintf("it looks like %s or %s", kinds[0].like, kinds[1].like)
	scheme, _, is := strings.Cut(url, "://")
	switch {
	case url == "":
		return nil, usage(like, "no database: give --database-url, or set SEGUE_DATABASE_URL or DATABASE_URL")
	case !is && (strings.Contains(url, "@tcp(") || strings.Contains(url, "@unix(")):
		return nil, usage("it looks like "+kinds[1].like, "the database URL is a DSN of Go's MySQL driver, which segue does not read")
	case !is && !strings.Contains(url, "="):
		return nil, usage(like, "the database URL has no scheme")
	case !is:
		scheme = "postgres" // a connection string of keyword=value
	}
	var known []string
	for _, k := range kinds {
		if slices.Contains(k.schemes, scheme) {
			db, err := k.open(ctx, url)
			if err != nil {
				return nil, &usageError{problem: err}
			}
			return db, nil
		}
		known = append(known, k.schemes...)
	}
	// Frameworks name a driver beside the kind: jdbc:mysql://, mysql+pymysql://, mysql2://.
	suggestion := didYouMean(scheme, known)
	for _, name := range known {
		if suggestion == "" && strings.Contains(scheme, name) {
			suggestion = fmt.Sprintf("; did you mean %q?", name)
		}
	}
	return nil, usage(like, "segue does not know the database URL's scheme %s://%s", scheme, suggestion)
}
