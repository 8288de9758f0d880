#ifndef TESTS_QUIC_SEAL_H
#define TESTS_QUIC_SEAL_H

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>

#include "soth/buf.h"

/*
 * The client's side of a QUIC connection, as far as its Initial packets:
 * packets are sealed as RFC 9001 section 5 says, ClientHellos are made up.
 */
enum { QUIC_V1 = 1, QUIC_V2 = 0x6b3343cf, QUIC_DATAGRAM = 1200 };

struct sealer {
	uint32_t version;
	struct bytes dcid, scid, token;
	struct bytes keyed;	/* the id that the keys are of; empty: dcid */
	size_t number_len;	/* 1 to 4; 0: 4 */
	uint32_t number;
};

static inline void
seal_must(bool ok)
{
	if (!ok)
		abort();
}

static inline gnutls_datum_t
seal_datum(struct bytes b)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)b.at, (unsigned)b.len };
}

static inline void
seal_expand(struct bytes secret, const char *label, uint8_t *out, size_t len)
{
	gnutls_datum_t key = seal_datum(secret), about;
	struct buf info;
	uint8_t head[3] = { 0, (uint8_t)len, (uint8_t)(6 + strlen(label)) };

	buf_init(&info, 100);
	seal_must(buf_add(&info, (struct bytes){ head, 3 }) && buf_addf(&info, "tls13 %s", label) && buf_add(&info, LIT("\0")));
	about = seal_datum(buf_bytes(&info));
	seal_must(gnutls_hkdf_expand(GNUTLS_MAC_SHA256, &key, &about, out, len) >= 0);
	buf_release(&info);
}

struct seal_keys {
	uint8_t key[16], iv[12], hp[16];
};

static inline struct seal_keys
seal_keys(uint32_t version, struct bytes id)
{
	static const char salts[2][21] = {
		"\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a",
		"\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9",
	};
	bool two = version == QUIC_V2;
	gnutls_datum_t key = seal_datum(id), salt = seal_datum((struct bytes){ (const uint8_t *)salts[two], 20 });
	uint8_t initial[32], client[32];
	struct seal_keys k;

	seal_must(gnutls_hkdf_extract(GNUTLS_MAC_SHA256, &key, &salt, initial) >= 0);
	seal_expand((struct bytes){ initial, 32 }, "client in", client, 32);
	seal_expand((struct bytes){ client, 32 }, two ? "quicv2 key" : "quic key", k.key, 16);
	seal_expand((struct bytes){ client, 32 }, two ? "quicv2 iv" : "quic iv", k.iv, 12);
	seal_expand((struct bytes){ client, 32 }, two ? "quicv2 hp" : "quic hp", k.hp, 16);
	return k;
}

/* Appends to out an Initial with these frames, of which there are at least four bytes. */
static inline void
seal_initial(const struct sealer *s, struct bytes frames, struct buf *out)
{
	struct seal_keys k = seal_keys(s->version, s->keyed.len ? s->keyed : s->dcid);
	gnutls_datum_t key = { k.key, 16 }, hp = { k.hp, 16 }, zero = { (unsigned char *)(char[16]){ 0 }, 16 };
	size_t n = s->number_len ? s->number_len : 4, length = n + frames.len + 16, room = frames.len + 16;
	uint8_t first = (uint8_t)(0xc0 | (s->version == QUIC_V2) << 4 | (n - 1)), nonce[12], mask[16];
	uint8_t head[7] = { first, (uint8_t)(s->version >> 24), (uint8_t)(s->version >> 16), (uint8_t)(s->version >> 8),
		(uint8_t)s->version, (uint8_t)s->dcid.len }, *sealed = xalloc(room), byte;
	gnutls_aead_cipher_hd_t aead;
	gnutls_cipher_hd_t block;
	struct buf header;
	size_t at;

	buf_init(&header, 2000);
	seal_must(buf_add(&header, (struct bytes){ head, 6 }) && buf_add(&header, s->dcid));
	byte = (uint8_t)s->scid.len;
	seal_must(buf_add(&header, (struct bytes){ &byte, 1 }) && buf_add(&header, s->scid));
	byte = (uint8_t)s->token.len;	/* below 64 it is written in one byte */
	seal_must(s->token.len < 64 && buf_add(&header, (struct bytes){ &byte, 1 }) && buf_add(&header, s->token));
	head[0] = (uint8_t)(0x40 | length >> 8), head[1] = (uint8_t)length;
	seal_must(buf_add(&header, (struct bytes){ head, 2 }));
	at = header.len;
	memcpy(nonce, k.iv, 12);
	for (size_t i = 0; i < n; i++) {
		byte = (uint8_t)(s->number >> 8 * (n - 1 - i));
		nonce[12 - n + i] ^= byte;
		seal_must(buf_add(&header, (struct bytes){ &byte, 1 }));
	}
	seal_must(gnutls_aead_cipher_init(&aead, GNUTLS_CIPHER_AES_128_GCM, &key) >= 0);
	seal_must(gnutls_aead_cipher_encrypt(aead, nonce, 12, header.at, header.len, 16, frames.at, frames.len, sealed, &room) >= 0);
	gnutls_aead_cipher_deinit(aead);
	seal_must(gnutls_cipher_init(&block, GNUTLS_CIPHER_AES_128_CBC, &hp, &zero) >= 0);
	seal_must(gnutls_cipher_encrypt2(block, sealed + 4 - n, 16, mask, 16) >= 0);
	gnutls_cipher_deinit(block);
	header.at[0] ^= mask[0] & 0x0f;
	for (size_t i = 0; i < n; i++)
		header.at[at + i] ^= mask[1 + i];
	seal_must(buf_add(out, buf_bytes(&header)) && buf_add(out, (struct bytes){ sealed, room }));
	buf_release(&header);
	free(sealed);
}

static inline void
seal_crypto(struct bytes hello, size_t from, size_t len, struct buf *frames)
{
	uint8_t head[5] = { 0x06, (uint8_t)(0x40 | from >> 8), (uint8_t)from, (uint8_t)(0x40 | len >> 8), (uint8_t)len };

	seal_must(buf_add(frames, (struct bytes){ head, 5 }) && buf_add(frames, (struct bytes){ hello.at + from, len }));
}

static inline void
seal_put16(struct buf *b, size_t n)
{
	uint8_t two[2] = { (uint8_t)(n >> 8), (uint8_t)n };

	seal_must(buf_add(b, (struct bytes){ two, 2 }));
}

/* A ClientHello message (RFC 8446 section 4.1.2) with that name, that one ALPN, and `padding` bytes more. */
static inline void
seal_hello(const char *name, const char *alpn, size_t padding, struct buf *out)
{
	size_t n = strlen(name), a = strlen(alpn), extensions = 9 + n + 7 + a + 4 + padding, len = 2 + 32 + 1 + 4 + 2 + 2 + extensions;

	seal_must(buf_add(out, LIT("\x01\0")));
	seal_put16(out, len);
	seal_must(buf_add(out, LIT("\x03\x03")) && buf_addf(out, "%032d", 7) && buf_add(out, LIT("\0\0\x02\x13\x01\x01\0")));
	seal_put16(out, extensions);
	seal_put16(out, 0);	/* server_name */
	seal_put16(out, n + 5);
	seal_put16(out, n + 3);
	seal_must(buf_add(out, LIT("\0")));
	seal_put16(out, n);
	seal_must(buf_add(out, bytes_of(name)));
	seal_put16(out, 16);	/* application_layer_protocol_negotiation */
	seal_put16(out, a + 3);
	seal_put16(out, a + 1);
	seal_must(buf_addf(out, "%c%s", (int)a, alpn));
	seal_put16(out, 21);	/* padding */
	seal_put16(out, padding);
	while (padding--)
		seal_must(buf_add(out, LIT("\0")));
}

#endif
