/* mitmproxy's flow files, of the versions 18 to 21: https://docs.mitmproxy.org/stable/concepts/commands/ (save.file). */
#include <string.h>

#include "mitm_inside.h"

enum { LINES_MAX = 200 };

void
mitm_tell(struct mitm_reading *r, struct note n)
{
	n.flow = r->flow;
	if (!n.when)
		n.when = r->last;
	if (n.when > r->last)
		r->last = n.when;
	r->to->note(r->to->arg, &n);
}

void
mitm_part(struct mitm_reading *r, enum side side, uint64_t when, struct part p)
{
	mitm_tell(r, (struct note){ .kind = NOTE_PART, .side = side, .when = when, .part = p });
}

void
mitm_data(struct mitm_reading *r, enum side side, uint64_t when, struct bytes data)
{
	while (data.len) {
		struct bytes piece = { data.at, data.len < MITM_PIECE ? data.len : MITM_PIECE };

		mitm_part(r, side, when, (struct part){ .kind = PART_DATA, .data = slice_copy(piece) });
		data = bytes_from(data, piece.len);
	}
}

void
mitm_reset(struct mitm_reading *r, enum side side, uint64_t when, struct bytes words)
{
	mitm_part(r, side, when, (struct part){ .kind = PART_RESET, .data = slice_copy(words) });
}

void
mitm_gone(struct mitm_reading *r, enum close_code code, struct bytes words)
{
	mitm_tell(r, (struct note){ .kind = NOTE_GONE,
		.part = { .kind = PART_RESET, .code = code, .data = slice_copy(words) } });
}

void
mitm_log(struct mitm_reading *r, const char *text)
{
	struct note n = { .kind = NOTE_LOG, .when = r->last, .part = { .kind = PART_DATA } };

	if (r->lines++ >= LINES_MAX)
		return;
	n.part.data = slice_text(text);
	r->to->note(r->to->arg, &n);
}

static const struct {
	const char *type;
	bool (*read)(struct mitm_reading *r, struct mitm_flow *f, struct fault *why);
} types[] = {
	{ "dns", mitm_dns_read },
	{ "http", mitm_http_read },
	{ "tcp", mitm_messages_read },
	{ "udp", mitm_messages_read },
};

/* Until version 3 it was a list of numbers, mitmproxy's own version. */
static bool
version_read(struct tnet version, struct fault *why)
{
	int64_t n = tnet_int(version, -1);
	struct tnet major = { 0 }, minor = { 0 };

	if (n >= MITM_FIRST && n <= MITM_VERSION)
		return true;
	if (n >= 0)
		return fault(why, "it is of version %lld of the format; versions %u to %u are read%s", (long long)n, MITM_FIRST,
			MITM_VERSION, n > MITM_VERSION ? ", this one is newer" : ": a newer mitmproxy reads it, and saves it as one of them");
	if (version.tag != TNET_LIST || !tnet_next(&version.data, &major) || !tnet_next(&version.data, &minor))
		return fault(why, "it does not say its version: it is no flow of mitmproxy's");
	return fault(why, "it was saved by mitmproxy %lld.%lld; versions %u to %u of the format are read",
		(long long)tnet_int(major, 0), (long long)tnet_int(minor, 0), MITM_FIRST, MITM_VERSION);
}

/* What a person said of it. */
static void
remarks_tell(struct mitm_reading *r, const struct mitm_flow *f)
{
	static const char *const names[REMARK_COUNT] = { [REMARK_MARK] = "marked", [REMARK_COMMENT] = "comment" };

	for (int i = 0; i < REMARK_COUNT; i++) {
		struct bytes said = tnet_text(tnet_find(f->state, names[i]));

		if (said.len)
			mitm_tell(r, remark_note(r->flow, 0, (enum remark)i, said));
	}
}

static bool
flow_read(struct mitm_reading *r, struct tnet state, struct fault *why)
{
	struct mitm_flow f = { .state = state, .request = tnet_find(state, "request"), .response = tnet_find(state, "response"),
		.websocket = tnet_find(state, "websocket"), .messages = tnet_find(state, "messages"),
		.error = tnet_find(state, "error"), .client = tnet_find(state, "client_conn"), .server = tnet_find(state, "server_conn") };
	struct bytes type = tnet_text(tnet_find(state, "type"));

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (bytes_are(type, types[i].type)) {
			bool read = types[i].read(r, &f, why);

			if (read)
				remarks_tell(r, &f);
			return read;
		}
	return fault(why, "it is of the type \"%.*s\", which is none", (int)(type.len < 20 ? type.len : 20), (const char *)type.at);
}

static bool
value_read(struct mitm_reading *r, struct tnet v, uint64_t at, struct fault *why)
{
	if (v.tag != TNET_DICT)
		return fault(why, "byte %llu: this is no flow", (unsigned long long)at);
	return tnet_check(v, at, why) && version_read(tnet_find(v, "version"), why) && flow_read(r, v, why);
}

static bool
mitm_read(FILE *in, const struct convert_sink *to, struct fault *why)
{
	struct mitm_reading r = { .to = to, .conns = map_new() };
	struct fault trouble = { "" }, first = { "" }, line;
	size_t flows = 0, broken = 0;
	struct tnet_file file;
	enum tnet_got got;
	struct tnet v;

	tnet_file_init(&file, in, MITM_FLOW_MAX);
	while ((got = tnet_load(&file, &v, &trouble)) == TNET_GOT) {
		struct fault reason;

		flows++;
		if (value_read(&r, v, file.inside, &reason))
			continue;
		fault(&line, "flow %zu, at byte %llu: %.140s", flows, (unsigned long long)file.begun, reason.text);
		if (!broken++)
			first = line;
		mitm_log(&r, line.text);
	}
	tnet_file_release(&file);
	map_free(r.conns, NULL);
	if (broken)
		return fault(why, "%zu of %zu flows could not be read; the first: %.150s", broken, flows, first.text);
	return got == TNET_END || fault(why, "%.150s, behind %zu flows", trouble.text, flows);
}

/* A length, and then a key with its length. */
static int
mitm_suits(struct bytes first)
{
	struct bytes b = first;
	size_t outer = 0, inner = 0, len = 0;

	while (outer < b.len && outer < TNET_DIGITS_MAX && b.at[outer] >= '0' && b.at[outer] <= '9')
		outer++;
	if (!outer || outer == b.len || b.at[outer] != ':')
		return 0;
	b = bytes_from(b, outer + 1);
	for (; inner < b.len && inner < 3 && b.at[inner] >= '0' && b.at[inner] <= '9'; inner++)
		len = len * 10 + b.at[inner] - '0';
	if (!inner || inner == b.len || b.at[inner] != ':')
		return 0;
	b = bytes_from(b, inner + 1);
	return len && len < b.len && (b.at[len] == ';' || b.at[len] == ',') ? 95 : 0;
}

const struct format format_mitm = {
	.name = "mitm", .about = "mitmproxy's flow files, versions 18 to 21; written as 21", .suffixes = ".mitm .flow .flows",
	.suits = mitm_suits, .read = mitm_read, .write = mitm_write,
};
