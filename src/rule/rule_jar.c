/* Cookies and credentials that stick: of all workers, so behind a lock. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "rule_inside.h"

enum { COOKIES_MAX = 10000, COOKIE_MAX = 8192, AUTHS_MAX = 10000 };

struct cookie {
	char *host, *path, *name, *value;
	uint16_t port;
	bool below;			/* hosts below this one, too: it was set with Domain */
	uint64_t until;			/* microseconds; 0: as long as the jar */
};

struct auth { char *host, *value; uint16_t port; };

struct jar {
	atomic_uint refs;
	pthread_mutex_t lock;
	struct cookie *cookie;
	size_t cookies;
	struct auth *auth;
	size_t auths;
};

struct jar *
jar_new(void)
{
	struct jar *j = xalloc(sizeof(*j));

	atomic_init(&j->refs, 1);
	pthread_mutex_init(&j->lock, NULL);
	return j;
}

struct jar *
jar_ref(struct jar *j)
{
	atomic_fetch_add_explicit(&j->refs, 1, memory_order_relaxed);
	return j;
}

static void
cookie_release(struct cookie *c)
{
	free(c->host);
	free(c->path);
	free(c->name);
	free(c->value);
}

void
jar_drop(struct jar *j)
{
	if (!j || atomic_fetch_sub_explicit(&j->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < j->cookies; i++)
		cookie_release(&j->cookie[i]);
	for (size_t i = 0; i < j->auths; i++) {
		free(j->auth[i].host);
		free(j->auth[i].value);
	}
	free(j->cookie);
	free(j->auth);
	pthread_mutex_destroy(&j->lock);
	free(j);
}

static char *
kept(struct bytes b)
{
	char *out = xalloc(b.len + 1);

	if (b.len)
		memcpy(out, b.at, b.len);
	return out;
}

/* Up to the next semicolon, "name=value" in halves. */
static bool
piece_next(struct bytes *rest, struct bytes *name, struct bytes *value)
{
	const uint8_t *end = rest->len ? memchr(rest->at, ';', rest->len) : NULL, *is;
	struct bytes piece = { rest->at, end ? (size_t)(end - rest->at) : rest->len };

	if (!rest->len)
		return false;
	*rest = bytes_from(*rest, piece.len + 1);
	is = piece.len ? memchr(piece.at, '=', piece.len) : NULL;
	*value = is ? bytes_trim(bytes_from(piece, (size_t)(is - piece.at) + 1)) : (struct bytes){ 0 };
	piece.len = is ? (size_t)(is - piece.at) : piece.len;
	*name = bytes_trim(piece);
	return true;
}

/* The host is that domain, or below it: RFC 6265 section 5.1.3. */
static bool
host_within(struct bytes host, const char *domain)
{
	size_t len = strlen(domain);

	return host.len >= len && !strncasecmp((const char *)host.at + host.len - len, domain, len) &&
		(host.len == len || host.at[host.len - len - 1] == '.');
}

/* RFC 6265 section 5.1.4. */
static bool
path_within(struct bytes path, const char *above)
{
	size_t len = strlen(above);

	return path.len >= len && !memcmp(path.at, above, len) && (path.len == len || above[len - 1] == '/' || path.at[len] == '/');
}

/* "Wed, 21 Oct 2015 07:28:00 GMT" and with dashes; 0: it is none. */
static uint64_t
date_of(struct bytes text)
{
	static const char *const forms[] = { "%a, %d %b %Y %H:%M:%S", "%a, %d-%b-%Y %H:%M:%S", "%A, %d-%b-%y %H:%M:%S" };
	char *date = kept(text);
	uint64_t out = 0;

	for (size_t i = 0; i < ARRAY_LEN(forms) && !out; i++) {
		struct tm tm = { 0 };

		if (strptime(date, forms[i], &tm))
			out = timegm(&tm) > 0 ? (uint64_t)timegm(&tm) * 1000000 : 1;
	}
	free(date);
	return out;
}

static uint64_t
age_of(struct bytes text, uint64_t now)
{
	char *number = kept(text);
	long long age = strtoll(number, NULL, 10);

	free(number);
	return age <= 0 ? 1 : now + (uint64_t)(age < 1000000000 ? age : 1000000000) * 1000000;
}

/* False: the host may not set it. Max-Age has precedence (RFC 6265 section 5.3). */
static bool
cookie_read(struct cookie *c, const struct place *from, struct bytes rest, uint64_t now)
{
	struct bytes name, value, host = from->host, path = LIT("/");
	uint64_t age = 0, date = 0;

	if (rest.len > COOKIE_MAX || !piece_next(&rest, &name, &value) || !name.len)
		return false;
	*c = (struct cookie){ .name = kept(name), .value = kept(value), .port = from->port };
	while (piece_next(&rest, &name, &value)) {
		if (bytes_like(name, "domain") && value.len) {
			host = *value.at == '.' ? bytes_from(value, 1) : value;
			c->below = true;
		} else if (bytes_like(name, "path") && value.len && *value.at == '/') {
			path = value;
		} else if (bytes_like(name, "max-age")) {
			age = age_of(value, now);
		} else if (bytes_like(name, "expires")) {
			date = date_of(value);
		}
	}
	c->host = kept(host);
	c->path = kept(path);
	c->until = age ? age : date;
	return *c->host && (!c->below || host_within(from->host, c->host));
}

static bool
cookie_same(const struct cookie *a, const struct cookie *b)
{
	return a->port == b->port && !strcasecmp(a->host, b->host) && !strcmp(a->path, b->path) && !strcmp(a->name, b->name);
}

void
jar_set(struct jar *j, const struct place *from, struct bytes set_cookie, uint64_t now)
{
	struct cookie c = { 0 };
	size_t i = 0;

	if (!cookie_read(&c, from, set_cookie, now)) {
		cookie_release(&c);
		return;
	}
	pthread_mutex_lock(&j->lock);
	while (i < j->cookies && !cookie_same(&j->cookie[i], &c))
		i++;
	if (i < j->cookies) {
		cookie_release(&j->cookie[i]);
		j->cookie[i] = j->cookie[--j->cookies];
	}
	if ((!c.until || c.until > now) && j->cookies < COOKIES_MAX) {
		j->cookie = xgrow(j->cookie, j->cookies + 1, sizeof(c));
		j->cookie[j->cookies++] = c;
		c = (struct cookie){ 0 };
	}
	pthread_mutex_unlock(&j->lock);
	cookie_release(&c);
}

static bool
cookie_for(const struct cookie *c, const struct place *to, uint64_t now)
{
	return c->port == to->port && (!c->until || c->until > now) && path_within(to->path, c->path) &&
		(c->below ? host_within(to->host, c->host) : bytes_like(to->host, c->host));
}

/* The client's own one of that name, if the jar has none of it for there. */
static bool
jar_has(const struct jar *j, const struct place *to, struct bytes name, uint64_t now)
{
	for (size_t i = 0; i < j->cookies; i++)
		if (cookie_for(&j->cookie[i], to, now) && bytes_are(name, j->cookie[i].name))
			return true;
	return false;
}

static bool
put(struct buf *out, struct bytes name, struct bytes value)
{
	return (!out->len || buf_add(out, LIT("; "))) && buf_add(out, name) && buf_add(out, LIT("=")) && buf_add(out, value);
}

bool
jar_get(struct jar *j, const struct place *to, struct bytes own, uint64_t now, struct buf *out)
{
	struct bytes rest = own, name, value;
	bool ok = true, some = false;

	pthread_mutex_lock(&j->lock);
	while (ok && piece_next(&rest, &name, &value))
		if (name.len && !jar_has(j, to, name, now))
			ok = put(out, name, value);
	for (size_t i = 0; ok && i < j->cookies; i++) {
		const struct cookie *c = &j->cookie[i];

		if (cookie_for(c, to, now))
			ok = some = put(out, bytes_of(c->name), bytes_of(c->value));
	}
	pthread_mutex_unlock(&j->lock);
	return ok && some && !bytes_same(buf_bytes(out), own);
}

static struct auth *
auth_of(const struct jar *j, const struct place *at)
{
	for (size_t i = 0; i < j->auths; i++)
		if (j->auth[i].port == at->port && bytes_like(at->host, j->auth[i].host))
			return &j->auth[i];
	return NULL;
}

void
jar_set_auth(struct jar *j, const struct place *from, struct bytes value)
{
	struct auth *a;

	if (value.len > COOKIE_MAX)
		return;
	pthread_mutex_lock(&j->lock);
	a = auth_of(j, from);
	if (!a && j->auths < AUTHS_MAX) {
		j->auth = xgrow(j->auth, j->auths + 1, sizeof(*a));
		a = &j->auth[j->auths++];
		*a = (struct auth){ .host = kept(from->host), .port = from->port };
	}
	if (a) {
		free(a->value);
		a->value = kept(value);
	}
	pthread_mutex_unlock(&j->lock);
}

bool
jar_get_auth(struct jar *j, const struct place *to, struct buf *out)
{
	struct auth *a;
	bool found;

	pthread_mutex_lock(&j->lock);
	a = auth_of(j, to);
	found = a && buf_add(out, bytes_of(a->value));
	pthread_mutex_unlock(&j->lock);
	return found;
}
