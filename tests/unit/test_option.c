/* Options: setting by name, switches of single hosts, config files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soth/option.h"

enum { OVERRIDES_MAX = 256 };

static void
sets(struct options *o, const char *assignment)
{
	struct fault why = { "" };

	if (!option_assign(o, assignment, &why))
		fail_msg("%s: %s", assignment, why.text);
}

static void
refuses(struct options *o, const char *assignment, const char *says)
{
	struct fault why = { "" };

	if (option_assign(o, assignment, &why))
		fail_msg("%s was taken", assignment);
	if (!strstr(why.text, says))
		fail_msg("%s: '%s'; expected: %s", assignment, why.text, says);
}

static bool
http2_of(const struct options *o, const char *host)
{
	struct switches s;

	options_switches(o, host, 443, "", &s);
	return s.http2;
}

static void
told(char text[400], const char *name, const char *pattern, const char *value)
{
	size_t len = strlen(text);

	snprintf(text + len, 400 - len, "%s%s%s%s=%s", len ? " " : "", name, *pattern ? "@" : "", pattern, value);
}

/* The switches that are not at their default: "http2=no websocket@*.example.com=no". */
static void
unusual(const struct options *o, const char *want)
{
	char text[400] = "", value[100];
	const struct option *opt;
	const char *pattern;

	for (size_t i = 0; (opt = option_at(i)); i++) {
		option_format(o, opt, value, sizeof(value));
		if (opt->hears == HEARS_HOST && strcmp(value, opt->def))
			told(text, opt->name, "", value);
	}
	for (size_t i = 0; option_override(o, i, &opt, &pattern, value, sizeof(value)); i++)
		told(text, opt->name, pattern, value);
	assert_string_equal(text, want);
}

static int
setup(void **state)
{
	struct options *o = malloc(sizeof(*o));

	options_init(o);
	*state = o;
	return 0;
}

static int
teardown(void **state)
{
	options_release(*state);
	free(*state);
	return 0;
}

static void
a_host_without_a_switch_of_its_own_has_what_all_have(void **state)
{
	struct options *o = *state;
	struct switches s;

	sets(o, "websocket=no");
	sets(o, "body-size-limit=3k");
	sets(o, "http2@other.example=no");
	options_switches(o, "example.com", 443, "", &s);
	assert_true(s.http2 && s.http3 && s.rawtcp && !s.websocket && !s.store_streamed);
	assert_int_equal(s.body_limit, 3072);
	assert_int_equal(s.record_bodies, 32 << 20);
}

static void
a_pattern_is_a_host_or_one_and_all_below_it(void **state)
{
	static const struct {
		const char *pattern, *host;
		bool fits;
	} rows[] = {
		{ "example.com", "example.com", true }, { "example.com", "Example.COM", true }, { "EXAMPLE.com", "example.com", true },
		{ "example.com", "www.example.com", false }, { "example.com", "example.co", false }, { "example.com", "", false },
		{ "*.example.com", "example.com", true }, { "*.example.com", "www.example.com", true },
		{ "*.Example.com", "a.b.EXAMPLE.com", true }, { "*.example.com", "notexample.com", false },
		{ "*.example.com", "example.com.evil", false }, { "*.example.com", "com", false },
		{ "*", "anything", true }, { "*", "", true }, { "::1", "::1", true }, { "192.0.2.1", "192.0.2.1", true },
		{ "*.2.1", "192.0.2.1", true }, { "ex*", "example", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[100];

		snprintf(text, sizeof(text), "http2@%s=no", rows[i].pattern);
		sets(*state, text);
		if (http2_of(*state, rows[i].host) == rows[i].fits)
			fail_msg("%s and %s", rows[i].pattern, rows[i].host);
		snprintf(text, sizeof(text), "http2@%s=default", rows[i].pattern);
		sets(*state, text);
	}
	assert_int_equal(((struct options *)*state)->overrides, 0);
}

static void
a_pattern_may_name_a_port(void **state)
{
	static const struct { const char *pattern, *host; unsigned port; bool fits; } rows[] = {
		{ "a.test:8443", "a.test", 8443, true }, { "a.test:8443", "A.TEST", 8443, true }, { "a.test:8443", "a.test", 443, false },
		{ "a.test:8443", "a.test", 0, false }, { "a.test:8443", "b.test", 8443, false }, { "a.test", "a.test", 8443, true },
		{ "*.a.test:80", "x.a.test", 80, true }, { "*.a.test:80", "x.a.test", 81, false }, { "*:8443", "any", 8443, true },
		{ "*:8443", "any", 443, false }, { "[::1]:8443", "::1", 8443, true }, { "[::1]:8443", "::1", 443, false },
		{ "[::1]", "::1", 443, true }, { "::1", "::1", 8443, true }, { "::8443", "::8443", 443, true },
		{ "curl/a.test:80", "a.test", 80, true }, { "curl/a.test:80", "a.test", 81, false }, { "192.0.2.1:1", "192.0.2.1", 1, true },
	};
	struct options *o = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct switches s;
		char text[100];

		snprintf(text, sizeof(text), "http2@%s=no", rows[i].pattern);
		sets(o, text);
		options_switches(o, rows[i].host, rows[i].port, "curl", &s);
		if (s.http2 == rows[i].fits)
			fail_msg("%s and %s at %u", rows[i].pattern, rows[i].host, rows[i].port);
		snprintf(text, sizeof(text), "http2@%s=default", rows[i].pattern);
		sets(o, text);
	}
	refuses(o, "http2@a.test:=no", "http2@a.test:: expected a host, HOST:PORT");
	refuses(o, "http2@a.test:0=no", "http2@a.test:0: expected");
	refuses(o, "http2@a.test:65536=no", "http2@a.test:65536: expected");
	refuses(o, "http2@a.test:x=no", "http2@a.test:x: expected");
	refuses(o, "http2@a.test:+1=no", "http2@a.test:+1: expected");
	refuses(o, "http2@:80=no", "http2@:80: expected");
	refuses(o, "http2@[::1]80=no", "http2@[::1]80: expected");
	refuses(o, "http2@*.:80=no", "http2@*.:80: expected");
}

static bool
http2_by(const struct options *o, const char *host, const char *process)
{
	struct switches s;

	options_switches(o, host, 443, process, &s);
	return s.http2;
}

static void
a_pattern_may_name_a_process(void **state)
{
	static const struct { const char *pattern, *host, *process; bool fits; } rows[] = {
		{ "curl/a.test", "a.test", "curl", true }, { "curl/a.test", "a.test", "Curl", true }, { "curl/a.test", "a.test", "wget", false },
		{ "curl/a.test", "a.test", "", false }, { "curl/a.test", "b.test", "curl", false }, { "curl/a.test", "a.test", "curly", false },
		{ "curl/*", "any.test", "curl", true }, { "curl/*.test", "any.test", "curl", true }, { "*/a.test", "a.test", "", true },
		{ "*/a.test", "a.test", "x", true }, { "a/b/a.test", "a.test", "a/b", true }, { "Web Content/*", "a.test", "Web Content", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[100];

		snprintf(text, sizeof(text), "http2@%s=no", rows[i].pattern);
		sets(*state, text);
		if (http2_by(*state, rows[i].host, rows[i].process) == rows[i].fits)
			fail_msg("%s and %s by %s", rows[i].pattern, rows[i].host, rows[i].process);
		snprintf(text, sizeof(text), "http2@%s=default", rows[i].pattern);
		sets(*state, text);
	}
	refuses(*state, "http2@/a.test=no", "expected a host");
	refuses(*state, "http2@curl/=no", "expected a host");
	refuses(*state, "policy@a.test=maybe", "policy: 'maybe': expected intercept, tunnel or block");
}

static void
the_last_that_fits_counts(void **state)
{
	sets(*state, "http2@*.example.com=no");
	sets(*state, "http2@www.example.com=yes");
	assert_false(http2_of(*state, "example.com"));
	assert_true(http2_of(*state, "www.example.com"));
	sets(*state, "http2@*=no");
	assert_false(http2_of(*state, "www.example.com"));
}

static void
one_that_is_set_again_is_replaced_where_it_stands(void **state)
{
	struct options *o = *state;

	sets(o, "http2@*.example.com=no");
	sets(o, "http2@www.example.com=yes");
	sets(o, "websocket@*.example.com=no");
	sets(o, "http2@*.EXAMPLE.com=off");
	assert_int_equal(o->overrides, 3);
	assert_true(http2_of(o, "www.example.com"));
	unusual(o, "http2@*.EXAMPLE.com=no http2@www.example.com=yes websocket@*.example.com=no");
}

static void
default_takes_a_switch_back(void **state)
{
	struct options *o = *state;

	sets(o, "http2@a=no");
	sets(o, "websocket@a=no");
	sets(o, "http2@b=no");
	sets(o, "http2@A=default");
	unusual(o, "websocket@a=no http2@b=no");
	sets(o, "http2@never-set=default");
	sets(o, "http2@b=DEFAULT");
	sets(o, "websocket@a=default");
	unusual(o, "");
	sets(o, "body-size-limit=1k");
	sets(o, "http2=no");
	unusual(o, "http2=no body-size-limit=1k");
	sets(o, "body-size-limit=default");
	sets(o, "http2=default");
	unusual(o, "");
	sets(o, "http2@c=no");
	unusual(o, "http2@c=no");
}

static void
a_toggle_turns_over_what_stands_for_the_host(void **state)
{
	sets(*state, "http2@a=toggle");
	assert_false(http2_of(*state, "a"));
	sets(*state, "http2@a=toggle");
	assert_true(http2_of(*state, "a"));
	sets(*state, "http2=toggle");
	assert_true(http2_of(*state, "a"));
	assert_false(http2_of(*state, "b"));
}

static void
what_cannot_be_set_is_refused_and_changes_nothing(void **state)
{
	struct options *o = *state;
	char text[400];

	sets(o, "http2@a=no");
	refuses(o, "listen@a=1", "listen cannot be set for one host alone");
	refuses(o, "tcp-timeout@a=1", "tcp-timeout cannot be set for one host alone");
	refuses(o, "listen@a=default", "listen cannot be set for one host alone");
	refuses(o, "http2@=no", "http2@: expected a host, HOST:PORT, *.example.com, or PROCESS/HOST");
	refuses(o, "http2@*.=no", "http2@*.: expected a host, HOST:PORT, *.example.com, or PROCESS/HOST");
	refuses(o, "http2@=default", "http2@: expected a host");
	refuses(o, "http2@a=perhaps", "http2: 'perhaps': expected yes, no or toggle");
	refuses(o, "body-size-limit@a=much", "body-size-limit: 'much': expected a size");
	refuses(o, "http4@a=no", "no switch is called 'http4': expected http2");
	snprintf(text, sizeof(text), "http2@%0256d=no", 1);
	refuses(o, text, "expected a host");
	unusual(o, "http2@a=no");
	snprintf(text, sizeof(text), "http2@%0255d=no", 1);
	sets(o, text);
	assert_int_equal(o->overrides, 2);
}

static void
there_is_an_end_to_how_many_there_may_be(void **state)
{
	struct options *o = *state;
	char text[100];

	for (int i = 0; i < OVERRIDES_MAX; i++) {
		snprintf(text, sizeof(text), "http2@host%d=no", i);
		sets(o, text);
	}
	refuses(o, "http2@one-more=no", "more than 256 switches for single hosts");
	sets(o, "http2@host255=yes");
	sets(o, "http2@host0=default");
	sets(o, "http2@one-more=no");
	assert_false(http2_of(o, "one-more") || http2_of(o, "host254"));
	assert_true(http2_of(o, "host0") && http2_of(o, "host255"));
}

static void
those_of_single_hosts_are_listed_in_their_order(void **state)
{
	static const char *const want[][3] = {
		{ "http2", "a", "no" }, { "body-size-limit", "*.b", "10k" }, { "websocket", "*", "yes" },
	};
	const struct option *opt;
	const char *pattern;
	char value[20];
	size_t i;

	assert_false(option_override(*state, 0, &opt, &pattern, value, sizeof(value)));
	sets(*state, "http2@a=no");
	sets(*state, "body_size_limit@*.b=10240");
	sets(*state, "websocket@*");
	for (i = 0; option_override(*state, i, &opt, &pattern, value, sizeof(value)); i++) {
		assert_string_equal(opt->name, want[i][0]);
		assert_string_equal(pattern, want[i][1]);
		assert_string_equal(value, want[i][2]);
	}
	assert_int_equal(i, 3);
}

static void
a_copy_lives_on_its_own(void **state)
{
	struct options copy;

	sets(*state, "http2@a=no");
	sets(*state, "listen=:1");
	options_copy(&copy, *state);
	sets(*state, "http2@a=default");
	sets(*state, "http2@b=no");
	sets(*state, "listen=:2");
	assert_string_equal(copy.listen, ":1");
	unusual(&copy, "http2@a=no");
	sets(&copy, "http2@c=no");
	sets(&copy, "http2@a=yes");
	unusual(&copy, "http2@a=yes http2@c=no");
	unusual(*state, "http2@b=no");
	options_release(&copy);
	unusual(*state, "http2@b=no");
}

static void
file_make(char path[40], const char *text)
{
	int fd;

	strcpy(path, "/tmp/test-option-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0 && dprintf(fd, "%s", text) >= 0);
	close(fd);
}

static void
a_config_file_sets_them_too(void **state)
{
	struct fault why = { "" };
	char path[40];

	file_make(path, "# what old servers cannot do\nhttp2 @nowhere = no\n");
	assert_false(options_load(*state, path, &why));
	unlink(path);
	file_make(path, "# what old servers cannot do\n\n  http2@*.example.com = no\r\nstream_large_bodies@a=1m\nhttp2=yes\n"
		"websocket@b = no\nwebsocket@b = default");
	if (!options_load(*state, path, &why))
		fail_msg("%s", why.text);
	unlink(path);
	unusual(*state, "http2@*.example.com=no stream-large-bodies@a=1m");
	assert_true(options_load(*state, path, &why));	/* not there: no fault */
}

static void
a_config_file_with_a_fault_changes_nothing_and_names_the_line(void **state)
{
	static const char *const rows[][2] = {
		{ "http2@a = no\nhttp2@ = no\n", ":2: http2@: expected a host" },
		{ "http2@a = no\n\nlisten@b = :1\n", ":3: listen cannot be set" },
		{ "http2@a\n", ":1: 'http2@a': expected name = value" },
		{ "http2@a = maybe", ":1: http2: 'maybe': expected yes" },
	};

	sets(*state, "http2@z=no");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault why = { "" };
		char path[40];

		file_make(path, rows[i][0]);
		assert_false(options_load(*state, path, &why));
		unlink(path);
		if (!strstr(why.text, rows[i][1]) || !strstr(why.text, path))
			fail_msg("%s: %s", rows[i][0], why.text);
		unusual(*state, "http2@z=no");
	}
}

static void
a_list_grows_and_is_taken_back(void **state)
{
	struct options o, copy;
	struct fault why;
	char shown[100];

	(void)state;
	options_init(&o);
	assert_string_equal(o.modify_body, "");
	assert_true(option_set(&o, "modify_body", "/a/b", &why) && option_assign(&o, "modify-body=/c/d=e", &why));
	assert_string_equal(o.modify_body, "/a/b\n/c/d=e\n");
	options_copy(&copy, &o);
	option_format(&o, option_named("modify-body"), shown, sizeof(shown));
	assert_true(option_set(&copy, "modify-body", "/f/g", &why) && option_set(&copy, "modify-body", shown, &why));
	assert_string_equal(copy.modify_body, o.modify_body);
	assert_true(option_set(&o, "modify-body", "", &why));
	assert_string_equal(o.modify_body, "");
	options_release(&copy);
	options_release(&o);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_host_without_a_switch_of_its_own_has_what_all_have),
		TEST(a_pattern_is_a_host_or_one_and_all_below_it),
		TEST(a_pattern_may_name_a_port),
		TEST(a_pattern_may_name_a_process),
		TEST(the_last_that_fits_counts),
		TEST(one_that_is_set_again_is_replaced_where_it_stands),
		TEST(default_takes_a_switch_back),
		TEST(a_toggle_turns_over_what_stands_for_the_host),
		TEST(what_cannot_be_set_is_refused_and_changes_nothing),
		TEST(there_is_an_end_to_how_many_there_may_be),
		TEST(those_of_single_hosts_are_listed_in_their_order),
		TEST(a_copy_lives_on_its_own),
		TEST(a_config_file_sets_them_too),
		TEST(a_config_file_with_a_fault_changes_nothing_and_names_the_line),
		cmocka_unit_test(a_list_grows_and_is_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
