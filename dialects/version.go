package dialects

import (
	"fmt"
	"strconv"
	"strings"
)

// Kind is a kind of server.
type Kind string

// The kinds of server that segue knows.
const (
	Postgres Kind = "postgres"
	MySQL    Kind = "mysql"
	MariaDB  Kind = "mariadb"
)

// Version is a kind of server and its release, as in postgres:16 or mysql:8.4. A zero Major means
// that the release was not said. Patch is zero but where it was said, which matters for MySQL 8.0 alone.
type Version struct {
	Kind  Kind
	Major int
	Minor int
	Patch int
}

// ParseVersion reads KIND[:MAJOR[.MINOR[.PATCH]]].
func ParseVersion(s string) (Version, error) {
	kind, release, said := strings.Cut(s, ":")
	v := Version{Kind: Kind(kind)}
	switch v.Kind {
	case Postgres, MySQL, MariaDB:
	default:
		return Version{}, fmt.Errorf("reading server %q: the kind must be postgres, mysql or mariadb", s)
	}
	if !said {
		return v, nil
	}
	parts := strings.Split(release, ".")
	fields := []*int{&v.Major, &v.Minor, &v.Patch}
	if len(parts) > len(fields) {
		return Version{}, fmt.Errorf("reading server %q: %q is not a version such as 16 or 8.4", s, release)
	}
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil {
			return Version{}, fmt.Errorf("reading server %q: %q is not a version such as 16 or 8.4", s, release)
		}
		*fields[i] = n
	}
	return v, nil
}

// AtLeast reports whether v is the given release or a later one.
func (v Version) AtLeast(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// String is the form that ParseVersion reads. Postgres releases have no minor part that matters.
func (v Version) String() string {
	switch {
	case v.Major == 0:
		return string(v.Kind)
	case v.Kind == Postgres:
		return fmt.Sprintf("%s:%d", v.Kind, v.Major)
	case v.Patch != 0:
		return fmt.Sprintf("%s:%d.%d.%d", v.Kind, v.Major, v.Minor, v.Patch)
	}
	return fmt.Sprintf("%s:%d.%d", v.Kind, v.Major, v.Minor)
}
