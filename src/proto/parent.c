/* A parent proxy that is asked for a connection: what its layers share. */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parent.h"

bool
parent_start(struct parent *p, const struct parent_args *a, struct fault *why)
{
	if (a->auth && strlen(a->auth) >= sizeof(p->auth))
		return fault(why, "upstream-auth is too long");
	snprintf(p->host, sizeof(p->host), "%s", a->host);
	snprintf(p->proxy, sizeof(p->proxy), "%s", a->proxy);
	snprintf(p->auth, sizeof(p->auth), "%s", a->auth ? a->auth : "");
	p->port = a->port;
	p->head_limit = a->head_limit;
	buf_init(&p->in, a->head_limit + PARENT_WAIT_MAX);
	return true;
}

void
parent_say(struct out *out, struct buf *b)
{
	if (b->len)
		out_down(out, (struct command){ .kind = CMD_SEND, .data = buf_seal(b) });
	buf_release(b);
}

static void
forget(struct parent *p)
{
	for (size_t i = 0; i < p->waits; i++)
		command_drop(&p->wait[i]);
	free(p->wait);
	p->wait = NULL;
	p->waits = 0;
	buf_release(&p->in);
}

void
parent_opened(struct parent *p, struct bytes bound, struct out *out)
{
	p->open = true;
	out_up(out, (struct event){ .kind = EV_OPEN, .data = slice_copy(bound) });
	for (size_t i = 0; i < p->waits; i++)
		out_down(out, p->wait[i]);
	p->waits = 0;
	if (p->in.len)
		out_up(out, (struct event){ .kind = EV_DATA, .data = buf_seal(&p->in) });
	forget(p);
}

void
parent_failed(struct parent *p, enum fail code, const char *words, struct out *out)
{
	char all[WORDS_MAX];

	snprintf(all, sizeof(all), "%.100s %.90s", p->proxy, words);
	p->dead = true;
	forget(p);
	out_up(out, (struct event){ .kind = EV_FAIL, .code = code, .data = slice_text(all) });
}

void
parent_event(struct parent *p, struct event *ev, struct out *out, void (*read)(struct parent *p, struct out *out))
{
	if (p->open) {
		pass_up(out, ev);
	} else if (p->dead || ev->kind == EV_OPEN) {
		return;
	} else if (ev->kind == EV_EOF) {
		parent_failed(p, FAIL_RESET, "closed the connection without an answer", out);
	} else if (ev->kind == EV_DATA) {
		if (buf_add(&p->in, ev->data.bytes))
			read(p, out);
		else
			parent_failed(p, FAIL_OTHER, "says too much", out);
	} else {
		p->dead = ev->kind == EV_FAIL;
		pass_up(out, ev);
	}
}

void
parent_command(void *st, struct command *cmd, struct out *out)
{
	struct parent *p = st;

	if (p->open || p->dead || cmd->kind == CMD_CLOSE || cmd->kind == CMD_ABORT) {
		pass_down(out, cmd);
		return;
	}
	p->wait = xgrow(p->wait, p->waits + 1, sizeof(*p->wait));
	p->wait[p->waits++] = *cmd;
	*cmd = (struct command){ .kind = CMD_GO };
}

void
parent_stop(void *st)
{
	forget(st);
}

bool
parent_basic(const char *auth, struct buf *out)
{
	gnutls_datum_t in = { (unsigned char *)(uintptr_t)auth, (unsigned)strlen(auth) }, text;
	bool ok;

	if (gnutls_base64_encode2(&in, &text) < 0)
		return false;
	ok = buf_add(out, LIT("Basic ")) && buf_add(out, (struct bytes){ text.data, text.size });
	gnutls_free(text.data);
	return ok;
}
