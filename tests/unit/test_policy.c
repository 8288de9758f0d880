/* What becomes of a connection: each row is what is set, what is asked, and which rule decides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "soth/policy.h"
#include "soth/temporary.h"

/* What is asked: a name, or what else is known of it behind spaces: address, Host, SNI; "-" where one is not. */
struct row {
	const char *set[4];
	const char *names;
	unsigned port;
	const char *process;
	const char *want;	/* "action reason rule" */
	const char *hand, *learned;	/* said for a time: "tunnel", and a host that was learned */
};

static const struct row rows[] = {
	{ { NULL }, "a.test", 443, "", "intercept default_intercept " },
	{ { NULL }, "", 0, "", "intercept default_intercept " },

	{ { "block-hosts=a\\.test" }, "a.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=a\\.test" }, "b.test", 443, "", "intercept default_intercept " },
	{ { "block-hosts=a\\.test" }, "A.TEST", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=A\\.Test" }, "a.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=^a\\.test:443$" }, "a.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=^a\\.test:443$" }, "a.test", 8443, "", "intercept default_intercept " },
	{ { "block-hosts=:25$" }, "mail.test", 25, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=x", "block-hosts=a\\.test" }, "a.test", 443, "", "block blocked_host block-hosts:2" },
	{ { "block-hosts=x", "block-hosts=", "block-hosts=a\\.test" }, "a.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=^[a,b]\\.test" }, "b.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=^a{1,3}\\.test" }, "aaa.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=^192\\.0\\.2\\." }, "a.test 192.0.2.1", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=^::1:443$" }, "::1", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=a\\.test" }, "192.0.2.1 - - a.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "block-hosts=a\\.test" }, "192.0.2.1 - a.test", 80, "", "block blocked_host block-hosts:1" },

	{ { "ignore-hosts=a\\.test" }, "a.test", 443, "", "tunnel ignored_host ignore-hosts:1" },
	{ { "ignore-hosts=a\\.test" }, "xa.test.example", 443, "", "tunnel ignored_host ignore-hosts:1" },
	{ { "ignore-hosts=^a\\.test" }, "xa.test", 443, "", "intercept default_intercept " },
	{ { "ignore-hosts=a\\.test", "block-hosts=a" }, "a.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "ignore-hosts=a\\.test" }, "192.0.2.1 192.0.2.1 - a.test", 443, "", "tunnel ignored_host ignore-hosts:1" },

	{ { "allow-hosts=a\\.test" }, "a.test", 443, "", "intercept default_intercept " },
	{ { "allow-hosts=a\\.test" }, "b.test", 443, "", "tunnel passthrough_unlisted allow-hosts" },
	{ { "allow-hosts=a\\.test" }, "192.0.2.1 - - a.test", 443, "", "intercept default_intercept " },
	{ { "allow-hosts=a\\.test", "allow-hosts=b\\.test" }, "b.test", 443, "", "intercept default_intercept " },
	{ { "allow-hosts=test", "ignore-hosts=a\\.test" }, "a.test", 443, "", "tunnel ignored_host ignore-hosts:1" },
	{ { "allow-hosts=a\\.test", "block-hosts=b" }, "b.test", 443, "", "block blocked_host block-hosts:1" },

	{ { "policy=tunnel" }, "a.test", 443, "", "tunnel passthrough_unlisted policy" },
	{ { "policy=block" }, "a.test", 443, "", "block destination_not_allowed policy" },
	{ { "policy=block", "policy@a.test=intercept" }, "a.test", 443, "", "intercept compat_override policy@a.test" },
	{ { "policy@a.test=tunnel" }, "a.test", 443, "", "tunnel compat_override_force_tunnel policy@a.test" },
	{ { "policy@a.test=block" }, "a.test", 443, "", "block blocked_host policy@a.test" },
	{ { "policy@a.test=tunnel" }, "www.a.test", 443, "", "intercept default_intercept " },
	{ { "policy@*.a.test=tunnel" }, "www.a.test", 443, "", "tunnel compat_override_force_tunnel policy@*.a.test" },
	{ { "policy@*.a.test=tunnel" }, "a.test", 443, "", "tunnel compat_override_force_tunnel policy@*.a.test" },
	{ { "policy@*.a.test=tunnel", "policy@www.a.test=block" }, "www.a.test", 443, "", "block blocked_host policy@www.a.test" },
	{ { "policy@www.a.test=block", "policy@*.a.test=tunnel" }, "www.a.test", 443, "",
		"tunnel compat_override_force_tunnel policy@*.a.test" },
	{ { "policy@a.test=tunnel" }, "192.0.2.1 - - a.test", 443, "", "tunnel compat_override_force_tunnel policy@a.test" },
	{ { "policy@a.test=tunnel", "block-hosts=a\\.test" }, "a.test", 443, "", "block blocked_host block-hosts:1" },
	{ { "policy@a.test=intercept", "ignore-hosts=a" }, "a.test", 443, "", "intercept compat_override policy@a.test" },
	{ { "policy@a.test=intercept", "allow-hosts=b" }, "a.test", 443, "", "intercept compat_override policy@a.test" },
	{ { "policy@a.test=default" }, "a.test", 443, "", "intercept default_intercept " },

	{ { "policy@firefox/*=tunnel" }, "a.test", 443, "firefox", "tunnel compat_override_force_tunnel policy@firefox/*" },
	{ { "policy@firefox/*=tunnel" }, "a.test", 443, "curl", "intercept default_intercept " },
	{ { "policy@firefox/*=tunnel" }, "a.test", 443, "", "intercept default_intercept " },
	{ { "policy@curl/*.test=block" }, "a.test", 443, "curl", "block blocked_host policy@curl/*.test" },
	{ { "policy@curl/*.test=block" }, "a.example", 443, "curl", "intercept default_intercept " },
	{ { "policy@*/a.test=block" }, "a.test", 443, "anything", "block blocked_host policy@*/a.test" },
	{ { "policy@Web Content/*=tunnel" }, "a.test", 443, "Web Content", "tunnel compat_override_force_tunnel policy@Web Content/*" },

	{ { "http2@a.test=no" }, "a.test", 443, "", "intercept compat_override http2@a.test" },
	{ { "ssl-insecure@*.test=yes" }, "a.test", 443, "", "intercept compat_override ssl-insecure@*.test" },
	{ { "validate-inbound-headers@a.test=no" }, "a.test", 443, "", "intercept compat_override validate-inbound-headers@a.test" },
	{ { "validate-inbound-headers@a.test=yes" }, "a.test", 443, "", "intercept default_intercept " },
	{ { "ssl-insecure@a.test=no" }, "a.test", 443, "", "intercept default_intercept " },
	{ { "http2@curl/a.test=no" }, "a.test", 443, "curl", "intercept compat_override http2@curl/a.test" },
	{ { "http2@a.test=no", "ignore-hosts=a" }, "a.test", 443, "", "tunnel ignored_host ignore-hosts:1" },

	{ { NULL }, "a.test", 443, "", "tunnel compat_override_force_tunnel temporary:1", "tunnel" },
	{ { "ignore-hosts=a" }, "a.test", 443, "", "intercept compat_override temporary:1", "intercept" },
	{ { "policy@a.test=tunnel" }, "a.test", 443, "", "block blocked_host temporary:1", "block" },
	{ { "block-hosts=a" }, "a.test", 443, "", "block blocked_host block-hosts:1", "intercept" },
	{ { NULL }, "a.test", 443, "", "tunnel learned learned:1", NULL, "a.test" },
	{ { NULL }, "b.test", 443, "", "intercept default_intercept ", NULL, "a.test" },
	{ { "policy@a.test=intercept" }, "a.test", 443, "", "intercept compat_override policy@a.test", NULL, "a.test" },
	{ { "ignore-hosts=a" }, "a.test", 443, "", "tunnel ignored_host ignore-hosts:1", NULL, "a.test" },
};

static void
names_of(const char *text, char room[POLICY_NAMES][64], struct policy_question *q)
{
	memset(room, 0, POLICY_NAMES * sizeof(*room));
	sscanf(text, "%63s %63s %63s %63s", room[0], room[1], room[2], room[3]);
	for (size_t i = 0; i < POLICY_NAMES; i++)
		q->name[i] = strcmp(room[i], "-") ? room[i] : NULL;
}

static struct temporaries *
said_for_a_time(const struct row *r)
{
	struct temporaries *t = temporaries_new();
	struct temporary one = { .host = "*", .process = "*", .until = 100 };

	if (r->hand) {
		assert_true(policy_action_named(bytes_of(r->hand), &one.action));
		assert_int_equal(temporaries_add(t, &one, 1), 1);
	}
	if (r->learned) {
		one.learned = true;
		one.action = POLICY_TUNNEL;
		snprintf(one.host, sizeof(one.host), "%s", r->learned);
		assert_int_equal(temporaries_add(t, &one, 1), 1);
	}
	return t;
}

static void
ask(const struct row *r, char got[400])
{
	struct options o;
	struct fault why = { "" };
	struct policy_question q = { .port = (uint16_t)r->port, .process = r->process };
	struct policy_said hand, learned;
	struct policy_verdict v;
	char room[POLICY_NAMES][64];
	struct temporaries *t = said_for_a_time(r);
	struct policy *p;

	options_init(&o);
	for (size_t i = 0; i < ARRAY_LEN(r->set) && r->set[i]; i++)
		if (!option_assign(&o, r->set[i], &why))
			fail_msg("%s: %s", r->set[i], why.text);
	p = policy_new(&o, &why);
	if (!p)
		fail_msg("%s", why.text);
	names_of(r->names, room, &q);
	q.by_hand = temporaries_find(t, false, &q, 50, &hand) ? &hand : NULL;
	q.learned = temporaries_find(t, true, &q, 50, &learned) ? &learned : NULL;
	policy_ask(p, &o, &q, &v);
	snprintf(got, 400, "%s %s %s", policy_action_word(v.action), policy_reason_word(v.reason), v.rule);
	if (v.action != POLICY_INTERCEPT && !q.by_hand && !q.learned && !policy_says(p, &o))
		fail_msg("%s: policy_says() would have spared this", got);
	policy_free(p);
	temporaries_free(t);
	options_release(&o);
}

static void
each_row_has_its_rule(void **state)
{
	char got[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ask(&rows[i], got);
		if (strcmp(got, rows[i].want))
			fail_msg("row %zu, '%s': %s\nexpected: %s", i + 1, rows[i].names, got, rows[i].want);
	}
}

static void
a_regex_that_is_none_is_named(void **state)
{
	static const char *const bad[][2] = {
		{ "ignore-hosts=a(b", "ignore-hosts: regex 1, byte 4" },
		{ "allow-hosts=[", "allow-hosts: regex 1" },
		{ "block-hosts=*", "block-hosts: regex 1, byte 1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct options o;
		struct fault why = { "" };

		options_init(&o);
		assert_true(option_assign(&o, bad[i][0], &why));
		assert_null(policy_new(&o, &why));
		if (!strstr(why.text, bad[i][1]))
			fail_msg("%s: %s", bad[i][0], why.text);
		options_release(&o);
	}
}

static void
what_another_name_may_change_is_open(void **state)
{
	static const struct { const char *set, *name; bool open; } all[] = {
		{ "http2=yes", "a.test", true }, { "ignore-hosts=a", "a.test", false }, { "block-hosts=a", "a.test", false },
		{ "allow-hosts=b", "a.test", true }, { "policy=tunnel", "a.test", true }, { "policy@a.test=tunnel", "a.test", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct options o;
		struct fault why = { "" };
		struct policy_verdict v;
		struct policy *p;

		options_init(&o);
		assert_true(option_assign(&o, all[i].set, &why));
		p = policy_new(&o, &why);
		policy_ask(p, &o, &(struct policy_question){ .name = { all[i].name }, .port = 1, .process = "" }, &v);
		if (v.open != all[i].open)
			fail_msg("%s", all[i].set);
		policy_free(p);
		options_release(&o);
	}
}

static void
what_is_for_one_host_alone_is_told(void **state)
{
	struct options o;
	struct fault why = { "" };
	struct policy_verdict v;

	(void)state;
	options_init(&o);
	assert_true(option_assign(&o, "http2@a.test=no", &why) && option_assign(&o, "ssl-insecure@a.test=yes", &why));
	policy_ask(NULL, &o, &(struct policy_question){ .name = { "a.test" }, .port = 1, .process = "" }, &v);
	assert_true(v.no_h2 && v.insecure && !v.lenient);
	assert_string_equal(v.pattern, "a.test");
	policy_ask(NULL, &o, &(struct policy_question){ .name = { "b.test" }, .port = 1, .process = "" }, &v);
	assert_false(v.no_h2 || v.insecure);
	assert_true(option_assign(&o, "validate-inbound-headers@b.test=no", &why));
	policy_ask(NULL, &o, &(struct policy_question){ .name = { "b.test" }, .port = 1, .process = "" }, &v);
	assert_true(v.lenient);
	options_release(&o);
}

static struct temporary
for_a_while(const char *host, const char *process, enum policy_action action, uint64_t until)
{
	struct temporary one = { .action = action, .until = until };

	snprintf(one.host, sizeof(one.host), "%s", host);
	snprintf(one.process, sizeof(one.process), "%s", process);
	return one;
}

static const char *
finds(struct temporaries *t, const char *name, const char *process, uint64_t now)
{
	static struct policy_said said;
	struct policy_question q = { .name = { name }, .process = process };

	return temporaries_find(t, false, &q, now, &said) ? said.rule : "";
}

static void
what_is_said_for_a_time_ends_at_its_time(void **state)
{
	struct temporaries *t = temporaries_new();
	struct temporary one = for_a_while("*.a.test", "*", POLICY_TUNNEL, 100), good = for_a_while("b.test", "*", POLICY_BLOCK, 0), out[4];

	(void)state;
	assert_int_equal(temporaries_add(t, &one, 10), 1);
	assert_int_equal(temporaries_add(t, &good, 10), 2);
	assert_string_equal(finds(t, "www.a.test", "x", 99), "temporary:1");
	assert_int_equal(temporaries_list(t, 99, out, 4), 2);
	assert_string_equal(out[0].host, "b.test");
	assert_string_equal(finds(t, "www.a.test", "x", 100), "");
	assert_string_equal(finds(t, "b.test", "x", UINT64_MAX), "temporary:2");
	assert_int_equal(temporaries_list(t, 100, out, 4), 1);
	temporaries_free(t);
}

static void
the_newest_counts_and_the_same_again_takes_its_place(void **state)
{
	struct temporaries *t = temporaries_new();
	struct temporary all = for_a_while("*", "*", POLICY_BLOCK, 100), one = for_a_while("a.test", "*", POLICY_TUNNEL, 100), out[4];

	(void)state;
	temporaries_add(t, &one, 1);
	temporaries_add(t, &all, 1);
	assert_string_equal(finds(t, "a.test", "", 2), "temporary:2");
	assert_int_equal(temporaries_add(t, &one, 2), 3);
	assert_string_equal(finds(t, "a.test", "", 3), "temporary:3");
	assert_int_equal(temporaries_list(t, 3, out, 4), 2);
	temporaries_used(t, "temporary:3");
	temporaries_used(t, "temporary:3");
	assert_int_equal(temporaries_list(t, 3, out, 1), 2);
	assert_int_equal(out[0].used, 2);
	assert_true(temporaries_remove(t, 3));
	assert_false(temporaries_remove(t, 3));
	assert_string_equal(finds(t, "a.test", "", 3), "temporary:2");
	temporaries_free(t);
}

static void
it_may_be_about_one_process_alone(void **state)
{
	struct temporaries *t = temporaries_new();
	struct temporary one = for_a_while("a.test", "curl", POLICY_TUNNEL, 100);

	(void)state;
	temporaries_add(t, &one, 1);
	assert_string_equal(finds(t, "a.test", "curl", 2), "temporary:1");
	assert_string_equal(finds(t, "a.test", "wget", 2), "");
	assert_string_equal(finds(t, "a.test", "", 2), "");
	temporaries_free(t);
}

static void
there_is_an_end_to_how_many_are_said(void **state)
{
	struct temporaries *t = temporaries_new();

	(void)state;
	for (unsigned i = 0; i <= TEMPORARIES_MAX; i++) {
		struct temporary one = for_a_while("", "*", POLICY_TUNNEL, 100);

		snprintf(one.host, sizeof(one.host), "h%u.test", i);
		assert_int_equal(temporaries_add(t, &one, 1) != 0, i < TEMPORARIES_MAX);
	}
	assert_int_equal(temporaries_count(t), TEMPORARIES_MAX);
	temporaries_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_has_its_rule),
		cmocka_unit_test(a_regex_that_is_none_is_named),
		cmocka_unit_test(what_another_name_may_change_is_open),
		cmocka_unit_test(what_is_for_one_host_alone_is_told),
		cmocka_unit_test(what_is_said_for_a_time_ends_at_its_time),
		cmocka_unit_test(the_newest_counts_and_the_same_again_takes_its_place),
		cmocka_unit_test(it_may_be_about_one_process_alone),
		cmocka_unit_test(there_is_an_end_to_how_many_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
