/* The Initial packets of a QUIC client: RFC 9000, RFC 9001, RFC 9369. */
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quic.h"

enum { KEY = 16, IV = 12, SECRET = 32, TAG = 16, SAMPLE = 16, CID_MAX = 20, PACKET_MAX = 65536 };

/* Of a client's first: RFC 9000 sections 7.2 and 14.1. */
enum { CID_FIRST_MIN = 8, DATAGRAM_MIN = 1200 };

static const struct version {
	uint32_t number;
	unsigned initial;	/* the type of an Initial in the first byte */
	uint8_t salt[20];
	const char *key, *iv, *hp;	/* labels */
} versions[] = {
	{ 1, 0, { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad,
		0xcc, 0xbb, 0x7f, 0x0a }, "quic key", "quic iv", "quic hp" },
	{ 0x6b3343cf, 1, { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb,
		0xf9, 0xbd, 0x2e, 0xd9 }, "quicv2 key", "quicv2 iv", "quicv2 hp" },
};

struct keys {
	uint8_t key[KEY], iv[IV], hp[KEY];
};

struct quic {
	uint32_t version;
	bool keyed;		/* the first Initial that could be read says by what */
	struct keys keys;
	uint8_t crypto[QUIC_CRYPTO_MAX];
	uint8_t have[QUIC_CRYPTO_MAX / 8];	/* a bit a byte */
	struct hello hello;
	bool whole;
	uint8_t packet[PACKET_MAX];
};

struct packet {			/* a long header, taken apart */
	const struct version *version;
	struct bytes dcid;
	size_t number_at, end;	/* in the datagram: of the packet number, of the packet */
};

struct quic *
quic_new(void)
{
	return xalloc(sizeof(struct quic));
}

void
quic_free(struct quic *q)
{
	if (!q)
		return;
	hello_release(&q->hello);
	free(q);
}

const struct hello *
quic_hello(const struct quic *q)
{
	return q->whole ? &q->hello : NULL;
}

uint32_t
quic_version(const struct quic *q)
{
	return q->version;
}

/* HKDF-Expand-Label of TLS 1.3, without a context: RFC 8446 section 7.1. */
static bool
expand(const uint8_t secret[SECRET], const char *label, uint8_t *out, size_t len)
{
	uint8_t info[64] = { (uint8_t)(len >> 8), (uint8_t)len, (uint8_t)(6 + strlen(label)) };
	size_t n = strlen(label);
	gnutls_datum_t key = { (unsigned char *)(uintptr_t)secret, SECRET }, about = { info, (unsigned)(3 + 6 + n + 1) };

	memcpy(info + 3, "tls13 ", 6);
	memcpy(info + 9, label, n);
	return gnutls_hkdf_expand(GNUTLS_MAC_SHA256, &key, &about, out, len) >= 0;
}

static bool
keys_derive(struct keys *k, const struct version *v, struct bytes dcid)
{
	gnutls_datum_t id = { (unsigned char *)(uintptr_t)dcid.at, (unsigned)dcid.len };
	gnutls_datum_t salt = { (unsigned char *)(uintptr_t)v->salt, sizeof(v->salt) };
	uint8_t initial[SECRET], client[SECRET];

	return gnutls_hkdf_extract(GNUTLS_MAC_SHA256, &id, &salt, initial) >= 0 &&
		expand(initial, "client in", client, SECRET) && expand(client, v->key, k->key, KEY) &&
		expand(client, v->iv, k->iv, IV) && expand(client, v->hp, k->hp, KEY);
}

/* One block of AES-128: that of CBC with an empty IV is that of ECB. */
static bool
mask_make(const uint8_t hp[KEY], const uint8_t *sample, uint8_t mask[SAMPLE])
{
	uint8_t zero[SAMPLE] = { 0 };
	gnutls_datum_t key = { (unsigned char *)(uintptr_t)hp, KEY }, iv = { zero, sizeof(zero) };
	gnutls_cipher_hd_t h;
	bool ok;

	if (gnutls_cipher_init(&h, GNUTLS_CIPHER_AES_128_CBC, &key, &iv) < 0)
		return false;
	ok = gnutls_cipher_encrypt2(h, sample, SAMPLE, mask, SAMPLE) >= 0;
	gnutls_cipher_deinit(h);
	return ok;
}

/* Header protection (RFC 9001 section 5.4), then the packet's own (5.3): its
 * payload, in q->packet. */
static bool
packet_open(struct quic *q, const struct keys *k, struct bytes datagram, const struct packet *p, size_t *len)
{
	gnutls_datum_t key = { (unsigned char *)(uintptr_t)k->key, KEY };
	uint8_t mask[SAMPLE], nonce[IV], header[1500];
	const uint8_t *start = p->dcid.at - 6;	/* first byte, version, length of the id */
	size_t at = (size_t)(start - datagram.at), number_len, header_len;
	gnutls_aead_cipher_hd_t h;
	bool ok;

	if (p->number_at + 4 + SAMPLE > p->end || !mask_make(k->hp, datagram.at + p->number_at + 4, mask))
		return false;
	number_len = ((start[0] ^ mask[0]) & 3) + 1u;
	header_len = p->number_at + number_len - at;
	if (header_len > sizeof(header) || p->number_at + number_len + TAG > p->end)
		return false;
	memcpy(header, start, header_len);
	header[0] ^= mask[0] & 0x0f;
	memcpy(nonce, k->iv, IV);
	for (size_t i = 0; i < number_len; i++) {
		header[header_len - number_len + i] ^= mask[1 + i];
		nonce[IV - number_len + i] ^= header[header_len - number_len + i];
	}
	*len = sizeof(q->packet);
	if (gnutls_aead_cipher_init(&h, GNUTLS_CIPHER_AES_128_GCM, &key) < 0)
		return false;
	ok = gnutls_aead_cipher_decrypt(h, nonce, IV, header, header_len, TAG, datagram.at + p->number_at + number_len,
		p->end - p->number_at - number_len, q->packet, len) >= 0;
	gnutls_aead_cipher_deinit(h);
	return ok;
}

static void
crypto_keep(struct quic *q, uint64_t offset, struct bytes data)
{
	for (size_t i = 0; i < data.len && offset + i < QUIC_CRYPTO_MAX; i++) {
		size_t at = (size_t)offset + i;

		q->crypto[at] = data.at[i];
		q->have[at / 8] |= (uint8_t)(1u << at % 8);
	}
}

static size_t
crypto_len(const struct quic *q)
{
	size_t n = 0;

	while (n < QUIC_CRYPTO_MAX && q->have[n / 8] >> n % 8 & 1)
		n++;
	return n;
}

/* RFC 9000 section 16: two bits say how many bytes. */
static uint64_t
read_number(struct reader *r)
{
	uint8_t first = read_u8(r);
	uint64_t n = first & 0x3f;

	for (size_t more = (1u << (first >> 6)) - 1; more; more--)
		n = n << 8 | read_u8(r);
	return n;
}

/* Section 19.3. */
static void
skip_ack(struct reader *r, bool counts)
{
	uint64_t ranges;

	(void)read_number(r);
	(void)read_number(r);
	ranges = read_number(r);
	(void)read_number(r);
	for (; ranges && !r->ran_out; ranges--) {
		(void)read_number(r);
		(void)read_number(r);
	}
	for (int i = 0; counts && i < 3; i++)
		(void)read_number(r);
}

/* Those that an Initial may carry (section 17.2.2); any other ends the reading. */
static void
frames_read(struct quic *q, struct bytes payload)
{
	struct reader r = { .rest = payload };

	while (r.rest.len && !r.ran_out) {
		uint64_t kind = read_number(&r), offset;
		struct bytes data;

		if (kind == 0x02 || kind == 0x03) {
			skip_ack(&r, kind == 0x03);
		} else if (kind == 0x06) {
			offset = read_number(&r);
			data = read_bytes(&r, read_number(&r));
			if (!r.ran_out)
				crypto_keep(q, offset, data);
		} else if (kind > 0x01) {	/* PADDING and PING have nothing in them */
			return;
		}
	}
}

static const struct version *
version_of(uint32_t number)
{
	for (size_t i = 0; i < ARRAY_LEN(versions); i++)
		if (versions[i].number == number)
			return &versions[i];
	return NULL;
}

bool
quic_readable(uint32_t version)
{
	return version_of(version) != NULL;
}

void
quic_version_text(uint32_t version, char out[QUIC_VERSION_ROOM])
{
	if (version_of(version))
		snprintf(out, QUIC_VERSION_ROOM, "%d", (int)(version_of(version) - versions) + 1);
	else if (version >> 8 == 0xff0000)
		snprintf(out, QUIC_VERSION_ROOM, "draft-%u", (unsigned)(version & 0xff));
	else
		snprintf(out, QUIC_VERSION_ROOM, "0x%08x", (unsigned)version);
}

bool
quic_negotiation(struct bytes datagram, char *out, size_t room)
{
	struct reader r = { .rest = datagram };
	bool is_long = read_u8(&r) & 0x80, none = !read_be32(&r);
	char text[QUIC_VERSION_ROOM];
	size_t len = 0;

	*out = 0;
	(void)read_bytes(&r, read_u8(&r));
	(void)read_bytes(&r, read_u8(&r));
	if (r.ran_out || !is_long || !none || !r.rest.len || r.rest.len % 4)
		return false;
	while (r.rest.len && len + sizeof(text) + 1 < room) {
		quic_version_text(read_be32(&r), text);
		len += (size_t)snprintf(out + len, room - len, "%s%s", len ? "," : "", text);
	}
	return true;
}

/*
 * Of a version that is not ours only the invariants are known (RFC 8999 section
 * 5.1), and half of all DNS queries look like those. But a client fills its
 * first datagram, whatever the version: less than that is not QUIC.
 */
static bool
looks_unknown(struct bytes datagram, const struct packet *p, uint32_t number)
{
	return number && p->dcid.len >= CID_FIRST_MIN && datagram.len >= DATAGRAM_MIN;
}

/* Section 17.2; what is taken apart begins at r. QUIC_MORE: an Initial. */
static enum quic_kind
header_read(struct quic *q, struct bytes datagram, struct reader *r, struct packet *p)
{
	uint8_t first = read_u8(r);
	uint32_t number = read_be32(r);
	bool initial;
	uint64_t len;

	if (r->ran_out || !(first & 0x80))
		return QUIC_NOT;
	p->dcid = read_bytes(r, read_u8(r));
	(void)read_bytes(r, read_u8(r));
	if (r->ran_out || p->dcid.len > CID_MAX)
		return QUIC_NOT;
	p->version = version_of(number);
	if (p->version ? !(first & 0x40) : !looks_unknown(datagram, p, number))
		return QUIC_NOT;
	q->version = number;
	if (!p->version)
		return QUIC_LATER;
	initial = (first >> 4 & 3) == p->version->initial;
	if (initial)
		(void)read_bytes(r, read_number(r));	/* the token */
	len = read_number(r);
	p->number_at = (size_t)(r->rest.at - datagram.at);
	(void)read_bytes(r, len);
	p->end = p->number_at + (size_t)len;
	return r->ran_out ? QUIC_NOT : initial ? QUIC_MORE : QUIC_LATER;
}

static bool
initial_read(struct quic *q, struct bytes datagram, const struct packet *p)
{
	struct keys keys;
	size_t len;

	if (q->keyed && packet_open(q, &q->keys, datagram, p, &len)) {
		frames_read(q, (struct bytes){ q->packet, len });
		return true;
	}
	if (!p->dcid.len || !keys_derive(&keys, p->version, p->dcid) || !packet_open(q, &keys, datagram, p, &len))
		return false;
	if (!q->keyed)
		q->keys = keys;
	q->keyed = true;
	frames_read(q, (struct bytes){ q->packet, len });
	return true;
}

/* Several packets may share a datagram (section 12.2). */
enum quic_kind
quic_read(struct quic *q, struct bytes datagram)
{
	enum quic_kind found = QUIC_NOT, kind;
	struct reader r = { .rest = datagram };
	struct packet p;

	if (q->whole)
		return QUIC_HELLO;
	while (r.rest.len && (kind = header_read(q, datagram, &r, &p)) != QUIC_NOT) {
		bool read = kind == QUIC_MORE && initial_read(q, datagram, &p);

		found = read || found == QUIC_MORE ? QUIC_MORE : QUIC_LATER;
		if (!p.version)
			break;
	}
	if (found != QUIC_MORE)
		return found;
	hello_release(&q->hello);
	q->whole = hello_read_message((struct bytes){ q->crypto, crypto_len(q) }, &q->hello) == HELLO_WHOLE;
	return q->whole ? QUIC_HELLO : QUIC_MORE;
}
