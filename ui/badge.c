/* What the list says of a flow in a sign and a colour. */
#include <stdio.h>
#include <string.h>

#include "badge.h"
#include "cell.h"
#include "codes.h"
#include "glyph.h"
#include "marks.h"

static bool
is_failed(const struct row *r)
{
	return r->state == ROW_FAILED;
}

static bool
is_tls_failed(const struct row *r)
{
	return r->tls_failed >= 0;
}

static bool
is_held(const struct row *r)
{
	return r->held;
}

static bool
is_raw(const struct row *r)
{
	return r->raw;
}

static bool
is_edited(const struct row *r)
{
	return r->edited;
}

static bool
is_faulty(const struct row *r)
{
	return *r->trouble;
}

static bool
is_live(const struct row *r)
{
	return r->state == ROW_LIVE;
}

static bool
is_tunnel(const struct row *r)
{
	return (r->tunnel && r->protocol != PROTOCOL_WEBSOCKET) || r->protocol == PROTOCOL_HTTP3 ||
		r->protocol == PROTOCOL_QUIC;
}

static bool
is_partial(const struct row *r)
{
	return r->partial;
}

static bool
is_h2(const struct row *r)
{
	return r->request && r->version[CLIENT] == HTTP_2 && (!r->status || r->version[SERVER] == HTTP_2);
}

static bool
is_h2_client(const struct row *r)
{
	return r->request && r->version[CLIENT] == HTTP_2;
}

static bool
is_h2_server(const struct row *r)
{
	return r->request && r->status && r->version[SERVER] == HTTP_2;
}

static bool
is_marked(const struct row *r)
{
	return *r->mark;
}

static bool
is_commented(const struct row *r)
{
	return r->commented;
}

static bool
is_onboarding(const struct row *r)
{
	return r->onboarding;
}

static bool
is_blocked(const struct row *r)
{
	return r->decided && r->action == POLICY_BLOCK;
}

static bool
is_passed(const struct row *r)
{
	return r->decided && r->action == POLICY_TUNNEL && !r->request;
}

static bool
is_learned(const struct row *r)
{
	return is_passed(r) && r->reason == REASON_LEARNED;
}

const struct badge badges[] = {
	{ BADGE_STATE, "‖", ROLE_WARN, is_held, "held: a lets it go, e edits it, X breaks it off", false },
	{ BADGE_STATE, "⊘", ROLE_BAD, is_blocked, "blocked by policy: the overview says by which rule", false },
	{ BADGE_STATE, "⚠", ROLE_BAD, is_tls_failed, "TLS failed: L says why, and what helps", false },
	{ BADGE_STATE, "⚠", ROLE_BAD, is_failed, "failed: the detail's overview says why", true },
	{ BADGE_STATE, "⚠", ROLE_WARN, is_faulty, "a rule of its protocol was broken: the overview says which", true },
	{ BADGE_STATE, "✎", ROLE_WARN, is_raw, "sent raw: as the bytes that were typed", false },
	{ BADGE_STATE, "✎", ROLE_WORD, is_edited, "edited: the overview says by whom", false },
	{ BADGE_STATE, "↓", ROLE_KEY, is_live, "live: more may come", false },
	{ BADGE_STATE, "≡", ROLE_WARN, is_learned, "passed on unread, because soth learned to: the overview says what from", false },
	{ BADGE_STATE, "≡", ROLE_TUNNEL, is_passed, "passed on unread by policy: the overview says by which rule", false },
	{ BADGE_STATE, "≡", ROLE_TUNNEL, is_tunnel, "a tunnel: bytes passed on as they came", false },
	{ BADGE_STATE, "⌂", ROLE_WORD, is_onboarding, "soth itself answered: no server was asked", false },
	{ BADGE_STATE, "◌", ROLE_FAINT, is_partial, "not all of it was recorded", false },
	{ BADGE_VERSION, "h2", ROLE_GOOD, is_h2, "HTTP/2 on both sides", false },
	{ BADGE_VERSION, "h2", ROLE_WORD, is_h2_client, "HTTP/2 with the client, HTTP/1 with the server", false },
	{ BADGE_VERSION, "h2", ROLE_WARN, is_h2_server, "HTTP/1 with the client, HTTP/2 with the server", false },
	{ BADGE_REMARK, MARK_USUAL, ROLE_MARKED, is_marked, "a person marked it, with this or another sign", false },
	{ BADGE_REMARK, MARK_COMMENT, ROLE_EDITED, is_commented, "a person said something of it: the overview has it", false },
	{ 0 },
};

const struct badge *
badge_of(const struct row *r, enum badge_place place)
{
	for (const struct badge *b = badges; b->mark; b++)
		if (b->place == place && b->there(r))
			return b;
	return NULL;
}

unsigned
badge_words(const struct row *r, struct line *out, unsigned most)
{
	unsigned used = 0;
	char status[40];

	if (r->grpc >= 0) {
		const struct code *c = code_grpc((unsigned)r->grpc);

		snprintf(status, sizeof(status), "%d %s  ", r->grpc, c->name);
		used = glyph_columns(bytes_of(status));
		line_putf(out, c->role, "%s", used < most ? status : "");
		used = used < most ? used : 0;
	}
	for (int place = BADGE_STATE; place <= BADGE_REMARK; place++) {
		const struct badge *b = badge_of(r, (enum badge_place)place);
		struct bytes words = bytes_of(b && b->trouble && *r->trouble ? r->trouble : b ? b->about : "");
		unsigned mark = b ? glyph_columns(bytes_of(b->mark)) + 1 : 0, width = glyph_columns(words);

		if (!b || used + mark + 10 > most)
			continue;
		if (used + mark + width + 2 > most)
			width = most - used - mark - 2;
		line_putf(out, b->role, "%s ", b->mark);
		cell_put(out, ROLE_BAR, words, width, CUT_END);
		line_putf(out, ROLE_BAR, "  ");
		used += mark + width + 2;
	}
	return used;
}

static const struct { const char *method, *title; } protocols[PROTOCOL_COUNT] = {
	[PROTOCOL_TCP] = { NULL, "TCP" },
	[PROTOCOL_HTTP] = { NULL, "HTTP" },
	[PROTOCOL_WEBSOCKET] = { "WS", "WebSocket" },
	[PROTOCOL_SSE] = { "SSE", "Server-sent events" },
	[PROTOCOL_NDJSON] = { NULL, "NDJSON" },
	[PROTOCOL_GRPC] = { "GRPC", "gRPC" },
	[PROTOCOL_UDP] = { "UDP", "UDP" },
	[PROTOCOL_HTTP3] = { "H3", "HTTP/3" },
	[PROTOCOL_QUIC] = { "QUIC", "QUIC" },
};

const char *
row_method(const struct row *r)
{
	const char *own = (unsigned)r->protocol < PROTOCOL_COUNT ? protocols[r->protocol].method : NULL;

	if (r->tls_failed >= 0 && !r->request)
		return "TLS";
	if (own)
		return own;
	if (!r->request && r->tunnel)
		return "TCP";
	return *r->method ? r->method : "–";
}

const char *
protocol_title(enum protocol p)
{
	return (unsigned)p < PROTOCOL_COUNT ? protocols[p].title : "?";
}
