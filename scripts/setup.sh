#!/usr/bin/env bash
# Installs what is missing: a C compiler, make and git for the build, and the database servers that
# are named: scripts/setup.sh [postgres] [mariadb] [mysql]. On Debian and Ubuntu it does so itself,
# as root or with sudo; elsewhere it says what is missing. With nothing missing it does nothing, and
# in no time. It starts no service, makes no database cluster, and removes no package.
set -euo pipefail
cd "$(dirname "$0")"

want=" $* "
wants() { [[ $want == *" $1 "* ]]; }
has() { command -v "$1" >/dev/null 2>&1; }
PATH=$PATH:/usr/sbin:/usr/local/sbin # where servers are, for users too

has_postgres() {
	[ -n "${SEGUE_TEST_POSTGRES_URL:-}" ] || has postgres ||
		compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

# Distributions have MariaDB's programs under MySQL's names too, so what one says of itself counts.
has_mariadb() {
	[ -n "${SEGUE_TEST_MARIADB_URL:-}" ] || has mariadbd ||
		{ has mysqld && mysqld --no-defaults --version 2>/dev/null | grep -qi mariadb; }
}

# cgo needs the C library's headers as well as the compiler.
has_c() { has "${CC:-gcc}" && echo '#include <stdlib.h>' | "${CC:-gcc}" -E - >/dev/null 2>&1; }

for server in "$@"; do
	case $server in postgres | mariadb | mysql) ;; *)
		echo "setup: there is no server $server: it is postgres, mariadb or mysql" >&2
		exit 2
		;;
	esac
done
if ! has go; then
	echo "setup: Go is missing: install Go 1.26 or later from https://go.dev/dl/ and put it on PATH" >&2
	exit 1
fi

tools=()
servers=()
packages=()
has_c || { tools+=("a C compiler with the C library's headers"); packages+=(gcc libc6-dev); }
has make || { tools+=(make); packages+=(make); }
has git || { tools+=(git); packages+=(git); }
if wants postgres; then
	has_postgres || { servers+=("PostgreSQL 13 or later (server programs)"); packages+=(postgresql); }
	# A pooling proxy, for the tests that refuse one. Nothing else needs it, so elsewhere it may be missing.
	has pgbouncer || ! has apt-get || packages+=(pgbouncer)
fi
# The plugin that shows metadata locks stands beside the server, not in a package of the programs alone.
# Nothing but the tests of it needs it, so elsewhere it may be missing.
has_metadata_locks() {
	[ -n "${SEGUE_TEST_MARIADB_URL:-}" ] || ! has apt-get ||
		compgen -G '/usr/lib*/*/plugin/metadata_lock_info.so' >/dev/null
}
if wants mariadb; then
	has_mariadb || servers+=("MariaDB 10.6 or later (server programs)")
	{ has_mariadb && has_metadata_locks; } || packages+=(mariadb-server mariadb-client)
fi
fetch_mysql() { ! wants mysql || bash ./setup-mysql.sh; }
[ ${#packages[@]} -gt 0 ] || { fetch_mysql; exit; }

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
if ! has apt-get || { [ ${#as_root[@]} -gt 0 ] && ! has sudo; }; then
	[ ${#tools[@]} -gt 0 ] || [ ${#servers[@]} -gt 0 ] || { fetch_mysql; exit; }
	echo "setup: missing on this machine:" >&2
	printf '  - %s\n' "${tools[@]}" "${servers[@]}" >&2
	if [ ${#tools[@]} -eq 0 ] && docker info >/dev/null 2>&1; then
		echo "A Docker engine answers and will do, but for the tests that restart a server." >&2
		fetch_mysql
		exit
	fi
	echo "Install them with the system's package manager, so that they are on PATH, and run this again." >&2
	echo "Instead of a database server a Docker engine will do, or a running one that is named by" >&2
	echo "SEGUE_TEST_POSTGRES_URL, SEGUE_TEST_MARIADB_URL or SEGUE_TEST_MYSQL_URL." >&2
	exit 1
fi

# The packages would make a cluster and start services; this keeps them from that, this once. A
# machine that has such a policy already keeps its own.
leave=()
trap '[ ${#leave[@]} -eq 0 ] || "${as_root[@]}" rm -f "${leave[@]}"' EXIT
no_cluster=/etc/postgresql-common/createcluster.d/segue-setup.conf
if wants postgres && ! has_postgres; then
	leave+=("$no_cluster")
	"${as_root[@]}" mkdir -p "$(dirname "$no_cluster")"
	echo 'create_main_cluster = false' | "${as_root[@]}" tee "$no_cluster" >/dev/null
fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	leave+=("$policy")
	printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
	"${as_root[@]}" chmod 755 "$policy"
fi

echo "setup: installing ${packages[*]}" >&2
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"; }
apt update
apt install -y --no-install-recommends --no-remove "${packages[@]}" >/dev/null
fetch_mysql
