/* What a key does about TLS, for one host. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "remedies.h"
#include "words.h"

enum { PATTERN_ROOM = 400, HTTPS_PORT = 443 };

/* "HOST", "PROCESS/HOST" */
static const char *
pattern_of(const char *host, const char *process, char out[PATTERN_ROOM])
{
	bool all = !*process || !strcmp(process, REMEDY_ALL);

	snprintf(out, PATTERN_ROOM, "%s%s%s", all ? "" : process, all ? "" : "/", host);
	return out;
}

/* The option is set so for this host by name: what a pattern says of it is not ours to take back. */
static bool
option_there(const struct remedy_key *r, const struct desk *d, const char *host, const char *process, char words[40])
{
	const struct option *opt;
	const char *pattern;
	char value[40], own[PATTERN_ROOM];

	*words = '\0';
	pattern_of(host, process, own);
	for (size_t i = 0; option_override(d->options, i, &opt, &pattern, value, sizeof(value)); i++)
		if (!strcmp(opt->name, r->option) && !strcasecmp(pattern, own) && !strcmp(value, r->value))
			return true;
	return false;
}

static bool
option_turn(const struct remedy_key *r, struct desk *d, const char *host, const char *process, bool on, struct fault *why)
{
	char text[PATTERN_ROOM + 80], own[PATTERN_ROOM];

	snprintf(text, sizeof(text), "%s@%s=%s", r->option, pattern_of(host, process, own), on ? r->value : "default");
	return desk_set(d, text, why);
}

enum { A_WHILE_MIN = 15 };

/* By a person, or learned, for some process or all. */
static bool
tunnel_there(const struct remedy_key *r, const struct desk *d, const char *host, const char *process, char words[40])
{
	struct temporary one;
	char left[WORDS_MAX];

	(void)r;
	if (!d->backend || !temporaries_count(backend_temporaries(d->backend)) || !desk_policy_now(d, host, process, &one))
		return false;
	snprintf(words, 40, "%s", words_left(one.until, d->now, left));
	return one.action == POLICY_TUNNEL;
}

static bool
tunnel_turn(const struct remedy_key *r, struct desk *d, const char *host, const char *process, bool on, struct fault *why)
{
	(void)r;
	return on ? desk_policy(d, host, process, POLICY_TUNNEL, A_WHILE_MIN, why) : desk_policy_undo(d, host, process, why);
}

#define OPTION(name, value) option_there, option_turn, name, value

const struct remedy_key remedies[] = {
	{ REMEDY_TUNNEL, 't', "tunnel", "pass this host on unread for 15 minutes; T: for good", "tunnel", tunnel_there, tunnel_turn, NULL, NULL },
	{ REMEDY_NONE, 'T', "tunnel-always", "pass this host on unread for good", "tunnel", OPTION("policy", "tunnel") },
	{ REMEDY_BLOCK, 'b', "block", "block this host", "blocked", OPTION("policy", "block") },
	{ REMEDY_NONE, 'i', "inspect", "read what this host says, whatever lists say and was learned", "inspected", OPTION("policy", "intercept") },
	{ REMEDY_INSECURE, 'u', "unverified", "accept this server's certificate as it is", "unverified", OPTION("ssl-insecure", "yes") },
	{ REMEDY_HTTP1, 'p', "http1", "speak HTTP/1.1 with this host, no HTTP/2", "HTTP/1.1", OPTION("http2", "no") },
	{ REMEDY_NO_HTTP3, 'x', "no-http3", "no HTTP/3 with this host: strip Alt-Svc, drop QUIC", "no HTTP/3",
		OPTION("http3-passthrough", "no") },
	{ REMEDY_NONE, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct remedy_key *
remedy_named(const char *text)
{
	for (const struct remedy_key *r = remedies; r->name; r++)
		if (!strcmp(r->name, text) || (text[0] == r->key && !text[1]))
			return r;
	return NULL;
}

const struct remedy_key *
remedy_of(enum remedy remedy)
{
	for (const struct remedy_key *r = remedies; r->name; r++)
		if (r->remedy == remedy)
			return r;
	return NULL;
}

const char *
remedy_words(enum remedy remedy)
{
	static const char *const words[REMEDY_COUNT] = {
		[REMEDY_TRUST] = "have it trust soth's authority, as told below",
		[REMEDY_AUTHORITY] = "have soth trust that authority: :set ssl-verify-upstream-trusted-ca=FILE",
		[REMEDY_CERTIFICATE] = "give soth a certificate for this server: :set client-certs=HOST=FILE",
		[REMEDY_OLD_CLIENT] = "let soth speak older TLS with clients: :set tls-version-client-min=TLS1",
		[REMEDY_OLD_SERVER] = "let soth speak older TLS with servers: :set tls-version-server-min=TLS1",
		[REMEDY_PLAIN] = "have the client use http:// there",
		[REMEDY_CLOCK] = "look at both clocks",
	};

	return remedy_of(remedy) || !words[remedy] ? "" : words[remedy];
}

bool
remedy_there(const struct remedy_key *r, const struct desk *d, const struct handshakes *h, const char *process,
	char host[REMEDY_HOST], char words[40])
{
	bool v6 = strchr(h->host, ':'), usual = !h->port || h->port == HTTPS_PORT;

	snprintf(host, REMEDY_HOST, usual ? "%s" : v6 ? "[%s]:%u" : "%s:%u", h->host, h->port);
	if (r->there(r, d, host, process, words))
		return true;
	if (usual || !r->there(r, d, h->host, process, words))
		return false;
	strcpy(host, h->host);
	return true;
}

/* What has one of these in it is no part of a pattern. */
const char *
remedy_process(const struct handshakes *h)
{
	return handshakes_named(h) && !strpbrk(h->process, "=/@") ? h->process : "";
}

bool
remedy_holds(const struct remedy_key *r, const struct desk *d, const struct handshakes *h, char words[40])
{
	const char *process = remedy_process(h);
	char host[REMEDY_HOST];

	if (!*process)		/* what was learned of one that is not known may be it */
		return remedy_there(r, d, h, "", host, words);
	return remedy_there(r, d, h, process, host, words) || remedy_there(r, d, h, REMEDY_ALL, host, words);
}

void
remedies_hold(const struct desk *d, const struct handshakes *h, char out[80])
{
	char words[40];
	size_t len = 0;

	*out = '\0';
	for (const struct remedy_key *r = remedies; r->name && len < 60; r++)
		if (remedy_holds(r, d, h, words))
			len += (size_t)snprintf(out + len, 80 - len, "%s%s%s%s", len ? ", " : "", r->holds, *words ? " " : "", words);
}
