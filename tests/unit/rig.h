#ifndef TESTS_RIG_H
#define TESTS_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/proto/chain.h"
#include "../../src/proto/h2.h"
#include "../../src/proto/tls.h"
#include "../ordered.h"
#include "soth/buf.h"
#include "soth/ca.h"
#include "soth/relay.h"
#include "trusting.h"

/*
 * A whole relay without sockets. What a test says happened on a connection
 * goes in; what came of it is lines in rig.log: "dial 1 a.test:80",
 * "send 1 GET / ...", "shut 1", "close 1", "pause 1", "go 1", "gone CODE WORDS",
 * "over". Every note is heard by the order of notes too.
 *
 * A peer takes a connection's place in the log: a chain of layers (TLS,
 * HTTP/2) that talks with the relay on it, made before that is open. Its own
 * log has what came out on its top: "open h2", "1 HEAD GET /", "1 DATA abc",
 * "1 END", "1 RESET 8", "eof".
 */
enum { LOG_MAX = 1 << 20, PEERS_MAX = 4 };

struct peer {
	unsigned conn;
	struct chain *chain;
	struct buf in, out, log;
	bool open;
};

static struct rig {
	struct relay *relay;
	struct options options;
	struct mode mode;
	struct effects fx;
	struct buf log;
	struct ordered ordered;
	struct peer *peer[PEERS_MAX];
	size_t peers;
	uint64_t now, ids;
	int sending;		/* the log's last line is a send to that connection; -1: it is not */
	unsigned handshakes;	/* done, as notes tell */
	bool over;
} rig;

static struct ca *rig_ca;
static char rig_dir[64];

static flow_id
rig_next_id(void *arg)
{
	(void)arg;
	return ++rig.ids;
}

static uint64_t
rig_now(void *arg)
{
	(void)arg;
	return rig.now;
}

static inline void
log_bytes(struct buf *log, struct bytes b)
{
	assert_true(buf_add(log, b));
}

static inline const char *
log_text(struct buf *log)
{
	uint8_t *end = buf_room(log, 1);

	assert_non_null(end);
	*end = 0;
	return (const char *)log->at;
}

/* What came since this was last asked. */
static inline const char *
log_take(struct buf *log)
{
	static char text[2][LOG_MAX];
	static unsigned turn;
	char *to = text[turn++ % 2];

	snprintf(to, LOG_MAX, "%s", log_text(log));
	buf_eat(log, log->len);
	return to;
}

static inline const char *
rig_take(void)
{
	rig.sending = -1;
	return log_take(&rig.log);
}

static inline void
assert_has(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("there is no \"%s\" in:\n%s", what, text);
}

static inline void
assert_lacks(const char *text, const char *what)
{
	if (strstr(text, what))
		fail_msg("there is \"%s\" in:\n%s", what, text);
}

static struct peer *
rig_peer(unsigned conn)
{
	for (size_t i = 0; i < rig.peers; i++)
		if (rig.peer[i]->conn == conn)
			return rig.peer[i];
	return NULL;
}

static void
rig_sent(unsigned conn, struct bytes b)
{
	struct peer *p = rig_peer(conn);

	if (p) {
		log_bytes(&p->in, b);
		return;
	}
	if (rig.sending == (int)conn)
		rig.log.len--;
	else
		assert_true(buf_addf(&rig.log, "send %u ", conn));
	for (size_t i = 0; i < b.len; i++)	/* frames have NULs */
		log_bytes(&rig.log, b.at[i] ? (struct bytes){ b.at + i, 1 } : LIT("."));
	log_bytes(&rig.log, LIT("\n"));
	rig.sending = (int)conn;
}

static void
rig_commanded(unsigned conn, const struct command *cmd)
{
	static const char *const words[] = { [CMD_SHUT] = "shut", [CMD_CLOSE] = "close", [CMD_PAUSE] = "pause", [CMD_GO] = "go" };

	assert_true(cmd->kind != CMD_PART);
	if (cmd->kind == CMD_SEND) {
		rig_sent(conn, cmd->data.bytes);
		return;
	}
	rig.sending = -1;
	assert_true(buf_addf(&rig.log, "%s %u\n", words[cmd->kind], conn));
}

static void
rig_noted(const struct note *n)
{
	if (!ordered_note(&rig.ordered, n))
		fail_msg("%s, behind:\n%s", rig.ordered.ordering.first.text, log_text(&rig.log));
	rig.handshakes += n->kind == NOTE_STEP && step_kind(n->step) == STEP_TLS_ESTABLISHED;
	if (n->kind != NOTE_GONE)
		return;
	rig.sending = -1;
	assert_true(buf_addf(&rig.log, "gone %s %.*s\n", close_name(n->part.code), (int)n->part.data.bytes.len,
		n->part.data.bytes.len ? (const char *)n->part.data.bytes.at : ""));
}

static void
rig_effects(void)
{
	struct effect fx;

	while (effects_take(&rig.fx, &fx)) {
		if (fx.kind == FX_COMMAND) {
			rig_commanded(fx.conn, &fx.command);
			command_drop(&fx.command);
		} else if (fx.kind == FX_NOTE) {
			rig_noted(&fx.note);
			note_drop(&fx.note);
		} else {
			rig.sending = -1;
			assert_true(fx.kind == FX_DIAL ? buf_addf(&rig.log, "dial %u %.*s\n", fx.conn, (int)fx.data.bytes.len,
				(const char *)fx.data.bytes.at) : buf_addf(&rig.log, "over\n"));
			rig.over = rig.over || fx.kind == FX_OVER;
			if (fx.kind == FX_DIAL)
				slice_drop(&fx.data);
		}
	}
}

/* To and fro, until nobody has anything to say. */
static void
rig_run(void)
{
	bool moved = true;

	rig_effects();
	while (moved) {
		moved = false;
		for (size_t i = 0; i < rig.peers; i++) {
			struct peer *p = rig.peer[i];

			if (p->in.len) {
				moved = true;
				chain_event(p->chain, (struct event){ .kind = EV_DATA, .data = buf_seal(&p->in) });
				chain_settle(p->chain);
			}
			if (!p->open || !p->out.len)
				continue;
			moved = true;
			relay_event(rig.relay, p->conn, &(struct event){ .kind = EV_DATA, .data = buf_seal(&p->out) }, &rig.fx);
			rig_effects();
		}
	}
}

static inline void
rig_event(unsigned conn, struct event ev)
{
	relay_event(rig.relay, conn, &ev, &rig.fx);
	rig_run();
}

static inline void
said(unsigned conn, const char *text)
{
	rig_event(conn, (struct event){ .kind = EV_DATA, .data = slice_text(text) });
}

static inline void
opened(unsigned conn)
{
	if (rig_peer(conn))
		rig_peer(conn)->open = true;
	rig_event(conn, (struct event){ .kind = EV_OPEN, .data = slice_text("192.0.2.1:80") });
}

static inline void
ended(unsigned conn)
{
	rig_event(conn, (struct event){ .kind = EV_EOF });
}

static inline void
failed(unsigned conn, enum fail code)
{
	rig_event(conn, (struct event){ .kind = EV_FAIL, .code = code, .data = slice_text("broken") });
}

static inline void
full(unsigned conn, bool is)
{
	rig_event(conn, (struct event){ .kind = is ? EV_FULL : EV_DRAINED });
}

static inline void
ticked(unsigned seconds)
{
	rig.now += (uint64_t)seconds * 1000000;
	relay_tick(rig.relay, &rig.fx);
	rig_run();
}

static inline void
killed(flow_id flow)
{
	relay_order(rig.relay, &(struct order){ .kind = ORDER_KILL, .flow = flow }, &rig.fx);
	rig_run();
}

/* `options` as "name=value name=value". */
static void
rig_start(const char *mode, const char *options)
{
	struct relay_world world = { &rig.options, rig_ca, rig_next_id, rig_now, NULL };
	struct relay_from from = { &rig.mode, LIT("127.0.0.1:50312"), LIT("127.0.0.1:8080"), { 0 } };
	char room[200], *save = NULL;
	struct fault why;

	rig = (struct rig){ .now = 1, .sending = -1, .ordered = ordered_new() };
	buf_init(&rig.log, LOG_MAX);
	options_init(&rig.options);
	assert_true(option_set(&rig.options, "ssl-verify-upstream-trusted-ca", ca_path(rig_ca), &why));
	snprintf(room, sizeof(room), "%s", options);
	for (char *one = strtok_r(room, " ", &save); one; one = strtok_r(NULL, " ", &save))
		assert_true(option_assign(&rig.options, one, &why));
	if (!mode_parse(mode, &rig.mode, &why))
		fail_msg("%s", why.text);
	rig.relay = relay_new(&world, &from);
	relay_start(rig.relay, &rig.fx);
	rig_run();
}

static void
rig_end(void)
{
	struct fault why;

	for (size_t i = 0; i < rig.peers; i++) {
		struct peer *p = rig.peer[i];

		chain_free(p->chain);
		buf_release(&p->in);
		buf_release(&p->out);
		buf_release(&p->log);
		free(p);
	}
	rig.peers = 0;
	relay_end(rig.relay, &rig.fx);
	rig_effects();
	if (!ordered_end(&rig.ordered, &why))
		fail_msg("%s", why.text);
	relay_free(rig.relay);
	effects_release(&rig.fx);
	options_release(&rig.options);
	buf_release(&rig.log);
}

static void
peer_part(struct peer *p, uint32_t stream, const struct part *part)
{
	bool request = part->kind == PART_HEAD && head_kind(part->head) == HEAD_REQUEST;
	struct bytes b = part->data.bytes;

	assert_true(buf_addf(&p->log, "%u %s", stream, part_name(part->kind)));
	if (request)
		assert_true(buf_addf(&p->log, " %.*s %.*s", (int)head_method(part->head).len, (const char *)head_method(part->head).at,
			(int)head_target(part->head).len, (const char *)head_target(part->head).at));
	else if (part->kind == PART_HEAD)
		assert_true(buf_addf(&p->log, " %u", head_status(part->head)));
	else if (part->kind == PART_DATA)
		assert_true(buf_addf(&p->log, " %.*s", (int)b.len, b.len ? (const char *)b.at : ""));
	else if (part->kind == PART_RESET)
		assert_true(buf_addf(&p->log, " %u", part->code));
	log_bytes(&p->log, LIT("\n"));
}

static void
peer_up(void *arg, struct event *ev)
{
	struct peer *p = arg;
	struct bytes b = ev->data.bytes;

	switch (ev->kind) {
	case EV_OPEN:
		assert_true(buf_addf(&p->log, "open %.*s\n", (int)b.len, b.len ? (const char *)b.at : ""));
		break;
	case EV_DATA:
		log_bytes(&p->log, b);
		break;
	case EV_PART:
		peer_part(p, ev->stream, &ev->part);
		break;
	case EV_EOF:
		log_bytes(&p->log, LIT("eof\n"));
		break;
	case EV_FAIL:
		assert_true(buf_addf(&p->log, "fail %.*s\n", (int)b.len, b.len ? (const char *)b.at : ""));
		break;
	case EV_STEP:
		if (step_kind(ev->step) == STEP_TLS_ESTABLISHED) {
			struct bytes sni = step_find(ev->step, "sni");

			assert_true(buf_addf(&p->log, "sni %.*s\n", (int)sni.len, sni.len ? (const char *)sni.at : ""));
		}
		break;
	case EV_KEYS:
	case EV_FULL:
	case EV_DRAINED:
		break;
	}
}

static void
peer_down(void *arg, struct command *cmd)
{
	struct peer *p = arg;

	if (cmd->kind == CMD_SEND)
		log_bytes(&p->out, cmd->data.bytes);
}

/* Takes the place of connection `conn`, from here on. */
static struct peer *
peer_new(unsigned conn)
{
	struct peer *p = xalloc(sizeof(*p));

	assert_true(rig.peers < PEERS_MAX);
	p->conn = conn;
	p->open = conn == RELAY_CLIENT;
	p->chain = chain_new((struct chain_ends){ peer_up, peer_down, p });
	buf_init(&p->in, LOG_MAX);
	buf_init(&p->out, LOG_MAX);
	buf_init(&p->log, LOG_MAX);
	rig.peer[rig.peers++] = p;
	return p;
}

/* HTTP/2 on top; `server`: the relay is its client. */
static inline void
peer_h2(struct peer *p, bool server)
{
	struct fault why;

	assert_true(chain_push(p->chain, &layer_h2, &(struct h2_args){ .server = server, .websocket = server,
		.head_limit = 65536 }, &why));
	chain_settle(p->chain);
	rig_run();
}

static inline void
peer_tls_server(struct peer *p, const char *name, const char *alpn)
{
	const char *offer[] = { alpn, NULL };
	struct fault why;
	struct leaf *leaf = ca_leaf(rig_ca, bytes_of(name), (struct bytes){ 0 }, &why);

	assert_non_null(leaf);
	assert_true(chain_push(p->chain, &layer_tls, &(struct tls_args){ .server = true, .leaf = leaf, .alpn = offer }, &why));
	leaf_drop(leaf);
	rig_run();
}

static inline void
peer_tls_client(struct peer *p, const char *name, const char *alpn)
{
	const char *offer[] = { alpn, NULL };
	struct fault why;
	struct trust *trust = ca_trust(rig_ca, true, &why);

	assert_non_null(trust);
	assert_true(chain_push(p->chain, &layer_tls, &(struct tls_args){ .trust = trust, .name = bytes_of(name), .alpn = offer }, &why));
	trust_drop(trust);
	rig_run();
}

static inline void
peer_send(struct peer *p, const char *text)
{
	chain_command(p->chain, (struct command){ .kind = CMD_SEND, .data = slice_text(text) });
	chain_settle(p->chain);
	rig_run();
}

static inline void
peer_put(struct peer *p, uint32_t stream, struct part part)
{
	chain_command(p->chain, (struct command){ .kind = CMD_PART, .stream = stream, .part = part });
}

/* Parts that were put are sent. */
static inline void
peer_settle(struct peer *p)
{
	chain_settle(p->chain);
	rig_run();
}

static inline struct part
head_part(const char *text, enum head_kind kind)
{
	struct fault why;
	struct head *head = head_parse(bytes_of(text), kind, &why);

	if (!head)
		fail_msg("%s: %s", text, why.text);
	return (struct part){ .kind = PART_HEAD, .head = head };
}

/* A whole request without a body. */
static inline void
peer_ask(struct peer *p, uint32_t stream, const char *text)
{
	peer_put(p, stream, head_part(text, HEAD_REQUEST));
	peer_put(p, stream, (struct part){ .kind = PART_END });
	peer_settle(p);
}

static int
rig_setup(void **state)
{
	struct fault why;

	(void)state;
	snprintf(rig_dir, sizeof(rig_dir), "/tmp/soth-rig-XXXXXX");
	if (!mkdtemp(rig_dir))
		return -1;
	rig_ca = ca_open(rig_dir, &why);
	return rig_ca && trust_believes(rig_ca, ca_path(rig_ca), &why) ? 0 : -1;
}

static int
rig_teardown(void **state)
{
	char path[100];

	(void)state;
	ca_close(rig_ca);
	snprintf(path, sizeof(path), "%s/soth-ca.pem", rig_dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/soth-ca-cert.pem", rig_dir);
	unlink(path);
	return rmdir(rig_dir);
}

#endif
