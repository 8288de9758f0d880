/* Goldens: NAME.in, as NAME.hint says what it is, decodes to NAME.out, whole and byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/decode.h"
#include "soth/schema.h"

enum { DOC_MAX = 1 << 20, FILE_MAX = 1 << 20, GOLDENS_MAX = 2000 };

struct golden {
	char path[200], hint[800], fixes[200];
	struct hint known;
	struct choice choice;
	struct schema *schema;
};

static char *
read_file(const char *stem, const char *suffix, size_t *len)
{
	char path[256], *text = calloc(1, FILE_MAX + 1);
	FILE *f;

	snprintf(path, sizeof(path), "%s.%s", stem, suffix);
	f = fopen(path, "r");
	*len = f ? fread(text, 1, FILE_MAX, f) : 0;
	if (f)
		fclose(f);
	return text;
}

/* "step: 1 hex" */
static void
read_step(struct golden *g, const char *words)
{
	unsigned at;
	char name[DECODE_NAME_MAX];

	assert_int_equal(sscanf(words, "%u %23s", &at, name), 2);
	assert_true(at < DECODE_STEPS_MAX);
	snprintf(g->choice.step[at], DECODE_NAME_MAX, "%s", name);
}

/* "fix: 1.2 string", any number of times */
static void
read_fix(struct golden *g, const char *words)
{
	size_t used = strlen(g->fixes);

	snprintf(g->fixes + used, sizeof(g->fixes) - used, "%s\n", words);
	g->known.fixes = bytes_of(g->fixes);
}

/* "schema: shop.pb", beside the goldens */
static void
read_schema(struct golden *g, const char *name)
{
	char path[256];
	const char *paths[] = { path };
	struct fault why;

	snprintf(path, sizeof(path), "tests/decode/%s", name);
	g->schema = schema_load(paths, 1, &why);
	if (!g->schema)
		fail_msg("%s", why.text);
	g->known.schema = g->schema;
}

static void
read_hint(struct golden *g)
{
	size_t len;
	char *text = read_file(g->path, "hint", &len), *line;

	snprintf(g->hint, sizeof(g->hint), "%s", text);
	free(text);
	for (line = strtok(g->hint, "\n"); line; line = strtok(NULL, "\n")) {
		if (!strncmp(line, "type: ", 6))
			g->known.type = bytes_of(line + 6);
		else if (!strncmp(line, "coding: ", 8))
			g->known.coding = bytes_of(line + 8);
		else if (!strncmp(line, "decoder: ", 9))
			assert_non_null(g->known.as = decoder_named(decoders, line + 9)->name);
		else if (!strncmp(line, "transfer: ", 10))
			g->known.transfer = bytes_of(line + 10);
		else if (!strncmp(line, "path: ", 6))
			g->known.path = bytes_of(line + 6);
		else if (!strncmp(line, "fix: ", 5))
			read_fix(g, line + 5);
		else if (!strncmp(line, "schema: ", 8))
			read_schema(g, line + 8);
		else if (!strncmp(line, "side: server", 12))
			g->known.side = SERVER;
		else if (!strncmp(line, "message", 7))
			g->known.message = true;
		else if (!strncmp(line, "step: ", 6))
			read_step(g, line + 6);
		else
			fail_msg("%s.hint: '%s'", g->path, line);
	}
}

static char *
decoded(const struct golden *g, struct bytes in, size_t step)
{
	struct doc *doc = doc_new(DOC_MAX);
	struct decode *d = decode_new(decoders, &g->choice, &g->known, doc);
	struct report report[DECODE_STEPS_MAX];
	char *out, chain[400];
	size_t len;
	FILE *to;

	for (size_t at = 0; at < in.len; at += step)
		decode_feed(d, (struct bytes){ in.at + at, in.len - at < step ? in.len - at : step });
	decode_end(d);
	to = open_memstream(&out, &len);
	report_words(report, decode_reports(d, report, ARRAY_LEN(report)), chain, sizeof(chain));
	fprintf(to, "%s\n", chain);
	doc_print(doc, to);
	fclose(to);
	decode_free(d);
	doc_free(doc);
	return out;
}

/* With GOLDEN=write the outputs are made anew, to be looked at. */
static void
a_golden_is_as_it_was(void **state)
{
	struct golden *g = *state;
	size_t in_len, want_len;
	char *in = read_file(g->path, "in", &in_len), *want = read_file(g->path, "out", &want_len);
	struct bytes all = { (uint8_t *)in, in_len };
	char *whole, *pieces, path[256];

	read_hint(g);
	whole = decoded(g, all, in_len ? in_len : 1);
	pieces = decoded(g, all, 1);
	if (getenv("GOLDEN")) {
		FILE *f;

		snprintf(path, sizeof(path), "%s.out", g->path);
		f = fopen(path, "w");
		fputs(whole, f);
		fclose(f);
	} else {
		assert_string_equal(whole, want);
	}
	assert_string_equal(pieces, whole);
	schema_free(g->schema);
	free(whole);
	free(pieces);
	free(in);
	free(want);
}

static void
a_bomb_is_stopped_at_the_limit(void **state)
{
	/* 1 MiB of zeros, as gzip and again, many times over: more than any limit. */
	struct hint hint = { .type = LIT("text/plain"), .coding = LIT("gzip") };
	struct doc *doc = doc_new(4096);
	struct decode *d = decode_new(decoders, NULL, &hint, doc);
	size_t len;
	char *bomb = read_file("tests/decode/bomb", "gz", &len);

	(void)state;
	assert_true(len > 0);
	for (int i = 0; i < 100; i++)
		decode_feed(d, (struct bytes){ (uint8_t *)bomb, len });
	decode_end(d);
	assert_in_range(doc_lines(doc), 1, 4096);
	decode_free(d);
	doc_free(doc);
	free(bomb);
}

static void
a_doc_ends_at_its_limit_and_says_so(void **state)
{
	struct doc *doc = doc_new(1000);
	char *out;
	size_t len;
	FILE *to;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		doc_putf(doc, ROLE_TEXT, "line %d", i);
		doc_line(doc);
	}
	to = open_memstream(&out, &len);
	doc_print(doc, to);
	fclose(to);
	assert_in_range(doc_lines(doc), 10, 100);
	assert_non_null(strstr(out, "(cut: there is more than is shown)\n"));
	free(out);
	doc_free(doc);
}

int
main(void)
{
	static struct CMUnitTest tests[GOLDENS_MAX + 10];
	static struct golden golden[GOLDENS_MAX];
	size_t n = 0;
	glob_t found;

	if (glob("tests/decode/*.in", 0, NULL, &found) || found.gl_pathc > GOLDENS_MAX)
		return 1;
	for (; n < found.gl_pathc; n++) {
		snprintf(golden[n].path, sizeof(golden[n].path), "%.*s", (int)strlen(found.gl_pathv[n]) - 3, found.gl_pathv[n]);
		tests[n] = (struct CMUnitTest){ golden[n].path, a_golden_is_as_it_was, NULL, NULL, &golden[n] };
	}
	globfree(&found);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_bomb_is_stopped_at_the_limit);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_doc_ends_at_its_limit_and_says_so);
	return _cmocka_run_group_tests("decode", tests, n, NULL, NULL);
}
