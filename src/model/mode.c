/* How a listener works: mode specs, and addresses as people write them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "soth/mode.h"

static bool mode_plain(const char *data, struct mode *m, struct fault *why);
static bool mode_reverse(const char *data, struct mode *m, struct fault *why);
static bool mode_upstream(const char *data, struct mode *m, struct fault *why);

static const struct mode_row {
	const char *name;
	enum mode_kind kind;
	bool (*read)(const char *data, struct mode *m, struct fault *why);
} modes[] = {
	{ "regular", MODE_REGULAR, mode_plain },
	{ "socks5", MODE_SOCKS5, mode_plain },
	{ "reverse", MODE_REVERSE, mode_reverse },
	{ "upstream", MODE_UPSTREAM, mode_upstream },
	{ "transparent", MODE_TRANSPARENT, mode_plain },
};

enum { FOR_REVERSE = 1, FOR_UPSTREAM = 2, BY_TLS = 4, BY_UDP = 8 };

static const unsigned scheme_uses[] = {
	[SCHEME_HTTP] = FOR_REVERSE | FOR_UPSTREAM,
	[SCHEME_HTTPS] = FOR_REVERSE | FOR_UPSTREAM | BY_TLS,
	[SCHEME_H2C] = FOR_REVERSE,
	[SCHEME_TCP] = FOR_REVERSE,
	[SCHEME_TLS] = FOR_REVERSE | BY_TLS,
	[SCHEME_UDP] = FOR_REVERSE | BY_UDP,
	[SCHEME_QUIC] = FOR_REVERSE | BY_UDP,
	[SCHEME_SOCKS5] = FOR_UPSTREAM,
};

static const struct {
	const char *name;
	int port;
} schemes[] = {
#define SCHEME_ROW(name, text, port, about) { text, port },
	SCHEMES(SCHEME_ROW)
};

static bool
port_read(struct bytes text, int *port)
{
	int n = 0;

	if (!text.len || text.len > 5)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		n = n * 10 + text.at[i] - '0';
	}
	*port = n;
	return n <= 65535;
}

static bool
host_keep(struct bytes text, char *host, size_t room)
{
	if (text.len >= room)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= ' ' || text.at[i] == 0x7f || strchr("/?#@[]\\", text.at[i]))
			return false;
	if (text.len)
		memcpy(host, text.at, text.len);
	host[text.len] = 0;
	return true;
}

static bool
bracketed_split(struct bytes text, char *host, size_t room, int *port)
{
	const uint8_t *end = memchr(text.at, ']', text.len);
	struct bytes rest;

	if (!end || !host_keep((struct bytes){ text.at + 1, (size_t)(end - text.at) - 1 }, host, room) || !*host)
		return false;
	rest = (struct bytes){ end + 1, text.len - (size_t)(end - text.at) - 1 };
	if (!rest.len)
		return true;
	return rest.at[0] == ':' && port_read((struct bytes){ rest.at + 1, rest.len - 1 }, port);
}

bool
address_split(struct bytes text, char *host, size_t room, int *port)
{
	const uint8_t *colon = text.len ? memrchr(text.at, ':', text.len) : NULL;

	*port = -1;
	*host = 0;
	if (text.len && text.at[0] == '[')
		return bracketed_split(text, host, room, port);
	if (!colon && port_read(text, port))
		return true;
	if (!colon)
		return text.len && host_keep(text, host, room);
	if (memchr(text.at, ':', (size_t)(colon - text.at)))	/* IPv6 without brackets */
		return host_keep(text, host, room);
	return host_keep((struct bytes){ text.at, (size_t)(colon - text.at) }, host, room) &&
		port_read((struct bytes){ colon + 1, text.len - (size_t)(colon - text.at) - 1 }, port);
}

static bool
mode_plain(const char *data, struct mode *m, struct fault *why)
{
	return !*data || fault(why, "mode: %s takes nothing behind it, not '%.80s'", m->name, data);
}

/* "https, h2c, ...": those that may stand there. */
static bool
scheme_fault(const struct mode *m, const char *data, unsigned use, struct fault *why)
{
	char choices[100] = "";

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
		if (scheme_uses[i] & use)
			snprintf(choices + strlen(choices), sizeof(choices) - strlen(choices), "%s%s",
				*choices ? ", " : "", schemes[i].name);
	return fault(why, "mode: '%.40s': expected %s:SCHEME://HOST[:PORT], SCHEME one of %s", data, m->name, choices);
}

/* SCHEME://HOST[:PORT][/]; where no scheme is said a server is called by https, a parent by http. */
static bool
mode_url(const char *data, struct mode *m, unsigned use, struct fault *why)
{
	const char *sep = strstr(data, "://"), *rest = sep ? sep + 3 : data;
	struct bytes name = { (const uint8_t *)data, sep ? (size_t)(sep - data) : 0 }, text = bytes_of(rest);
	int port = -1;

	m->scheme = sep ? SCHEME_COUNT : use == FOR_UPSTREAM ? SCHEME_HTTP : SCHEME_HTTPS;
	for (unsigned i = 0; sep && i < ARRAY_LEN(schemes); i++)
		if (bytes_like(name, schemes[i].name) && scheme_uses[i] & use)
			m->scheme = (enum scheme)i;
	if (text.len && text.at[text.len - 1] == '/')
		text.len--;
	if (m->scheme == SCHEME_COUNT || !address_split(text, m->host, sizeof(m->host), &port) || !*m->host || !port)
		return scheme_fault(m, data, use, why);
	if (port < 0)
		port = schemes[m->scheme].port;
	if (!port)
		return fault(why, "mode: '%.100s': %s needs a port", data, schemes[m->scheme].name);
	m->tls = scheme_uses[m->scheme] & BY_TLS;
	m->datagrams = scheme_uses[m->scheme] & BY_UDP;
	m->port = (uint16_t)port;
	return true;
}

static bool
mode_reverse(const char *data, struct mode *m, struct fault *why)
{
	return mode_url(data, m, FOR_REVERSE, why);
}

static bool
mode_upstream(const char *data, struct mode *m, struct fault *why)
{
	return mode_url(data, m, FOR_UPSTREAM, why);
}

static bool
mode_unknown(const char *spec, struct fault *why)
{
	char choices[100] = "";

	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		snprintf(choices + strlen(choices), sizeof(choices) - strlen(choices), "%s%s",
			i ? ", " : "", modes[i].name);
	return fault(why, "mode: '%.80s' is not known: expected one of %s", spec, choices);
}

bool
mode_parse(const char *spec, struct mode *out, struct fault *why)
{
	const char *at = strrchr(spec, '@'), *colon = strchr(spec, ':');
	size_t len = at ? (size_t)(at - spec) : strlen(spec);
	size_t name = colon && (size_t)(colon - spec) < len ? (size_t)(colon - spec) : len;
	struct mode m = { 0 };
	char data[300];

	if (strlen(spec) >= sizeof(m.spec))
		return fault(why, "mode: '%.80s...' is too long", spec);
	if (at && (!at[1] || strlen(at + 1) >= sizeof(m.listen)))
		return fault(why, "mode: '%.80s': expected [HOST:]PORT behind the @", spec);
	if (at)
		memcpy(m.listen, at + 1, strlen(at + 1) + 1);
	memcpy(m.spec, spec, strlen(spec) + 1);
	snprintf(data, sizeof(data), "%.*s", name < len ? (int)(len - name - 1) : 0, spec + name + 1);
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		if (strlen(modes[i].name) != name || strncasecmp(modes[i].name, spec, name))
			continue;
		m.kind = modes[i].kind;
		m.name = modes[i].name;
		if (!modes[i].read(data, &m, why))
			return false;
		*out = m;
		return true;
	}
	return mode_unknown(spec, why);
}

bool
modes_parse(const char *list, struct mode *out, size_t room, size_t *count, struct fault *why)
{
	*count = 0;
	for (const char *at = list; ; ) {
		size_t len = strcspn(at, ",");
		struct bytes spec = bytes_trim((struct bytes){ (const uint8_t *)at, len });
		char one[sizeof(out->spec)];

		if (spec.len >= sizeof(one))
			return fault(why, "mode: '%.80s...' is too long", (const char *)spec.at);
		snprintf(one, sizeof(one), "%.*s", (int)spec.len, (const char *)spec.at);
		if (*count == room)
			return fault(why, "mode: more than %zu at once", room);
		if (!mode_parse(one, &out[*count], why))
			return false;
		++*count;
		if (!at[len])
			return true;
		at += len + 1;
	}
}
