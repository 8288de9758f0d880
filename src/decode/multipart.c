/*
 * Parts between boundaries, each with fields and a body: RFC 2046 section 5.1, RFC 7578.
 *
 *	preamble
 *	--boundary
 *	Content-Type: text/plain
 *
 *	body
 *	--boundary--
 *	epilogue
 */
#include <stdio.h>
#include <string.h>

#include "multipart_inside.h"
#include "type.h"

enum { BOUNDARY_MAX = 200, LINE_MAX = 256, PIECE = 64 * 1024, LOOK = 1024 };
enum multipart_in { AT_START, AT_PREAMBLE, AT_BOUNDARY, AT_PART, IN_LONG, AT_EPILOGUE, IN_EPILOGUE };

struct multipart {		/* a value */
	enum multipart_in in;
	char mark[BOUNDARY_MAX + 4];	/* "--boundary" */
	size_t len;
	unsigned parts;
	bool text;		/* of a long part: it reads as text */
	bool mid;		/* something of it was read: a boundary needs a line end before it */
	size_t scanned;		/* of what is unread: no boundary begins in there */
};

struct multipart_walk {		/* one call */
	struct multipart *m;
	struct reader *in;
	struct decode *d;
	bool last;
};

static int
multipart_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_starts(h->type, "multipart/") ? 90 : 0;
}

/* May this follow a boundary? 0: no; -1: that cannot be told yet. */
static int
boundary_ends(struct bytes rest, bool last)
{
	if (!rest.len || (rest.len == 1 && *rest.at == '-'))
		return last && !rest.len ? 1 : last ? 0 : -1;
	return (*rest.at == '-' && rest.at[1] == '-') || strchr("\r\n\t ", *rest.at) ? *rest.at != 0 : 0;
}

/* Where the next boundary begins a line. False: nowhere before *at. */
static bool
multipart_find(const struct multipart_walk *w, size_t *at)
{
	const struct multipart *m = w->m;
	struct bytes all = w->in->rest;
	size_t from = m->scanned < all.len ? m->scanned : all.len;
	const uint8_t *found;

	while ((found = memmem(all.at + from, all.len - from, m->mark, m->len))) {
		size_t n = (size_t)(found - all.at);
		struct bytes rest = { found + m->len, all.len - n - m->len };
		int ends = n ? found[-1] == '\n' : !m->mid;

		*at = n;
		if (ends)
			ends = boundary_ends(rest, w->last);
		if (ends)
			return ends > 0;
		from = n + 1;
	}
	*at = all.len > m->len && all.len - m->len > from ? all.len - m->len : from;
	return false;
}

static bool
multipart_to(struct multipart_walk *w, enum multipart_in in, size_t used)
{
	(void)read_bytes(w->in, used);
	w->m->in = in;
	w->m->scanned = 0;
	return true;
}

/* Its type names the boundary; where it does not, the first line is one. */
static bool
multipart_start(struct multipart_walk *w)
{
	struct bytes boundary = type_parameter(decode_hint(w->d)->type, "boundary"), all = w->in->rest;
	const uint8_t *nl = memchr(all.at, '\n', all.len < LINE_MAX ? all.len : LINE_MAX);

	if (!boundary.len && !nl && all.len < LINE_MAX && !w->last)
		return false;
	if (!boundary.len && nl && nl - all.at > 2 && !memcmp(all.at, "--", 2)) {
		boundary = (struct bytes){ all.at + 2, (size_t)(nl - all.at) - 2 };
		boundary.len -= boundary.at[boundary.len - 1] == '\r';
	}
	if (!boundary.len || boundary.len > BOUNDARY_MAX) {
		decode_fail(w->d, boundary.len ? "the boundary is longer than %d bytes" : "its type names no boundary",
			BOUNDARY_MAX);
		return false;
	}
	memcpy(w->m->mark, "--", 2);
	memcpy(w->m->mark + 2, boundary.at, boundary.len);
	w->m->len = boundary.len + 2;
	return multipart_to(w, AT_PREAMBLE, 0);
}

static struct bytes
trim_lines(struct bytes s)
{
	while (s.len && strchr("\r\n\t ", s.at[s.len - 1]) && s.at[s.len - 1])
		s.len--;
	return s;
}

/* What is no part. */
static void
multipart_aside(struct multipart_walk *w, const char *name, struct bytes text)
{
	struct doc *to = decode_doc(w->d);
	struct reader r = { text, false };

	if (name) {
		doc_putf(to, ROLE_TITLE, "%s", name);
		doc_line(to);
	}
	doc_in(to);
	while (r.rest.len) {
		bool whole = memchr(r.rest.at, '\n', r.rest.len);

		doc_put(to, ROLE_FAINT, whole ? read_line(&r) : read_bytes(&r, r.rest.len));
		doc_line(to);
	}
	doc_out(to);
}

static bool
multipart_preamble(struct multipart_walk *w)
{
	struct bytes all = w->in->rest, aside;

	if (!multipart_find(w, &w->m->scanned)) {
		if (w->last || w->m->scanned > PIECE)
			decode_fail(w->d, "the boundary is not in it");
		return false;
	}
	aside = trim_lines((struct bytes){ all.at, w->m->scanned });
	if (aside.len)
		multipart_aside(w, "preamble", aside);
	return multipart_to(w, AT_BOUNDARY, w->m->scanned);
}

/* At a boundary: its line. */
static bool
multipart_boundary(struct multipart_walk *w)
{
	struct bytes all = w->in->rest;
	const uint8_t *nl = memchr(all.at, '\n', all.len);
	bool closes = all.len >= w->m->len + 2 && !memcmp(all.at + w->m->len, "--", 2);

	if (!nl && !w->last)
		return false;
	w->m->mid = false;
	return multipart_to(w, closes ? AT_EPILOGUE : AT_PART, nl ? (size_t)(nl - all.at) + 1 : all.len);
}

/* The line end before a boundary belongs to it. */
static size_t
before_boundary(struct bytes all, size_t at)
{
	if (at && all.at[at - 1] == '\n')
		at -= at > 1 && all.at[at - 2] == '\r' ? 2 : 1;
	return at;
}

/* Too large to wait for its end. */
static bool
multipart_long(struct multipart_walk *w)
{
	struct bytes all = w->in->rest, body;
	size_t head = multipart_head((struct bytes){ all.at, MULTIPART_HEAD_MAX });

	if (!head) {
		decode_fail(w->d, "the fields of a part are larger than %d KiB", MULTIPART_HEAD_MAX >> 10);
		return false;
	}
	body = (struct bytes){ all.at + head, MULTIPART_WHOLE - head };
	multipart_begin(w->d, ++w->m->parts, (struct bytes){ all.at, head }, body, false);
	body.len = LOOK;
	w->m->text = decoder_named(decoders, "text")->suits(&(struct hint){ 0 }, body) > 1;
	w->m->mid = true;
	return multipart_to(w, IN_LONG, head);
}

static bool
multipart_part(struct multipart_walk *w)
{
	struct bytes all = w->in->rest, part = all, head, body;
	bool found = multipart_find(w, &w->m->scanned);
	size_t begins, at = found || !w->last ? w->m->scanned : all.len;

	if (at > MULTIPART_WHOLE)
		return multipart_long(w);
	if (!found && !w->last)
		return false;
	part.len = found ? before_boundary(all, at) : at;
	begins = multipart_head((struct bytes){ all.at, found ? at : part.len });
	begins = begins && begins < part.len ? begins : part.len;
	head = (struct bytes){ part.at, begins };
	body = (struct bytes){ part.at + begins, part.len - begins };
	multipart_begin(w->d, ++w->m->parts, head, body, true);
	multipart_body(w->d, head, body);
	return multipart_to(w, found ? AT_BOUNDARY : AT_PART, at);
}

/* A piece of a long part, of a fixed size as long as there is no boundary in it. */
static bool
multipart_more(struct multipart_walk *w)
{
	struct bytes all = w->in->rest;
	bool found = multipart_find(w, &w->m->scanned);
	size_t at = w->m->scanned, n = found ? before_boundary(all, at) : w->last ? all.len : 0;

	if (n > PIECE || (!found && at > PIECE + 2)) {
		multipart_piece(w->d, (struct bytes){ all.at, PIECE }, w->m->text);
		return multipart_to(w, IN_LONG, PIECE);
	}
	if (!found && !w->last)
		return false;
	multipart_piece(w->d, (struct bytes){ all.at, n }, w->m->text);
	return multipart_to(w, found ? AT_BOUNDARY : IN_LONG, found ? at : n);
}

static bool
multipart_epilogue(struct multipart_walk *w)
{
	struct bytes all = w->in->rest;
	bool first = w->m->in == AT_EPILOGUE;

	if (first && strchr("\r\n\t ", *all.at) && *all.at)
		return read_bytes(w->in, 1).len;
	if (all.len < PIECE && !w->last)
		return false;
	if (all.len > PIECE)
		all.len = PIECE;
	multipart_aside(w, first ? "epilogue" : NULL, trim_lines(all));
	return multipart_to(w, IN_EPILOGUE, all.len);
}

static void
multipart_run(struct multipart *m, struct reader *in, struct decode *d, bool last)
{
	static bool (*const step[])(struct multipart_walk *w) = {
		[AT_START] = multipart_start, [AT_PREAMBLE] = multipart_preamble, [AT_BOUNDARY] = multipart_boundary,
		[AT_PART] = multipart_part, [IN_LONG] = multipart_more,
		[AT_EPILOGUE] = multipart_epilogue, [IN_EPILOGUE] = multipart_epilogue,
	};
	struct multipart_walk w = { m, in, d, last };

	while (in->rest.len && step[m->in](&w))
		;
	decode_words(d, "%u part%s", m->parts, m->parts == 1 ? "" : "s");
}

static void
multipart_feed(void *st, struct reader *in, struct decode *d)
{
	multipart_run(st, in, d, false);
}

static void
multipart_end(void *st, struct reader *in, struct decode *d)
{
	struct multipart *m = st;

	multipart_run(m, in, d, true);
	if (m->in != AT_EPILOGUE && m->in != IN_EPILOGUE && !in->rest.len)
		decode_fail(d, "no boundary at the end");
}

const struct decoder decoder_multipart = {
	.name = "multipart", .about = "parts, each with fields and a body", .stage = STAGE_FRAMING,
	.size = sizeof(struct multipart), .suits = multipart_suits, .feed = multipart_feed, .end = multipart_end,
};
