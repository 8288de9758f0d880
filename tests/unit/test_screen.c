/*
 * Screens: NAME.t says how large one is, of which session, and what is typed,
 * and, below a line of dashes, what stands on it then. The line at the top, which has memory in it,
 * is left out. GOLDEN=write makes them anew, to be looked at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../ui/ui.h"
#include "../screen/protocols.h"
#include "../screen/bodies.h"
#include "../screen/polls.h"
#include "../screen/handshakes.h"

enum { TEXT_MAX = 64 * 1024 };

static void
read_whole(const char *path, char out[TEXT_MAX])
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(out, 1, TEXT_MAX - 1, f) : 0;

	out[n] = '\0';
	if (f)
		fclose(f);
}

static void
write_whole(const char *path, const char *text, const char *more)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "%s%s", text, more);
	fclose(f);
}

/* Sessions by name: a file that is there, or one that is made. */
static struct session {
	const char *name;
	char path[40];
	void (*make)(const char *path);
} sessions[] = {
	{ "demo", "tests/screen/demo.soth", NULL },
	{ "protocols", "/tmp/test-protocols-XXXXXX", protocols_make },
	{ "bodies", "/tmp/test-bodies-XXXXXX", bodies_make },
	{ "polls", "/tmp/test-polls-XXXXXX", polls_make },
	{ "handshakes", "/tmp/test-handshakes-XXXXXX", handshakes_make },
};

static const char *
session_path(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(sessions); i++)
		if (!strcmp(sessions[i].name, name))
			return sessions[i].path;
	fail_msg("%s: no such session", name);
	return NULL;
}

/* What is typed may be written into the session: into a copy of it. */
static struct store *
session_open(const char *from, char path[])
{
	static uint8_t block[1 << 20];
	struct fault why = { "" };
	FILE *in = fopen(from, "r"), *out = fdopen(mkstemp(path), "w");
	struct store *s;
	size_t n;

	assert_true(in && out);
	while ((n = fread(block, 1, sizeof(block), in)))
		assert_int_equal(fwrite(block, 1, n, out), n);
	fclose(in);
	fclose(out);
	s = store_open(path, &why);
	if (!s)
		fail_msg("%s", why.text);
	return s;
}

/* What the screen shows after the keys, without its first line. */
static void
typed(const char *session, const char *keys, int rows, int cols, char out[TEXT_MAX])
{
	char script[] = "/tmp/test-screen-XXXXXX", shown[] = "/tmp/test-shown-XXXXXX";
	char copy[] = "/tmp/test-session-XXXXXX";
	struct options options;
	struct fault why = { "" };
	struct ui_how how = { .options = &options, .script = script, .save = shown, .rows = rows, .cols = cols, .now = 1795531700000000ull };

	close(mkstemp(script));
	close(mkstemp(shown));
	write_whole(script, keys, "");
	options_init(&options);
	how.store = session_open(session, copy);
	if (!ui_run(&how, &why))
		fail_msg("%s", why.text);
	store_free(how.store);
	options_release(&options);
	read_whole(shown, out);
	memmove(out, strchr(out, '\n') + 1, strlen(strchr(out, '\n')));
	unlink(copy);
	unlink(script);
	unlink(shown);
}

static void
a_screen_is_as_it_was(void **state)
{
	static char test[TEXT_MAX], got[TEXT_MAX];
	const char *path = *state;
	char *keys, *want, name[20] = "demo";
	int rows, cols;

	read_whole(path, test);
	assert_in_range(sscanf(test, "size %d %d%*[ ]%19[a-z]", &rows, &cols, name), 2, 3);
	keys = strchr(test, '\n') + 1;
	want = strstr(keys, "----\n");
	assert_non_null(want);
	want[0] = '\0';
	typed(session_path(name), keys, rows, cols, got);
	if (getenv("GOLDEN")) {
		static char head[TEXT_MAX];

		snprintf(head, sizeof(head), "%.*s%s----\n", (int)(keys - test), test, keys);
		write_whole(path, head, got);
	} else {
		assert_string_equal(got, want + 5);
	}
}

int
main(void)
{
	static struct CMUnitTest tests[800];
	glob_t found;
	int failed;

	setenv("TZ", "UTC", 1);
	setenv("TERM", "xterm-256color", 1);
	tzset();
	if (glob("tests/screen/*.t", 0, NULL, &found) || found.gl_pathc > ARRAY_LEN(tests))
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(sessions); i++)
		if (sessions[i].make) {
			close(mkstemp(sessions[i].path));
			sessions[i].make(sessions[i].path);
		}
	for (size_t i = 0; i < found.gl_pathc; i++)
		tests[i] = (struct CMUnitTest){ found.gl_pathv[i], a_screen_is_as_it_was, NULL, NULL, found.gl_pathv[i] };
	failed = _cmocka_run_group_tests("screens", tests, found.gl_pathc, NULL, NULL);
	globfree(&found);
	for (size_t i = 0; i < ARRAY_LEN(sessions); i++)
		if (sessions[i].make && !getenv("KEEP"))
			unlink(sessions[i].path);
	return failed;
}
