/* Where requests go, and breaking them off. */
#include <stdio.h>
#include <string.h>

#include "h2.h"
#include "inside.h"

static void
stream_to(struct stream *s, const struct target *t)
{
	s->to = (struct place){ .port = t->port, .tls = t->tls };
	snprintf(s->to.host, sizeof(s->to.host), "%s", t->host);
}

bool
http_goes_to(struct stream *s, struct head *request, struct bytes url, struct fault *why)
{
	struct target t = { 0 };
	struct draft d;
	struct head *there;
	bool ok;

	draft_of(&d, request);
	d.target = url;
	there = head_make(&d, why);
	draft_release(&d);
	ok = there && target_read(there, &t, why) && (t.absolute || fault(why, "a rule's URL is none"));
	if (ok)
		stream_to(s, &t);
	head_drop(there);
	head_drop(ok ? s->request : NULL);
	if (ok)
		s->request = head_ref(request);
	return ok;
}

bool
http_goes(struct stream *s, struct head *request, struct fault *why)
{
	struct target t = { 0 };

	if (!target_read(request, &t, why))
		return false;
	if (bytes_are(head_method(request), "CONNECT"))
		return fault(why, "a request cannot become a CONNECT");
	if (t.absolute)
		stream_to(s, &t);
	head_drop(s->request);
	s->request = head_ref(request);
	return true;
}

bool
http_route(struct relay *r, const struct target *t, struct place *to, struct fault *why)
{
	if (r->inner || r->own || r->mode->kind == MODE_REVERSE) {
		*to = r->to;
		return true;
	}
	*to = (struct place){ .port = t->port, .tls = t->tls };
	snprintf(to->host, sizeof(to->host), "%s", t->host);
	return t->absolute || fault(why, "this is a proxy: the request names no host to go to");
}

void
http_known_as(const struct relay *r, const struct head *h, const struct place *to, char host[256])
{
	int port;

	if (r->mode->kind == MODE_TRANSPARENT && *r->sni)
		snprintf(host, 256, "%s", r->sni);
	else if (r->mode->kind != MODE_TRANSPARENT || !address_split(head_find(h, "host"), host, 256, &port) || !*host)
		memcpy(host, to->host, strlen(to->host) + 1);
}

static void
link_abort(struct link *l)
{
	if (l && !l->h2)
		link_command(l, (struct command){ .kind = CMD_ABORT });
}

void
http_kill_by(struct relay *r, struct stream *s, enum kill_how how, uint32_t code, const char *words)
{
	uint32_t reset = how == KILL_CODE ? code : H2_CANCEL;
	bool alone = !r->client_h2 || how == KILL_ALERT;

	if (how == KILL_RESET)
		link_abort(s->server);
	http_abandon(r, s, reset);
	if (how == KILL_ALERT && r->client)
		link_command(r->client, (struct command){ .kind = CMD_ALERT, .stream = code });
	else if (r->client_h2 && r->client)
		link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_RESET, .code = reset });
	if (how == KILL_RESET)
		link_abort(r->client);
	stream_gone(r, s, CLOSE_BLOCKED, words);
	if (alone)
		relay_stop(r, CLOSE_BLOCKED, words);
	serve_waiting(r);
}

void
http_kill(struct relay *r, struct stream *s, const char *words)
{
	http_kill_by(r, s, KILL_CLOSE, 0, words);
}
