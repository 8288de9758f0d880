/* The hellos of a tunnel, read as they pass. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprint.h"
#include "hello.h"
#include "peek.h"
#include "soth/reader.h"

enum {
	SERVER_HELLO_MAX = 4 << 10,
	RECORD_HANDSHAKE = 22, MESSAGE_SERVER_HELLO = 2,
	EXTENSION_ALPN = 16, EXTENSION_VERSIONS = 43,
	RANDOM = 32,
	LIST_ROOM = 512,
};

struct peek {
	struct buf held[2];
	bool done[2];
};

struct server_hello {		/* RFC 8446 section 4.1.3 */
	uint16_t version, cipher;
	struct bytes alpn;	/* TLS 1.2; later it is encrypted */
};

struct peek *
peek_new(void)
{
	struct peek *p = xalloc(sizeof(*p));

	buf_init(&p->held[CLIENT], HELLO_MAX);
	buf_init(&p->held[SERVER], SERVER_HELLO_MAX);
	return p;
}

void
peek_free(struct peek *p)
{
	if (!p)
		return;
	buf_release(&p->held[CLIENT]);
	buf_release(&p->held[SERVER]);
	free(p);
}

static void
peek_name(struct relay *r, struct stream *s, struct bytes sni)
{
	struct bytes scheme = LIT("tcp");

	if (r->mode->kind != MODE_TRANSPARENT || !sni.len)
		return;
	relay_note(r, s->flow, (struct note){ .kind = NOTE_FLOW, .origin = origin_new(&(struct origin){
		.opened_by = r->first, .client = bytes_of(r->client_name), .listener = bytes_of(r->listener),
		.mode = bytes_of(r->mode->name), .scheme = scheme, .host = sni, .port = r->to.port }) });
}

static void
tell_client(struct relay *r, struct stream *s, const struct hello *h)
{
	char ja3[JA3_ROOM], ja4[JA4_ROOM];
	struct buf alpn, versions;

	buf_init(&alpn, LIST_ROOM);
	buf_init(&versions, LIST_ROOM);
	hello_alpns(h, &alpn);
	hello_versions(h, &versions);
	hello_ja3(h, ja3);
	hello_ja4(h, 't', ja4);
	peek_name(r, s, h->name);
	relay_step(r, s->flow, STEP_PEEKED, (struct field[]){ { LIT("peer"), LIT("downstream") }, { LIT("sni"), h->name },
		{ LIT("alpn_offered"), buf_bytes(&alpn) }, { LIT("versions_offered"), buf_bytes(&versions) },
		{ LIT("ja3"), bytes_of(ja3) }, { LIT("ja4"), bytes_of(ja4) } }, 6);
	buf_release(&alpn);
	buf_release(&versions);
}

/* True: nothing more is to be seen. */
static bool
peek_client(struct relay *r, struct stream *s, struct bytes first)
{
	struct hello h;
	enum hello_kind kind = hello_read(first, &h);

	if (kind == HELLO_WHOLE) {
		tell_client(r, s, &h);
		hello_release(&h);
	}
	return kind != HELLO_SHORT;
}

static void
read_alpn(struct bytes ext, struct server_hello *out)
{
	struct reader r = { ext, false };

	read_be16(&r);
	out->alpn = read_bytes(&r, read_u8(&r));
	if (r.ran_out)
		out->alpn = (struct bytes){ 0 };
}

static bool
read_server_hello(struct bytes body, struct server_hello *out)
{
	struct reader r = { body, false }, ext;

	*out = (struct server_hello){ .version = read_be16(&r) };
	read_bytes(&r, RANDOM);
	read_bytes(&r, read_u8(&r));
	out->cipher = read_be16(&r);
	read_u8(&r);
	if (r.ran_out || !r.rest.len)	/* without extensions, as before TLS 1.3 it may be */
		return !r.ran_out;
	ext = (struct reader){ read_bytes(&r, read_be16(&r)), r.ran_out };
	while (!ext.ran_out && ext.rest.len) {
		uint16_t id = read_be16(&ext);
		struct bytes value = read_bytes(&ext, read_be16(&ext));

		if (id == EXTENSION_VERSIONS && value.len == 2)
			out->version = (uint16_t)(value.at[0] << 8 | value.at[1]);
		else if (id == EXTENSION_ALPN)
			read_alpn(value, out);
	}
	return !ext.ran_out;
}

static void
tell_server(struct relay *r, struct stream *s, const struct server_hello *h)
{
	char version[HELLO_VERSION_ROOM], cipher[16];

	hello_version(h->version, version);
	snprintf(cipher, sizeof(cipher), "0x%04x", h->cipher);
	relay_step(r, s->flow, STEP_PEEKED, (struct field[]){ { LIT("peer"), LIT("upstream") },
		{ LIT("version"), bytes_of(version) }, { LIT("cipher"), bytes_of(cipher) }, { LIT("negotiated_alpn"), h->alpn } },
		h->alpn.len ? 4 : 3);
}

/* It is in its first record, as all servers send it: it is short. */
static bool
peek_server(struct relay *r, struct stream *s, struct bytes first)
{
	struct reader in = { first, false };
	uint8_t record = read_u8(&in), major = read_u8(&in);
	struct bytes body;
	struct server_hello h;
	uint8_t kind;
	size_t len;

	if (in.ran_out || (record == RECORD_HANDSHAKE && major == 3 && first.len < 9))
		return false;
	read_bytes(&in, 3);
	kind = read_u8(&in);
	len = (size_t)read_u8(&in) << 16;
	len |= read_be16(&in);
	if (record != RECORD_HANDSHAKE || major != 3 || kind != MESSAGE_SERVER_HELLO || len > SERVER_HELLO_MAX - 9)
		return true;
	body = read_bytes(&in, len);
	if (in.ran_out)
		return false;
	if (read_server_hello(body, &h))
		tell_server(r, s, &h);
	return true;
}

bool
peek_bytes(struct peek *p, struct relay *r, struct stream *s, enum side side, struct bytes more)
{
	size_t room = (side == CLIENT ? (size_t)HELLO_MAX : (size_t)SERVER_HELLO_MAX) - p->held[side].len;
	bool cut = more.len > room;

	if (p->done[side])
		return true;
	if (cut)
		more.len = room;
	p->done[side] = !buf_add(&p->held[side], more) ||
		(side == CLIENT ? peek_client : peek_server)(r, s, buf_bytes(&p->held[side])) || cut;
	if (p->done[side])
		buf_release(&p->held[side]);
	return !(p->done[CLIENT] && p->done[SERVER]);
}
