/* Any head that can be read can be made anew and says the same; nothing in it is a line break. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "fuzz_head: %s\n", what);
		abort();
	}
}

static bool
is_clean(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] == '\r' || b.at[i] == '\n' || !b.at[i])
			return false;
	return true;
}

static void
check_fields(const struct head *h, const struct head *again)
{
	must(head_count(h) == head_count(again), "the fields are not as many as before");
	for (size_t i = 0; i < head_count(h); i++) {
		struct field a = head_field(h, i), b = head_field(again, i);

		must(bytes_same(a.name, b.name) && bytes_same(a.value, b.value), "a field changed");
		must(a.name.len && is_clean(a.name) && is_clean(a.value), "a field breaks its line");
	}
}

static void
check_start(const struct head *h, const struct head *again)
{
	must(bytes_same(head_method(h), head_method(again)), "the method changed");
	must(bytes_same(head_target(h), head_target(again)), "the target changed");
	must(bytes_same(head_reason(h), head_reason(again)), "the reason changed");
	must(head_status(h) == head_status(again), "the status changed");
	must(head_version(h) == head_version(again), "the version changed");
	must(is_clean(head_target(h)) && is_clean(head_reason(h)), "the start line breaks");
}

static void
check_lists(const struct head *h)
{
	must(!head_lists(h, "connection", "close") || head_has(h, "Connection"), "a member of no list");
}

static void
check(struct bytes text, enum head_kind kind)
{
	struct fault why;
	struct head *h = head_parse(text, kind, &why), *made;
	struct draft d;

	if (!h)
		return;
	must(bytes_same(head_text(h), text), "the text is not what came");
	draft_of(&d, h);
	made = head_make(&d, &why);
	must(made, "a head that was read cannot be made");
	check_fields(h, made);
	check_start(h, made);
	check_lists(h);
	draft_release(&d);
	head_drop(made);
	head_drop(h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	for (enum head_kind kind = HEAD_REQUEST; kind <= HEAD_FIELDS; kind++)
		check((struct bytes){ data, len }, kind);
	return 0;
}
