/* A redactor: the names it looks for, the values it met, and what it says of them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "redact_inside.h"
#include "sha256.h"
#include "soth/map.h"

enum { NAMES_MAX = 256, VALUES_MAX = 1 << 20, FOLDED_MAX = 2 * REDACT_NAME_MAX, BODY_MAX = 1 << 30 };

struct name {
	char text[REDACT_NAME_MAX + 1];	/* nothing but letters, digits and -_. */
	unsigned made;		/* values under it */
};

struct value {
	const struct name *name;	/* under which it was met first */
	unsigned number;
	uint64_t times;
	struct sha256 hash;
};

struct redactor {
	struct map *listed;	/* folded names, to struct name */
	struct map *label;	/* their texts, to the same */
	struct map *hash;	/* of values, to struct value */
	struct value **value;	/* in their order */
	size_t values;
	uint64_t unnumbered;	/* met past VALUES_MAX */
	uint64_t broken, too_large;	/* bodies */
};

const char *
redactor_default(void)
{
	return "authorization,proxy-authorization,cookie,set-cookie,x-api-key,password,passwd,pass,pwd,token,access_token,"
		"refresh_token,id_token,client_secret,secret,api_key,apikey,session";
}

/* Lower case, without - and _. Nothing: it is too long to be listed. */
static size_t
fold(struct bytes name, uint8_t out[FOLDED_MAX])
{
	size_t len = 0;

	if (name.len > FOLDED_MAX)
		return 0;
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] != '-' && name.at[i] != '_')
			out[len++] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i];
	return len;
}

struct name *
redact_label(struct redactor *r, const char *label)
{
	struct name *n = map_find(r->label, bytes_of(label));

	if (n)
		return n;
	n = xalloc(sizeof(*n));
	snprintf(n->text, sizeof(n->text), "%s", label);
	map_put(r->label, bytes_of(label), n);
	return n;
}

static bool
list(struct redactor *r, struct bytes name, struct fault *why)
{
	char label[REDACT_NAME_MAX + 1];
	uint8_t folded[FOLDED_MAX];
	size_t len;

	if (name.len > REDACT_NAME_MAX)
		return fault(why, "redact: %.20s...: a name has at most %u bytes", (const char *)name.at, REDACT_NAME_MAX);
	if (map_count(r->listed) == NAMES_MAX)
		return fault(why, "redact: more than %u names", NAMES_MAX);
	for (size_t i = 0; i < name.len; i++)
		label[i] = (name.at[i] | 0x20) >= 'a' && (name.at[i] | 0x20) <= 'z' ? (char)name.at[i] :
			strchr("0123456789-_.", name.at[i]) ? (char)name.at[i] : '_';
	label[name.len] = '\0';
	len = fold(name, folded);
	if (!len)
		return fault(why, "redact: %s: no name", label);
	map_put(r->listed, (struct bytes){ folded, len }, redact_label(r, label));
	return true;
}

struct redactor *
redactor_new(const char *fields, struct fault *why)
{
	struct redactor *r = xalloc(sizeof(*r));
	bool some = false;

	*r = (struct redactor){ .listed = map_new(), .label = map_new(), .hash = map_new() };
	for (const char *at = fields; ; ) {
		size_t n = strcspn(at, ",");
		struct bytes name = bytes_trim((struct bytes){ (const uint8_t *)at, n });

		if (name.len && !list(r, name, why)) {
			redactor_free(r);
			return NULL;
		}
		some = some || name.len;
		at += n;
		if (*at++)
			continue;
		if (some)
			return r;
		at = redactor_default();
	}
}

void
redactor_free(struct redactor *r)
{
	if (!r)
		return;
	map_free(r->listed, NULL);
	map_free(r->label, free);
	map_free(r->hash, free);
	free(r->value);
	free(r);
}

/* All of it, or its last word: user[password], user.password, password[]. */
struct name *
redact_name(const struct redactor *r, struct bytes name)
{
	uint8_t folded[FOLDED_MAX];
	size_t len = fold(name, folded), from;
	struct name *n = len ? map_find(r->listed, (struct bytes){ folded, len }) : NULL;

	if (n || !len)
		return n;
	while (len && (folded[len - 1] == ']' || folded[len - 1] == '['))
		len--;
	for (from = len; from && folded[from - 1] != '[' && folded[from - 1] != '.'; from--)
		;
	return from < len ? map_find(r->listed, (struct bytes){ folded + from, len - from }) : NULL;
}

static struct value *
value_of(struct redactor *r, struct name *n, struct bytes b)
{
	struct sha256 hash = sha256(b);
	struct bytes key = { hash.byte, sizeof(hash.byte) };
	struct value *v = map_find(r->hash, key);

	if (v || r->values == VALUES_MAX)
		return v;
	v = xalloc(sizeof(*v));
	*v = (struct value){ .name = n, .number = ++n->made, .hash = hash };
	map_put(r->hash, key, v);
	if (!(r->values & (r->values - 1)))
		r->value = xgrow(r->value, r->values ? r->values * 2 : 1, sizeof(struct value *));
	r->value[r->values++] = v;
	return v;
}

/* [redacted:...], and nothing behind it: what was replaced before stays. */
static bool
is_placeholder(struct bytes b)
{
	static const char start[] = "[redacted:";
	size_t n = sizeof(start) - 1;

	return b.len > n && b.len < n + REDACT_NAME_MAX + 16 && !memcmp(b.at, start, n) &&
		(const uint8_t *)memchr(b.at, ']', b.len) == b.at + b.len - 1;
}

bool
redact_put(struct redactor *r, struct name *n, struct bytes value, struct buf *out)
{
	struct value *v;

	if (!value.len || is_placeholder(value))
		return buf_add(out, value);
	v = value_of(r, n, value);
	if (!v) {
		r->unnumbered++;
		return buf_addf(out, "[redacted:%s]", n->text);
	}
	v->times++;
	return buf_addf(out, "[redacted:%s:%u]", v->name->text, v->number);
}

/* Schemes of RFC 9110 section 11, those that are registered and some that are met. */
static size_t
scheme_length(struct bytes v)
{
	static const char *const scheme[] = { "Basic", "Bearer", "Digest", "DPoP", "Negotiate", "NTLM", "Token", "OAuth", "ApiKey",
		"Hawk", "HOBA", "Mutual", "GNAP", "vapid", "SCRAM-SHA-1", "SCRAM-SHA-256", "AWS4-HMAC-SHA256", "PrivateToken", "JWT" };

	for (size_t i = 0; i < ARRAY_LEN(scheme); i++) {
		size_t n = strlen(scheme[i]);

		if (v.len > n && v.at[n] == ' ' && !strncasecmp((const char *)v.at, scheme[i], n)) {
			while (n < v.len && v.at[n] == ' ')
				n++;
			return n;
		}
	}
	return 0;
}

bool
redact_secret(struct redactor *r, struct name *n, struct bytes value, struct buf *out)
{
	size_t kept = scheme_length(value);

	return buf_add(out, (struct bytes){ value.at, kept }) && redact_put(r, n, bytes_from(value, kept), out);
}

void
redact_was_broken(struct redactor *r)
{
	r->broken++;
}

struct slice
redact_body(struct redactor *r, struct bytes type, struct bytes body)
{
	struct buf out;

	buf_init(&out, BODY_MAX);
	if (body.len && !redact_any(r, type, body, 0, &out)) {
		buf_release(&out);
		r->too_large++;
		return slice_text("[redacted: a body that is too large]");
	}
	return buf_seal(&out);
}

static void
report_line(FILE *out, const struct value *v)
{
	char place[REDACT_NAME_MAX + 32];

	snprintf(place, sizeof(place), "[redacted:%s:%u]", v->name->text, v->number);
	fprintf(out, "%-20s %6llu  %-32s %02x%02x%02x%02x\n", v->name->text, (unsigned long long)v->times, place,
		v->hash.byte[0], v->hash.byte[1], v->hash.byte[2], v->hash.byte[3]);
}

void
redactor_report(const struct redactor *r, FILE *out)
{
	fprintf(out, "%-20s %6s  %-32s %s\n", "name", "times", "in its place", "sha256");
	for (size_t i = 0; i < r->values; i++)
		report_line(out, r->value[i]);
	if (r->unnumbered)
		fprintf(out, "%llu more have no number\n", (unsigned long long)r->unnumbered);
	if (r->broken)
		fprintf(out, "%llu called JSON and not JSON: searched for names and shapes alone\n", (unsigned long long)r->broken);
	if (r->too_large)
		fprintf(out, "%llu bodies too large: left out\n", (unsigned long long)r->too_large);
}
