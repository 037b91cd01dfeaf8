SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The databases' own processes want a share of the machine, so few packages are tested at once.
PARALLEL ?= 2
TIMEOUT  ?= 40m

# What make demo runs on.
SERVER ?= postgres

# A server that is missing is a failure, not a skipped test.
test soak bench: export SEGUE_REQUIRE ?= postgres,mariadb,mysql

.PHONY: help
help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 18

.PHONY: setup
setup: ## install what is missing (Debian and Ubuntu; elsewhere it says what)
	@bash scripts/setup.sh postgres mariadb mysql
	@bash scripts/setup-versions.sh

.PHONY: setup-mysql
setup-mysql: ## of that only the MariaDB and MySQL servers
	@bash scripts/setup.sh mariadb mysql

.PHONY: setup-versions
setup-versions: ## of that only PostgreSQL 14 to 18, for tests across releases
	@bash scripts/setup-versions.sh

.PHONY: tools
tools:
	@bash scripts/setup.sh

.PHONY: build
build: tools ## bin/segue (the first time takes minutes: the Postgres parser is C)
	go build -o bin/segue ./cmd/segue

.PHONY: demo
demo: build ## a throwaway server, two app versions writing, a whole rename (SERVER=mysql or mariadb)
	@bash scripts/setup.sh $(SERVER)
	@bin/segue demo --server $(SERVER)

.PHONY: test
test: setup ## all tests, on real servers
	go test -p $(PARALLEL) -timeout $(TIMEOUT) ./integration ./... # the longest first

.PHONY: test-short
test-short: ## the quick tests; those that find no server are skipped
	go test -short -p $(PARALLEL) ./...

.PHONY: soak
soak: setup ## a million rows under fire, 200 races for one gate, more of what make test does; by hand, takes an hour or two
	SEGUE_SOAK=1 go test -count=1 -v -run 'UnderFire|StartRacesAdvance|KilledRunner|Lifecycles' -timeout 4h ./integration

.PHONY: check
check: tools ## gofmt, vet, staticcheck, the rules of the house, generated files current
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "run gofmt on: $$unformatted"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go test -run '^TestHouse' .
	@bash scripts/check-generated.sh

.PHONY: bench
bench: setup bench-lint ## benchmarks on a real server, and of lint
	go test -run '^$$' -bench . -timeout $(TIMEOUT) ./migrate/backfill

.PHONY: bench-lint
bench-lint: tools ## of that only lint, beside squawk, which npm fetches
	go run ./integration/lintbench

.PHONY: clean
clean: ## remove what was built
	rm -rf bin
