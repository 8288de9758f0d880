/* What is learned of failures of TLS, and what is not. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/learning.h"
#include "soth/suffix.h"

struct learning {
	pthread_mutex_t lock;
	struct temporaries *temporaries;
	struct learning_signal ledger[LEDGER_MAX];	/* a ring: the newest before `next` */
	size_t next, count;
	struct learning_counts counts;
};

static const struct { const char *word, *about; } codes[LEARNING_CODE_COUNT] = {
#define LEARNING_ROW(name, word, about) [LEARNING_##name] = { word, about },
	LEARNING_CODES(LEARNING_ROW)
};

const char *
learning_word(enum learning_code c)
{
	return c < LEARNING_CODE_COUNT ? codes[c].word : "?";
}

const char *
learning_about(enum learning_code c)
{
	return c < LEARNING_CODE_COUNT ? codes[c].about : "?";
}

static bool
says(const struct step *s, const char *name, const char *value)
{
	return bytes_are(step_find(s, name), value);
}

/* An alert of the client about the certificate, in answer to it. */
static bool
is_distrust(const struct step *s)
{
	return says(s, "alert_by", "client") && !says(s, "tls_stage", "session") &&
		(says(s, "tls_failure_reason", "unknown_ca") || says(s, "tls_failure_reason", "cert_validation"));
}

enum learning_code
learning_gate(const struct step *s)
{
	bool downstream = says(s, "peer", "downstream");

	if (!step_find(s, "tls_failure_reason").len)
		return LEARNING_NO_REASON;
	if (!says(s, "source_confidence", "authoritative"))
		return LEARNING_INFERRED;
	if (!says(s, "tls_ops_provider", "gnutls"))
		return LEARNING_PROVIDER;
	if (!downstream && !says(s, "peer", "upstream"))
		return LEARNING_SOURCE;
	if (!downstream)
		return LEARNING_UPSTREAM;
	return is_distrust(s) ? LEARNING_AUTHORITATIVE : LEARNING_NOT_TRUST;
}

struct learning *
learning_new(struct temporaries *t)
{
	struct learning *l = xalloc(sizeof(*l));

	l->temporaries = t;
	pthread_mutex_init(&l->lock, NULL);
	return l;
}

void
learning_free(struct learning *l)
{
	if (!l)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static void
text_of(char *to, size_t room, struct bytes b)
{
	snprintf(to, room, "%.*s", b.len < room ? (int)b.len : (int)room - 1, b.len ? (const char *)b.at : "");
}

static void
evidence_of(const struct step *s, char to[EVIDENCE_ROOM])
{
	struct bytes alert = step_find(s, "alert_name"), by = step_find(s, "alert_by"), number = step_find(s, "alert");

	if (alert.len)
		snprintf(to, EVIDENCE_ROOM, "alert %.*s (%.*s) by %.*s", (int)alert.len, (const char *)alert.at, (int)number.len,
			(const char *)number.at, (int)by.len, (const char *)by.at);
	else
		text_of(to, EVIDENCE_ROOM, step_find(s, "detail"));
}

static void
learn(struct learning *l, struct learning_signal *sig, unsigned minutes)
{
	struct temporary one = { .action = POLICY_TUNNEL, .learned = true, .flow = sig->flow,
		.until = sig->when + minutes * UINT64_C(60000000) };
	const char *parent = suffix_parent(sig->host);

	snprintf(one.host, sizeof(one.host), "%s", sig->host);
	snprintf(one.parent, sizeof(one.parent), "%s", parent ? parent : "");
	snprintf(one.process, sizeof(one.process), "%s", sig->process);
	snprintf(one.evidence, sizeof(one.evidence), "%s", sig->evidence);
	sig->id = temporaries_add(l->temporaries, &one, sig->when);
	if (!sig->id)
		sig->code = LEARNING_FULL;
}

static bool
same(const struct learning_signal *a, const struct learning_signal *b)
{
	return a->code == b->code && !strcmp(a->host, b->host) && !strcmp(a->process, b->process) &&
		!strcmp(a->reason, b->reason) && !strcmp(a->source, b->source);
}

/* One that comes again and again takes one line. */
static void
write_down(struct learning *l, struct learning_signal *sig)
{
	struct learning_signal *last = &l->ledger[(l->next + LEDGER_MAX - 1) % LEDGER_MAX];

	if (l->count && same(last, sig)) {
		sig->times = last->times + 1;
		*last = *sig;
		return;
	}
	l->ledger[l->next] = *sig;
	l->next = (l->next + 1) % LEDGER_MAX;
	l->count += l->count < LEDGER_MAX;
}

void
learning_hear(struct learning *l, const char *host, const char *process, flow_id flow, const struct step *failed,
	uint64_t now, unsigned minutes, struct learning_signal *out)
{
	*out = (struct learning_signal){ .when = now, .flow = flow, .times = 1, .code = learning_gate(failed) };
	snprintf(out->host, sizeof(out->host), "%s", host);
	snprintf(out->process, sizeof(out->process), "%s", process);
	text_of(out->reason, sizeof(out->reason), step_find(failed, "tls_failure_reason"));
	text_of(out->source, sizeof(out->source), step_find(failed, "peer"));
	evidence_of(failed, out->evidence);
	if (out->code == LEARNING_AUTHORITATIVE && !*host)
		out->code = LEARNING_NO_HOST;
	pthread_mutex_lock(&l->lock);
	if (out->code == LEARNING_AUTHORITATIVE)
		learn(l, out, minutes);
	*(out->code == LEARNING_AUTHORITATIVE ? &l->counts.applied : &l->counts.ignored) += 1;
	write_down(l, out);
	pthread_mutex_unlock(&l->lock);
}

size_t
learning_ledger(struct learning *l, struct learning_signal *out, size_t room, struct learning_counts *counts)
{
	size_t count;

	*counts = (struct learning_counts){ 0 };
	if (!l)
		return 0;
	pthread_mutex_lock(&l->lock);
	*counts = l->counts;
	count = l->count;
	for (size_t i = 0; i < count && i < room; i++)
		out[i] = l->ledger[(l->next + LEDGER_MAX - 1 - i) % LEDGER_MAX];
	pthread_mutex_unlock(&l->lock);
	return count;
}
