/* SOCKS5 as a server speaks it: RFC 1928, RFC 1929. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "socks.h"
#include "soth/mode.h"
#include "soth/reader.h"

enum { VERSION = 5, AUTH_VERSION = 1, METHOD_NONE = 0, METHOD_PASSWORD = 2, METHOD_REFUSED = 0xff };
enum { ADDRESS_V4 = 1, ADDRESS_NAME = 3, ADDRESS_V6 = 4 };

void
socks_init(struct socks *s, const char *auth)
{
	*s = (struct socks){ .state = SOCKS_GREETING, .auth = auth && *auth ? auth : NULL };
}

static void
put(struct buf *out, const void *at, size_t len)
{
	(void)!buf_add(out, (struct bytes){ at, len });
}

static void
socks_fail(struct socks *s, const char *why)
{
	s->state = SOCKS_FAILED;
	fault(&s->why, "%s", why);
}

/* VER NMETHODS METHODS: RFC 1928 section 3. */
static void
read_greeting(struct socks *s, struct reader *in, struct buf *out)
{
	uint8_t version = read_u8(in), answer[2] = { VERSION, METHOD_REFUSED };
	struct bytes methods = read_bytes(in, read_u8(in));
	uint8_t wanted = s->auth ? METHOD_PASSWORD : METHOD_NONE;

	if (version != VERSION) {
		socks_fail(s, "RFC 1928 section 3: the greeting is not of SOCKS version 5");
		return;
	}
	if (in->ran_out)
		return;
	if (methods.len && memchr(methods.at, wanted, methods.len))
		answer[1] = wanted;
	put(out, answer, sizeof(answer));
	if (answer[1] == METHOD_REFUSED)
		socks_fail(s, s->auth ? "RFC 1928 section 3: the client offers no user and password (proxyauth)" :
			"RFC 1928 section 3: the client offers no method without authentication");
	else
		s->state = s->auth ? SOCKS_AUTH : SOCKS_REQUEST;
}

/* In constant time, so that how long it takes says nothing. */
static bool
auth_fits(const char *auth, struct bytes user, struct bytes password)
{
	size_t len = strlen(auth);
	unsigned differs = user.len + 1 + password.len != len;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = i < user.len ? user.at[i] : i == user.len ? ':' :
			i - user.len - 1 < password.len ? password.at[i - user.len - 1] : 0;

		differs |= c ^ (uint8_t)auth[i];
	}
	return !differs;
}

/* VER ULEN UNAME PLEN PASSWD: RFC 1929 section 2. */
static void
read_auth(struct socks *s, struct reader *in, struct buf *out)
{
	uint8_t version = read_u8(in), answer[2] = { AUTH_VERSION, 0 };
	struct bytes user = read_bytes(in, read_u8(in)), password = read_bytes(in, read_u8(in));

	if (version != AUTH_VERSION) {
		socks_fail(s, "RFC 1929 section 2: the sub-negotiation is not of version 1");
		return;
	}
	if (in->ran_out)
		return;
	answer[1] = !auth_fits(s->auth, user, password);
	put(out, answer, sizeof(answer));
	if (answer[1])
		socks_fail(s, "RFC 1929 section 2: user and password are not those of proxyauth");
	else
		s->state = SOCKS_REQUEST;
}

/* Nothing in it that would make it more than a name. */
static bool
name_keep(struct bytes name, char host[256])
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] <= ' ' || name.at[i] == 0x7f || strchr("/?#@[]\\:", name.at[i]))
			return false;
	if (name.len)
		memcpy(host, name.at, name.len);
	host[name.len] = 0;
	return name.len > 0;
}

/* ATYP ADDR PORT: section 5. False: no such type of address, or no name. */
static bool
read_address(struct reader *in, char host[256], uint16_t *port)
{
	uint8_t type = read_u8(in);
	struct bytes at;
	bool ok = true;

	*host = 0;
	if (type == ADDRESS_V4) {
		at = read_bytes(in, 4);
		ok = in->ran_out || inet_ntop(AF_INET, at.at, host, 256);
	} else if (type == ADDRESS_V6) {
		at = read_bytes(in, 16);
		ok = in->ran_out || inet_ntop(AF_INET6, at.at, host, 256);
	} else if (type == ADDRESS_NAME) {
		at = read_bytes(in, read_u8(in));
		ok = in->ran_out || name_keep(at, host);
	} else {
		ok = in->ran_out;
	}
	*port = read_be16(in);
	return ok;
}

static void
refuse(struct socks *s, enum socks_answer answer, const char *why, struct buf *out)
{
	socks_reply(answer, (struct bytes){ 0 }, out);
	socks_fail(s, why);
}

/* VER CMD RSV ATYP ADDR PORT: section 4. */
static void
read_request(struct socks *s, struct reader *in, struct buf *out)
{
	uint8_t version = read_u8(in), command = read_u8(in);
	bool known;

	(void)read_u8(in);
	known = read_address(in, s->host, &s->port);
	if (version != VERSION || !known) {	/* how much of an address there is depends on how it was cut */
		*s->host = 0;
		s->port = 0;
	}
	if (version != VERSION) {
		refuse(s, SOCKS_GENERAL, "RFC 1928 section 4: the request is not of SOCKS version 5", out);
	} else if (!known) {
		refuse(s, SOCKS_NO_ADDRESS_TYPE, "RFC 1928 section 5: no address that can be understood", out);
	} else if (in->ran_out) {
		return;
	} else if (command != SOCKS_CONNECT && command != SOCKS_UDP) {
		refuse(s, SOCKS_NO_COMMAND, command == SOCKS_BIND ? "RFC 1928 section 4: BIND is not served" :
			"RFC 1928 section 4: no such command", out);
	} else {
		s->command = (enum socks_command)command;
		s->state = SOCKS_DONE;
	}
}

void
socks_read(struct socks *s, struct bytes *rest, struct buf *out)
{
	static void (*const read[])(struct socks *s, struct reader *in, struct buf *out) = {
		[SOCKS_GREETING] = read_greeting, [SOCKS_AUTH] = read_auth, [SOCKS_REQUEST] = read_request,
	};

	while (s->state < SOCKS_DONE && rest->len) {
		struct reader in = { .rest = *rest };

		read[s->state](s, &in, out);
		if (in.ran_out)
			return;
		*rest = in.rest;
	}
}

static bool
put_address(const char *host, uint16_t port, struct buf *out)
{
	uint8_t at[2 + 255 + 2] = { ADDRESS_NAME }, network[2] = { (uint8_t)(port >> 8), (uint8_t)port };
	size_t len = strlen(host);

	if (inet_pton(AF_INET, host, at + 1) == 1) {
		at[0] = ADDRESS_V4;
		len = 5;
	} else if (inet_pton(AF_INET6, host, at + 1) == 1) {
		at[0] = ADDRESS_V6;
		len = 17;
	} else if (len > 255) {
		return false;
	} else {
		at[1] = (uint8_t)len;
		memcpy(at + 2, host, len);
		len += 2;
	}
	return buf_add(out, (struct bytes){ at, len }) && buf_add(out, (struct bytes){ network, 2 });
}

void
socks_reply(enum socks_answer answer, struct bytes bound, struct buf *out)
{
	uint8_t head[3] = { VERSION, (uint8_t)answer, 0 };
	char host[256];
	int port;

	put(out, head, sizeof(head));
	if (!bound.len || !address_split(bound, host, sizeof(host), &port) || port < 0)
		(void)!put_address("0.0.0.0", 0, out);
	else
		(void)!put_address(host, (uint16_t)port, out);
}

enum socks_answer
socks_answer_of(enum fail code)
{
	static const enum socks_answer answers[] = {
		[FAIL_OTHER] = SOCKS_GENERAL, [FAIL_NAME] = SOCKS_HOST_UNREACHABLE, [FAIL_REFUSED] = SOCKS_REFUSED,
		[FAIL_TIMEOUT] = SOCKS_HOST_UNREACHABLE, [FAIL_LOOP] = SOCKS_NOT_ALLOWED, [FAIL_RESET] = SOCKS_REFUSED,
		[FAIL_TLS] = SOCKS_GENERAL, [FAIL_PROTOCOL] = SOCKS_GENERAL,
	};

	return answers[code];
}

/* RSV RSV FRAG ATYP ADDR PORT DATA: section 7. */
bool
socks_datagram(struct bytes datagram, char host[256], uint16_t *port, struct bytes *payload)
{
	struct reader in = { .rest = datagram };
	uint16_t reserved = read_be16(&in);
	uint8_t fragment = read_u8(&in);
	bool ok = read_address(&in, host, port);

	*payload = in.rest;
	return ok && !in.ran_out && !reserved && !fragment;
}

bool
socks_datagram_head(const char *host, uint16_t port, struct buf *out)
{
	return buf_add(out, (struct bytes){ (const uint8_t *)"\0\0\0", 3 }) && put_address(host, port, out);
}
