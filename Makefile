# What can be done here. `make help` prints this list; each target says what it does after ##.

# PocketBase needs a newer Go than many machines have; the toolchain named in go.mod is then fetched. Some images switch that off.
export GOTOOLCHAIN := auto

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
LDFLAGS  := -s -w -X kinward/hooks/cli.Version=$(VERSION)
# The toolchain of go.mod, for tools that are not part of this module: they must be at least as new as the code they read.
GO_HERE  := $(shell awk '$$1 == "toolchain" { print $$2 }' go.mod)
# Pinned, and run with `go run`, so that neither tool nor its dependencies stand in go.mod.
STATICCHECK := GOTOOLCHAIN=$(GO_HERE) go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

# SQLite is C that a machine wrote as Go: looking at it would be half of what the race detector costs.
RACE := -race -gcflags='modernc.org/...=-race=false'

FUZZ_SECONDS ?= 30
# Go makes each interesting input smaller for a minute, unless told otherwise: nothing else would be tried in that time.
FUZZ := -fuzztime $(FUZZ_SECONDS)s -fuzzminimizetime 1s
RELEASES     := linux/amd64 linux/arm64
# Where the archives of a release can be fetched from, if anywhere: the folder that holds them and their SHA256SUMS.
RELEASE_URL  ?=
DIST         ?= dist
PAGE         := pb_public/dist/index.html
PAGE_SOURCES := $(shell find pb_public -path pb_public/node_modules -prune -o -path pb_public/dist -prune -o -type f -print) \
                $(wildcard hooks/messages/*/*.json)

.DEFAULT_GOAL := help
.PHONY: help run build page test test-go test-page test-walks test-shell check lint fuzz bench bench-checks learn-checks tools release clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build all and start a throw-away practice with sample people (kinward demo)
	./kinward demo

build: $(PAGE) ## Build the page and the binary ./kinward
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o kinward .

page: $(PAGE) ## Build only the page

$(PAGE): pb_public/node_modules/.package-lock.json $(PAGE_SOURCES)
	cd pb_public && npm run build
	@touch $@

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	@touch $@

test: tools test-shell test-page test-walks fuzz test-go ## Run every test: shell, page, browser, fuzzing and Go with the race detector

test-go: build ## Go tests with the race detector; those of hostile texts also without it, which would leave eleven of twelve out
	go test $(RACE) -timeout 20m ./...
	go test -count=1 ./hooks/markdown

test-page: page ## The page's unit tests, types, style and size
	cd pb_public && npm run lint && npm run check && npm test && npm run size

test-walks: build ## Walk through the built product in Chromium (SCREENSHOTS=/folder: with a picture of every look; LATE=500: each question to the server held up by as many milliseconds at most); skipped where there are no walks
	@if [ -f walks/package.json ]; then $(MAKE) walks/node_modules/.package-lock.json && cd walks && npm test; fi

test-shell: ## install.sh and the other shell scripts: shellcheck, and the installer tried in a throw-away machine
	shellcheck install.sh install_test.sh .ci/run .ci/tools
	./install_test.sh

check: lint ## Vet and lint, and look whether go.mod and the formatting are as they should be
	go mod tidy -diff
	go mod verify

lint: ## gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l main.go hooks bench pb_migrations pb_public/*.go policies); \
	if [ -n "$$unformatted" ]; then echo "not formatted: $$unformatted" >&2; exit 1; fi
	go vet ./...
	$(STATICCHECK) -checks inherit,-ST1012 ./...

fuzz: ## Fuzz the sanitizer, the detectors, the parsers of clauses and of cases, and the cleaner of files (FUZZ_SECONDS=30)
	go test ./hooks/check -run '^$$' -fuzz '^FuzzFind$$' $(FUZZ)
	go test ./hooks/policy -run '^$$' -fuzz '^FuzzClauses$$' $(FUZZ)
	go test ./hooks/cases -run '^$$' -fuzz '^FuzzParse$$' $(FUZZ)
	go test ./hooks/markdown -run '^$$' -fuzz '^FuzzRender$$' $(FUZZ)
	go test ./hooks/media -run '^$$' -fuzz '^FuzzClean$$' $(FUZZ)

bench-checks: ## Precision and recall of every detector on the labelled lines (MISTAKES=--mistakes shows the misjudged ones)
	go run ./hooks/check/measure --write $(MISTAKES)

learn-checks: ## Learn from the labelled lines what words weigh for the detectors, and measure them (hooks/check/weights)
	go run ./hooks/check/learn
	go run ./hooks/check/measure --write

bench: page ## Measure what requests cost beside a bare PocketBase (BENCH='--large': a large practice; --help lists more)
	go run ./bench $(BENCH)

tools: ## Install what the tests need beside Go and Node (Chromium, shellcheck, strace, systemd-nspawn): Debian or Ubuntu
	.ci/tools

release: $(PAGE) ## Static linux binaries for amd64 and arm64 in DIST=dist, with SHA256SUMS and an install.sh pinned to them (RELEASE_URL=)
	rm -rf $(DIST) && mkdir -p $(DIST)
	$(foreach target,$(RELEASES),$(call archive,$(subst /,-,$(target)),$(dir $(target)),$(notdir $(target))))
	cd $(DIST) && sha256sum *.tar.gz > SHA256SUMS
	awk -v version='$(VERSION)' -v url='$(RELEASE_URL)' -v sums="$$(cat $(DIST)/SHA256SUMS)" \
		'sub(/^pinned_version=.*/, "") { $$0 = "pinned_version=\047" version "\047" } \
		sub(/^pinned_url=.*/, "") { $$0 = "pinned_url=\047" url "\047" } \
		sub(/^pinned_sums=.*/, "") { $$0 = "pinned_sums=\047" sums "\047" } { print }' install.sh > $(DIST)/install.sh
	chmod 755 $(DIST)/install.sh
	cd $(DIST) && sha256sum install.sh >> SHA256SUMS && cat SHA256SUMS

# archive packs one platform: $(1) its name, $(2) its system, $(3) its processor. Names, times and owners are fixed, so that the
# same commit gives the same archive.
define archive
	CGO_ENABLED=0 GOOS=$(patsubst %/,%,$(2)) GOARCH=$(3) go build -trimpath -ldflags '$(LDFLAGS)' -o $(DIST)/kinward-$(1)/kinward .
	cp LICENSE install.sh $(DIST)/kinward-$(1)/
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='$(shell git log -1 --format=%cI)' -C $(DIST) \
		-cf - kinward-$(1) | gzip -9n > $(DIST)/kinward-$(VERSION)-$(1).tar.gz
	rm -r $(DIST)/kinward-$(1)

endef

clean: ## Remove what was built
	rm -rf kinward dist pb_public/dist/assets $(PAGE)
