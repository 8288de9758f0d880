/* Requests that soth answers itself: its certificate, and what to do with it. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "onboard.h"
#include "onboardpage.h"
#include "soth/ca.h"

static const char CERT[] = "/cert/";

bool
onboard_host(const struct relay *r, const char *host)
{
	const char *at = r->world.options->onboarding_host;
	size_t len = strlen(host);

	len -= len && host[len - 1] == '.';
	if (!r->world.options->onboarding || !len)
		return false;
	for (; *at; at += strcspn(at, ","), at += *at == ',') {
		at += strspn(at, " ");
		if (strcspn(at, ", ") == len && !strncasecmp(at, host, len))
			return true;
	}
	return false;
}

bool
onboard_tunnel(const struct relay *r)
{
	return r->mode->kind != MODE_REVERSE && (onboard_host(r, r->to.host) || onboard_host(r, r->sni));
}

bool
onboard_direct(const struct relay *r, const struct target *t, struct place *to)
{
	int port;

	if (!r->world.options->onboarding || r->inner || r->own || t->absolute || t->path.at[0] != '/' || !tunnel_is_proxy(r))
		return false;
	*to = (struct place){ .tls = r->client_tls };
	if (address_split(bytes_of(r->listener), to->host, sizeof(to->host), &port) && port > 0)
		to->port = (uint16_t)port;
	return true;
}

/* A client that has looked the name up by itself still says it in its Host. */
bool
onboard_named(const struct relay *r, const struct head *request, const struct target *t, const char *host)
{
	char name[256];
	int port;

	if (!r->world.options->onboarding)
		return false;
	if (t->absolute || r->own || !address_split(head_find(request, "host"), name, sizeof(name), &port))
		return onboard_host(r, host);
	return onboard_host(r, name);
}

struct reply {
	unsigned status;
	const char *reason, *type, *allow;
	char disposition[CA_FILE_ROOM + 40];	/* "": none */
	bool varies;
	struct slice body;
};

static void
reply_plain(struct reply *re, unsigned status, const char *reason, const char *words)
{
	*re = (struct reply){ status, reason, "text/plain; charset=utf-8", .body = slice_text(words) };
}

static void
reply_page(struct relay *r, const struct stream *s, struct reply *re)
{
	char host[256], text[300], *proxy = NULL;
	struct bytes accept = head_find(s->request, "accept");
	bool html = accept.len && memmem(accept.at, accept.len, "text/html", 9);
	int port;

	if (s->direct) {
		proxy = text;
		if (address_split(head_find(s->request, "host"), host, sizeof(host), &port) && *host)
			target_text(host, (uint16_t)(port > 0 ? port : s->to.port), 0, text);
		else
			snprintf(text, sizeof(text), "%s", r->listener);
	}
	*re = (struct reply){ 200, "OK", html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8", .varies = true,
		.body = html ? onboardpage_html(r->world.ca, proxy) : onboardpage_text(r->world.ca, proxy) };
}

static void
reply_form(struct relay *r, const struct ca_form *f, struct reply *re)
{
	char file[CA_FILE_ROOM];
	struct fault why;

	*re = (struct reply){ 200, "OK", f->type };
	snprintf(re->disposition, sizeof(re->disposition), "attachment; filename=\"%s\"",
		ca_form_file(r->world.ca, f, file));
	if (!f->make(r->world.ca, &re->body, &why))
		reply_plain(re, 500, "Internal Server Error", why.text);
}

static void
reply_find(struct relay *r, const struct stream *s, struct bytes path, struct reply *re)
{
	const struct ca_form *f = path.len > sizeof(CERT) - 1 && !memcmp(path.at, CERT, sizeof(CERT) - 1) ?
		ca_form_named(bytes_from(path, sizeof(CERT) - 1)) : NULL;

	if (!bytes_are(head_method(s->request), "GET") && !bytes_are(head_method(s->request), "HEAD")) {
		reply_plain(re, 405, "Method Not Allowed", "soth answers GET and HEAD here\n");
		re->allow = "GET, HEAD";
	} else if (f) {
		reply_form(r, f, re);
	} else if (bytes_are(path, "/")) {
		reply_page(r, s, re);
	} else {
		reply_plain(re, 404, "Not Found", "soth has nothing by that name here: / says what there is\n");
	}
}

/* Without its query. */
static struct bytes
path_of(const struct head *request)
{
	struct target t;
	struct fault why;
	const uint8_t *query;

	if (!target_read(request, &t, &why))
		return LIT("/");
	query = memchr(t.path.at, '?', t.path.len);
	return query ? (struct bytes){ t.path.at, (size_t)(query - t.path.at) } : t.path;
}

static struct head *
reply_head(const struct reply *re)
{
	struct draft d = { .kind = HEAD_RESPONSE, .version = HTTP_1_1, .status = re->status, .reason = bytes_of(re->reason) };
	struct fault why;
	struct head *h;
	char length[24];

	snprintf(length, sizeof(length), "%zu", re->body.bytes.len);
	draft_add(&d, LIT("Content-Type"), bytes_of(re->type));
	draft_add(&d, LIT("Content-Length"), bytes_of(length));
	if (*re->disposition)
		draft_add(&d, LIT("Content-Disposition"), bytes_of(re->disposition));
	if (re->allow)
		draft_add(&d, LIT("Allow"), bytes_of(re->allow));
	if (re->varies)
		draft_add(&d, LIT("Vary"), LIT("Accept"));
	draft_add(&d, LIT("Cache-Control"), LIT("no-store"));
	draft_add(&d, LIT("Content-Security-Policy"), LIT("default-src 'none'; style-src 'unsafe-inline'"));
	draft_add(&d, LIT("X-Content-Type-Options"), LIT("nosniff"));
	h = head_make(&d, &why);
	draft_release(&d);
	return h;
}

static void
say(struct relay *r, struct stream *s, struct part p)
{
	if (!s->gone)
		stream_part(r, s, SERVER, &p);
	part_drop(&p);
}

void
onboard_answer(struct relay *r, struct stream *s)
{
	struct bytes path = path_of(s->request);
	bool bare = bytes_are(head_method(s->request), "HEAD");
	struct reply re;

	reply_find(r, s, path, &re);
	relay_step(r, s->flow, STEP_ONBOARDING, (struct field[]){
		{ LIT("what"), LIT("soth answered this itself: no server was asked") }, { LIT("path"), path } }, 2);
	s->answered = true;
	say(r, s, (struct part){ .kind = PART_HEAD, .count = bare || !re.body.bytes.len, .head = reply_head(&re) });
	if (!bare && re.body.bytes.len)
		say(r, s, (struct part){ .kind = PART_DATA, .data = slice_ref(re.body) });
	slice_drop(&re.body);
	say(r, s, (struct part){ .kind = PART_END });
	if (!s->gone && s->exchange.half[CLIENT].ended)
		http_done(r, s);
}
