// Package mysql is the dialect of MySQL and MariaDB, which share an implementation and differ by
// the server that a Dialect is for.
package mysql

import "github.com/segue-db/segue/dialects"

// Dialect is MySQL or MariaDB without a connection. Server is what its texts are for: the kind
// decides the grammar, the release which version comments are SQL. The zero value is MySQL, of the
// release that is assumed where none was said.
type Dialect struct {
	Server dialects.Version
}

var _ dialects.Dialect = Dialect{}

// Kind is dialects.MySQL or dialects.MariaDB.
func (d Dialect) Kind() dialects.Kind {
	if d.Server.Kind == dialects.MariaDB {
		return dialects.MariaDB
	}
	return dialects.MySQL
}

// assumed are the releases that are reckoned with where none was said.
var assumed = map[dialects.Kind]dialects.Version{
	dialects.MySQL:   {Kind: dialects.MySQL, Major: 8, Minor: 4},
	dialects.MariaDB: {Kind: dialects.MariaDB, Major: 10, Minor: 11},
}

// server is the server that the dialect is for, with a release.
func (d Dialect) server() dialects.Version { return released(d.Server) }

// released is a version with the release that is assumed for it where none was said.
func released(v dialects.Version) dialects.Version {
	if v.Kind != dialects.MariaDB {
		v.Kind = dialects.MySQL
	}
	if v.Major == 0 {
		return assumed[v.Kind]
	}
	return v
}

// latestPatch stands for a patch release that was not said.
const latestPatch = 99

// number is a release as version comments write it: 80029, 101106.
func number(v dialects.Version) int {
	if v.Patch == 0 {
		v.Patch = latestPatch
	}
	return v.Major*10000 + v.Minor*100 + v.Patch
}

// NewCatalog is an empty database. Its name is not known: names without a schema stay without one.
func (d Dialect) NewCatalog(v dialects.Version) *dialects.Catalog {
	if v.Kind != dialects.MariaDB && v.Kind != dialects.MySQL {
		v.Kind = d.Kind()
	}
	c := dialects.NewCatalog(v, "")
	c.Charset, c.Collation = defaultCollation(released(v))
	return c
}
