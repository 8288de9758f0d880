/* Bytes of no known protocol: each run that comes is a part, and each part a run of bytes. */
#include "gather.h"
#include "soth/layer.h"

struct raw {
	struct buf gathered;
};

static bool
raw_start(void *st, const void *args, struct out *out, struct fault *why)
{
	struct raw *r = st;

	(void)args, (void)out, (void)why;
	gather_init(&r->gathered);
	return true;
}

static void
raw_event(void *st, struct event *ev, struct out *out)
{
	(void)st;
	if (ev->kind == EV_DATA) {
		struct part p = { .kind = PART_DATA, .data = ev->data };

		ev->data = (struct slice){ 0 };
		out_up(out, (struct event){ .kind = EV_PART, .part = p });
	} else if (ev->kind == EV_EOF) {
		out_up(out, (struct event){ .kind = EV_PART, .part = { .kind = PART_END } });
	} else {
		pass_up(out, ev);
	}
}

static void
raw_part(struct raw *r, struct part *p, struct out *out)
{
	if (p->kind == PART_DATA) {
		gather_slice(&r->gathered, &p->data, out);
	} else if (p->kind == PART_END || p->kind == PART_RESET) {
		gather_flush(&r->gathered, out);
		out_down(out, (struct command){ .kind = p->kind == PART_END ? CMD_SHUT : CMD_CLOSE });
	}
}

static void
raw_command(void *st, struct command *cmd, struct out *out)
{
	struct raw *r = st;

	if (cmd->kind == CMD_PART) {
		raw_part(r, &cmd->part, out);
		return;
	}
	/* A pause is about what comes; all else must stay behind what was gathered. */
	if (cmd->kind != CMD_PAUSE && cmd->kind != CMD_GO)
		gather_flush(&r->gathered, out);
	pass_down(out, cmd);
}

static void
raw_settle(void *st, struct out *out)
{
	struct raw *r = st;

	gather_flush(&r->gathered, out);
}

static void
raw_stop(void *st)
{
	struct raw *r = st;

	buf_release(&r->gathered);
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
