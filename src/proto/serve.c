/* Which connection to a server takes a stream: one there is, or one that is made. */
#include <stdio.h>
#include <string.h>

#include "bridge.h"
#include "h1.h"
#include "h2.h"
#include "inside.h"

static bool
same_place(const struct place *a, const struct place *b)
{
	return a->port == b->port && a->tls == b->tls && !strcmp(a->host, b->host);
}

/* By way of an HTTP parent a plain request needs no tunnel. */
static bool
serve_absolute(const struct relay *r, const struct place *to)
{
	return r->mode->kind == MODE_UPSTREAM && r->mode->scheme != SCHEME_SOCKS5 && !r->inner && !to->tls;
}

/* HTTP/2 where the client speaks it, HTTP/1 where it does not. */
static void
serve_offer(struct relay *r, const struct stream *s, struct link *l)
{
	bool h2 = s->switches.http2 && !s->h1_only && !l->absolute;
	bool knows = s->list || (r->own ? head_version(s->request) == HTTP_2 : r->client_h2);

	l->h1_only = !h2;
	l->apart = h2 && s->list && !r->client_h2;
	if (r->inner && *r->sni && same_place(&s->to, &r->to))
		snprintf(l->name, sizeof(l->name), "%s", r->sni);
	snprintf(l->alpn, sizeof(l->alpn), h2 && (r->client_h2 || s->list) ? "h2,http/1.1" : "http/1.1");
	l->prior = h2 && ((knows && !r->no_prior) || http_must_h2(r));
}

/* What was typed for HTTP/2 goes on nothing else; what a link that is not open yet will speak is not known. */
static bool
lacks_h2(const struct link *l, const struct stream *s)
{
	return s->list && !l->h2 && (l->h1_only || l->stage == LINK_OPEN);
}

bool
serve_without_h2(const struct relay *r, const struct stream *s)
{
	bool found = !s->switches.http2 || r->no_prior;

	for (const struct link *l = r->servers; l && r->client_h2; l = l->next)
		found = found || (l->stage == LINK_OPEN && !l->h2 && !l->ended && same_place(&l->to, &s->to));
	return found;
}

/* It can take this stream now, or will when it is open. */
static bool
link_suits(const struct link *l, const struct stream *s)
{
	struct h2 *h2 = l->h2 && l->stage >= LINK_PREFACE ? chain_find(l->chain, &layer_h2) : NULL;
	struct h1 *h1 = !l->h2 && l->stage == LINK_OPEN ? chain_find(l->chain, &layer_h1) : NULL;

	if (l->ended || !same_place(&l->to, &s->to) || (l->h2 && s->h1_only) || (l->apart && !s->list) || lacks_h2(l, s))
		return false;
	if (h2)
		return h2_accepts(h2);
	if (l->stage == LINK_OPEN)
		return h1 && !l->streams && h1_persists(h1) && h1_idle(h1);
	return !l->streams || !(l->h1_only || s->h1_only);
}

static size_t
links_to(const struct relay *r, const struct place *to)
{
	size_t n = 0;

	for (const struct link *l = r->servers; l; l = l->next)
		n += same_place(&l->to, to);
	return n;
}

/* A link that leads nowhere useful makes room for one that does. */
static void
serve_make_room(struct relay *r)
{
	for (struct link *l = r->servers, *next; l; l = next) {
		next = l->next;
		if (!l->streams && l->stage == LINK_OPEN && r->links == LINKS_MAX)
			link_drop(l);
	}
}

/* A client of HTTP/1 goes to one server at a time. */
static void
serve_leave_others(struct relay *r, const struct stream *s)
{
	for (struct link *l = r->servers, *next; l && !r->client_h2; l = next) {
		next = l->next;
		if (!l->streams && !same_place(&l->to, &s->to))
			link_drop(l);
	}
}

static void serve_begin(struct relay *r, struct stream *s);

/* Finds the stream a server; where there can be none yet, its turn comes. */
void
serve_stream(struct relay *r, struct stream *s)
{
	struct link *l = r->servers;

	serve_leave_others(r, s);
	l = r->servers;
	while (l && !link_suits(l, s))
		l = l->next;
	if (!l) {
		serve_make_room(r);
		l = r->client_h2 && links_to(r, &s->to) >= LINKS_SAME ? NULL : link_dial(r, &s->to, s->flow);
		if (!l) {
			r->unserved = true;
			return;
		}
		l->absolute = serve_absolute(r, &s->to);
		serve_offer(r, s, l);
	}
	stream_join(r, s, l);
	if (l->stage == LINK_OPEN)
		serve_begin(r, s);
}

static struct head *
serve_head(struct relay *r, struct stream *s, bool ended, struct fault *why)
{
	bool reverse = r->mode->kind == MODE_REVERSE && !r->world.options->keep_host;
	/* HTTP/2 can do without :authority, HTTP/1.1 cannot without Host (RFC 9112 section 3.2). */
	bool named = s->server->h2 || head_version(s->request) != HTTP_2 || head_has(s->request, "host");
	struct target t;
	char host[300], authority[300];

	if (!target_read(s->request, &t, why))
		return NULL;
	return bridge_request(s->request, &(struct bridge){
		.target = &t, .to_h2 = s->server->h2, .ended = ended, .auth = r->world.options->upstream_auth,
		.host = reverse || !named ? target_text(s->to.host, s->to.port, s->to.tls ? 443 : 80, host) : (struct bytes){ 0 },
		.absolute = s->server->absolute ?
			(const char *)target_text(s->to.host, s->to.port, 80, authority).at : NULL }, why);
}

static bool
takes_websocket(const struct stream *s)
{
	struct h2 *h2 = s->server->h2 ? chain_find(s->server->chain, &layer_h2) : NULL;

	return !h2 || h2_takes_websocket(h2);
}

/* Its link is open: the head goes in the form that the server understands. */
static void
serve_begin(struct relay *r, struct stream *s)
{
	struct fault why;

	if (s->list && !s->server->h2) {
		http_answer(r, s, 502, CLOSE_HTTP_ERROR, "the server speaks HTTP/1, and what was typed are fields of HTTP/2: nothing was sent");
		return;
	}
	if (!s->list && bridge_websocket(s->request) && !takes_websocket(s)) {
		stream_leave(r, s);
		s->h1_only = true;
		serve_stream(r, s);
		return;
	}
	head_drop(s->sent);
	s->sent = serve_head(r, s, s->waits && s->waiting[0].count, &why);
	if (!s->sent) {
		http_answer(r, s, 400, CLOSE_HTTP_ERROR, why.text);
		return;
	}
	stream_number(r, s);
	if (s->verbatim.bytes.len && s->list == s->server->h2)
		hold_sends_raw(r, s, CLIENT, s->server, slice_ref(s->verbatim), s->list);
	if (s->waits && s->waiting[0].kind == PART_HEAD) {
		head_drop(s->waiting[0].head);
		s->waiting[0].head = head_ref(s->sent);
	}
	stream_flush(r, s);
}

/* Those that wait for this link; on one of HTTP/1 one at a time. */
static void
served_by(struct relay *r, struct stream *s, void *arg)
{
	if (s->server != arg || s->gone || !s->waits || s->waiting[0].kind != PART_HEAD)
		return;
	if (s->server->h2 || s->server->streams == 1) {
		serve_begin(r, s);
	} else {
		stream_leave(r, s);
		serve_stream(r, s);
	}
}

void
serve_opened(struct link *l)
{
	struct relay *r = l->relay;

	streams_each(r, served_by, l);
	if (!l->streams)
		serve_waiting(r);
}

static void
wanting(struct relay *r, struct stream *s, void *arg)
{
	(void)arg;
	if (!s->server && !s->gone && s->waits && s->waiting[0].kind == PART_HEAD)
		serve_stream(r, s);
}

/* A server that takes no more requests has answered its last. */
static void
serve_let_go(struct relay *r)
{
	for (struct link *l = r->servers, *next; l; l = next) {
		struct h2 *h2 = l->h2 && !l->streams && l->stage == LINK_OPEN ? chain_find(l->chain, &layer_h2) : NULL;

		next = l->next;
		if (h2 && !h2_accepts(h2))
			link_drop(l);
	}
}

/* A link may be free: who waits for one? */
void
serve_waiting(struct relay *r)
{
	if (r->phase != PHASE_HTTP)
		return;
	serve_let_go(r);
	if (!r->unserved)
		return;
	r->unserved = false;
	streams_each(r, wanting, NULL);
}
