/* A request that is to be sent again by another program: its URL, its fields, its body. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "resend.h"

enum { HOST_MAX = 255, TARGET_MAX = 16 << 20, BODY_MAX = 256 << 20, NAME_MAX_BYTES = 64 };

static bool
among(uint8_t c, const char *others)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c && strchr(others, c));
}

static bool
all_among(struct bytes b, const char *others)
{
	for (size_t i = 0; i < b.len; i++)
		if (!among(b.at[i], others))
			return false;
	return b.len > 0;
}

/* A segment of dots would be folded away; a dot may be written %2e. */
static bool
has_dots(struct bytes path)
{
	for (size_t i = 0; i + 1 < path.len && path.at[i] != '?'; i++)
		if (path.at[i] == '/' && (path.at[i + 1] == '.' || (path.len - i > 3 && !strncasecmp((const char *)path.at + i + 1, "%2e", 3))))
			return true;
	return false;
}

/* What RFC 3986 lets stand in a path and a query. */
static bool
target_is_plain(struct bytes t)
{
	return t.len && *t.at == '/' && all_among(t, "-._~!$&'()*+,;=:@/?%") && !has_dots(t);
}

/* Behind scheme and authority, where there are such. */
static struct bytes
target_path(struct bytes t)
{
	const uint8_t *p = t.len && *t.at != '/' ? memmem(t.at, t.len, "://", 3) : NULL;
	size_t n;

	if (!p)
		return t;
	for (n = (size_t)(p - t.at) + 3; n < t.len && t.at[n] != '/' && t.at[n] != '?'; n++)
		;
	return bytes_from(t, n);
}

static bool
put(struct buf *b, struct bytes more)
{
	return !more.len || buf_add(b, more);
}

static bool
target_read(struct resend *r)
{
	struct bytes t = target_path(head_target(r->head));

	if ((!t.len || *t.at == '?') && !put(&r->target, LIT("/")))
		return false;
	if (!put(&r->target, t))
		return false;
	r->plain = target_is_plain(buf_bytes(&r->target));
	return true;
}

/* "name" or "[address]", with the port where it is not the scheme's. Nothing
 * that would end the authority may stand in it: RFC 3986 section 3.2. */
static bool
authority_read(const struct origin *o, bool tls, struct buf *out)
{
	bool address = o->host.len && memchr(o->host.at, ':', o->host.len);
	uint16_t usual = tls ? 443 : 80;

	if (o->host.len > HOST_MAX || !all_among(o->host, address ? ":." : "-._"))
		return false;
	if (!buf_addf(out, address ? "[%.*s]" : "%.*s", (int)o->host.len, (const char *)o->host.at))
		return false;
	return !o->port || o->port == usual || buf_addf(out, ":%u", o->port);
}

static bool
url_read(struct resend *r)
{
	const struct origin *o = r->flow.origin;
	bool tls = bytes_are(o->scheme, "https"), ok;
	struct buf authority;

	buf_init(&authority, HOST_MAX + 16);
	ok = authority_read(o, tls, &authority) && buf_addf(&r->url, "http%s://", tls ? "s" : "") &&
		put(&r->url, buf_bytes(&authority)) && put(&r->url, r->plain ? buf_bytes(&r->target) : LIT("/"));
	r->host = !bytes_same(head_find(r->head, "host"), buf_bytes(&authority));
	buf_release(&authority);
	return ok;
}

static bool
cookie_read(struct resend *r)
{
	for (size_t i = 0; i < head_count(r->head); i++) {
		struct field f = head_field(r->head, i);

		if (bytes_like(f.name, "cookie") && f.value.len &&
				(!put(&r->cookie, r->cookie.len ? LIT("; ") : LIT("")) || !put(&r->cookie, f.value)))
			return false;
	}
	return true;
}

/* What it is not, where it is nothing that a client program sends. */
static const char *
cannot(const struct resend *r)
{
	if (!r->head)
		return "there is no request in it";
	if (bytes_are(head_method(r->head), "CONNECT"))
		return "a tunnel is no request that can be sent again";
	return NULL;
}

static void
resend_fill(struct resend *r, const struct convert_flows *from)
{
	r->cannot = cannot(r);
	if (r->cannot)
		return;
	if (!target_read(r) || !cookie_read(r) || !url_read(r)) {
		r->cannot = "the name of its host can not stand in a URL";
		return;
	}
	r->body = convert_body(from->store, r->flow.id, CLIENT, false, BODY_MAX, &r->whole);
	r->framed = head_has(r->head, "content-length") || head_has(r->head, "transfer-encoding");
}

bool
resend_read(struct resend *r, const struct convert_flows *from, flow_id id, struct fault *why)
{
	*r = (struct resend){ .whole = true };
	buf_init(&r->url, TARGET_MAX + HOST_MAX + 32);
	buf_init(&r->target, TARGET_MAX);
	buf_init(&r->cookie, TARGET_MAX);
	if (!store_flow(from->store, id, &r->flow, why))
		return false;
	r->head = r->flow.half[CLIENT].head;
	resend_fill(r, from);
	return true;
}

void
resend_release(struct resend *r)
{
	buf_release(&r->url);
	buf_release(&r->target);
	buf_release(&r->cookie);
	slice_drop(&r->body);
	flow_release(&r->flow);
}

/* RFC 9110 section 7.6.1: what Connection names is of the connection, too. */
static bool
of_connection(const struct head *h, struct bytes name)
{
	char text[NAME_MAX_BYTES];

	if (name.len >= sizeof(text))
		return false;
	memcpy(text, name.at, name.len);
	text[name.len] = '\0';
	return head_lists(h, "connection", text);
}

bool
resend_tells(const struct resend *r, size_t i, struct field *f)
{
	static const char *const never[] = { "content-length", "transfer-encoding", "keep-alive", "proxy-connection", "cookie" };

	*f = head_field(r->head, i);
	for (size_t k = 0; k < ARRAY_LEN(never); k++)
		if (bytes_like(f->name, never[k]))
			return false;
	if (bytes_like(f->name, "host"))
		return r->host;
	/* Without these two there would be no WebSocket. */
	if (bytes_like(f->name, "connection") || bytes_like(f->name, "upgrade"))
		return head_lists(r->head, "upgrade", "websocket");
	return !of_connection(r->head, f->name);
}

static void
resend_about(FILE *out, const struct resend *r, const char *comment)
{
	uint64_t skipped = r->flow.half[CLIENT].skipped;

	fprintf(out, "%s flow %llu\n", comment, (unsigned long long)r->flow.id);
	if (r->cannot)
		fprintf(out, "%s %s\n", comment, r->cannot);
	else if (skipped)
		fprintf(out, "%s %llu bytes of its body were not kept\n", comment, (unsigned long long)skipped);
	else if (!r->whole)
		fprintf(out, "%s its body is not whole\n", comment);
	if (r->flow.half[CLIENT].trailer)
		fprintf(out, "%s its trailers are not sent\n", comment);
}

bool
resend_write(FILE *out, const struct convert_flows *from, const struct resend_form *form, struct fault *why)
{
	for (size_t i = 0; i < from->count; i++) {
		struct resend r;
		bool ok = resend_read(&r, from, from->id[i], why);

		if (ok && (i || form->begins))
			fprintf(out, "%s\n", form->begins ? form->begins : "");
		if (ok)
			resend_about(out, &r, form->comment);
		if (ok && !r.cannot)
			form->one(out, &r);
		resend_release(&r);
		if (!ok)
			return false;
		if (ferror(out))
			return fault(why, "flow %llu: it could not be written: %s", (unsigned long long)from->id[i], strerror(errno));
	}
	return true;
}
