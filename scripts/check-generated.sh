#!/usr/bin/env bash
# Fails when go generate changes a file: then what is committed is not what its source says.
set -euo pipefail

state() { git status --porcelain; git diff; }

before=$(state)
go generate ./...
if [ "$before" != "$(state)" ]; then
	echo "generated files were not current; go generate has brought them up to date:" >&2
	git status --short >&2
	exit 1
fi
