/* A server's certificates, as a person reads them: whose, by whom, for what, how long, and which link is wrong. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "page.h"
#include "page_why.h"
#include "soth/certchain.h"

enum { DAY_COLUMNS = 11 };

static size_t
chain_ders(const struct flow *f, struct bytes out[CERTCHAIN_MAX])
{
	size_t n = 0;

	for (size_t i = 0; f && i < f->moments; i++) {
		const struct step *s = f->moment[i].step;

		if (!s || step_kind(s) != STEP_CERTIFICATES || !bytes_are(step_find(s, "peer"), "upstream"))
			continue;
		n = 0;		/* the last that were shown */
		for (size_t k = 0; k < step_count(s) && n < CERTCHAIN_MAX; k++)
			if (bytes_are(step_value(s, k).name, "certificate"))
				out[n++] = step_value(s, k).value;
	}
	return n;
}

static const char *
day(int64_t seconds, char out[DAY_COLUMNS])
{
	time_t at = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&at, &tm) || !strftime(out, DAY_COLUMNS, "%Y-%m-%d", &tm))
		snprintf(out, DAY_COLUMNS, "?");
	return out;
}

static void
put_validity(const struct certlink *l, int64_t now, struct doc *to)
{
	char from[DAY_COLUMNS], until[DAY_COLUMNS], span[SPAN_WORDS];
	bool over = l->until < now;

	page_pairf(to, "   valid", over || l->from > now ? ROLE_ERROR : ROLE_TEXT, "%s to %s, %s %s", day(l->from, from), day(l->until, until),
		over ? "expired" : "expires", span_words(l->until, now, span));
}

static void
put_link(const struct why_page *p, const struct certlink *chain, size_t count, size_t i, struct doc *to)
{
	const struct certlink *l = &chain[i];
	const struct handshakes *h = p->story->line;
	int64_t now = (int64_t)(p->story->now / 1000000);
	bool untrusted = h->failures && strstr(h->verify, "signer_not_found");
	char wrong[CERTCHAIN_WORDS];

	doc_putf(to, ROLE_FAINT, "%zu  ", i + 1);
	doc_put(to, ROLE_HOST, bytes_of(l->name));
	if (certchain_wrong(chain, count, i, untrusted, now, wrong))
		doc_putf(to, h->failures ? ROLE_BAD : ROLE_WARN, "  ✗ %s", wrong);
	else
		doc_putf(to, ROLE_GOOD, "  ✓");
	doc_line(to);
	why_pair(p, to, "   subject", ROLE_TEXT, l->subject);
	why_pair(p, to, "   signed by", ROLE_TEXT, l->self_signed ? "itself" : l->issuer);
	if (!i || *l->names)
		why_pair(p, to, "   for", !i && !l->fits ? ROLE_ERROR : ROLE_TEXT, *l->names ? l->names : "no name that counts: only a common name");
	put_validity(l, now, to);
	page_pairf(to, "   key", ROLE_TEXT, "%s; signature %s", l->key, l->signature);
	page_pair(to, "   SHA-256", ROLE_FAINT, bytes_of(l->fingerprint));
}

/* Where the whole chain is not in the flow, as of a session that was resumed, what the line knows. */
static void
put_leaf(const struct why_page *p, struct doc *to)
{
	const struct handshakes *h = p->story->line;

	why_pair(p, to, "subject", ROLE_TEXT, h->subject);
	why_pair(p, to, "signed by", ROLE_TEXT, strcmp(h->subject, h->issuer) ? h->issuer : "itself");
	why_pair(p, to, "for", ROLE_TEXT, h->names);
	page_pairf(to, "valid", ROLE_TEXT, "%.10s to %.10s", h->not_before, h->not_after);
}

void
page_chain(const struct why_page *p, struct doc *to)
{
	const struct handshakes *h = p->story->line;
	struct certlink chain[CERTCHAIN_MAX];
	struct bytes der[CERTCHAIN_MAX];
	size_t count;

	if (h->side != SERVER || (!*h->subject && !p->flow))
		return;
	count = certchain_read(der, chain_ders(p->flow, der), *h->sni ? h->sni : h->host, chain);
	if (!count && (!*h->not_after || (h->failures && h->shown_in != h->failed_in)))
		return;
	page_heading(to, "What the server showed");
	for (size_t i = 0; i < count; i++)
		put_link(p, chain, count, i, to);
	if (!count)
		put_leaf(p, to);
}
