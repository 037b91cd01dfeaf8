#!/usr/bin/env bash
# Installs what the tests and the demo need: a C compiler, make, git and PostgreSQL. On Debian and
# Ubuntu it does so itself, as root or with sudo; elsewhere it says what is missing. With nothing
# missing it does nothing, and in no time. It starts no service and makes no database cluster.
set -euo pipefail

has() { command -v "$1" >/dev/null 2>&1; }

has_postgres() {
	[ -n "${SEGUE_TEST_POSTGRES_URL:-}" ] || has postgres ||
		compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

# cgo needs the C library's headers as well as the compiler.
has_c() { has "${CC:-gcc}" && echo '#include <stdlib.h>' | "${CC:-gcc}" -E - >/dev/null 2>&1; }

postgres="PostgreSQL 13 or later (server programs)"
missing=()
packages=()
has_c || { missing+=("a C compiler with the C library's headers"); packages+=(gcc libc6-dev); }
has make || { missing+=(make); packages+=(make); }
has git || { missing+=(git); packages+=(git); }
has_postgres || { missing+=("$postgres"); packages+=(postgresql); }
# A pooling proxy, for the tests that refuse one. Nothing else needs it, so elsewhere it may be missing.
[ -x /usr/sbin/pgbouncer ] || ! has apt-get || packages+=(pgbouncer)

if ! has go; then
	echo "setup: Go is missing: install Go 1.26 or later from https://go.dev/dl/ and put it on PATH" >&2
	exit 1
fi
[ ${#packages[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
	as_root=(sudo)
fi
if ! has apt-get || { [ ${#as_root[@]} -gt 0 ] && ! has sudo; }; then
	[ ${#missing[@]} -gt 0 ] || exit 0
	echo "setup: missing on this machine:" >&2
	printf '  - %s\n' "${missing[@]}" >&2
	if [ "${missing[*]}" = "$postgres" ] && docker info >/dev/null 2>&1; then
		echo "A Docker engine answers and will do, but for the tests that restart a server." >&2
		exit 0
	fi
	echo "Install them with the system's package manager, so that they are on PATH, and run this again." >&2
	echo "Instead of PostgreSQL a Docker engine will do, or a server named by SEGUE_TEST_POSTGRES_URL." >&2
	exit 1
fi

# The package would make a cluster and start it; this keeps it from that, this once.
no_cluster=/etc/postgresql-common/createcluster.d/segue-setup.conf
if ! has_postgres; then
	"${as_root[@]}" mkdir -p "$(dirname "$no_cluster")"
	echo 'create_main_cluster = false' | "${as_root[@]}" tee "$no_cluster" >/dev/null
	trap '"${as_root[@]}" rm -f "$no_cluster"' EXIT
fi

# Nor is a service to be started, pgbouncer's say, where none keeps packages from that already.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
	"${as_root[@]}" chmod 755 "$policy"
	trap '"${as_root[@]}" rm -f "$no_cluster" "$policy"' EXIT
fi

echo "setup: installing ${packages[*]}" >&2
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"; }
apt update
apt install -y --no-install-recommends "${packages[@]}" >/dev/null
