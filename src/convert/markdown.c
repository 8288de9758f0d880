/* Flows as a report to read: CommonMark, with the tables of GFM.
 * https://spec.commonmark.org/0.31.2/ */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "soth/convert.h"
#include "soth/utf8.h"

enum { BODY_SHOWN = 1 << 20, FENCE_LEAST = 3, HEADING_MAX = 17 << 20 };

/* What is printable, and \xff for the bytes of what is not. */
static void
safe(FILE *out, struct bytes b)
{
	uint32_t rune;

	for (size_t used; (used = utf8_next(b, &rune)); b = bytes_from(b, used)) {
		if (utf8_printable(rune) && !(rune == 0xfffd && used == 1))
			fwrite(b.at, 1, used, out);
		else
			for (size_t i = 0; i < used; i++)
				fprintf(out, "\\x%02x", b.at[i]);
	}
}

/* The longest run of backticks in it. */
static size_t
backticks(struct bytes b)
{
	size_t most = 0, run = 0;

	for (size_t i = 0; i < b.len; i++) {
		run = b.at[i] == '`' ? run + 1 : 0;
		most = run > most ? run : most;
	}
	return most;
}

static void
repeat(FILE *out, char c, size_t times)
{
	while (times--)
		fputc(c, out);
}

/* A code span is ended by a run of backticks that is as long as its first, and
 * is code whatever else stands in it. */
static void
span(FILE *out, struct bytes b)
{
	size_t n = backticks(b) + 1;

	if (!b.len)
		return;
	repeat(out, '`', n);
	fputc(' ', out);
	safe(out, b);
	fputc(' ', out);
	repeat(out, '`', n);
}

static void
fence(FILE *out, size_t n, const char *language)
{
	repeat(out, '`', n);
	fprintf(out, "%s\n", language);
}

static size_t
fence_length(struct bytes b)
{
	size_t n = backticks(b) + 1;

	return n < FENCE_LEAST ? FENCE_LEAST : n;
}

/* Line by line: start line and fields. */
static void
head(FILE *out, const struct head *h)
{
	struct bytes text = head_text(h);
	size_t n = fence_length(text);

	fence(out, n, "http");
	for (const uint8_t *lf; text.len && (lf = memchr(text.at, '\n', text.len)); text = bytes_from(text, (size_t)(lf - text.at) + 1)) {
		size_t len = (size_t)(lf - text.at);

		if (len && lf[-1] == '\r')
			len--;
		if (!len)
			break;
		safe(out, (struct bytes){ text.at, len });
		fputc('\n', out);
	}
	fence(out, n, "");
}

static const char *
language_of(struct bytes type)
{
	static const char *const language[] = { "json", "html", "xml", "javascript", "css", "graphql", "yaml" };
	char text[64] = "";

	if (type.len)
		memcpy(text, type.at, type.len < sizeof(text) ? type.len : sizeof(text) - 1);
	for (size_t i = 0; type.len && i < ARRAY_LEN(language); i++)
		if (strcasestr(text, language[i]))
			return language[i];
	return "";
}

/* The beginning of it that can be read as it is. */
static size_t
text_length(struct bytes all)
{
	struct bytes b = all;
	uint32_t rune;

	for (size_t used; (used = utf8_next(b, &rune)); b = bytes_from(b, used))
		if ((rune == 0xfffd && used == 1) || !(utf8_printable(rune) || rune == '\n' || rune == '\t' || rune == '\r'))
			break;
	return all.len - b.len;
}

/* All of it, or all but a rune that was cut. */
static bool
is_text(struct bytes *b, bool whole)
{
	size_t n = text_length(*b);

	if (n != b->len && (whole || b->len - n > 3))
		return false;
	b->len = n;
	return n;
}

/* Line ends as LF. */
static void
body_text(FILE *out, struct bytes b, const char *language)
{
	size_t n = fence_length(b);

	fence(out, n, language);
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] != '\r')
			fputc(b.at[i], out);
		else if (i + 1 == b.len || b.at[i + 1] != '\n')
			fputc('\n', out);
	if (b.at[b.len - 1] != '\n' && b.at[b.len - 1] != '\r')
		fputc('\n', out);
	fence(out, n, "");
}

static void
body(FILE *out, const struct convert_flows *from, const struct flow *f, enum side side)
{
	const struct half *h = &f->half[side];
	struct bytes type = h->head ? head_find(h->head, "content-type") : (struct bytes){ 0 };
	bool whole;
	struct slice s = convert_body(from->store, f->id, side, true, BODY_SHOWN, &whole);
	struct bytes text = s.bytes;

	fputc('\n', out);
	if (is_text(&text, whole)) {
		body_text(out, text, language_of(protocol_media(h->head)));
		if (!whole)
			fprintf(out, "\nThat is not the whole body, of %llu bytes.\n", (unsigned long long)h->bytes);
	} else {
		fprintf(out, "A body of %llu bytes", (unsigned long long)h->bytes);
		fputs(type.len ? ", of type " : "", out);
		span(out, type);
		fputs(".\n", out);
	}
	slice_drop(&s);
}

static void
half(FILE *out, const struct convert_flows *from, const struct flow *f, enum side side)
{
	const struct half *h = &f->half[side];

	fprintf(out, "\n### %s\n\n", side == CLIENT ? "Request" : "Response");
	if (!h->head) {
		fputs("There is none.\n", out);
		return;
	}
	head(out, h->head);
	if (h->bytes && !h->spoke)
		body(out, from, f, side);
	if (h->trailer) {
		fputs("\nTrailers:\n\n", out);
		head(out, h->trailer);
	}
	if (h->broken.bytes.len) {
		fputs("\nIt broke off: ", out);
		span(out, h->broken.bytes);
		fputs("\n", out);
	}
}

/* RFC 3339, in UTC. */
static void
row_when(FILE *out, const char *name, uint64_t when)
{
	time_t s = (time_t)(when / 1000000);
	struct tm tm;
	char text[40];

	if (gmtime_r(&s, &tm) && strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		fprintf(out, "| %s | %s.%06u UTC |\n", name, text, (unsigned)(when % 1000000));
}

static void
row_after(FILE *out, const char *name, const struct flow *f, uint64_t when)
{
	if (when >= f->begun && when)
		fprintf(out, "| %s | after %.3f ms |\n", name, (double)(when - f->begun) / 1000);
}

static void
row_sizes(FILE *out, const char *name, const struct half *h)
{
	if (!h->head)
		return;
	fprintf(out, "| %s | head %zu bytes, body %llu bytes", name, head_text(h->head).len, (unsigned long long)h->bytes);
	if (h->skipped)
		fprintf(out, ", %llu of them not kept", (unsigned long long)h->skipped);
	if (h->messages)
		fprintf(out, ", %llu messages", (unsigned long long)h->messages);
	fputs(" |\n", out);
}

static void
table(FILE *out, const struct flow *f)
{
	const struct half *ask = &f->half[CLIENT], *answer = &f->half[SERVER];

	fputs("| | |\n|---|---|\n", out);
	row_when(out, "Begun", f->begun);
	row_after(out, "Request", f, ask->begun);
	row_after(out, "Request sent", f, ask->ended);
	row_after(out, "Response", f, answer->begun);
	row_after(out, "Response whole", f, answer->ended);
	row_after(out, "Over", f, f->ended);
	row_sizes(out, "Request size", ask);
	row_sizes(out, "Response size", answer);
	fprintf(out, "| Protocol | %s |\n", protocol_name(flow_protocol(f)));
	if (f->ended)
		fprintf(out, "| End | %s |\n", close_name(f->close));
}

/* A target that names its host itself, or is no path, stands alone. */
static bool
names_host(const struct head *h)
{
	return h && head_target(h).len && *head_target(h).at != '/' && *head_target(h).at != '*';
}

static bool
url(struct buf *b, const struct origin *o, const struct head *h)
{
	bool usual, address;

	if (o && !names_host(h)) {
		usual = o->port == (bytes_are(o->scheme, "https") ? 443 : bytes_are(o->scheme, "http") ? 80 : 0);
		address = o->host.len && memchr(o->host.at, ':', o->host.len);
		if (!buf_add(b, o->scheme) || !buf_add(b, address ? LIT("://[") : LIT("://")) || !buf_add(b, o->host) ||
				!buf_add(b, address ? LIT("]") : LIT("")) || (!usual && !buf_addf(b, ":%u", o->port)))
			return false;
	}
	return !h || buf_add(b, head_target(h));
}

/* METHOD URL; of what was no request, where it went. */
static void
heading(FILE *out, const struct flow *f)
{
	const struct head *h = f->half[CLIENT].head;
	struct buf b;

	buf_init(&b, HEADING_MAX);
	fputs("## ", out);
	if (h) {
		span(out, head_method(h));
		fputc(' ', out);
	}
	span(out, url(&b, f->origin, h) ? buf_bytes(&b) : LIT("?"));
	fputs("\n\n", out);
	buf_release(&b);
}

static void
one(FILE *out, const struct convert_flows *from, const struct flow *f)
{
	heading(out, f);
	fprintf(out, "Flow %llu\n\n", (unsigned long long)f->id);
	table(out, f);
	if (f->detail.bytes.len) {
		fputs("\nIt ended with: ", out);
		span(out, f->detail.bytes);
		fputc('\n', out);
	}
	half(out, from, f, CLIENT);
	half(out, from, f, SERVER);
}

static bool
markdown_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	fprintf(out, "# %zu flow%s\n", from->count, from->count == 1 ? "" : "s");
	for (size_t i = 0; i < from->count; i++) {
		struct flow f;
		bool ok = store_flow(from->store, from->id[i], &f, why);

		if (ok) {
			fputc('\n', out);
			one(out, from, &f);
		}
		flow_release(&f);
		if (!ok)
			return false;
		if (ferror(out))
			return fault(why, "flow %llu: it could not be written: %s", (unsigned long long)from->id[i], strerror(errno));
	}
	return true;
}

const struct format format_markdown = {
	.name = "markdown", .about = "a report to read: times, heads, bodies", .suffixes = ".md .markdown",
	.write = markdown_write,
};
