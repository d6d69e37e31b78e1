# Sentry. `make quickstart` and `make test` each work alone on a bare machine with Swift 6.3.
#
#   make quickstart   set up, build, train on built-in synthetic faces for a few minutes
#   make test         set up, build, run all tests
#   make check        what a contributor runs before a commit
#   make fuzz         run libFuzzer over the readers of files, FUZZ_SECONDS each
#   make attack       attack the program for at most 15 minutes: plugins, disks, kills, memory (needs root)
#   make bench        measure against peers (PyTorch and others, from PyPI)
#   make install PREFIX=/usr/local

PREFIX ?= /usr/local
DESTDIR ?=
# SwiftPM reads CC from the environment and passes it flags of clang.
unexport CC CXX

SENTRY := .build/release/sentry
# The tests have a build folder of their own: theirs is a release with testing enabled, which would rebuild the other.
TEST_FLAGS := -c release -Xswiftc -enable-testing --scratch-path .build-test
PLUGINS := $(notdir $(wildcard Plugins/*))
QUICKSTART_OUTPUT ?= models/quickstart

.PHONY: setup build quickstart test check lint format check-names check-arrows fuzz attack install bench peers clean

setup:
	@scripts/setup

build: setup
	SENTRY_RELEASE=1 swift build -c release

quickstart: build
	$(SENTRY) train emotion --dataset synthetic-faces --image-size 48 --epochs 5 --batch-size 32 --lr 1e-3 \
	  --set dataset.count=4096 --set run.augmentation=none --output $(QUICKSTART_OUTPUT) --overwrite

test: setup
	swift build --build-tests $(TEST_FLAGS)
	@Tests/kernels-check.sh .build-test
	@Tests/haswell-check.sh .build-test
	@Tests/needed-check.sh .build-test
	@scripts/test $(TEST_FLAGS)

check: lint check-names check-arrows test

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Plugins Tests $(wildcard Examples Benchmarks)

format:
	swift format --in-place --recursive --parallel Package.swift Sources Plugins Tests $(wildcard Examples Benchmarks)

check-names:
	@scripts/check-names

check-arrows:
	@scripts/check-arrows

FUZZ_SECONDS ?= 600
fuzz: setup
	@for reader in $(notdir $(wildcard Tests/Fuzz/Corpus/* Tests/Fuzz/Texts/*)); do scripts/fuzz $$reader $(FUZZ_SECONDS) || exit 1; done

# ATTACK="kills faults": see scripts/attack --help
attack: build
	scripts/attack $(ATTACK)

install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/sentry/plugins $(DESTDIR)$(PREFIX)/include/sentry
	install -m 755 $(SENTRY) $(DESTDIR)$(PREFIX)/bin/sentry
	install -m 644 $(PLUGINS:%=.build/release/lib%.so) $(DESTDIR)$(PREFIX)/lib/sentry/plugins/
	install -m 644 Sources/CSentryPlugin/include/sentry_plugin.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 Sources/CSentryPlugin/include/sentry/*.h $(DESTDIR)$(PREFIX)/include/sentry/

peers: setup
	@scripts/peers

# BENCH="--only infer-1 --rounds 3": see BENCH=--help
bench: setup peers
	SENTRY_RELEASE=1 SENTRY_BENCH=1 swift build -c release
	PYTHONPATH=Benchmarks python3 -m bench $(BENCH)

clean:
	rm -rf .build .build-test .build-fuzz
