# soth: `make`, `make run`, `make test`, `make install`.
#
#	make SAN=address,undefined test	the tests under sanitizers, in a folder of their own
#	make SAN=thread test
#	make kill			recorders killed at random moments under load: nothing that was written is lost
#	make bench			CPU, rates, delays and memory beside nginx, nghttpx and mitmdump
#	make bench-flows		opening, filtering, sorting, folding, grouping and searching a million flows
#	make bench-sift			the delay of requests while bodies are filtered
#	make bench-rules		what rules cost that do not apply
#	make bench-cold			what a host costs that soth has not met, beside nginx
#	make fuzz			the fuzzers (clang)
#
# Every .c is found by its place: to add a file, add the file.

PREFIX	?= /usr/local
PYTHON	?= /usr/bin/python3
PKGS	 = gnutls libnghttp2 libevent_core libevent_pthreads ncursesw zlib libbrotlidec libbrotlienc libzstd libdeflate libidn2 jansson msgpack \
	libpng libjpeg libgif libwebp libpcre2-8 libqrencode libpsl
B	 = build$(if $(SAN),-$(subst $(comma),-,$(SAN)))
comma	:= ,
LLHTTP	 = /usr/share/llhttp

CFLAGS	?= -O2 -g
CFLAGS	+= $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -O1)
override CFLAGS += -std=c11 -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wshadow -Wmissing-prototypes \
	-Wstrict-prototypes -Wwrite-strings -Werror=incompatible-pointer-types -Werror=int-conversion -pthread
override CPPFLAGS += -D_GNU_SOURCE -Iinclude -isystem /usr/share/include/llhttp \
	-DLLHTTP_STRICT_MODE=1 $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS)))
LDLIBS	+= $(shell pkg-config --libs $(PKGS)) -lm

SRC	 = $(filter-out src/cli/%,$(wildcard src/*/*.c))
CLI	 = src/main.c $(wildcard src/cli/*.c)
UI	 = $(wildcard ui/*.c)
UNIT	 = $(wildcard tests/unit/test_*.c)
FUZZ	 = $(wildcard fuzz/fuzz_*.c)
obj	 = $(patsubst %.c,$B/%.o,$1)

all: bounds $B/soth

link	 = $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$B/soth: $(call obj,$(CLI)) $B/libui.a $B/libsoth.a
	$(link)
$B/tests/unit/%: $B/tests/unit/%.o $B/libui.a $B/libsoth.a
	$(link) -lcmocka
$B/tests/bench/wsload: $B/tests/bench/wsload.o
	$(link)
$B/tests/bench/flows: $B/tests/bench/flows.o $B/libui.a $B/libsoth.a
	$(link)
$B/tests/bench/handshakes: $B/tests/bench/handshakes.o $B/libui.a $B/libsoth.a
	$(link)
$B/tests/bench/rules: $B/tests/bench/rules.o $B/libsoth.a
	$(link)
$B/tests/bench/processes: $B/tests/bench/processes.o $B/libsoth.a
	$(link)
$B/fuzz/replay_h1: $(patsubst %,$B/llhttp/%.o,api http llhttp)
$B/fuzz/replay_%: $B/fuzz/fuzz_%.o $B/fuzz/replay.o $B/libui.a $B/libsoth.a
	$(link)
$B/ui/theme.o: $(wildcard themes/*.theme)
$B/src/cli/run_files.o: src/cli/run_node.js
$B/libui.a: $(call obj,$(UI)) Makefile
	@rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)
$B/libsoth.a: $(call obj,$(SRC)) Makefile
	@rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)

$B/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<
$B/llhttp/%.o: $(LLHTTP)/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPPFLAGS) -w -c -o $@ $<

# What Debian 12 calls what we build and test with; `make deps` installs what is missing.
DEBS	 = gcc pkg-config libgnutls28-dev libnghttp2-dev libevent-dev libncurses-dev zlib1g-dev libbrotli-dev \
	libzstd-dev libdeflate-dev libidn2-dev libjansson-dev libmsgpack-dev libpcre2-dev libpng-dev \
	libjpeg62-turbo-dev libgif-dev libwebp-dev libqrencode-dev libpsl-dev node-llhttp libcmocka-dev python3 python3-pyte python3-grpcio \
	python3-websockets python3-h2 nghttp2-client nghttp2-server nodejs node-ws python3-msgpack curl openssl gnutls-bin \
	nftables iproute2 util-linux
BENCH_DEBS = nginx-light nghttp2-proxy wrk mitmproxy curl openssl util-linux procps
deps: need = $(DEBS)
bench-deps: need = $(DEBS) $(BENCH_DEBS)
deps bench-deps:
	@if ! command -v dpkg-query >/dev/null; then \
		echo "this is not Debian: install by hand what Debian calls $(need)"; exit 1; fi; \
	missing=; for p in $(need); do \
		dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends $$missing; fi

# What pkg-config must say of each library: name, from, below.
BOUNDS	 = gnutls:3.7.9:4 libnghttp2:1.52:2 libevent_core:2.1.12:2.2 ncursesw:6.4:7 zlib:1.2.13:2 libbrotlidec:1.0.9:2 \
	libzstd:1.5.4:2 libdeflate:1.14:2 libidn2:2.3.3:3 jansson:2.14:3 msgpack:4:5 libpng:1.6.39:1.7 libjpeg:2.1.5:4 \
	libgif:5.2.1:6 libwebp:1.2.4:2 libpcre2-8:10.42:11 libqrencode:4.1.1:5 libpsl:0.21.2:1
bounds:
	@for b in $(BOUNDS); do set -- $$(echo $$b | tr : ' '); \
		pkg-config --atleast-version=$$2 $$1 && ! pkg-config --atleast-version=$$3 $$1 || { \
		echo "$$1 is $$(pkg-config --modversion $$1 2>/dev/null || echo missing): wanted from $$2, below $$3"; exit 1; }; done
# The fuzzer of HTTP/1 holds ours against llhttp, which has no pkg-config.
$B/fuzz/fuzz_h1.o: | llhttp-bound
llhttp-bound:
	@printf '#include <llhttp.h>\n#if LLHTTP_VERSION_MAJOR != 8\n#error llhttp: wanted from 8, below 9\n#endif\n' | \
		$(CC) $(CPPFLAGS) -fsyntax-only -x c -

# A second make, so that pkg-config is asked after its files are there.
test: deps
	@$(MAKE) --no-print-directory check
run: deps
	@$(MAKE) --no-print-directory all
	$B/soth

install: all
	install -D $B/soth $(DESTDIR)$(PREFIX)/bin/soth
	install -D -m 644 man/soth.1 $(DESTDIR)$(PREFIX)/share/man/man1/soth.1
	install -D -m 644 man/soth-session.5 $(DESTDIR)$(PREFIX)/share/man/man5/soth-session.5
	install -D -m 644 man/soth-events.7 $(DESTDIR)$(PREFIX)/share/man/man7/soth-events.7
	install -D -m 644 man/soth-filter.7 $(DESTDIR)$(PREFIX)/share/man/man7/soth-filter.7
	install -D -m 644 man/soth-rules.7 $(DESTDIR)$(PREFIX)/share/man/man7/soth-rules.7

check: bounds lint $(UNIT:%.c=$B/%.ok) $(FUZZ:fuzz/fuzz_%.c=$B/fuzz/%.replayed) $B/soth
	@SOTH=$(CURDIR)/$B/soth tests/manual.sh
	@for t in tests/e2e/test_*.py; do echo $$t; SOTH=$(CURDIR)/$B/soth $(PYTHON) $$t || exit 1; done
$B/fuzz/%.replayed: $B/fuzz/replay_%
	$< fuzz/corpus/$*
	@touch $@

lint:
	tests/lint.sh

# Recorders that are killed, KILLS times: what was said to be in the file is there. SEED=n repeats a run.
KILLS	?= 200
kill: $B/soth $B/tests/unit/test_killed
	KILLS=$(KILLS) $B/tests/unit/test_killed
	@KILLS=$$(($(KILLS) / 10)) SOTH=$(CURDIR)/$B/soth $(PYTHON) tests/e2e/test_killed.py

# Beside nginx and mitmdump, in one run: see tests/bench/bench.py for what can be chosen.
bench: bench-deps
	@$(MAKE) --no-print-directory all $B/tests/bench/wsload
	@SOTH=$(CURDIR)/$B/soth $(PYTHON) tests/bench/bench.py

# A million flows: how long it takes to open them, to filter, to sort, to fold, to group and to search, and in how much memory.
bench-flows: FLOWS ?= 1000000
bench-flows:
	@$(MAKE) --no-print-directory $B/tests/bench/flows
	@f=$$(mktemp) && $B/tests/bench/flows make $$f $(FLOWS) 200 && for i in 1 2 3; do $B/tests/bench/flows read $$f; done; \
	$B/tests/bench/flows tree $$f; $B/tests/bench/flows polls $$f.polls $(FLOWS); \
	for i in fold tree both; do echo "$$i, of what is polled:"; $B/tests/bench/flows $$i $$f.polls; done; rm -f $$f $$f.polls

# How long it takes to find out whose a connection is, among 500 processes.
bench-process:
	@$(MAKE) --no-print-directory $B/tests/bench/processes
	@$B/tests/bench/processes

# Whether traffic feels that bodies are searched meanwhile: delays of requests, with and without.
bench-sift:
	@$(MAKE) --no-print-directory all $B/tests/bench/flows
	@SOTH=$(CURDIR)/$B/soth $(PYTHON) tests/bench/sift.py

# What it costs to count handshakes, and how long the TLS view takes with as many lines as there may be.
bench-handshakes:
	@$(MAKE) --no-print-directory $B/tests/bench/handshakes
	@for hosts in 1000 100000; do echo "$$hosts hosts"; $B/tests/bench/handshakes 1000000 $$hosts; done

# Connections to hosts that soth has not met: what both handshakes cost beside nginx, and the memory of 10,000 hosts.
bench-cold: bench-deps
	@$(MAKE) --no-print-directory all
	@SOTH=$(CURDIR)/$B/soth $(PYTHON) tests/bench/cold.py

bench-rules:
	@$(MAKE) --no-print-directory $B/tests/bench/rules
	@$B/tests/bench/rules

# Each fuzzer for a while, from its corpus; what it finds stays in the folder.
FUZZ_SECONDS ?= 60
fuzz: $(FUZZ:fuzz/fuzz_%.c=fuzz-%)
fuzz-%:
	@mkdir -p build-fuzz/$*
	clang $(filter-out -fsanitize=%,$(CFLAGS)) $(CPPFLAGS) -w -fsanitize=fuzzer,address,undefined \
		-Iui -o build-fuzz/fuzz_$* fuzz/fuzz_$*.c $(SRC) $(UI) $(LLHTTP)/*.c $(LDLIBS)
	build-fuzz/fuzz_$* -max_total_time=$(FUZZ_SECONDS) build-fuzz/$* fuzz/corpus/$*

# Each decoder by itself, for as long.
DECODERS = $(shell sed -n 's/^\t_(\(.*\)) \\$$/\1/p' src/decode/list.c)
fuzz-decoders: $(DECODERS:%=fuzz-decoder-%)
fuzz-decoder-%: build-fuzz/fuzz_decode
	@mkdir -p build-fuzz/decoder-$*
	DECODER=$* build-fuzz/fuzz_decode -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=4096 -timeout=20 -max_len=65536 \
		build-fuzz/decoder-$* fuzz/corpus/decode
build-fuzz/fuzz_decode: fuzz/fuzz_decode.c $(wildcard src/decode/*.[ch] src/base/*.[ch])
	@mkdir -p build-fuzz
	clang $(filter-out -fsanitize=%,$(CFLAGS)) $(CPPFLAGS) -w -fsanitize=fuzzer,address,undefined -o $@ \
		fuzz/fuzz_decode.c src/decode/*.c src/base/*.c $(LDLIBS)

$B/tests/unit/test_proto.ok: $(wildcard tests/proto/*.t)
$B/%.ok: $B/%
	$<
	@touch $@

clean:
	rm -rf build build-*

.PHONY: llhttp-bound all bounds run install test check deps kill bench bench-flows bench-sift bench-rules bench-handshakes bench-cold bench-deps lint fuzz fuzz-decoders clean
.SECONDARY:
-include $(shell find $B -name '*.d' 2>/dev/null)
