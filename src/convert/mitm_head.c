/*
 * Heads of requests and responses:
 *
 *	request		http_version headers content trailers timestamp_start timestamp_end
 *			host port method scheme authority path
 *	response	http_version headers content trailers timestamp_start timestamp_end status_code reason
 *
 * headers and trailers are lists of [name, value]. The authority is what an
 * absolute or authority form of HTTP/1 had, or HTTP/2's :authority.
 */
#include <string.h>

#include "mitm_inside.h"

enum { TARGET_MAX = 1 << 20 };

static enum http_version
version_of(struct tnet message)
{
	struct bytes v = tnet_text(tnet_find(message, "http_version"));

	if (bytes_are(v, "HTTP/1.0"))
		return HTTP_1_0;
	return v.len > 5 && (v.at[5] == '2' || v.at[5] == '3') ? HTTP_2 : HTTP_1_1;
}

static bool
add_field(struct draft *d, struct tnet pair, struct fault *why)
{
	struct tnet name, value;

	if (pair.tag != TNET_LIST || !tnet_next(&pair.data, &name) || !tnet_next(&pair.data, &value) || pair.data.len)
		return fault(why, "header %zu is no pair", d->fields + 1);
	if (d->fields == MITM_FIELDS_MAX)
		return fault(why, "it has more than %u headers", MITM_FIELDS_MAX);
	draft_add(d, tnet_text(name), tnet_text(value));
	return true;
}

/* Makes the head of a draft, which is released. */
static struct head *
made(struct draft *d, struct tnet headers, struct fault *why)
{
	struct head *h = NULL;
	struct tnet pair;
	bool read = headers.tag == TNET_LIST || fault(why, "it has no headers");

	while (read && tnet_next(&headers.data, &pair))
		read = add_field(d, pair, why);
	if (read)
		h = head_make(d, why);
	draft_release(d);
	return h;
}

static bool
has_host(struct tnet headers)
{
	struct tnet pair, name;

	while (headers.tag == TNET_LIST && tnet_next(&headers.data, &pair))
		if (pair.tag == TNET_LIST && tnet_next(&pair.data, &name) && bytes_like(tnet_text(name), "host"))
			return true;
	return false;
}

/* The target as the client sent it. */
static bool
target_add(struct buf *to, const struct draft *d, struct tnet request)
{
	struct bytes authority = tnet_text(tnet_find(request, "authority")), path = tnet_text(tnet_find(request, "path")),
		scheme = tnet_text(tnet_find(request, "scheme"));

	if (bytes_are(d->method, "CONNECT") && authority.len && !path.len)
		return buf_add(to, authority);
	if (authority.len && d->version != HTTP_2 && !bytes_are(path, "*"))
		return buf_add(to, scheme) && buf_add(to, LIT("://")) && buf_add(to, authority) && buf_add(to, path);
	return buf_add(to, path.len ? path : LIT("/"));
}

struct head *
mitm_request_head(struct tnet request, struct fault *why)
{
	struct draft d = { .kind = HEAD_REQUEST, .version = version_of(request),
		.method = tnet_text(tnet_find(request, "method")) };
	struct tnet headers = tnet_find(request, "headers");
	struct bytes authority = tnet_text(tnet_find(request, "authority"));
	struct head *h = NULL;
	struct buf target;

	buf_init(&target, TARGET_MAX);
	if (!target_add(&target, &d, request)) {
		fault(why, "its path is longer than %u bytes", TARGET_MAX);
	} else {
		d.target = buf_bytes(&target);
		if (d.version == HTTP_2 && authority.len && !has_host(headers))
			draft_add(&d, LIT("host"), authority);
		h = made(&d, headers, why);
	}
	buf_release(&target);
	return h;
}

struct head *
mitm_response_head(struct tnet response, struct fault *why)
{
	int64_t status = tnet_int(tnet_find(response, "status_code"), 0);
	struct draft d = { .kind = HEAD_RESPONSE, .version = version_of(response), .status = (unsigned)status,
		.reason = tnet_text(tnet_find(response, "reason")) };

	if (status < 100 || status > 999) {
		fault(why, "its status is no number of three digits");
		return NULL;
	}
	return made(&d, tnet_find(response, "headers"), why);
}

bool
mitm_trailer(struct tnet message, struct head **out, struct fault *why)
{
	struct tnet list = tnet_find(message, "trailers");
	struct draft d = { .kind = HEAD_FIELDS, .version = HTTP_1_1 };

	*out = NULL;
	if (list.tag != TNET_LIST || !list.data.len)
		return true;
	*out = made(&d, list, why);
	return *out != NULL;
}
