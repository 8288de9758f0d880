/* What becomes of a connection, as the policy has it: asked, told, and a refusal carried out. */
#include <stdio.h>
#include <string.h>

#include "inside.h"
#include "onboard.h"

const char *
relay_process(const struct relay *r)
{
	return r->process;
}

static const struct policy *
policy_of(const struct relay *r)
{
	return r->world.policy ? *r->world.policy : NULL;
}

/* Where this says no, nothing need be asked. */
static bool
policy_may_say(const struct relay *r)
{
	return policy_says(policy_of(r), r->world.options) || temporaries_count(r->world.temporaries);
}

static void
ask(const struct relay *r, struct policy_question *q, struct policy_verdict *out)
{
	struct policy_said by_hand, learned;
	struct temporaries *t = r->world.temporaries;

	q->process = relay_process(r);
	if (temporaries_count(t)) {
		uint64_t now = r->world.now(r->world.arg);

		q->by_hand = temporaries_find(t, false, q, now, &by_hand) ? &by_hand : NULL;
		q->learned = temporaries_find(t, true, q, now, &learned) ? &learned : NULL;
	}
	policy_ask(policy_of(r), r->world.options, q, out);
}

static void
tell_flag(struct field *v, size_t *n, const char *name, bool is)
{
	if (is)
		v[(*n)++] = (struct field){ bytes_of(name), LIT("true") };
}

static void
tell(struct relay *r, flow_id flow, const struct policy_verdict *v)
{
	struct field f[9] = {
		{ LIT("action"), bytes_of(policy_action_word(v->action)) },
		{ LIT("reason"), bytes_of(policy_reason_word(v->reason)) },
		{ LIT("override_rule_id"), bytes_of(v->rule) },
		{ LIT("override_host_pattern"), bytes_of(v->pattern) },
	};
	size_t n = !*v->rule ? 2 : *v->pattern ? 4 : 3;

	tell_flag(f, &n, "override_force_tunnel", v->reason == REASON_FORCED);
	tell_flag(f, &n, "override_disable_h2", v->no_h2);
	if (v->lenient)
		f[n++] = (struct field){ LIT("override_strict_header_mode"), LIT("lenient") };
	tell_flag(f, &n, "override_skip_upstream_verify", v->insecure);
	relay_step(r, flow, STEP_DECIDED, f, n);
	temporaries_used(r->world.temporaries, v->rule);
}

/* TLS that soth is to speak with a client whose server knows none cannot be passed on to it. */
static bool
cannot_pass(const struct relay *r)
{
	return r->mode->kind == MODE_REVERSE && !r->to.tls && !tunnel_is_bytes(r);
}

void
verdict_reach(struct relay *r)
{
	struct policy_question q = { .name = { r->to.host, r->peer, r->named, r->sni }, .port = r->to.port };
	struct policy_verdict v = { .open = true };

	if (r->decided && (!r->verdict.open || !policy_may_say(r)))
		return;
	if (policy_may_say(r))
		ask(r, &q, &v);
	if (onboard_tunnel(r) || (v.action == POLICY_TUNNEL && cannot_pass(r)))
		v = (struct policy_verdict){ 0 };
	if (!r->decided || v.action != r->verdict.action || v.reason != r->verdict.reason || strcmp(v.rule, r->verdict.rule))
		tell(r, r->flow, &v);
	r->verdict = v;
	r->decided = true;
}

bool
verdict_waits(const struct relay *r)
{
	return r->decided && r->verdict.open && policy_may_say(r);
}

bool
verdict_tunnels(const struct relay *r)
{
	return r->decided && r->verdict.action == POLICY_TUNNEL;
}

bool
verdict_blocks(const struct relay *r)
{
	return r->decided && r->verdict.action == POLICY_BLOCK;
}

/* A fatal access_denied (RFC 8446 section 6.2) to who has said its ClientHello and heard nothing yet. */
static void
refuse_hello(struct relay *r)
{
	struct buf alert;

	buf_init(&alert, 16);
	if (r->held.len && *r->held.at == 0x16)
		(void)!buf_add(&alert, LIT("\x15\x03\x03\x00\x02\x02\x31"));
	tunnel_send(r, &alert);
}

void
tunnel_refuse(struct relay *r)
{
	char words[WORDS_ROOM];

	policy_words(&r->verdict, words, sizeof(words));
	if (r->connect) {
		r->connect = false;
		http_refuse(r, 403, CLOSE_BLOCKED, words);
		return;
	}
	if (r->socks)
		tunnel_answer_socks(r, SOCKS_NOT_ALLOWED, (struct bytes){ 0 });
	else
		refuse_hello(r);
	relay_stop(r, CLOSE_BLOCKED, words);
}

bool
verdict_of_request(struct relay *r, struct stream *s, const char *host, uint16_t port, char words[WORDS_ROOM])
{
	struct policy_question q = { .name = { s->to.host, host }, .port = port };
	struct policy_verdict v;

	if (r->own || r->decided || !policy_may_say(r))
		return false;
	ask(r, &q, &v);
	if (v.action != POLICY_BLOCK)
		return false;
	tell(r, s->flow, &v);
	policy_words(&v, words, WORDS_ROOM);
	return true;
}

void
verdict_learn(struct relay *r, flow_id flow, const struct step *failed)
{
	const struct options *o = r->world.options;
	struct learning_signal s;
	char rule[40];
	bool learned;

	if (!o->learn || !r->world.learning)
		return;
	learning_hear(r->world.learning, *r->sni ? r->sni : r->to.host, relay_process(r), flow, failed, r->world.now(r->world.arg),
		o->learn_minutes, &s);
	learned = s.code == LEARNING_AUTHORITATIVE;
	snprintf(rule, sizeof(rule), "learned:%llu", (unsigned long long)s.id);
	relay_step(r, flow, STEP_LEARNING, (struct field[]){
		{ LIT("tls_learning_decision"), learned ? LIT("applied") : LIT("ignored") },
		{ LIT("tls_learning_reason_code"), bytes_of(learning_word(s.code)) },
		{ LIT("signal_host"), bytes_of(s.host) }, { LIT("signal_reason"), bytes_of(s.reason) },
		{ LIT("signal_source"), bytes_of(s.source) }, { LIT("signal_provider"), step_find(failed, "tls_ops_provider") },
		{ LIT("signal_inferred"), s.code == LEARNING_INFERRED ? LIT("true") : LIT("false") },
		{ LIT("signal_process"), bytes_of(s.process) }, { LIT("override_rule_id"), learned ? bytes_of(rule) : LIT("") } }, learned ? 9 : 8);
}
