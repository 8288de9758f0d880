#!/bin/sh
# The house rules that a compiler does not know. Prints each breach.
set -u
cd "$(dirname "$0")/.." || exit 1
bad=$(mktemp)

# Who may include whom: the folder, then the folders under it.
may() {
	case $1 in
	base)	echo base ;;
	model)	echo base model ;;
	decode)	echo base decode ;;
	format)	echo base model format ;;
	store)	echo base model format store ;;
	study)	echo base model decode store study ;;
	edit)	echo base model decode edit ;;
	convert) echo base model decode edit store study convert ;;
	filter)	echo base model decode store study filter ;;
	diff)	echo base model decode store study convert filter diff ;;
	search)	echo base model decode store study filter search ;;
	rule)	echo base model decode store study filter rule ;;
	proto)	echo base model proto ;;
	net)	echo base model proto net ;;
	cli)	echo base model decode edit format store study convert filter diff search rule proto net cli ;;
	esac
}
owner() {		# the folder of a soth/ header: that of its .c
	case $1 in
	base.h | slice.h | buf.h | reader.h | ring.h | map.h | utf8.h | percent.h | inflate.h | log.h | sse.h | spool.h | match.h | suffix.h | lcs.h | deflate.h | seam.h | qrcode.h) echo base ;;
	head.h | fieldlist.h | chunks.h | part.h | note.h | flow.h | mode.h | option.h | ordering.h | protocol.h | scene.h | decide.h | ruling.h | sending.h | sayings.h | answers.h | remark.h | tlsreason.h | policy.h | temporary.h | learning.h) echo model ;;
	layer.h | relay.h | ca.h | guide.h | keyring.h | datagram.h) echo proto ;;
	doc.h | decode.h | coding.h | certchain.h | paper.h | schema.h | jsonpath.h | llm.h | graphql.h) echo decode ;;
	edit.h) echo edit ;;
	journal.h | store.h | trail.h | volume.h | handshakes.h) echo store ;;
	study.h | content.h | messages.h | explain.h) echo study ;;
	convert.h | redact.h) echo convert ;;
	filter.h) echo filter ;;
	diff.h) echo diff ;;
	rule.h) echo rule ;;
	search.h) echo search ;;
	backend.h | isolate.h) echo net ;;
	*) echo nobody ;;
	esac
}
for f in src/*/*.[ch]; do
	at=$(basename "$(dirname "$f")")
	sed -n 's/^#include "soth\/\(.*\)"/\1/p' "$f" | while read -r h; do
		case " $(may "$at") " in
		*" $(owner "$h") "*) ;;
		*) echo "$f: $at may not include soth/$h" ;;
		esac
	done
done >>"$bad"

# Each library in its own files.
only() {
	grep -lE "^#include <($1)" src/*/*.[ch] src/*.c ui/*.[ch] | grep -vE "^($2)$" |
		sed "s#\$#: <$1> belongs in $2#"
}
{
	only 'n?curses' 'ui/screen.c'
	only 'event2/' 'src/net/.*'
	only 'gnutls/' 'src/(proto/.*|decode/cert(ificate|chain).c)'
	only 'nghttp2/' 'src/proto/h2_inside.h'
	only 'pcre2' 'src/base/match.c'
	only 'libpsl.h' 'src/base/suffix.c'
	only 'msgpack' 'src/format/soth.c'
	only 'jansson' 'src/((cli/printing|cli/tls_json|cli/doctor_run|store/eventline|diff/diff_json).c|convert/har.*)'
	only 'qrencode.h' 'src/base/qrcode.c'
	only 'zlib.h' 'src/(base/(inflate|deflate|seam)|store/(journal|journal_read|gap)).c'
	only 'zstd.h' 'src/(base/(in|de)flate|store/pack).c'
	only 'png.h' 'src/decode/png_pixels.c'
	only 'j(peglib|error).h' 'src/decode/jpeg_pixels.c'
	only 'gif_lib.h' 'src/decode/image_gif.c'
	only 'webp/' 'src/decode/image_webp.c'
	find src ui fuzz -name '*.c' -exec basename {} \; | sort | uniq -d | sed 's/$/: two files of that name/'
	for h in include/soth/*.h; do
		${CC:-cc} -std=c11 -D_GNU_SOURCE -Iinclude -fsyntax-only -x c "$h" 2>/dev/null || echo "$h: does not compile alone"
	done
} >>"$bad"

cat "$bad"
n=$(wc -l <"$bad")
rm -f "$bad"
[ "$n" -eq 0 ]
