/* A row from its notes, and for those who look. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "row.h"

enum { WORDS_KEPT = 150, NAME_KEPT = 63 };
enum text { METHOD, SCHEME, PATH, TYPE, TROUBLE, CLIENT_NAME, USUAL, TEXTS = USUAL + REMARK_COUNT };

/* Most flows have no remarks, and no room for them. */
static unsigned
texts_of(const struct kept *k)
{
	return !k->text ? 0 : k->flags & KEPT_REMARKED ? TEXTS : USUAL;
}

static const char *
text_at(const struct kept *k, unsigned which)
{
	const char *s = k->text;

	if (which >= texts_of(k))
		return "";
	while (which--)
		s += strlen(s) + 1;
	return s;
}

struct change {			/* of a text; NULs cut it short */
	unsigned which;		/* enum text */
	struct bytes value;
	size_t most;
};

/* Puts the block together anew, of so many texts, with some changed. */
static void
texts_make(struct kept *k, unsigned texts, const struct change *change, size_t changes)
{
	struct bytes part[TEXTS];
	size_t len = 0;
	char *made, *to;

	for (unsigned i = 0; i < texts; i++)
		part[i] = bytes_of(text_at(k, i));
	for (size_t i = 0; i < changes; i++) {
		struct bytes v = change[i].value;

		if (v.len > change[i].most)
			v.len = change[i].most;
		if (v.len)
			v.len = strnlen((const char *)v.at, v.len);
		part[change[i].which] = v;
	}
	for (unsigned i = 0; i < texts; i++)
		len += part[i].len + 1;
	to = made = xgrow(NULL, 1, len);
	for (unsigned i = 0; i < texts; i++) {
		if (part[i].len)
			memcpy(to, part[i].at, part[i].len);
		to += part[i].len;
		*to++ = 0;
	}
	free(k->text);
	k->text = made;
}

static void
texts_set(struct kept *k, const struct change *change, size_t changes)
{
	texts_make(k, k->flags & KEPT_REMARKED ? TEXTS : USUAL, change, changes);
}

static void
text_set(struct kept *k, enum text which, struct bytes value, size_t most)
{
	texts_set(k, &(struct change){ which, value, most }, 1);
}

static uint32_t
since(const struct kept *k, uint64_t when)
{
	uint64_t ms = when > k->begun ? (when - k->begun) / 1000 : 0;

	return ms < UINT32_MAX - 1 ? (uint32_t)ms + 1 : UINT32_MAX;
}

struct bytes
row_path(struct bytes target)
{
	const uint8_t *p = target.len > 3 ? memmem(target.at, target.len, "://", 3) : NULL;

	if (!p || *target.at == '/')
		return target;
	for (p += 3; p < target.at + target.len && *p != '/' && *p != '?'; p++)
		;
	return (struct bytes){ p, target.len - (size_t)(p - target.at) };
}

static void
kept_grpc(struct kept *k, const struct head *fields)
{
	struct bytes status = head_find(fields, "grpc-status");

	if (status.len && status.len <= 2 && status.at[0] >= '0' && status.at[0] <= '9')
		k->grpc = (int8_t)(status.len == 1 ? status.at[0] - '0' :
			(status.at[0] - '0') * 10 + (status.at[1] - '0') % 10);
}

static bool
says_otherwise(const struct kept *k, const struct head *h)
{
	return !k->host || strlen(k->host) >= sizeof(((struct row *)0)->host) ||
		(head_has(h, "host") && !bytes_are(head_find(h, "host"), k->host));
}

static void
kept_head(struct kept *k, const struct note *n)
{
	const struct head *h = n->part.head;
	unsigned status = head_status(h);

	k->version[n->side] = (uint8_t)head_version(h);
	if (n->side == CLIENT) {
		k->flags |= KEPT_REQUEST;
		k->otherwise = says_otherwise(k, h);
		k->protocol = (uint8_t)protocol_of(h, NULL);
		head_drop(k->request);
		k->request = head_ref(n->part.head);
		texts_set(k, (struct change[]){ { METHOD, head_method(h), NAME_KEPT },
			{ PATH, row_path(head_target(h)), ROW_PATH_KEPT } }, 2);
	} else if (status >= 200 || status == 101) {
		k->status = (uint16_t)status;
		k->answered = since(k, n->when);
		k->flags |= status == 101 ? KEPT_TUNNEL : 0;
		text_set(k, TYPE, protocol_media(h), NAME_KEPT);
		if (k->request)
			k->protocol = (uint8_t)protocol_of(k->request, h);
		head_drop(k->request);
		k->request = NULL;
		kept_grpc(k, h);	/* of an answer that is trailers alone */
	}
}

/* Without its port. */
static struct bytes
client_name(struct bytes client)
{
	const uint8_t *colon = client.len ? memrchr(client.at, ':', client.len) : NULL;

	return colon ? (struct bytes){ client.at, (size_t)(colon - client.at) } : client;
}

static bool
kept_datagrams(const struct kept *k)
{
	return k->protocol == PROTOCOL_UDP || k->protocol == PROTOCOL_QUIC || k->protocol == PROTOCOL_HTTP3;
}

static void
kept_part(struct kept *k, const struct note *n)
{
	switch (n->part.kind) {
	case PART_HEAD:
		kept_head(k, n);
		break;
	case PART_MESSAGE:
		k->bytes[n->side] += n->part.count;
		k->messages[n->side] += part_is_message(&n->part);
		break;
	case PART_MARK:
		k->messages[n->side] += part_is_message(&n->part);
		break;
	case PART_DATA:
		k->bytes[n->side] += n->part.data.bytes.len;
		k->messages[n->side] += kept_datagrams(k);
		if (!(k->flags & KEPT_REQUEST))
			k->flags |= KEPT_TUNNEL;
		break;
	case PART_SKIP:
		k->bytes[n->side] += n->part.count;
		k->messages[n->side] += n->part.code;
		k->flags |= KEPT_PARTIAL;
		break;
	case PART_RESET:
	case PART_FAULT:
		if (!*text_at(k, TROUBLE))
			text_set(k, TROUBLE, n->part.data.bytes, WORDS_KEPT);
		break;
	case PART_TRAILER:
		if (n->side == SERVER)
			kept_grpc(k, n->part.head);
		break;
	case PART_NONE:
	case PART_END:
	case PART_FRAME:
	case PART_COUNT:
		break;
	}
}

static void
kept_decision(struct kept *k, const struct step *s)
{
	enum policy_action action = POLICY_INTERCEPT;

	k->decided = policy_action_named(step_find(s, "action"), &action);
	k->action = action;
	k->reason = policy_reason_named(step_find(s, "reason"));
}

static void
kept_step(struct kept *k, const struct note *n)
{
	enum step_kind kind = step_kind(n->step);

	if (kind == STEP_CONNECT_RECEIVED)
		k->flags |= KEPT_CONNECT;
	if (kind == STEP_REPLAYED)
		k->flags |= KEPT_REPLAY;
	if (kind == STEP_ANSWERED && bytes_are(step_find(n->step, "result"), "answered"))
		k->replayed = 1;
	if (kind == STEP_ONBOARDING)
		k->onboarding = 1;
	if (kind == STEP_DECIDED)
		kept_decision(k, n->step);
	if (kind == STEP_TLS_STARTED || kind == STEP_PEEKED)
		k->flags |= KEPT_TLS;
	if (kind == STEP_HTTP3_PASSTHROUGH)
		k->protocol = bytes_are(step_find(n->step, "passthrough_protocol"), "http3") ?
			PROTOCOL_HTTP3 : PROTOCOL_QUIC;
	if (kind != STEP_TLS_FAILED)
		return;
	k->tls_failed = bytes_are(step_find(n->step, "peer"), "upstream") ? SERVER : CLIENT;
	text_set(k, TROUBLE, step_find(n->step, "detail"), WORDS_KEPT);
}

static void
kept_hand(struct kept *k, const struct note *n)
{
	unsigned side = 1u << n->side;

	if (n->part.code == HAND_HELD)
		k->held = (k->held | side) & 3;
	else if (n->part.code == HAND_FREED || n->part.code == HAND_DROPPED)
		k->held = k->held & ~side & 3;
	if (n->part.code == HAND_RAW)
		k->raw = 1;
	if (n->part.code == HAND_EDITED || n->part.code == HAND_MESSAGE || n->part.code == HAND_DROPPED ||
			n->part.code == HAND_INJECTED)
		k->flags |= KEPT_EDITED;
	if (n->part.code != HAND_EDITED)
		return;
	k->bytes[n->side] = 0;
	k->messages[n->side] = 0;
}

static void
kept_gone(struct kept *k, const struct note *n)
{
	bool well = n->part.code == CLOSE_HTTP_COMPLETED || n->part.code == CLOSE_RELAY_EOF ||
		n->part.code == CLOSE_WEBSOCKET_COMPLETED;

	head_drop(k->request);
	k->request = NULL;
	k->held = 0;
	k->ended = since(k, n->when);
	k->close = (uint8_t)n->part.code;
	k->state = well && k->tls_failed < 0 ? ROW_DONE : ROW_FAILED;
	if (!well && n->part.data.bytes.len && !*text_at(k, TROUBLE))
		text_set(k, TROUBLE, n->part.data.bytes, WORDS_KEPT);
}

void
kept_note(struct kept *k, const struct note *n)
{
	if (n->kind == NOTE_FLOW) {
		k->begun = k->begun ? k->begun : n->when;
		k->port = n->origin->port;
		k->otherwise = true;	/* whatever a head said before */
		texts_set(k, (struct change[]){ { SCHEME, n->origin->scheme, 7 },
			{ CLIENT_NAME, client_name(n->origin->client), k->opener ? 0 : NAME_KEPT } }, 2);
		if (bytes_are(n->origin->scheme, "https"))
			k->flags |= KEPT_TLS;
		if (bytes_are(n->origin->scheme, "udp") && k->protocol == PROTOCOL_TCP)
			k->protocol = PROTOCOL_UDP;
	} else if (n->kind == NOTE_STEP) {
		kept_step(k, n);
	} else if (n->kind == NOTE_PART) {
		kept_part(k, n);
	} else if (n->kind == NOTE_HAND) {
		kept_hand(k, n);
	} else if (n->kind == NOTE_GONE) {
		kept_gone(k, n);
	}
}

const char *
kept_said(const struct kept *k, enum remark which)
{
	return text_at(k, USUAL + which);
}

void
kept_remark(struct kept *k, const struct note *n)
{
	enum remark which;
	struct bytes said;

	if (!remark_read(n, &which, &said))
		return;
	texts_make(k, TEXTS, &(struct change){ USUAL + which, said, remark_most(which) }, 1);
	k->flags |= KEPT_REMARKED;
	for (int i = 0; i < REMARK_COUNT; i++)
		if (*kept_said(k, (enum remark)i))
			return;
	texts_make(k, USUAL, NULL, 0);
	k->flags &= (uint8_t)~KEPT_REMARKED;
}

void
kept_at(struct kept *k, const struct note *n, uint64_t at)
{
	unsigned status = n->kind == NOTE_PART && n->part.kind == PART_HEAD ? head_status(n->part.head) : 100;

	k->last = at;
	if (status < 100 || status >= 200 || status == 101)
		k->head[n->side] = at;
}

const char *
kept_client(const struct kept *k)
{
	return text_at(k, CLIENT_NAME);
}

void
kept_release(struct kept *k)
{
	head_drop(k->request);
	free(k->text);
}

/* As much as there is room for; gives what is behind its end. */
static const char *
text_copy(char *to, size_t room, const char *from)
{
	size_t len = strlen(from), most = len < room ? len : room - 1;

	memcpy(to, from, most);
	to[most] = 0;
	return from + len + 1;
}

/* Its texts, walked along once. */
static void
show_texts(const struct kept *k, struct row *out)
{
	bool bare = !(k->flags & KEPT_REQUEST) && k->flags & KEPT_CONNECT;
	static const char nothing[USUAL];	/* of a row that has no texts */
	const char *at = k->text ? k->text : nothing;

	at = text_copy(out->method, sizeof(out->method), at);
	if (bare)
		text_copy(out->method, sizeof(out->method), "CONNECT");
	at = text_copy(out->scheme, sizeof(out->scheme), at);
	at = text_copy(out->path, sizeof(out->path), at);
	at = text_copy(out->type, sizeof(out->type), at);
	for (char *c = out->type; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
	text_copy(out->trouble, sizeof(out->trouble), at);
	text_copy(out->host, sizeof(out->host), k->host ? k->host : "");
}

/* What is behind the texts' ends is left as it is: rows are copied by the million. */
void
kept_show(const struct kept *k, const struct kept *opener, struct row *out)
{
	memset(out, 0, offsetof(struct row, method));
	out->id = k->id;
	out->connection = opener->id;
	out->begun = k->begun;
	out->answered = k->answered ? k->begun + (k->answered - 1) * 1000ull : 0;
	out->ended = k->state != ROW_LIVE ? k->begun + (k->ended - 1) * 1000ull : 0;
	out->bytes[CLIENT] = k->bytes[CLIENT];
	out->bytes[SERVER] = k->bytes[SERVER];
	out->state = (enum row_state)k->state;
	out->notes = k->orders;
	out->status = k->status;
	out->port = k->port;
	out->request = k->flags & KEPT_REQUEST;
	out->tls = k->flags & KEPT_TLS;
	out->tunnel = k->flags & KEPT_TUNNEL;
	out->partial = k->flags & KEPT_PARTIAL;
	out->replay = k->flags & KEPT_REPLAY;
	out->replayed = k->replayed;
	out->otherwise = k->otherwise;
	out->pid = opener->pid;
	out->raw = k->raw;
	out->onboarding = k->onboarding;
	out->decided = k->decided;
	out->action = (enum policy_action)k->action;
	out->reason = (enum policy_reason)k->reason;
	out->protocol = (enum protocol)k->protocol;
	out->grpc = k->grpc;
	out->messages[CLIENT] = k->messages[CLIENT];
	out->messages[SERVER] = k->messages[SERVER];
	out->version[CLIENT] = k->version[CLIENT];
	out->version[SERVER] = k->version[SERVER];
	out->held = k->held;
	out->edited = k->flags & KEPT_EDITED;
	out->close = k->close;
	out->tls_failed = k->tls_failed;
	show_texts(k, out);
	text_copy(out->client, sizeof(out->client), text_at(opener, CLIENT_NAME));
	text_copy(out->process, sizeof(out->process), opener->process ? opener->process : "");
	text_copy(out->mark, sizeof(out->mark), kept_said(k, REMARK_MARK));
	out->commented = *kept_said(k, REMARK_COMMENT);
}
