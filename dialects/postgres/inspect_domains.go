package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/segue-db/segue/dialects"
)

// domain is a domain as columns see it. Base is its type with all domains below it resolved.
type domain struct {
	name   dialects.Name
	base   string
	below  uint32 // the type that it is directly over
	reject bool   // rejects NULL by itself
	checks bool
}

// readRole asks whether this role may turn triggers off for its own writes, by doing it: providers
// grant that in ways of their own.
func (i *inspection) readRole() error {
	refused, err := i.refuses(`SET LOCAL session_replication_role = replica`)
	i.catalog.ReplicaRole = dialects.ReplicaRoleMay
	if refused {
		i.catalog.ReplicaRole = dialects.ReplicaRoleMayNot
	}
	return err
}

// readDomains reads every domain, an extension's too since columns may be of it; the catalog gets
// ours.
func (i *inspection) readDomains() error {
	i.domains = map[uint32]*domain{}
	var oid uint32
	var d domain
	var dflt string
	var own bool
	var constraints []string
	var ours []*dialects.Object
	var oids []uint32
	err := i.each(`
SELECT t.oid, n.nspname, t.typname, t.typbasetype, pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull,
       COALESCE(pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass), ''),
       ARRAY(SELECT pg_catalog.pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname),
       `+ownSchema+` AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'e'
           AND x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND x.objid = t.oid)
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'd' AND n.nspname <> 'information_schema'
ORDER BY t.oid`, func() {
		found := d
		found.checks = len(constraints) > 0
		i.domains[oid] = &found
		if own {
			definition := d.base
			if dflt != "" {
				definition += " DEFAULT " + dflt
			}
			definition = strings.Join(append([]string{definition}, constraints...), " ")
			ours = append(ours, i.add(dialects.Object{Kind: dialects.Domain, Name: d.name, Definition: definition}))
			oids = append(oids, oid)
		}
	}, &oid, &d.name.Schema, &d.name.Name, &d.below, &d.base, &d.reject, &dflt, &constraints, &own)
	if err != nil {
		return err
	}
	resolved := map[uint32]domain{}
	for oid, d := range i.domains {
		whole := *d
		for below := i.domains[d.below]; below != nil; below = i.domains[below.below] {
			whole.base = below.base
			whole.reject = whole.reject || below.reject
			whole.checks = whole.checks || below.checks
		}
		resolved[oid] = whole
	}
	for n, object := range ours {
		d := resolved[oids[n]]
		if !d.reject && d.checks {
			if d.reject, err = i.rejectsNull(d.name); err != nil {
				return err
			}
		}
		object.NotNull = d.reject
	}
	for oid, d := range resolved {
		i.domains[oid] = &d
	}
	return nil
}

// rejectsNull asks a domain's CHECKs about NULL by casting it. Where they fail otherwise (a
// function in one needs a search_path, say) nobody can tell, and the domain counts as rejecting.
func (i *inspection) rejectsNull(name dialects.Name) (bool, error) {
	return i.refuses(`SELECT NULL::` + pgx.Identifier{name.Schema, name.Name}.Sanitize())
}

// refuses reports whether the server refuses a statement, and takes back what it did.
func (i *inspection) refuses(sql string) (bool, error) {
	if err := i.Script(i.ctx, `SAVEPOINT segue_inspect`); err != nil {
		return false, err
	}
	refusal := i.Script(i.ctx, sql)
	var server *pgconn.PgError
	if refusal != nil && !errors.As(refusal, &server) {
		return false, refusal
	}
	return refusal != nil, i.Script(i.ctx, `ROLLBACK TO SAVEPOINT segue_inspect; RELEASE SAVEPOINT segue_inspect`)
}
