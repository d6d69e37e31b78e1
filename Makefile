# Sentry. `make quickstart` and `make test` each work alone on a bare machine with Swift 6.3.
#
#   make quickstart   set up, build, train on built-in synthetic faces for a few minutes
#   make test         set up, build, run all tests
#   make check        what a contributor runs before a commit
#   make check-authors   follow the pages for authors of plugins word for word; test the plugin over LibTorch
#   make api-check    compare the Swift products for authors with those of the commit in Tests/Border/api-baseline
#   make docs         make the reference of the Swift API for plugins, a web site, in .build/docs (DocC; needs no network)
#   make fuzz         run libFuzzer over the readers of files, FUZZ_SECONDS each
#   make attack       attack the program for at most 15 minutes: plugins, disks, kills, memory (needs root)
#   make bench        measure against peers (PyTorch and others, from PyPI)
#   make accuracy     measure what is learnt beside PyTorch, in equal time or equal epochs: ACCURACY=clock (an hour) or ACCURACY=epochs
#   make backbone-libtorch   build the emotion model for GPUs over LibTorch (TORCH=folder or PYTHON=interpreter)
#   make install PREFIX=/usr/local
#   make deb          make Debian packages for machines without Swift, in .build/deb
#   make deb-check    install them into a new Debian without Swift and train there (needs root and a network)

PREFIX ?= /usr/local
DESTDIR ?=
# SwiftPM reads CC from the environment and passes it flags of clang.
unexport CC CXX

SENTRY := .build/release/sentry
BUILD ?= .build
VERSION = $(shell sed -n 's/.*sentry = "\(.*\)"/\1/p' Sources/SentryHost/Runtime/System/Version.swift)
# The tests have a build folder of their own: theirs is a release with testing enabled, which would rebuild the other.
TEST_FLAGS := -c release -Xswiftc -enable-testing --scratch-path .build-test
# BackboneLibTorch is not built by SwiftPM; it is installed where it was built.
PLUGINS := $(filter-out BackboneLibTorch,$(notdir $(wildcard Plugins/*)))
EXTRA_PLUGINS = $(wildcard $(BUILD)/release/libBackboneLibTorch.so)
QUICKSTART_OUTPUT ?= models/quickstart

.PHONY: setup build quickstart build-tests test check check-authors lint format check-names check-arrows check-border api-check docs fuzz attack \
  install deb deb-check bench accuracy peers backbone-libtorch clean

setup:
	@scripts/setup

build: setup
	SENTRY_RELEASE=1 swift build -c release

quickstart: build
	$(SENTRY) train emotion --dataset synthetic-faces --image-size 48 --epochs 5 --batch-size 32 --set trainer.optimizer=adamw \
	  --set dataset.count=4096 --set run.augmentation=none --output $(QUICKSTART_OUTPUT) --overwrite

build-tests: setup
	swift build --build-tests $(TEST_FLAGS)

test: build-tests
	@Tests/kernels-check.sh .build-test
	@Tests/haswell-check.sh .build-test
	@Tests/needed-check.sh .build-test
	@scripts/test $(TEST_FLAGS)

# What a contributor who touches the border runs too; of it, CI follows the pages.
check-authors: build-tests
	@Tests/libtorch-check.sh .build-test
	@Tests/docs-check.sh .build-test
	@scripts/docs .build-test .build-test/docs

check: lint check-names check-arrows check-border test

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Plugins Tests Templates $(wildcard Examples Benchmarks)

format:
	swift format --in-place --recursive --parallel Package.swift Sources Plugins Tests Templates $(wildcard Examples Benchmarks)

check-names:
	@scripts/check-names

check-arrows:
	@scripts/check-arrows

check-border:
	@scripts/check-border

# Builds the products twice, for minutes: not part of `check`.
api-check: setup
	@scripts/api-check

docs: setup
	SENTRY_RELEASE=1 swift build -c release --target SentryPluginAPI --scratch-path $(BUILD)
	@scripts/docs $(BUILD) $(BUILD)/docs

FUZZ_SECONDS ?= 600
fuzz: setup
	@for reader in $(notdir $(wildcard Tests/Fuzz/Corpus/* Tests/Fuzz/Texts/*)); do scripts/fuzz $$reader $(FUZZ_SECONDS) || exit 1; done

# ATTACK="kills faults": see scripts/attack --help
attack: build
	scripts/attack $(ATTACK)

# What runs, and what authors of plugins need: headers, sentry.pc, the source package of Swift with the templates.
# BUILD names the build folder of an installation that is not of `make build`.
install: $(if $(filter .build,$(BUILD)),build)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/sentry/plugins $(DESTDIR)$(PREFIX)/include/sentry
	install -m 755 $(BUILD)/release/sentry $(DESTDIR)$(PREFIX)/bin/sentry
	install -m 755 $(BUILD)/release/sentry-serve $(DESTDIR)$(PREFIX)/bin/sentry-serve
	install -m 644 $(PLUGINS:%=$(BUILD)/release/lib%.so) $(EXTRA_PLUGINS) $(DESTDIR)$(PREFIX)/lib/sentry/plugins/
	install -m 644 Sources/CSentryPlugin/include/sentry_plugin.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 Sources/CSentryPlugin/include/sentry/*.h Sources/CSentryPlugin/author/sentry/*.h $(DESTDIR)$(PREFIX)/include/sentry/
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig
	sed 's/@VERSION@/$(VERSION)/' scripts/sentry.pc.in > $(DESTDIR)$(PREFIX)/lib/pkgconfig/sentry.pc
	scripts/source-package $(DESTDIR)$(PREFIX)/share/sentry/swift

# BUILD as for install.
deb: $(if $(filter .build,$(BUILD)),build)
	@scripts/setup debhelper patchelf
	@scripts/deb $(BUILD)

deb-check: deb
	@scripts/setup debootstrap lintian
	@scripts/deb-check $(BUILD)/deb

backbone-libtorch: setup
	@scripts/backbone-libtorch

peers: setup
	@scripts/peers

# BENCH="--only infer-1 --rounds 3": see BENCH=--help
bench: setup peers
	SENTRY_RELEASE=1 SENTRY_BENCH=1 swift build -c release
	PYTHONPATH=Benchmarks python3 -m bench $(BENCH)

# ACCURACY="clock --minutes 20": see ACCURACY=--help
accuracy: build peers
	PYTHONPATH=Benchmarks python3 -m accuracy $(ACCURACY)

clean:
	rm -rf .build .build-test .build-fuzz .build-libtorch
