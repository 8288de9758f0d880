/* HTTP/1.x of either role: parts to bytes. */
#include <string.h>

#include "h1_inside.h"

enum { GATHERED_HIGH = 64 << 10, BIG = 16 << 10 };

void
h1_flush(struct h1 *h, struct out *out)
{
	if (h->out.len)
		out_down(out, (struct command){ .kind = CMD_SEND, .data = buf_seal(&h->out) });
}

static void
put(struct h1 *h, struct bytes b)
{
	(void)!buf_add(&h->out, b);	/* its limit is no limit */
}

static void
send_head(struct h1 *h, const struct head *head)
{
	struct fault why;
	unsigned status = head_status(head);

	put(h, head_text(head));
	if (h->server && status >= 100 && status < 200 && status != 101)
		return;
	/* What is framed wrongly has been refused on the other side, where it came in. */
	if (h->server ? !framing_response(head, h1_method(h), &h->out_framing, &why) :
			!framing_request(head, &h->out_framing, &why))
		h->out_framing = (struct framing){ FRAMING_CLOSE, 0 };
	h->self_persists = framing_persists(head) && h->out_framing.kind != FRAMING_CLOSE;
	if (h->server) {
		if (status == 101 || (bytes_are(h1_method(h), "CONNECT") && status / 100 == 2))
			h->reading = READ_SILENT;
		return;
	}
	h->method_len = head_method(head).len < sizeof(h->method) ? head_method(head).len : 0;
	memcpy(h->method, head_method(head).at, h->method_len);
	h->outstanding = true;
}

static void
send_data(struct h1 *h, struct slice *data, struct out *out)
{
	bool chunked = h->out_framing.kind == FRAMING_CHUNKED;

	if (!data->bytes.len || h->out_framing.kind == FRAMING_NONE)
		return;
	if (chunked)
		(void)!buf_addf(&h->out, "%zx\r\n", data->bytes.len);
	if (data->bytes.len < BIG) {
		put(h, data->bytes);
	} else {
		h1_flush(h, out);
		out_down(out, (struct command){ .kind = CMD_SEND, .data = *data });
		*data = (struct slice){ 0 };
	}
	if (chunked)
		put(h, LIT("\r\n"));
	if (h->out.len > GATHERED_HIGH)
		h1_flush(h, out);
}

static void
send_end(struct h1 *h, struct out *out)
{
	if (h->out_framing.kind == FRAMING_CHUNKED) {
		put(h, LIT("0\r\n"));
		put(h, h->trailer ? head_text(h->trailer) : LIT("\r\n"));
	}
	head_drop(h->trailer);
	h->trailer = NULL;
	if (!h->server)
		return;
	h->outstanding = false;
	if (h->reading == READ_WAIT) {
		h->reading = READ_HEAD;
		h->fresh = true;
	}
	if (!h1_persists(h)) {
		h1_flush(h, out);
		out_down(out, (struct command){ .kind = CMD_SHUT });
	}
}

static void
send_part(struct h1 *h, struct part *p, struct out *out)
{
	switch (p->kind) {
	case PART_HEAD:
		send_head(h, p->head);
		break;
	case PART_DATA:
		send_data(h, &p->data, out);
		break;
	case PART_TRAILER:
		head_drop(h->trailer);
		h->trailer = head_ref(p->head);
		break;
	case PART_END:
		send_end(h, out);
		break;
	case PART_NONE:
	case PART_SKIP:
	case PART_MESSAGE:
	case PART_RESET:
		break;
	}
}

void
h1_command(void *st, struct command *cmd, struct out *out)
{
	struct h1 *h = st;

	switch (cmd->kind) {
	case CMD_PART:
		send_part(h, &cmd->part, out);
		return;
	case CMD_PAUSE:
	case CMD_GO:
		h->paused = cmd->kind == CMD_PAUSE;
		h->fresh = true;
		if (h->paused != h->stalled && h->paused) {
			h->stalled = true;
			break;
		}
		return;		/* GO is passed on when what waits has been read */
	case CMD_SHUT:
	case CMD_CLOSE:
		h1_flush(h, out);
		break;
	case CMD_SEND:
		break;
	}
	pass_down(out, cmd);
}
