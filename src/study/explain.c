/* Why TLS failed, ranked: the story of a line, and the explanations that hold for it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "explain_inside.h"

enum { CERTAIN = 85, LIKELY = 55, SECOND = 1000000 };

const char *
sure_word(enum sure sure)
{
	static const char *const words[] = { "possible", "likely", "certain" };

	return words[sure];
}

/* Of another line: what it says of the process of h, and of its host. */
static void
story_adds(struct story *s, const struct handshakes *h, const struct handshakes *other)
{
	bool host = !strcmp(h->host, other->host), process = !strcmp(h->process, other->process);

	if (other->side == CLIENT && process && !host) {
		s->accepted += other->successes != 0;
		s->refused += !other->successes && other->failures;
	} else if (other->side == CLIENT && process) {
		s->accepted_here += other->side == h->side && other->successes;
	} else if (other->side == CLIENT) {
		s->others_here += host && other->successes;
		s->others_anywhere += other->successes != 0;
	} else if (other->side == SERVER && !host) {
		s->trusted += other->successes != 0;
		s->untrusted += other->by_reason[TLS_UNKNOWN_CA] != 0;
	}
	if (other->side == h->side && host && other->port == h->port && !process)
		s->others_failed += other->failures != 0;
}

void
story_of(const struct handshakes *all, size_t count, size_t i, uint64_t now, struct story *out)
{
	*out = (struct story){ .line = &all[i], .now = now };
	for (size_t k = 0; k < count; k++)
		if (k != i)
			story_adds(out, &all[i], &all[k]);
}

void
said(struct explanation *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->words, sizeof(e->words), fmt, ap);
	va_end(ap);
}

void
shows(struct explanation *e, const char *fmt, ...)
{
	va_list ap;

	if (e->evidences == EVIDENCE_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(e->evidence[e->evidences++], sizeof(e->evidence[0]), fmt, ap);
	va_end(ap);
}

bool
alerted(const struct handshakes *h, enum alert_by by, int alert)
{
	return h->alert == alert && h->alert_by == by;
}

bool
raw_says(const struct handshakes *h, const char *what)
{
	return strstr(h->raw, what);
}

/* Of sessions from elsewhere there are only words. */
bool
verify_says(const struct handshakes *h, const char *bit, const char *words)
{
	return *h->verify ? strstr(h->verify, bit) != NULL : strstr(h->detail, words) != NULL;
}

const char *
whose(const struct handshakes *h)
{
	return h->side == CLIENT ? "client" : "server";
}

unsigned
explains_alpn(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (h->alert != 120 && !raw_says(h, "NO_APPLICATION_PROTOCOL"))
		return 0;
	said(e, "The %s speaks none of the application protocols that it was offered%s%s.", whose(h),
		*h->alpn ? ": " : "", h->alpn);
	return 90;
}

unsigned
explains_ciphers(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (raw_says(h, "NO_CIPHER_SUITES") || raw_says(h, "NO_COMMON_KEY_SHARE") || raw_says(h, "INSUFFICIENT_SECURITY")) {
		said(e, "The %s and soth have no cipher suite, or no group for keys, in common: it offers only what soth "
			"holds for unsafe, or the other way round.", whose(h));
		return 88;
	}
	if (h->alert != 40 && h->alert != 71)
		return 0;
	said(e, "The %s found nothing to agree on: cipher suites, groups or signatures that the two do not share.", whose(h));
	return h->alert == 71 ? 85 : 60;
}

unsigned
explains_damaged(const struct story *s, struct explanation *e)
{
	static const int alerts[] = { 20, 21, 22, 50, 51 };
	const struct handshakes *h = s->line;
	bool alert = false;

	for (size_t i = 0; i < ARRAY_LEN(alerts); i++)
		alert |= h->alert == alerts[i];
	if (raw_says(h, "UNEXPECTED_PACKET") || raw_says(h, "RECORD_OVERFLOW"))
		return 0;
	if (!alert && !raw_says(h, "DECRYPTION_FAILED") && !raw_says(h, "PK_SIG_VERIFY_FAILED"))
		return 0;
	said(e, "What arrived could not be read or verified: something between the two changes what is sent, or one of "
		"them has a fault of its own.");
	return 60;
}

unsigned
explains_timeout(const struct story *s, struct explanation *e)
{
	const struct handshakes *h = s->line;

	if (h->reason != TLS_TIMEOUT)
		return 0;
	said(e, h->side == CLIENT ? "The client did not get on with its handshake in time: it hung, or it only opened the connection ahead." :
		"The server did not get on with its handshake in time: it is overloaded, or something on the way drops what is sent.");
	shows(e, h->successes ? "%u handshake%s went well" : "none went well so far", h->successes, h->successes == 1 ? "" : "s");
	return 85;
}

/* Where nothing else is known: what was said. */
unsigned
explains_own(const struct story *s, struct explanation *e)
{
	said(e, "Nothing more is known than what was said: %.300s", *s->line->detail ? s->line->detail :
		tls_reason_name(s->line->reason));
	return 5;
}

static void
explanation_put(struct explanation out[EXPLANATIONS_MAX], size_t *count, const struct explanation *e)
{
	size_t at = *count;

	while (at && out[at - 1].score < e->score)
		at--;
	if (at == EXPLANATIONS_MAX)
		return;
	if (*count < EXPLANATIONS_MAX)
		++*count;
	memmove(&out[at + 1], &out[at], (*count - at - 1) * sizeof(*out));
	out[at] = *e;
}

size_t
explain(const struct story *s, struct explanation out[EXPLANATIONS_MAX])
{
	size_t count = 0;

	if (!s->line->failures)
		return 0;
	for (const struct explains *x = s->line->side == CLIENT ? explains_client : explains_server; x->name; x++) {
		struct explanation e = { .name = x->name, .title = x->title };

		e.score = x->holds(s, &e);
		if (!e.score || (x->holds == explains_own && count))
			continue;
		e.sure = e.score >= CERTAIN ? SURE_CERTAIN : e.score >= LIKELY ? SURE_LIKELY : SURE_POSSIBLE;
		memcpy(e.remedy, x->remedy, sizeof(e.remedy));
		explanation_put(out, &count, &e);
	}
	return count;
}

const char *
explain_name(size_t i)
{
	size_t client = 0;

	while (explains_client[client].name)
		client++;
	if (i < client)
		return explains_client[i].name;
	for (i -= client; i; i--)
		if (!explains_server[i - 1].name)
			return NULL;
	return explains_server[i].name;
}

static struct next *
next_add(struct next out[NEXTS_MAX], size_t *count, flow_id flow, bool well)
{
	struct next *n = &out[(*count)++];

	*n = (struct next){ .flow = flow, .well = well };
	return n;
}

static void
next_put(struct next *n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(n->words, sizeof(n->words), fmt, ap);
	va_end(ap);
}

static double
seconds(uint64_t from, uint64_t to)
{
	return to > from ? (double)(to - from) / SECOND : 0;
}

size_t
explain_next(const struct story *s, struct next out[NEXTS_MAX])
{
	const struct handshakes *h = s->line;
	size_t count = 0;

	if (!h->failures)
		return 0;
	if (h->again)
		next_put(next_add(out, &count, 0, false), h->again == 1 ? "tried again at once" : "tried again at once, %u times", h->again);
	if (h->plain)
		next_put(next_add(out, &count, h->plain_in, true), "went on with plain HTTP after %.1f s", seconds(h->last_failed, h->plain));
	if (h->quic)
		next_put(next_add(out, &count, h->quic_in, true), "went on over QUIC after %.1f s: soth sees nothing of that",
			seconds(h->last_failed, h->quic));
	if (h->since)
		next_put(next_add(out, &count, h->succeeded_in, true), h->since == 1 ? "got through later, once" :
			"got through later, %u times", h->since);
	else if (!h->plain && !h->quic && seconds(h->last_failed, s->now) >= HANDSHAKES_LONG_S)
		next_put(next_add(out, &count, 0, false), "has not come back since, for %.0f min", seconds(h->last_failed, s->now) / 60);
	else if (!count)
		next_put(next_add(out, &count, 0, false), "nothing yet");
	return count;
}
