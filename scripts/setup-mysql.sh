#!/usr/bin/env bash
# Unpacks MySQL's server and client programs from Debian unstable into segue's cache folder, where
# the machine has none: Debian's stable releases have no MySQL, and Ubuntu's packages of MySQL and
# MariaDB exclude each other. Nothing is installed: apt works out and checks the packages against a
# system of its own that has none, and they run with their own loader and libraries, with no chroot.
set -euo pipefail

# The same folder as internal/scratch looks in.
if [ "$(id -u)" -eq 0 ]; then cache=/var/cache/segue; else cache=$HOME/.cache/segue; fi
cache=${SEGUE_CACHE:-$cache}/mysql

# Distributions have MariaDB's programs under MySQL's names too, so what one says of itself counts.
has_mysql() {
	[ -n "${SEGUE_TEST_MYSQL_URL:-}" ] || [ -x "$cache/bin/mysqld" ] ||
		{ program=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v mysqld) &&
			"$program" --no-defaults --version 2>/dev/null | grep -vqi mariadb; }
}
! has_mysql || exit 0

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
	if docker info >/dev/null 2>&1; then
		echo "setup: MySQL is missing; a Docker engine answers and will do, but for the tests that restart a server" >&2
		exit 0
	fi
	echo "setup: MySQL is missing: install its server programs (8.0 or later) so that they are on PATH, start a" >&2
	echo "Docker engine, or name a running server in SEGUE_TEST_MYSQL_URL." >&2
	exit 1
fi

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
if [ ! -e "$keyring" ]; then
	as_root=()
	[ "$(id -u)" -eq 0 ] || as_root=(sudo)
	echo "setup: installing debian-archive-keyring" >&2
	"${as_root[@]}" apt-get -qq update
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends debian-archive-keyring >/dev/null
fi

if [ ! -e "$cache/debian" ]; then
	echo "setup: unpacking MySQL from Debian unstable into $cache" >&2
	mkdir -p "$cache"
	work=$(mktemp -d "$cache/.partial.XXXXXX")
	trap 'rm -rf --one-file-system "$work"' EXIT
	mkdir -p "$work"/apt/{lists,archives}/partial "$work/debian"
	touch "$work/apt/status"

	# The machine's own mirror of Debian, where it is a Debian, and its way there; not what it does after
	# an update of its own lists.
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Created-By: Packages' 'Component: main' |
		grep -v security | head -n 1) || true
	echo "deb [signed-by=$keyring] ${mirror:-http://deb.debian.org/debian} sid main" >"$work/apt/sources.list"
	apt-config dump | grep -vE '^(CommandLine|#|[A-Za-z]+::.*(Pre|Post)-Invoke)' >"$work/apt/apt.conf"
	cat >>"$work/apt/apt.conf" <<-END
		Dir::Etc::Parts "/dev/null";
		Dir::Etc::Main "/dev/null";
		Dir::Etc::SourceList "$work/apt/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		Dir::State "$work/apt";
		Dir::State::Lists "$work/apt/lists";
		Dir::State::Status "$work/apt/status";
		Dir::Cache "$work/apt";
		Dir::Cache::Archives "$work/apt/archives";
		Acquire::Languages "none";
		Acquire::Retries "3";
		APT::Sandbox::User "";
	END
	apt() { APT_CONFIG=$work/apt/apt.conf apt-get -qq "$@"; }
	apt update
	apt install -y --download-only --no-install-recommends mysql-server-core mysql-client-core >/dev/null
	# Perl is there for scripts that nobody calls.
	find "$work/apt/archives" -name '*.deb' ! -name '*perl*' -print0 |
		xargs -0 -P "$(nproc)" -I DEB dpkg-deb --extract DEB "$work/debian"
	chmod 755 "$work/debian"
	mv "$work/debian" "$cache/debian"
fi

# run_by_own_loader PROGRAM [OPTION...] writes a program that runs an unpacked one, with options
# behind the caller's, of which the first may have to stay the first.
run_by_own_loader() {
	local program=$1 name
	shift
	name=$(basename "$program")
	cat >"$cache/bin/.$name" <<-END
		#!/bin/sh
		root=\$(cd "\$(dirname "\$0")/../debian" && pwd) || exit 1
		for loader in "\$root"/usr/lib64/ld-linux-*.so.* "\$root"/usr/lib/ld-linux-*.so.*; do
			[ ! -x "\$loader" ] || break
		done
		libraries=\$(printf %s: "\$root"/usr/lib/*-linux-gnu)
		exec "\$loader" --library-path "\$libraries" "\$root/$program" "\$@" $*
	END
	chmod 755 "$cache/bin/.$name"
	mv "$cache/bin/.$name" "$cache/bin/$name"
}

mkdir -p "$cache/bin"
for program in mysql mysqldump mysqladmin mysqlbinlog; do
	run_by_own_loader "usr/bin/$program"
done
run_by_own_loader usr/sbin/mysqld '--basedir="$root/usr"' '--lc-messages-dir="$root/usr/share/mysql"' \
	'--character-sets-dir="$root/usr/share/mysql/charsets"' '--plugin-dir="$root/usr/lib/mysql/plugin"'
"$cache/bin/mysqld" --no-defaults --version >/dev/null
