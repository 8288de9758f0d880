#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../src/proto/chain.h"
#include "../../src/proto/tls.h"
#include "soth/buf.h"
#include "trusting.h"

/* Two chains of one TLS layer each, back to back, in memory. */
struct end {
	struct chain *chain;
	struct buf wire;		/* what it sent and the other has not got */
	struct buf got;			/* what came out on top */
	struct step *step[STEP_COUNT];
	unsigned opens, eofs, sends, datas;
	bool failed, shut, closed, wire_shut;
	uint32_t code;
	char words[256], alpn[16];
};

struct pair {
	struct end end[2];		/* CLIENT, SERVER: whom each is */
	size_t piece;			/* bytes delivered at once */
};

static char dir[2][64];
static struct ca *ca[2];		/* of two authorities */
static time_t later;

static time_t
clock_later(time_t *out)
{
	time_t now = time(NULL) + later;

	if (out)
		*out = now;
	return now;
}

static void
end_up(void *arg, struct event *ev)
{
	struct end *e = arg;
	struct bytes b = ev->data.bytes;

	switch (ev->kind) {
	case EV_OPEN:
		e->opens++;
		snprintf(e->alpn, sizeof(e->alpn), "%.*s", (int)b.len, b.len ? (const char *)b.at : "");
		break;
	case EV_DATA:
		assert_true(e->opens == 1 && b.len > 0);
		e->datas++;
		assert_true(buf_add(&e->got, b));
		break;
	case EV_STEP:
		assert_null(e->step[step_kind(ev->step)]);
		e->step[step_kind(ev->step)] = step_ref(ev->step);
		break;
	case EV_EOF:
		e->eofs++;
		break;
	case EV_FAIL:
		assert_false(e->failed);
		e->failed = true;
		e->code = ev->code;
		snprintf(e->words, sizeof(e->words), "%.*s", (int)b.len, b.len ? (const char *)b.at : "");
		break;
	default:
		fail();
	}
}

static void
end_down(void *arg, struct command *cmd)
{
	struct end *e = arg;

	if (cmd->kind == CMD_SEND) {
		e->sends++;
		assert_false(e->shut);
		assert_true(buf_add(&e->wire, cmd->data.bytes));
	} else if (cmd->kind == CMD_SHUT) {
		e->shut = true;
	} else if (cmd->kind == CMD_CLOSE) {
		e->closed = true;
	}
}

/* Carries bytes to and fro until neither end has any more to send. */
static void
pair_run(struct pair *p)
{
	bool moved = true;

	while (moved) {
		moved = false;
		for (unsigned i = 0; i < 2; i++) {
			struct end *from = &p->end[i], *to = &p->end[!i];
			size_t n = from->wire.len < p->piece ? from->wire.len : p->piece;

			if (!n || !to->chain)
				continue;
			struct slice s = slice_copy((struct bytes){ from->wire.at, n });
			buf_eat(&from->wire, n);
			chain_event(to->chain, (struct event){ .kind = EV_DATA, .data = s });
			chain_settle(to->chain);
			moved = true;
		}
		for (unsigned i = 0; i < 2 && !moved; i++) {
			struct end *from = &p->end[i];

			if ((from->shut || from->closed) && !from->wire_shut && p->end[!i].chain) {
				from->wire_shut = moved = true;
				chain_event(p->end[!i].chain, (struct event){ .kind = EV_EOF });
			}
		}
	}
}

static void
end_start(struct end *e)
{
	*e = (struct end){ 0 };
	buf_init(&e->wire, 64 << 20);
	buf_init(&e->got, 64 << 20);
	e->chain = chain_new((struct chain_ends){ end_up, end_down, e });
}

static const char *const h2[] = { "h2", "http/1.1", NULL };
static const char *const h1[] = { "http/1.1", NULL };

static void
server_start(struct end *e, struct ca *by, const char *name)
{
	struct fault why;
	struct tls_args a = { .server = true, .alpn = h1, .leaf = ca_leaf(by, bytes_of(name), (struct bytes){ 0 }, &why) };

	end_start(e);
	assert_non_null(a.leaf);
	assert_true(chain_push(e->chain, &layer_tls, &a, &why));
	leaf_drop(a.leaf);
}

static void
client_start(struct end *e, struct trust *t, const char *name)
{
	struct fault why;
	struct tls_args a = { .trust = t, .name = bytes_of(name), .alpn = h2 };

	end_start(e);
	assert_true(chain_push(e->chain, &layer_tls, &a, &why));
}

static struct trust *
trust_of(struct ca *who, struct ca *in, bool verify)
{
	static const struct ca *believed[2];	/* by ca[0] and ca[1]: what is believed already keeps its tickets */
	const struct ca **by = &believed[who == ca[1]];
	struct fault why;
	struct trust *t;

	if (*by != in)
		assert_true(trust_believes(who, ca_path(in), &why));
	*by = in;
	t = ca_trust(who, verify, &why);
	assert_non_null(t);
	return t;
}

/* A client that trusts the authority `in` calls a server with a leaf of ca[0]. */
static void
pair_start(struct pair *p, struct ca *in, bool verify, const char *called, const char *leaf, size_t piece)
{
	struct trust *t = trust_of(ca[1], in, verify);

	p->piece = piece;
	server_start(&p->end[SERVER], ca[0], leaf);
	client_start(&p->end[CLIENT], t, called);
	trust_drop(t);
	pair_run(p);
}

static void
end_release(struct end *e)
{
	if (e->chain)
		chain_free(e->chain);
	buf_release(&e->wire);
	buf_release(&e->got);
	for (unsigned i = 0; i < STEP_COUNT; i++)
		step_drop(e->step[i]);
}

static void
pair_release(struct pair *p)
{
	end_release(&p->end[CLIENT]);
	end_release(&p->end[SERVER]);
}

static void
end_send(struct end *e, struct bytes b)
{
	chain_command(e->chain, (struct command){ .kind = CMD_SEND, .data = slice_copy(b) });
}

static void
assert_said(const struct end *e, enum step_kind kind, const char *name, const char *value)
{
	char text[512];
	struct bytes b;

	assert_non_null(e->step[kind]);
	b = step_find(e->step[kind], name);
	snprintf(text, sizeof(text), "%.*s", (int)b.len, b.len ? (const char *)b.at : "");
	assert_string_equal(text, value);
}

/* A name of its own for each test that should not resume another's session. */
static const char *
fresh_name(void)
{
	static char name[32];
	static unsigned n;

	snprintf(name, sizeof(name), "n%u.example", ++n);
	return name;
}

static void
test_both_ends_open_and_say_what_they_agreed_on(void **state)
{
	static const size_t pieces[] = { 1, 7, 1 << 20 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		const char *name = fresh_name();
		struct pair p;

		pair_start(&p, ca[0], true, name, name, pieces[i]);
		for (unsigned side = 0; side < 2; side++) {
			assert_int_equal(p.end[side].opens, 1);
			assert_false(p.end[side].failed);
			assert_string_equal(p.end[side].alpn, "http/1.1");
			assert_said(&p.end[side], STEP_TLS_ESTABLISHED, "version", "TLS1.3");
			assert_said(&p.end[side], STEP_TLS_ESTABLISHED, "cipher", "TLS_AES_128_GCM_SHA256");
			assert_said(&p.end[side], STEP_TLS_ESTABLISHED, "group", "X25519");
			assert_said(&p.end[side], STEP_TLS_ESTABLISHED, "sni", name);
			assert_said(&p.end[side], STEP_TLS_ESTABLISHED, "resumed", "no");
		}
		assert_said(&p.end[CLIENT], STEP_TLS_STARTED, "alpn_offered", "h2,http/1.1");
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "verified", "yes");
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "issuer", "CN=soth");
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "names", name);
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "peer", "upstream");
		assert_said(&p.end[SERVER], STEP_TLS_ESTABLISHED, "peer", "downstream");
		assert_said(&p.end[CLIENT], STEP_TLS_STARTED, "versions_offered", "TLS1.3,TLS1.2");
		assert_int_equal(step_find(p.end[CLIENT].step[STEP_TLS_ESTABLISHED], "ja3s").len, 32);
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "upstream_ocsp_staple_present", "false");
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "upstream_ocsp_staple_status", "missing");
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "revocation_decision", "no_signal");
		assert_said(&p.end[SERVER], STEP_TLS_ESTABLISHED, "revocation_decision", "");
		pair_release(&p);
	}
}

static void
test_a_second_session_resumes_and_is_still_verified(void **state)
{
	const char *name = fresh_name();
	struct bytes first;
	struct pair p;

	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		pair_start(&p, ca[0], true, name, name, 1 << 20);
		assert_int_equal(p.end[CLIENT].opens, 1);
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "resumed", round ? "yes" : "no");
		assert_said(&p.end[SERVER], STEP_TLS_ESTABLISHED, "resumed", round ? "yes" : "no");
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "verified", "yes");
		first = tls_peer_certificate(chain_find(p.end[CLIENT].chain, &layer_tls));
		assert_true(first.len > 100);
		pair_release(&p);
	}
}

static void
test_what_a_server_shows_is_told_once_whether_it_is_accepted_or_not(void **state)
{
	const char *name = fresh_name();
	struct pair p;

	(void)state;
	for (unsigned round = 0; round < 3; round++) {	/* accepted, resumed, refused */
		struct step *s;

		pair_start(&p, ca[round == 2], true, name, name, 1 << 20);
		s = p.end[CLIENT].step[STEP_CERTIFICATES];
		assert_null(p.end[SERVER].step[STEP_CERTIFICATES]);
		assert_int_equal(p.end[CLIENT].failed, round == 2);
		assert_int_equal(s != NULL, round != 1);
		if (s) {
			assert_said(&p.end[CLIENT], STEP_CERTIFICATES, "peer", "upstream");
			assert_said(&p.end[CLIENT], STEP_CERTIFICATES, "count", "2");
			assert_said(&p.end[CLIENT], STEP_CERTIFICATES, "names", name);
			assert_true(bytes_same(step_find(s, "certificate"),
				tls_peer_certificate(chain_find(p.end[CLIENT].chain, &layer_tls))));
			assert_int_equal(step_count(s), 10);
		}
		pair_release(&p);
	}
}

static void
test_a_failure_says_what_was_offered_and_agreed_on(void **state)
{
	static const char *const offered[] = { "alpn_offered", "versions_offered" };
	struct pair p;

	(void)state;
	pair_start(&p, ca[1], true, "a.example", "a.example", 1 << 20);
	for (size_t i = 0; i < ARRAY_LEN(offered); i++)
		assert_true(bytes_same(step_find(p.end[CLIENT].step[STEP_TLS_STARTED], offered[i]),
			step_find(p.end[CLIENT].step[STEP_TLS_FAILED], offered[i])));
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "version", "TLS1.3");
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "negotiated_alpn", "http/1.1");
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "verify_status", "signer_not_found");
	for (unsigned side = 0; side < 2; side++) {
		assert_said(&p.end[side], STEP_TLS_FAILED, "source_confidence", "authoritative");
		assert_said(&p.end[side], STEP_TLS_FAILED, "tls_stage", "handshake");
	}
	pair_release(&p);
}

/* An odd pattern, so that what is lost or doubled shows. */
static struct bytes
pattern(uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(i * 31 + (i >> 8) * 7);
	return (struct bytes){ at, len };
}

static void
test_much_data_both_ways_in_odd_pieces_arrives_whole(void **state)
{
	enum { LEN = 1000003 };
	uint8_t *data = malloc(LEN);
	struct bytes all = pattern(data, LEN);
	static const size_t pieces[] = { 1021, 16406, 60000, 1 << 20 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		const char *name = fresh_name();
		struct pair p;

		pair_start(&p, ca[0], true, name, name, pieces[i]);
		for (size_t at = 0, n = 1; at < LEN; at += n, n = n * 3 % 40961 + 1) {
			if (n > LEN - at)
				n = LEN - at;
			for (unsigned side = 0; side < 2; side++)
				end_send(&p.end[side], (struct bytes){ all.at + at, n });
			if (n % 5 == 0)
				pair_run(&p);
		}
		chain_settle(p.end[0].chain);
		chain_settle(p.end[1].chain);
		pair_run(&p);
		for (unsigned side = 0; side < 2; side++)
			assert_true(bytes_same(buf_bytes(&p.end[side].got), all));
		pair_release(&p);
	}
	free(data);
}

static void
test_what_is_gathered_is_one_record_and_one_write(void **state)
{
	const char *name = fresh_name();
	struct end *client;
	struct pair p;
	unsigned before;

	(void)state;
	pair_start(&p, ca[0], true, name, name, 1 << 20);
	client = &p.end[CLIENT];
	before = client->sends;
	end_send(client, LIT("head "));
	end_send(client, LIT("body "));
	end_send(client, LIT("end"));
	assert_int_equal(client->wire.len, 0);
	chain_settle(client->chain);
	assert_int_equal(client->sends, before + 1);
	assert_int_equal(client->wire.len, 5 + 13 + 1 + 16);	/* header, text, type, tag */
	pair_run(&p);
	assert_true(bytes_are(buf_bytes(&p.end[SERVER].got), "head body end"));
	assert_int_equal(p.end[SERVER].datas, 1);
	pair_release(&p);
}

static void
test_records_that_come_together_go_up_together(void **state)
{
	const char *name = fresh_name();
	struct pair p;

	(void)state;
	pair_start(&p, ca[0], true, name, name, 1 << 20);
	for (unsigned i = 0; i < 5; i++) {
		end_send(&p.end[CLIENT], LIT("12345678"));
		chain_settle(p.end[CLIENT].chain);
	}
	pair_run(&p);
	assert_int_equal(p.end[SERVER].got.len, 40);
	assert_int_equal(p.end[SERVER].datas, 1);
	pair_release(&p);
}

static void
test_data_behind_a_ticket_is_not_left_lying(void **state)
{
	const char *name = fresh_name();
	struct pair p;

	(void)state;
	/* The server's ticket and its data come to the client in one event. */
	pair_start(&p, ca[0], true, name, name, 1 << 20);
	pair_release(&p);
	p.piece = 1 << 20;
	server_start(&p.end[SERVER], ca[0], name);
	end_send(&p.end[SERVER], LIT("early words"));
	struct trust *t = trust_of(ca[1], ca[0], true);
	client_start(&p.end[CLIENT], t, name);
	trust_drop(t);
	pair_run(&p);
	assert_true(bytes_are(buf_bytes(&p.end[CLIENT].got), "early words"));
	pair_release(&p);
}

static void
test_commands_before_open_wait_for_it(void **state)
{
	struct trust *t = trust_of(ca[1], ca[0], true);
	const char *name = fresh_name();
	struct pair p = { .piece = 1 << 20 };

	(void)state;
	client_start(&p.end[CLIENT], t, name);
	trust_drop(t);
	end_send(&p.end[CLIENT], LIT("GET "));
	end_send(&p.end[CLIENT], LIT("/"));
	chain_command(p.end[CLIENT].chain, (struct command){ .kind = CMD_PAUSE });
	chain_command(p.end[CLIENT].chain, (struct command){ .kind = CMD_SHUT });
	chain_settle(p.end[CLIENT].chain);
	assert_false(p.end[CLIENT].shut);
	server_start(&p.end[SERVER], ca[0], name);
	pair_run(&p);
	assert_true(bytes_are(buf_bytes(&p.end[SERVER].got), "GET /"));
	assert_true(p.end[CLIENT].shut);
	assert_int_equal(p.end[SERVER].eofs, 1);
	pair_release(&p);
}

static void
test_an_end_that_has_shut_still_hears_the_other(void **state)
{
	const char *name = fresh_name();
	struct pair p;

	(void)state;
	pair_start(&p, ca[0], true, name, name, 1 << 20);
	end_send(&p.end[CLIENT], LIT("question"));
	chain_command(p.end[CLIENT].chain, (struct command){ .kind = CMD_SHUT });
	pair_run(&p);
	assert_true(bytes_are(buf_bytes(&p.end[SERVER].got), "question"));
	assert_int_equal(p.end[SERVER].eofs, 1);
	end_send(&p.end[SERVER], LIT("answer"));
	chain_command(p.end[SERVER].chain, (struct command){ .kind = CMD_CLOSE });
	pair_run(&p);
	assert_true(bytes_are(buf_bytes(&p.end[CLIENT].got), "answer"));
	assert_int_equal(p.end[CLIENT].eofs, 1);
	assert_true(p.end[SERVER].closed);
	assert_false(p.end[CLIENT].failed);
	pair_release(&p);
}

static void
test_a_stranger_s_authority_fails_on_both_sides_by_the_right_one(void **state)
{
	struct pair p;

	(void)state;
	pair_start(&p, ca[1], true, "a.example", "a.example", 1 << 20);
	assert_int_equal(p.end[CLIENT].opens, 0);
	assert_true(p.end[CLIENT].failed && p.end[SERVER].failed);
	assert_int_equal(p.end[CLIENT].code, FAIL_TLS);
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "tls_failure_reason", "unknown_ca");
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "alert_by", "soth");
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "detail",
		"the server's certificate is not accepted: its issuer is not trusted");
	assert_said(&p.end[SERVER], STEP_TLS_FAILED, "alert_by", "client");
	assert_said(&p.end[SERVER], STEP_TLS_FAILED, "tls_ops_provider", "gnutls");
	assert_true(step_find(p.end[SERVER].step[STEP_TLS_FAILED], "alert").len > 0);
	pair_release(&p);
}

static void
test_unverified_opens_and_says_why_it_would_not(void **state)
{
	struct pair p;

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		pair_start(&p, ca[1], false, "b.example", "c.example", 1 << 20);
		assert_int_equal(p.end[CLIENT].opens, 1);
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "resumed", round ? "yes" : "no");
		assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "verified",
			"no: its issuer is not trusted, it is for another name than b.example");
		pair_release(&p);
	}
}

static void
test_another_s_name_is_cert_validation(void **state)
{
	struct pair p;

	(void)state;
	pair_start(&p, ca[0], true, "right.example", "wrong.example", 1 << 20);
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "tls_failure_reason", "cert_validation");
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "detail",
		"the server's certificate is not accepted: it is for another name than right.example");
	pair_release(&p);
}

static void
test_an_expired_certificate_is_cert_validation(void **state)
{
	struct pair p;

	(void)state;
	leaf_drop(ca_leaf(ca[0], LIT("old.example"), (struct bytes){ 0 }, &(struct fault){ { 0 } }));
	later = 200 * 24 * 3600;
	pair_start(&p, ca[0], true, "old.example", "old.example", 1 << 20);
	later = 0;
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "tls_failure_reason", "cert_validation");
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "detail",
		"the server's certificate is not accepted: it has expired");
	pair_release(&p);
}

static void
test_an_address_is_verified_as_one(void **state)
{
	struct pair p;

	(void)state;
	pair_start(&p, ca[0], true, "192.0.2.7", "192.0.2.7", 1 << 20);
	assert_int_equal(p.end[CLIENT].opens, 1);
	assert_said(&p.end[CLIENT], STEP_TLS_ESTABLISHED, "names", "192.0.2.7");
	assert_said(&p.end[SERVER], STEP_TLS_ESTABLISHED, "sni", "");
	pair_release(&p);
	pair_start(&p, ca[0], true, "192.0.2.8", "192.0.2.7", 1 << 20);
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "tls_failure_reason", "cert_validation");
	pair_release(&p);
	pair_start(&p, ca[0], true, "2001:db8::1", "2001:db8::1", 1 << 20);
	assert_int_equal(p.end[CLIENT].opens, 1);
	pair_release(&p);
}

static void
test_eof_in_the_handshake_is_eof_or_reset(void **state)
{
	struct trust *t = trust_of(ca[1], ca[0], true);
	struct end e;

	(void)state;
	client_start(&e, t, "a.example");
	trust_drop(t);
	chain_event(e.chain, (struct event){ .kind = EV_EOF });
	assert_true(e.failed);
	assert_int_equal(e.code, FAIL_TLS);
	assert_said(&e, STEP_TLS_FAILED, "tls_failure_reason", "eof_or_reset");
	assert_said(&e, STEP_TLS_FAILED, "detail", "the server closed the connection during the TLS handshake");
	assert_said(&e, STEP_TLS_FAILED, "source_confidence", "inferred");
	assert_said(&e, STEP_TLS_FAILED, "version", "");
	assert_said(&e, STEP_TLS_FAILED, "upstream_ocsp_staple_present", "unknown");
	assert_int_equal(e.eofs, 0);
	end_release(&e);
}

static void
test_a_timeout_below_is_a_timeout(void **state)
{
	struct end e;

	(void)state;
	server_start(&e, ca[0], "a.example");
	chain_event(e.chain, (struct event){ .kind = EV_FAIL, .code = FAIL_TIMEOUT, .data = slice_text("30 s") });
	assert_int_equal(e.code, FAIL_TLS);
	assert_said(&e, STEP_TLS_FAILED, "tls_failure_reason", "timeout");
	assert_said(&e, STEP_TLS_FAILED, "detail", "the connection to the client failed during the TLS handshake: 30 s");
	end_release(&e);
}

/* As curl does under TLS 1.3: the alert is not encrypted. */
static void
test_a_refusal_in_plaintext_is_understood_however_it_is_cut(void **state)
{
	static const uint8_t alert[] = { 0x15, 3, 3, 0, 2, 2, 48 };

	(void)state;
	for (size_t cut = 1; cut <= sizeof(alert); cut++) {
		struct trust *t = trust_of(ca[1], ca[0], true);
		struct pair p = { .piece = cut };

		client_start(&p.end[CLIENT], t, "a.example");
		trust_drop(t);
		struct chain *client = p.end[CLIENT].chain;
		server_start(&p.end[SERVER], ca[0], "a.example");
		p.end[CLIENT].chain = NULL;	/* it hears no answer */
		pair_run(&p);
		assert_true(buf_add(&p.end[CLIENT].wire, (struct bytes){ alert, sizeof(alert) }));
		pair_run(&p);
		assert_true(p.end[SERVER].failed);
		assert_said(&p.end[SERVER], STEP_TLS_FAILED, "tls_failure_reason", "unknown_ca");
		assert_said(&p.end[SERVER], STEP_TLS_FAILED, "alert", "48");
		assert_said(&p.end[SERVER], STEP_TLS_FAILED, "alert_name", "unknown_ca");
		assert_said(&p.end[SERVER], STEP_TLS_FAILED, "alert_by", "client");
		chain_free(client);
		pair_release(&p);
	}
}

static void
test_what_is_not_tls_is_a_failed_handshake(void **state)
{
	struct trust *t = trust_of(ca[1], ca[0], true);
	struct end e;

	(void)state;
	client_start(&e, t, "a.example");
	trust_drop(t);
	chain_event(e.chain, (struct event){ .kind = EV_DATA, .data = slice_text("HTTP/1.1 400 Bad Request\r\n\r\n") });
	assert_true(e.failed);
	assert_said(&e, STEP_TLS_FAILED, "tls_failure_reason", "handshake");
	end_release(&e);
}

static void
test_a_broken_record_fails_an_open_session(void **state)
{
	const char *name = fresh_name();
	struct pair p;

	(void)state;
	pair_start(&p, ca[0], true, name, name, 1 << 20);
	end_send(&p.end[CLIENT], LIT("hello"));
	chain_settle(p.end[CLIENT].chain);
	p.end[CLIENT].wire.at[8] ^= 1;
	pair_run(&p);
	assert_true(p.end[SERVER].failed);
	assert_int_equal(p.end[SERVER].code, FAIL_TLS);
	assert_said(&p.end[SERVER], STEP_TLS_FAILED, "tls_failure_reason", "handshake");
	assert_true(p.end[CLIENT].failed);	/* of our alert */
	assert_said(&p.end[CLIENT], STEP_TLS_FAILED, "alert_by", "server");
	assert_int_equal(p.end[SERVER].got.len, 0);
	pair_release(&p);
}

/* A plain GnuTLS server of TLS 1.2 alone, over the same memory. */
struct old {
	gnutls_session_t session;
	struct end *peer;
	struct buf out;
	bool open;
};

static ssize_t
old_pull(gnutls_transport_ptr_t arg, void *to, size_t len)
{
	struct old *o = arg;
	size_t n = o->peer->wire.len < len ? o->peer->wire.len : len;

	if (!n) {
		gnutls_transport_set_errno(o->session, 11);
		return -1;
	}
	memcpy(to, o->peer->wire.at, n);
	buf_eat(&o->peer->wire, n);
	return (ssize_t)n;
}

static ssize_t
old_push(gnutls_transport_ptr_t arg, const void *from, size_t len)
{
	struct old *o = arg;

	assert_true(buf_add(&o->out, (struct bytes){ from, len }));
	return (ssize_t)len;
}

static void
test_tls12_is_spoken_as_a_server_and_refused_certificates_are_told(void **state)
{
	gnutls_certificate_credentials_t cred;
	struct end e;
	struct old o = { .peer = &e };
	int rc = GNUTLS_E_AGAIN;

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		server_start(&e, ca[0], "old.example");
		buf_init(&o.out, 1 << 20);
		gnutls_certificate_allocate_credentials(&cred);
		gnutls_init(&o.session, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
		gnutls_priority_set_direct(o.session, "NORMAL:-VERS-ALL:+VERS-TLS1.2", NULL);
		gnutls_credentials_set(o.session, GNUTLS_CRD_CERTIFICATE, cred);
		gnutls_transport_set_ptr(o.session, &o);
		gnutls_transport_set_pull_function(o.session, old_pull);
		gnutls_transport_set_push_function(o.session, old_push);
		if (round)		/* trusts nobody */
			gnutls_session_set_verify_cert(o.session, "old.example", 0);
		for (unsigned i = 0; i < 10 && (rc = gnutls_handshake(o.session)) == GNUTLS_E_AGAIN; i++)
			chain_event(e.chain, (struct event){ .kind = EV_DATA, .data = buf_seal(&o.out) });
		if (!round) {
			assert_int_equal(rc, 0);
			gnutls_record_send(o.session, "hi", 2);
		} else {
			gnutls_alert_send_appropriate(o.session, rc);
		}
		chain_event(e.chain, (struct event){ .kind = EV_DATA, .data = buf_seal(&o.out) });
		if (!round) {
			assert_said(&e, STEP_TLS_ESTABLISHED, "version", "TLS1.2");
			assert_true(bytes_are(buf_bytes(&e.got), "hi"));
		} else {
			assert_said(&e, STEP_TLS_FAILED, "alert_by", "client");
		}
		gnutls_deinit(o.session);
		gnutls_certificate_free_credentials(cred);
		buf_release(&o.out);
		end_release(&e);
	}
}

static void
test_random_bytes_do_no_harm(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct trust *t = trust_of(ca[1], ca[0], true);
		struct pair p = { .piece = 1 << 20 };
		size_t at;

		server_start(&p.end[SERVER], ca[0], "r.example");
		client_start(&p.end[CLIENT], t, "r.example");
		trust_drop(t);
		if (round & 1) {	/* spoil the server's answer instead */
			struct chain *client = p.end[CLIENT].chain;

			p.end[CLIENT].chain = NULL;
			pair_run(&p);
			p.end[CLIENT].chain = client;
		}
		struct buf *w = &p.end[round & 1 ? SERVER : CLIENT].wire;
		for (unsigned i = 0; i < 3 && w->len; i++) {
			seed = seed * 1664525 + 1013904223;
			at = (seed >> 8) % w->len;
			w->at[at] ^= (uint8_t)(seed >> 24 | 1);
		}
		pair_run(&p);
		pair_release(&p);
	}
}

static int
setup(void **state)
{
	struct fault why;

	(void)state;
	gnutls_global_set_time_function(clock_later);
	for (unsigned i = 0; i < 2; i++) {
		strcpy(dir[i], "/tmp/soth-tls-XXXXXX");
		assert_non_null(mkdtemp(dir[i]));
		ca[i] = ca_open(dir[i], &why);
		assert_non_null(ca[i]);
	}
	return 0;
}

static int
teardown(void **state)
{
	char path[256];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		ca_close(ca[i]);
		snprintf(path, sizeof(path), "%s/soth-ca.pem", dir[i]);
		unlink(path);
		snprintf(path, sizeof(path), "%s/soth-ca-cert.pem", dir[i]);
		unlink(path);
		rmdir(dir[i]);
	}
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ends_open_and_say_what_they_agreed_on),
		cmocka_unit_test(test_a_second_session_resumes_and_is_still_verified),
		cmocka_unit_test(test_what_a_server_shows_is_told_once_whether_it_is_accepted_or_not),
		cmocka_unit_test(test_a_failure_says_what_was_offered_and_agreed_on),
		cmocka_unit_test(test_much_data_both_ways_in_odd_pieces_arrives_whole),
		cmocka_unit_test(test_what_is_gathered_is_one_record_and_one_write),
		cmocka_unit_test(test_records_that_come_together_go_up_together),
		cmocka_unit_test(test_data_behind_a_ticket_is_not_left_lying),
		cmocka_unit_test(test_commands_before_open_wait_for_it),
		cmocka_unit_test(test_an_end_that_has_shut_still_hears_the_other),
		cmocka_unit_test(test_a_stranger_s_authority_fails_on_both_sides_by_the_right_one),
		cmocka_unit_test(test_unverified_opens_and_says_why_it_would_not),
		cmocka_unit_test(test_another_s_name_is_cert_validation),
		cmocka_unit_test(test_an_expired_certificate_is_cert_validation),
		cmocka_unit_test(test_an_address_is_verified_as_one),
		cmocka_unit_test(test_eof_in_the_handshake_is_eof_or_reset),
		cmocka_unit_test(test_a_timeout_below_is_a_timeout),
		cmocka_unit_test(test_a_refusal_in_plaintext_is_understood_however_it_is_cut),
		cmocka_unit_test(test_what_is_not_tls_is_a_failed_handshake),
		cmocka_unit_test(test_a_broken_record_fails_an_open_session),
		cmocka_unit_test(test_tls12_is_spoken_as_a_server_and_refused_certificates_are_told),
		cmocka_unit_test(test_random_bytes_do_no_harm),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
