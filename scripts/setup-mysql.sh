#!/usr/bin/env bash
# Installs what the tests on MariaDB and MySQL need: MariaDB from the distribution, and MySQL from
# Debian unstable, unpacked into the cache folder. Debian's stable releases have no MySQL, and
# Ubuntu's packages of the two exclude each other. On Debian and Ubuntu it does so itself, as root
# or with sudo; elsewhere it says what is missing. What is there already is kept, and with nothing
# missing it takes no time. It starts no service.
set -euo pipefail

# The same folder as internal/scratch looks in.
if [ "$(id -u)" -eq 0 ]; then cache=/var/cache/segue; else cache=$HOME/.cache/segue; fi
cache=${SEGUE_CACHE:-$cache}/mysql

# Distributions call one of the two by the other's name, so what a program says of itself counts.
has_server() { # has_server KIND PROGRAM...
	local kind=$1 program
	shift
	for program in "$@"; do
		if program=$(command -v "$program") && "$program" --no-defaults --version 2>/dev/null |
			if [ "$kind" = mariadb ]; then grep -qi mariadb; else grep -vqi mariadb; fi; then
			return 0
		fi
	done
	return 1
}

PATH=$PATH:/usr/sbin:/usr/local/sbin
has_mariadb() { [ -n "${SEGUE_TEST_MARIADB_URL:-}" ] || has_server mariadb mariadbd mysqld; }
has_mysql() {
	[ -n "${SEGUE_TEST_MYSQL_URL:-}" ] || [ -x "$cache/bin/mysqld" ] ||
		has_server mysql mysqld
}

missing=()
packages=()
has_mariadb || { missing+=("MariaDB 10.6 or later (server programs)"); packages+=(mariadb-server mariadb-client); }
if ! has_mysql; then
	missing+=("MySQL 8.0 or later (server programs)")
	command -v debootstrap >/dev/null || packages+=(debootstrap)
	[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || packages+=(debian-archive-keyring)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
if ! command -v apt-get >/dev/null || { [ ${#as_root[@]} -gt 0 ] && ! command -v sudo >/dev/null; }; then
	echo "setup-mysql: missing on this machine:" >&2
	printf '  - %s\n' "${missing[@]}" >&2
	if docker info >/dev/null 2>&1; then
		echo "A Docker engine answers and will do, but for the tests that restart a server." >&2
		exit 0
	fi
	echo "Install them so that they are on PATH, start a Docker engine, or name running servers in" >&2
	echo "SEGUE_TEST_MARIADB_URL and SEGUE_TEST_MYSQL_URL." >&2
	exit 1
fi

if [ ${#packages[@]} -gt 0 ]; then
	echo "setup-mysql: installing ${packages[*]}" >&2
	# The package would start a server as a service; this keeps it from that, this once. A machine
	# that has such a policy already keeps its own.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
		"${as_root[@]}" chmod +x "$policy"
		trap '"${as_root[@]}" rm -f "$policy"' EXIT
	fi
	apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"; }
	apt update
	apt install -y --no-install-recommends "${packages[@]}" >/dev/null
fi

# run_by_own_loader writes programs that run those of the unpacked system with its own loader and
# libraries, with no chroot. PROGRAM OPTION...: options come behind those of the caller.
run_by_own_loader() {
	local program=$1
	shift
	cat >"$cache/bin/.$(basename "$program")" <<-END
		#!/bin/sh
		root=\$(cd "\$(dirname "\$0")/../debian" && pwd) || exit 1
		for loader in "\$root"/lib64/ld-linux-*.so.* "\$root"/lib/ld-linux-*.so.*; do
			[ ! -x "\$loader" ] || break
		done
		libraries=\$(printf %s: "\$root"/usr/lib/*-linux-gnu)
		exec "\$loader" --library-path "\$libraries" "\$root/$program" "\$@" $*
	END
	chmod +x "$cache/bin/.$(basename "$program")"
	mv "$cache/bin/.$(basename "$program")" "$cache/bin/$(basename "$program")"
}

if ! has_mysql; then
	if [ ! -e "$cache/debian" ]; then
		echo "setup-mysql: unpacking MySQL from Debian unstable into $cache" >&2
		mkdir -p "$cache"
		"${as_root[@]}" rm -rf --one-file-system "$cache/.partial"
		"${as_root[@]}" debootstrap --variant=minbase --include=mysql-server-core,mysql-client-core \
			sid "$cache/.partial" >"$cache/debootstrap.log"
		"${as_root[@]}" find "$cache/.partial/var/cache/apt" -type f -delete
		"${as_root[@]}" mv "$cache/.partial" "$cache/debian"
	fi
	mkdir -p "$cache/bin"
	for program in mysql mysqldump mysqladmin mysqlbinlog; do
		[ ! -x "$cache/debian/usr/bin/$program" ] || run_by_own_loader "usr/bin/$program"
	done
	run_by_own_loader usr/sbin/mysqld '--basedir="$root/usr"' '--lc-messages-dir="$root/usr/share/mysql"' \
		'--character-sets-dir="$root/usr/share/mysql/charsets"' '--plugin-dir="$root/usr/lib/mysql/plugin"'
fi
