# make run         build, start with demo data, print the URLs
# make test        every test: Swift, fuzz targets (5 s each), real tools
# make bench       load tests against their peers, ratios, ten minutes
# make bench-full  the long ones: more and longer rounds, a million log lines, a million visitors
# make soak        the long ones of the tests: 300 crash cycles, 20 minutes of fuzzing a target
# make setup       system packages for run;  setup-test, setup-bench: for those (setup-test: other products' clients too)
# make profile     takes the profile that the compiler lays the river's code out by; 20 minutes, now and then
# make format      swift-format in place
#
# Run, test and bench share one release build in .build.

SWIFT_FLAGS := -c release -Xswiftc -enforce-exclusivity=unchecked
HIGHLAND := .build/release/highland

.PHONY: run test bench bench-full soak profile setup setup-test setup-bench build build-tests format clean

run: setup build
	scripts/run-demo

build:
	swift build $(SWIFT_FLAGS)

build-tests:
	swift build $(SWIFT_FLAGS) --build-tests

test: setup-test build-tests
	scripts/test

bench: setup-bench build
	load-tests/bench

bench-full: setup-bench build
	load-tests/bench --full

soak: setup-test build-tests
	scripts/test --soak

profile: setup-bench
	HIGHLAND_PROFILE=take swift build $(SWIFT_FLAGS) --scratch-path .build-profile --product highland
	python3 load-tests/profile/take.py .build-profile/release/highland load-tests/profile/river.profdata
	# The compiler keeps objects whose source is the same, whatever the profile.
	rm -f .build/release/*.build/*.swift.o

setup:
	scripts/setup run

setup-test:
	scripts/setup test
	-scripts/setup conformance
	-scripts/setup browser

setup-bench:
	scripts/setup bench

format:
	swift format format --in-place --recursive Sources Tests load-tests Package.swift

clean:
	rm -rf .build
