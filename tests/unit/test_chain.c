#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/proto/chain.h"
#include "soth/buf.h"

static struct buf heard;

static void
ends_up(void *arg, struct event *ev)
{
	(void)arg;
	assert_true(buf_addf(&heard, "up %.*s;", (int)ev->data.bytes.len, (const char *)ev->data.bytes.at));
}

static void
ends_down(void *arg, struct command *cmd)
{
	(void)arg;
	assert_true(buf_addf(&heard, "down %.*s;", (int)cmd->data.bytes.len, (const char *)cmd->data.bytes.at));
}

/* A layer that gathers what goes down, and gives what it kept to its heir. */
struct gather {
	struct buf gathered;
	struct slice kept;
};

static bool
gather_start(void *st, const void *args, struct out *out, struct fault *why)
{
	struct gather *g = st;

	(void)args, (void)out, (void)why;
	buf_init(&g->gathered, 100);
	return true;
}

static void
gather_event(void *st, struct event *ev, struct out *out)
{
	struct gather *g = st;

	if (ev->kind == EV_DATA && bytes_are(ev->data.bytes, "keep")) {
		g->kept = ev->data;
		ev->data = (struct slice){ 0 };
		return;
	}
	pass_up(out, ev);
}

static void
gather_command(void *st, struct command *cmd, struct out *out)
{
	struct gather *g = st;

	(void)out;
	assert_true(buf_add(&g->gathered, cmd->data.bytes));
}

static void
gather_settle(void *st, struct out *out)
{
	struct gather *g = st;

	if (g->gathered.len)
		out_down(out, (struct command){ .kind = CMD_SEND, .data = buf_seal(&g->gathered) });
}

static struct slice
gather_rest(void *st)
{
	struct gather *g = st;
	struct slice rest = g->kept;

	g->kept = (struct slice){ 0 };
	return rest;
}

static void
gather_stop(void *st)
{
	struct gather *g = st;

	buf_release(&g->gathered);
}

static const struct layer_ops gather = {
	"gather", sizeof(struct gather), NULL, gather_start, gather_event, gather_command,
	gather_settle, gather_rest, gather_stop,
};

static struct chain *
chain_of(unsigned layers)
{
	struct chain *c = chain_new((struct chain_ends){ ends_up, ends_down, NULL });
	struct fault why;

	buf_init(&heard, 1000);
	while (layers--)
		assert_true(chain_push(c, &gather, NULL, &why));
	return c;
}

static void
check_heard(const char *want)
{
	assert_true(bytes_are(buf_bytes(&heard), want));
	buf_eat(&heard, heard.len);
}

static void
done(struct chain *c)
{
	chain_free(c);
	buf_release(&heard);
}

static void
test_what_is_gathered_goes_down_once_when_it_settles(void **state)
{
	struct chain *c = chain_of(2);

	(void)state;
	chain_command(c, (struct command){ .kind = CMD_SEND, .data = slice_text("a") });
	chain_command(c, (struct command){ .kind = CMD_SEND, .data = slice_text("b") });
	check_heard("");
	chain_settle(c);
	check_heard("down ab;");
	chain_settle(c);
	check_heard("");
	done(c);
}

static void
test_events_pass_every_layer_and_then_the_top(void **state)
{
	struct chain *c = chain_of(2);

	(void)state;
	chain_event(c, (struct event){ .kind = EV_DATA, .data = slice_text("x") });
	check_heard("up x;");
	done(c);
}

static void
test_without_layers_both_ends_meet(void **state)
{
	struct chain *c = chain_of(0);

	(void)state;
	chain_event(c, (struct event){ .kind = EV_DATA, .data = slice_text("x") });
	chain_command(c, (struct command){ .kind = CMD_SEND, .data = slice_text("y") });
	check_heard("up x;down y;");
	assert_null(chain_top(c));
	done(c);
}

static void
test_the_heir_gets_what_was_kept(void **state)
{
	struct chain *c = chain_of(1);
	struct fault why;

	(void)state;
	chain_event(c, (struct event){ .kind = EV_DATA, .data = slice_text("keep") });
	check_heard("");
	assert_true(chain_swap(c, &gather, NULL, &why));
	chain_feed(c, slice_text("after"));
	check_heard("up after;");
	{
		struct slice rest = chain_pop(c);

		assert_true(bytes_are(rest.bytes, "keep"));
		slice_drop(&rest);
	}
	done(c);
}

static void
test_a_chain_has_a_limit(void **state)
{
	struct chain *c = chain_of(CHAIN_DEPTH);
	struct fault why;

	(void)state;
	assert_false(chain_push(c, &gather, NULL, &why));
	assert_string_equal(why.text, "gather: too many layers");
	done(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_gathered_goes_down_once_when_it_settles),
		cmocka_unit_test(test_events_pass_every_layer_and_then_the_top),
		cmocka_unit_test(test_without_layers_both_ends_meet),
		cmocka_unit_test(test_the_heir_gets_what_was_kept),
		cmocka_unit_test(test_a_chain_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
