/* Codings of a body on their way off, step by step, and its charset. */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/buf.h"
#include "soth/coding.h"
#include "soth/inflate.h"
#include "type.h"

enum { CODINGS_MAX = 4, OUT_MAX = 256 * 1024, CHUNK = 16 * 1024, MARK_MAX = 3 };

typedef void coding_sink(void *arg, struct bytes out);

/* One of them: a content coding; or, with neither of the two, a charset that
 * is not told yet (its first bytes may say), or none. */
struct step {
	struct report report;
	struct inflater *inflater;
	iconv_t charset;
	struct buf out;
	uint8_t part[8];	/* of a character that is not whole yet */
	size_t parts;
	bool text, told;	/* charset: may it be text; is it known by now? */
};

struct coding {
	struct report transfer;
	struct step step[CODINGS_MAX + 1];
	size_t steps;
	uint64_t in, out, most;
	struct fault why;
	bool broken, unknown;
};

static const iconv_t no_charset = (iconv_t)-1;

/* Whether what has this media type has a charset. */
static bool
is_text(struct bytes type)
{
	return !type.len || type_starts(type, "text/") || type_is(type, "application/json") || type_ends(type, "+json") ||
		type_is(type, "application/xml") || type_ends(type, "+xml") || type_is(type, "application/javascript") ||
		type_is(type, "application/x-www-form-urlencoded");
}

static bool
is_utf8(struct bytes charset)
{
	return !charset.len || bytes_like(charset, "utf-8") || bytes_like(charset, "utf8") ||
		bytes_like(charset, "us-ascii");
}

static struct step *
coding_step(struct coding *c, struct bytes name, bool chosen)
{
	struct step *s = &c->step[c->steps++];

	s->report = (struct report){ .stage = STAGE_CODING, .chosen = chosen };
	snprintf(s->report.name, sizeof(s->report.name), "%.*s", (int)name.len, (const char *)name.at);
	s->charset = no_charset;
	buf_init(&s->out, OUT_MAX);
	return s;
}

static void
coding_break(struct coding *c, struct step *s, const char *words)
{
	if (c->broken)
		return;
	c->broken = true;
	fault(&c->why, "%s", words);
	if (s) {
		s->report.state = STAGE_FAILED;
		snprintf(s->report.why, sizeof(s->report.why), "%.150s", words);
	}
}

static void
coding_charset(struct coding *c, struct step *s, struct bytes name)
{
	char charset[DECODE_NAME_MAX];

	s->told = true;
	snprintf(charset, sizeof(charset), "%.*s", (int)name.len, (const char *)name.at);
	snprintf(s->report.name, sizeof(s->report.name), "%s", charset);
	s->charset = iconv_open("UTF-8", charset);
	if (s->charset == no_charset) {
		s->report.state = STAGE_FAILED;
		snprintf(s->report.why, sizeof(s->report.why), "%.24s: no such charset; as it came", charset);
	}
	(void)c;
}

/* A content coding by its name, or a charset. False: neither. */
static bool
coding_add(struct coding *c, struct bytes name, bool chosen)
{
	struct step *s = coding_step(c, name, chosen);
	iconv_t charset;

	s->told = true;
	if ((s->inflater = inflater_new(name)))
		return true;
	charset = chosen && name.len && name.len < DECODE_NAME_MAX ? iconv_open("UTF-8", s->report.name) : no_charset;
	if (charset != no_charset) {
		s->charset = charset;
		return true;
	}
	return false;
}

bool
choice_known(const struct decoder *const *all, const char *name)
{
	iconv_t charset;

	if (decoder_named(all, name) || inflater_knows(bytes_of(name)))
		return true;
	charset = iconv_open("UTF-8", name);
	if (charset == no_charset)
		return false;
	iconv_close(charset);
	return true;
}

/* Content-Encoding lists codings in the order they were applied: the last is
 * the outermost (RFC 9110 section 8.4). */
static struct bytes
list_last(struct bytes *list)
{
	const uint8_t *comma = list->len ? memrchr(list->at, ',', list->len) : NULL;
	size_t start = comma ? (size_t)(comma - list->at) + 1 : 0;
	struct bytes name = bytes_trim((struct bytes){ list->at + start, list->len - start });

	list->len = start ? start - 1 : 0;
	return name;
}

/* What the person chose for the next place: "" where nothing, or a decoder. */
static const char *
coding_chosen(const struct coding *c, const struct choice *choice)
{
	return choice && c->steps < DECODE_STEPS_MAX ? choice->step[c->steps] : "";
}

/* A type that is a coding: what is in it is of more interest. */
static struct bytes
type_coding(struct bytes type)
{
	if (type_is(type, "application/gzip") || type_is(type, "application/x-gzip"))
		return LIT("gzip");
	return type_is(type, "application/zstd") ? LIT("zstd") : (struct bytes){ 0 };
}

static void
coding_codings(struct coding *c, const struct hint *h, const struct choice *choice)
{
	struct bytes list = h->coding.len ? h->coding : type_coding(h->type), name;

	while (c->steps < CODINGS_MAX) {
		const char *chosen = coding_chosen(c, choice);

		name = (struct bytes){ 0 };
		while (list.len && (!name.len || bytes_like(name, "identity")))
			name = list_last(&list);
		if (bytes_like(name, "identity"))
			name.len = 0;
		if (*chosen) {
			if (!inflater_knows(bytes_of(chosen)))
				return;		/* a decoder: it gets what has come out by then */
			(void)!coding_add(c, bytes_of(chosen), true);
		} else if (!name.len) {
			return;
		} else if (!coding_add(c, name, false)) {
			c->unknown = true;
			coding_break(c, &c->step[c->steps - 1], "a content coding that is not known; as it came:");
			return;
		}
	}
}

struct coding *
coding_new(const struct hint *h, const struct choice *choice, uint64_t most)
{
	struct coding *c = xalloc(sizeof(*c));
	const char *chosen;
	struct bytes said = type_parameter(h->type, "charset");

	c->most = most;
	if (h->transfer.len)
		snprintf(c->transfer.name, sizeof(c->transfer.name), "%.*s", (int)h->transfer.len, (const char *)h->transfer.at);
	c->transfer.state = STAGE_APPLIED;
	coding_codings(c, h, choice);
	chosen = coding_chosen(c, choice);
	if (c->broken)
		return c;
	if (*chosen) {
		struct coding probe = *c;

		if (!coding_add(c, bytes_of(chosen), true))
			*c = probe;
		return c;
	}
	if (is_text(h->type) && !h->message) {
		struct step *s = coding_step(c, LIT(""), false);

		s->text = true;
		if (!is_utf8(said))
			coding_charset(c, s, said);
	}
	return c;
}

void
coding_free(struct coding *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->steps; i++) {
		inflater_free(c->step[i].inflater);
		if (c->step[i].charset != no_charset)
			iconv_close(c->step[i].charset);
		buf_release(&c->step[i].out);
	}
	free(c);
}

static void coding_push(struct coding *c, size_t at, struct bytes more, coding_sink *sink, void *arg);

static void
coding_out(struct coding *c, size_t at, struct bytes out, coding_sink *sink, void *arg)
{
	c->step[at].report.out += out.len;
	coding_push(c, at + 1, out, sink, arg);
}

/* More than a person would look at, and far more than it came as. */
static void
coding_bound(struct coding *c, struct step *s)
{
	uint64_t out = s->report.out, in = s->report.in ? s->report.in : 1;
	char words[150];

	if (out <= c->most && (out <= BOMB_MIN || out / in < BOMB_RATIO))
		return;
	snprintf(words, sizeof(words), "stopped at %llu MiB, %llu times what was unpacked: the rest is not shown",
		(unsigned long long)(out >> 20), (unsigned long long)(out / in));
	coding_break(c, s, words);
}

enum { INPUT_MAX = 64 * 1024 };

static void
coding_inflate(struct coding *c, size_t at, struct bytes more, coding_sink *sink, void *arg)
{
	struct step *s = &c->step[at];
	bool full = true;

	while (!c->broken && (more.len || full)) {
		struct bytes piece = { more.at, more.len < INPUT_MAX ? more.len : INPUT_MAX };
		size_t had = piece.len;
		struct fault why;
		bool ok = inflater_some(s->inflater, &piece, &s->out, &full, &why);

		more.at += had - piece.len;
		more.len -= had - piece.len;
		s->report.in += had - piece.len;
		s->report.state = STAGE_APPLIED;
		coding_out(c, at, buf_bytes(&s->out), sink, arg);
		buf_eat(&s->out, s->out.len);
		if (ok)
			coding_bound(c, s);
		else
			coding_break(c, s, why.text);
	}
}

/* Bytes that are not of the charset are left as they are: drawing marks them. */
static void
coding_convert(struct coding *c, size_t at, struct bytes more, coding_sink *sink, void *arg)
{
	struct step *s = &c->step[at];
	char *in = (char *)(uintptr_t)more.at;
	size_t left = more.len;

	while (left) {
		char to[CHUNK], *end = to;
		size_t room = sizeof(to);
		bool bad = iconv(s->charset, &in, &left, &end, &room) == (size_t)-1 && errno == EILSEQ;
		bool part = left && !bad && errno == EINVAL;

		coding_out(c, at, (struct bytes){ (uint8_t *)to, (size_t)(end - to) }, sink, arg);
		if (bad) {
			coding_out(c, at, (struct bytes){ (uint8_t *)in, 1 }, sink, arg);
			in++;
			left--;
		} else if (part && left < sizeof(s->part)) {
			memcpy(s->part, in, s->parts = left);
			return;
		}
	}
}

/* A byte order mark wins over what the header says. */
static const struct { uint8_t mark[MARK_MAX]; size_t len; const char *charset; } marks[] = {
	{ { 0xff, 0xfe }, 2, "utf-16le" }, { { 0xfe, 0xff }, 2, "utf-16be" },
};

static void
coding_tell(struct coding *c, struct step *s, struct bytes *first)
{
	s->told = true;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (s->text && first->len >= marks[i].len && !memcmp(first->at, marks[i].mark, marks[i].len)) {
			coding_charset(c, s, bytes_of(marks[i].charset));
			first->at += marks[i].len;
			first->len -= marks[i].len;
			return;
		}
}

/* With what was left of a character before. */
static void
coding_text(struct coding *c, size_t at, struct bytes more, bool end, coding_sink *sink, void *arg)
{
	struct step *s = &c->step[at];
	struct buf all;
	struct bytes rest;

	buf_init(&all, more.len + sizeof(s->part));
	(void)!(buf_add(&all, (struct bytes){ s->part, s->parts }) && buf_add(&all, more));
	rest = buf_bytes(&all);
	s->report.in += more.len;
	s->report.state = s->report.state == STAGE_FAILED ? STAGE_FAILED : STAGE_APPLIED;
	s->parts = 0;
	if (!s->told && rest.len < 2 && !end)
		memcpy(s->part, rest.at, s->parts = rest.len);
	else if (!s->told)
		coding_tell(c, s, &rest);
	if (s->told && s->charset != no_charset)
		coding_convert(c, at, rest, sink, arg);
	else if (s->told)
		coding_out(c, at, rest, sink, arg);
	buf_release(&all);
}

static void
coding_push(struct coding *c, size_t at, struct bytes more, coding_sink *sink, void *arg)
{
	if (!more.len)
		return;
	if (at == c->steps) {
		c->out += more.len;
		sink(arg, more);
	} else if (c->step[at].inflater) {
		coding_inflate(c, at, more, sink, arg);
	} else {
		coding_text(c, at, more, false, sink, arg);
	}
}

bool
coding_unknown(const struct coding *c)
{
	return c->unknown;
}

bool
coding_is_text(const struct coding *c)
{
	const struct step *s = c->steps ? &c->step[c->steps - 1] : NULL;

	return s && s->report.chosen && s->charset != no_charset;
}

void
coding_feed(struct coding *c, struct bytes more, void (*sink)(void *arg, struct bytes out), void *arg)
{
	c->in += more.len;
	if (coding_unknown(c))
		sink(arg, more);
	else if (!c->broken)
		coding_push(c, 0, more, sink, arg);
}

void
coding_end(struct coding *c, void (*sink)(void *arg, struct bytes out), void *arg)
{
	for (size_t i = 0; i < c->steps && !c->broken; i++) {
		struct step *s = &c->step[i];

		if (s->inflater && s->report.in && !inflater_ended(s->inflater))
			coding_break(c, s, "cut off: the compressed data has no end");
		else if (!s->inflater && !s->told)
			coding_text(c, i, (struct bytes){ 0 }, true, sink, arg);
		else if (!s->inflater && s->parts)
			coding_out(c, i, (struct bytes){ s->part, s->parts }, sink, arg);
	}
}

const char *
coding_trouble(const struct coding *c)
{
	return c->broken ? c->why.text : NULL;
}

/* A charset step that had nothing to do is none. */
static bool
step_shown(const struct step *s)
{
	return *s->report.name;
}

size_t
coding_reports(const struct coding *c, struct report *out, size_t max)
{
	size_t n = 0;

	if (*c->transfer.name && n < max) {
		out[n] = c->transfer;
		out[n].in = out[n].out = c->in;
		n++;
	}
	for (size_t i = 0; i < c->steps && n < max; i++)
		if (step_shown(&c->step[i])) {
			out[n] = c->step[i].report;
			if (!i && out[n].state == STAGE_FAILED)
				out[n].in = c->in;	/* read or not */
			n++;
		}
	return n;
}

size_t
coding_steps(const struct coding *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->steps; i++)
		n += step_shown(&c->step[i]);
	return n;
}
