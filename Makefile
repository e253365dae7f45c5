# The two a newcomer needs: `make run` and `make test`. CONTRIBUTING.md says when to use the others.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export CARGO_TERM_COLOR ?= auto
NEXTEST := cargo nextest run --no-fail-fast

.PHONY: help run test check test-sqlite test-postgres test-schema test-web web screenshots bench bench-slot bench-reads bench-growth bench-load bench-crash bench-mutants bench-fuzz bench-changes bench-tickets spec deny

help: ## lists what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1: \2/p' $(MAKEFILE_LIST)

run: ## a small Banten on SQLite, one working day of it, and the service goes on serving, with the pages where Node.js is there
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory web || echo "The pages could not be built; the API and /docs/ are served without them."; fi
	cargo run --quiet -- demo

# Nothing is built anew that is newer than what it is made of.
WEB_SOURCES := $(shell find web/app web/desk web/audit web/public web/src web/texts web/tools web/*.ts data/regions docs/guides -type f 2>/dev/null)

web: web/dist/app/index.html ## the pages in web/dist, which the binary serves

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/app/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

test: ## everything: the tests on SQLite, on PostgreSQL, and schemathesis against the live server
	tests/tools/install.sh
	$(MAKE) --no-print-directory test-sqlite
	$(MAKE) --no-print-directory test-postgres
	$(MAKE) --no-print-directory test-schema
	$(MAKE) --no-print-directory test-web

test-sqlite: ## all tests, every database a SQLite file of its own
	tests/tools/install.sh nextest python strace
	env -u TEST_DATABASE_URL TEST_PYTHON=target/test-tools/venv/bin/python $(NEXTEST)

test-postgres: ## the integration tests beside a private PostgreSQL cluster, started and stopped here
	tests/tools/install.sh nextest postgres python strace
	TEST_PYTHON=target/test-tools/venv/bin/python tests/tools/with-postgres.sh $(NEXTEST) --test it

test-schema: ## schemathesis against the live server, signed in as every role
	tests/tools/install.sh python
	cargo build --quiet
	tests/tools/schema.sh

test-web: web ## the pages: units, budget, and Chromium against the live server
	tests/tools/install.sh node chromium
	cargo build --quiet
	tests/tools/web.sh

screenshots: web ## a picture of every page at 360, 768 and 1440 pixels in target/screenshots; the telling ones in web/screenshots
	tests/tools/install.sh node chromium
	cargo build --quiet
	cd web && npm run --silent screenshots

# The same tests as in `make test`, with larger counts; bench/README.md says what they do.
BENCH_CRASH := CRASH_KILLS=$${CRASH_KILLS:-3000} CRASH_STATES=$${CRASH_STATES:-10000} CRASH_SHARES=$${CRASH_SHARES:-8000} \
	CRASH_RESTARTS=$${CRASH_RESTARTS:-60} CRASH_NETWORK=$${CRASH_NETWORK:-5000} BENCH_RESULTS=1
CRASH_TESTS := cargo nextest run --no-fail-fast --no-capture --profile crash --test it crash::

bench-crash: ## crash safety at length, on both databases, for an hour or more; figures go to bench/results/crash.json
	tests/tools/install.sh nextest postgres strace
	env -u TEST_DATABASE_URL $(BENCH_CRASH) $(CRASH_TESTS); on_sqlite=$$?; \
		$(BENCH_CRASH) tests/tools/with-postgres.sh $(CRASH_TESTS) && exit $$on_sqlite

bench-mutants: ## cargo-mutants on draw, statistics, tree and canonical form; FILES="src/domain/sampling.rs" for some
	tests/tools/install.sh mutants nextest python
	TEST_PYTHON="$$PWD/target/test-tools/venv/bin/python" tests/tools/mutants.sh $(FILES)

bench-fuzz: ## every parser for 30 CPU-minutes, one after the other; SHERLOK_FUZZ_SECONDS=60 for less
	SHERLOK_FUZZ_SECONDS=$${SHERLOK_FUZZ_SECONDS:-1800} cargo test --release --no-default-features --lib fuzz_tests::fuzz_ -- --nocapture --test-threads 1

bench-changes: ## every other value of every byte of every file of an audit's bundle, and a bundle of 100,000 units
	cargo test --release --no-default-features --lib domain::bundle:: -- --ignored --nocapture --test-threads 1

bench-tickets: ## tickets of 100,000 random seeds and ids against PyPI consistent_sampler
	tests/tools/install.sh python
	TEST_PYTHON=target/test-tools/venv/bin/python SHERLOK_TICKETS=$${SHERLOK_TICKETS:-100000} cargo test --release --no-default-features --lib random_seeds_and_ids -- --nocapture

check: ## formatting, lints, documentation, generated files; warnings are errors
	cargo fmt --check
	cargo clippy --quiet --all-targets --features bench -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --quiet --no-deps --document-private-items
	$(MAKE) --no-print-directory spec
	git diff --exit-code -- api-spec || { echo "api-spec is not as generated: commit what make spec wrote"; exit 1; }
	tests/tools/install.sh node
	$(MAKE) --no-print-directory web/node_modules/.package-lock.json
	cd web && npm run --silent check

bench: ## judged shares a second on both databases, against a plain answer and pgbench (a few minutes)
	tests/tools/install.sh postgres
	cargo build --quiet --release --features bench
	POSTGRES_DIRECTORY=target/bench/postgres tests/tools/with-postgres.sh target/release/sherlok-bench throughput $(BENCH)

bench-slot: ## the nation's rate for 15 minutes on PostgreSQL; BENCH="--seconds 60" for less
	tests/tools/install.sh postgres
	cargo build --quiet --release --features bench
	POSTGRES_DIRECTORY=target/bench/postgres tests/tools/with-postgres.sh target/release/sherlok-bench slot $(BENCH)

bench-reads: ## the export of a million rows beside COPY TO, and a draw out of ten million units
	tests/tools/install.sh postgres
	cargo build --quiet --release --features bench
	POSTGRES_DIRECTORY=target/bench/postgres tests/tools/with-postgres.sh target/release/sherlok-bench reads $(BENCH)

bench-growth: ## a share sent again and a person's day at 10^4 to 10^7 shares, and the plans of the hot queries at 14 million
	tests/tools/install.sh postgres
	cargo build --quiet --release --features bench
	POSTGRES_DIRECTORY=target/bench/postgres tests/tools/with-postgres.sh target/release/sherlok-bench growth $(BENCH)
	POSTGRES_DIRECTORY=target/bench/postgres tests/tools/with-postgres.sh target/release/sherlok-bench plans $(BENCH)

bench-load: ## what the load generator itself costs, against wrk
	tests/tools/install.sh wrk
	cargo build --quiet --release --features bench
	target/release/sherlok-bench load $(BENCH)

spec: ## writes api-spec/openapi.json and problems.md from the code
	cargo run --quiet -- spec --directory api-spec

deny: ## licences, bans, sources and advisories by cargo-deny itself (needs `cargo install cargo-deny`)
	cargo deny check
