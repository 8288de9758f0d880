/* How a listener works: mode specs, and addresses as people write them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "soth/mode.h"

static bool mode_plain(const char *data, struct mode *m, struct fault *why);
static bool mode_reverse(const char *data, struct mode *m, struct fault *why);

static const struct mode_row {
	const char *name;
	enum mode_kind kind;
	bool (*read)(const char *data, struct mode *m, struct fault *why);
} modes[] = {
	{ "regular", MODE_REGULAR, mode_plain },
	{ "reverse", MODE_REVERSE, mode_reverse },
};

static const struct {
	const char *prefix;
	bool tls;
	int port;
} schemes[] = {
	{ "https://", true, 443 },
	{ "http://", false, 80 },
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

static bool
mode_reverse(const char *data, struct mode *m, struct fault *why)
{
	int port = -1, otherwise = 443;
	struct bytes text = bytes_of(data);

	m->tls = true;
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t len = strlen(schemes[i].prefix);

		if (strncasecmp(data, schemes[i].prefix, len))
			continue;
		m->tls = schemes[i].tls;
		otherwise = schemes[i].port;
		text = bytes_of(data + len);
	}
	if (text.len && text.at[text.len - 1] == '/')
		text.len--;
	if (!address_split(text, m->host, sizeof(m->host), &port) || !*m->host || !port)
		return fault(why, "mode: '%.100s': expected reverse:https://HOST[:PORT] or reverse:http://HOST[:PORT]", data);
	m->port = (uint16_t)(port < 0 ? otherwise : port);
	return true;
}

bool
mode_parse(const char *spec, struct mode *out, struct fault *why)
{
	const char *at = strrchr(spec, '@'), *colon = strchr(spec, ':');
	size_t len = at ? (size_t)(at - spec) : strlen(spec);
	size_t name = colon && (size_t)(colon - spec) < len ? (size_t)(colon - spec) : len;
	struct mode m = { 0 };
	char data[300];

	if (at && (!at[1] || strlen(at + 1) >= sizeof(m.listen)))
		return fault(why, "mode: '%.80s': expected [HOST:]PORT behind the @", spec);
	if (at)
		memcpy(m.listen, at + 1, strlen(at + 1) + 1);
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
	return fault(why, "mode: '%.80s' is not known: expected regular, or reverse:https://HOST[:PORT]", spec);
}
