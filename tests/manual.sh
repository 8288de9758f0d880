#!/bin/sh
# The manual names every option, action and command there is, and no others. Prints what was forgotten.
set -uf
cd "$(dirname "$0")/.." || exit 1
soth=${SOTH:-build/soth}
home=$(mktemp -d)
bad=$(mktemp)

"$soth" --confdir "$home" --options | sed -n 's/^\([a-z0-9-]*\) = .*/\1/p' >"$home/names"
sed -n 's/^\t_(\([a-z_]*\),.*/\1/p' ui/action.h >>"$home/names"
sed -n 's/^\t{ "\([a-z]*\)", cli_.*/\1/p' src/main.c >>"$home/names"
sed -n 's/^\.It Cm \([a-z0-9_-]*\).*/\1/p' man/soth.1 | sort >"$home/told"
sort "$home/names" >"$home/there"
comm -23 "$home/there" "$home/told" | sed 's/$/: not in man\/soth.1/' >>"$bad"
comm -13 "$home/there" "$home/told" | sed 's/$/: in man\/soth.1, and nowhere else/' >>"$bad"
for key in $(sed -n 's/^\t_([a-z_]*,[[:space:]]*"\([^"]*\)".*/\1/p' ui/action.h); do
	grep -qF -- "$key" man/soth.1 || echo "$key: a key that is not in man/soth.1"
done >>"$bad"
for decoder in $(sed -n 's/^\t_(\(.*\)) \\$/\1/p' src/decode/list.c); do
	grep -q "^\.It Ic $decoder\$" man/soth.1 || echo "$decoder: a decoder that is not in man/soth.1"
done >>"$bad"
for term in $(sed -n 's/^\t{ "\([a-z0-9]*\)",[[:space:]]*ARG_.*/\1/p' src/filter/terms.c); do
	grep -q "^\.It Ic ~$term\( Ar .*\)\?$" man/soth-filter.7 || echo "~$term: a term that is not in man/soth-filter.7"
done >>"$bad"
for format in $(sed -n 's/^\t_(\([a-z]*\)).*/\1/p' src/convert/formats.c); do
	grep -q "^\.It Ic $format\$" man/soth.1 || echo "$format: a format that is not in man/soth.1"
done >>"$bad"
# soth-events(7): each event, attribute and step, with no line end between a name and its macro.
{
	sed -n '/LOG_EVENTS(_)/,/^$/p' src/store/eventlog.h | grep -o '"[^"]*"' | tr -d '"' | tr ' ' '\n'
	sed -n '/STEPS(_)/,/^enum/s/^\t_([A-Z0-9_]*,[[:space:]]*"\([a-z0-9_]*\)",[[:space:]].*/\1/p' include/soth/note.h
} | grep . | sort -u | while read -r name; do
	sed -n 's/^\.It Sy\|^\.Sy//p' man/soth-events.7 | grep -qw -- "$name" || echo "$name: not in man/soth-events.7"
done >>"$bad"

cat "$bad"
n=$(wc -l <"$bad")
rm -rf "$home" "$bad"
[ "$n" -eq 0 ]
