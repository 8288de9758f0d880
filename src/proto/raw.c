/* Bytes as they are: what passes through a tunnel that is not looked into. */
#include "soth/buf.h"
#include "soth/layer.h"

enum { GATHERED_MAX = 64 << 20, BIG = 16 << 10 };

struct raw {
	struct buf gathered;
};

static bool
raw_start(void *st, const void *args, struct out *out, struct fault *why)
{
	struct raw *w = st;

	(void)args, (void)out, (void)why;
	buf_init(&w->gathered, GATHERED_MAX);
	return true;
}

static void
raw_event(void *st, struct event *ev, struct out *out)
{
	(void)st;
	if (ev->kind == EV_DATA) {
		out_up(out, (struct event){ .kind = EV_PART, .part = { .kind = PART_DATA, .data = ev->data } });
		ev->data = (struct slice){ 0 };
	} else if (ev->kind == EV_EOF) {
		out_up(out, (struct event){ .kind = EV_PART, .part = { .kind = PART_END } });
	} else {
		pass_up(out, ev);
	}
}

static void
raw_settle(void *st, struct out *out)
{
	struct raw *w = st;

	if (w->gathered.len)
		out_down(out, (struct command){ .kind = CMD_SEND, .data = buf_seal(&w->gathered) });
}

static void
raw_data(struct raw *w, struct slice *data, struct out *out)
{
	if (data->bytes.len < BIG && buf_add(&w->gathered, data->bytes))
		return;
	raw_settle(w, out);
	out_down(out, (struct command){ .kind = CMD_SEND, .data = *data });
	*data = (struct slice){ 0 };
}

static void
raw_command(void *st, struct command *cmd, struct out *out)
{
	if (cmd->kind == CMD_PART && cmd->part.kind == PART_DATA) {
		raw_data(st, &cmd->part.data, out);
	} else if (cmd->kind == CMD_PART) {
		if (cmd->part.kind != PART_END)
			return;
		raw_settle(st, out);
		out_down(out, (struct command){ .kind = CMD_SHUT });
	} else {
		if (cmd->kind == CMD_SHUT || cmd->kind == CMD_CLOSE)
			raw_settle(st, out);
		pass_down(out, cmd);
	}
}

static void
raw_stop(void *st)
{
	struct raw *w = st;

	buf_release(&w->gathered);
}

const struct layer_ops layer_raw = {
	.name = "raw",
	.size = sizeof(struct raw),
	.start = raw_start,
	.event = raw_event,
	.command = raw_command,
	.settle = raw_settle,
	.stop = raw_stop,
};
