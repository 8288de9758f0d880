/* A connection asked of a SOCKS5 proxy: RFC 1928, RFC 1929. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "parent.h"
#include "soth/reader.h"

enum { STEP_METHOD, STEP_PASSWORD, STEP_ANSWER };
enum { ASK_MAX = 1024, NAME_MAX_LEN = 255 };

static const struct { const char *words; enum fail code; } answers[] = {
	{ "", FAIL_OTHER },
	{ "could not connect", FAIL_OTHER },
	{ "does not allow it", FAIL_OTHER },
	{ "says that the network cannot be reached", FAIL_REFUSED },
	{ "says that the host cannot be reached", FAIL_REFUSED },
	{ "says that the server refused the connection", FAIL_REFUSED },
	{ "says that the time was up", FAIL_TIMEOUT },
	{ "does not know CONNECT", FAIL_OTHER },
	{ "does not know that kind of address", FAIL_OTHER },
};

static bool
socks_start(void *st, const void *args, struct out *out, struct fault *why)
{
	struct parent *p = st;
	struct buf b;
	size_t user;
	bool ok;

	if (!parent_start(p, args, why))
		return false;
	user = strcspn(p->auth, ":");
	if (strlen(p->host) > NAME_MAX_LEN || user > NAME_MAX_LEN || strlen(p->auth) > user + 1 + NAME_MAX_LEN)
		return fault(why, "a name or password is too long for SOCKS5 (RFC 1929 section 2)");
	buf_init(&b, ASK_MAX);
	ok = *p->auth ? buf_add(&b, LIT("\x05\x02\x00\x02")) : buf_add(&b, LIT("\x05\x01\x00"));
	parent_say(out, &b);
	return ok;
}

/* The same request as a client's: VER CMD RSV and an address. */
static void
ask(struct parent *p, struct out *out)
{
	struct buf b;

	buf_init(&b, ASK_MAX);
	(void)!(socks_datagram_head(p->host, p->port, &b));
	if (b.len > 2) {
		b.at[0] = 5;
		b.at[1] = SOCKS_CONNECT;
		b.at[2] = 0;
	}
	parent_say(out, &b);
	p->step = STEP_ANSWER;
}

static void
give_password(struct parent *p, struct out *out)
{
	const char *colon = strchr(p->auth, ':');
	size_t user = colon ? (size_t)(colon - p->auth) : strlen(p->auth), password = colon ? strlen(colon + 1) : 0;
	uint8_t lens[3] = { 1, (uint8_t)user, (uint8_t)password };
	struct buf b;

	buf_init(&b, ASK_MAX);
	(void)!(buf_add(&b, (struct bytes){ lens, 2 }) && buf_add(&b, (struct bytes){ (uint8_t *)p->auth, user }) &&
		buf_add(&b, (struct bytes){ lens + 2, 1 }) &&
		(!password || buf_add(&b, (struct bytes){ (const uint8_t *)colon + 1, password })));
	parent_say(out, &b);
	p->step = STEP_PASSWORD;
}

static void
read_method(struct parent *p, struct reader *in, struct out *out)
{
	uint8_t version = read_u8(in), method = read_u8(in);

	if (in->ran_out)
		return;
	if (version != 5)
		parent_failed(p, FAIL_OTHER, "speaks no SOCKS5 (RFC 1928 section 3)", out);
	else if (method == 2 && *p->auth)
		give_password(p, out);
	else if (method == 0)
		ask(p, out);
	else
		parent_failed(p, FAIL_REFUSED, "takes none of our ways to authenticate: see upstream-auth", out);
}

static void
read_password(struct parent *p, struct reader *in, struct out *out)
{
	uint8_t status;

	(void)read_u8(in);
	status = read_u8(in);
	if (in->ran_out)
		return;
	if (status)
		parent_failed(p, FAIL_REFUSED, "refused user and password: see upstream-auth", out);
	else
		ask(p, out);
}

/* VER REP RSV ATYP BND.ADDR BND.PORT: section 6. */
static void
read_answer(struct parent *p, struct reader *in, struct out *out)
{
	uint8_t version = read_u8(in), answer = read_u8(in), type;

	(void)read_u8(in);
	type = read_u8(in);
	(void)read_bytes(in, type == 1 ? 4 : type == 4 ? 16 : type == 3 ? read_u8(in) : 0);
	(void)read_be16(in);
	if (in->ran_out)
		return;
	if (version != 5)
		parent_failed(p, FAIL_OTHER, "speaks no SOCKS5 (RFC 1928 section 6)", out);
	else if (answer >= ARRAY_LEN(answers))
		parent_failed(p, FAIL_OTHER, "answers what nobody knows (RFC 1928 section 6)", out);
	else if (answer)
		parent_failed(p, answers[answer].code, answers[answer].words, out);
	else
		p->open = true;
}

static void
socks_answered(struct parent *p, struct out *out)
{
	static void (*const read[])(struct parent *p, struct reader *in, struct out *out) = {
		[STEP_METHOD] = read_method, [STEP_PASSWORD] = read_password, [STEP_ANSWER] = read_answer,
	};

	while (!p->open && !p->dead && p->in.len) {
		struct reader in = { .rest = buf_bytes(&p->in) };

		read[p->step](p, &in, out);
		if (in.ran_out)
			return;
		if (!p->dead)
			buf_eat(&p->in, p->in.len - in.rest.len);
	}
	if (p->open)
		parent_opened(p, (struct bytes){ 0 }, out);
}

static void
socks_event(void *st, struct event *ev, struct out *out)
{
	parent_event(st, ev, out, socks_answered);
}

const struct layer_ops layer_socks = {
	.name = "socks",
	.size = sizeof(struct parent),
	.start = socks_start,
	.event = socks_event,
	.command = parent_command,
	.stop = parent_stop,
};
