/* Schemas: what is found in them, and files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "soth/buf.h"
#include "soth/schema.h"

static const char *const shop[] = { "tests/decode/shop.pb" };

static struct schema *
loaded(void)
{
	struct fault why;
	struct schema *s = schema_load(shop, 1, &why);

	if (!s)
		fail_msg("%s", why.text);
	return s;
}

static const struct schema_message *
message(const struct schema *s, const char *name)
{
	return schema_message(s, bytes_of(name));
}

static void
assert_named(struct bytes name, const char *want)
{
	if (!bytes_are(name, want))
		fail_msg("'%.*s' is not '%s'", (int)name.len, (const char *)name.at, want);
}

static void
messages_are_found_by_name(void **state)
{
	struct schema *s = loaded();

	(void)state;
	assert_named(message(s, "shop.Order")->name, "shop.Order");
	assert_named(message(s, ".shop.Item.Size")->name, "shop.Item.Size");
	assert_named(message(s, "type.googleapis.com/google.protobuf.Timestamp")->name, "google.protobuf.Timestamp");
	assert_null(message(s, "Order"));
	assert_null(message(s, ""));
	assert_null(message(s, "shop.Status"));
	schema_free(s);
}

static void
fields_have_names_types_and_what_they_are_of(void **state)
{
	struct schema *s = loaded();
	const struct schema_message *order = message(s, "shop.Order");
	const struct schema_field *f;

	(void)state;
	f = schema_field(order, 1);
	assert_named(f->name, "id");
	assert_int_equal(f->type, SCHEMA_UINT64);
	assert_false(f->repeated || f->oneof.len || f->message || f->enumeration);
	f = schema_field(order, 3);
	assert_true(f->repeated && !f->packed);
	assert_ptr_equal(f->message, message(s, "shop.Item"));
	f = schema_field(order, 4);
	assert_int_equal(f->type, SCHEMA_ENUM);
	assert_ptr_equal(f->enumeration, schema_enum(s, bytes_of("shop.Status")));
	f = schema_field(order, 7);
	assert_true(f->repeated && f->packed);
	assert_named(schema_field(order, 13)->oneof, "payment");
	assert_ptr_equal(schema_field(message(s, "shop.Item"), 4)->message, message(s, "shop.Item.Size"));
	assert_null(schema_field(order, 0));
	assert_named(schema_field(order, 23)->name, "gift");
	assert_named(schema_field(order, 24)->name, "memo");
	assert_int_equal(schema_field(order, 24)->oneof.len, 0);
	assert_null(schema_field(order, 25));
	schema_free(s);
}

static void
the_older_syntax_packs_what_says_so(void **state)
{
	static const char *const paths[] = { "tests/decode/shop.pb", "tests/decode/old.pb" };
	struct fault why;
	struct schema *s = schema_load(paths, 2, &why);
	const struct schema_message *search;

	(void)state;
	assert_non_null(s);
	search = message(s, "old.Search");
	assert_int_equal(schema_field(search, 2)->type, SCHEMA_GROUP);
	assert_ptr_equal(schema_field(search, 2)->message, message(s, "old.Search.Hit"));
	assert_true(schema_field(search, 5)->packed);
	assert_false(schema_field(message(s, "old.Search.Hit"), 4)->packed);
	assert_non_null(message(s, "shop.Order"));
	schema_free(s);
}

static void
a_map_has_entries(void **state)
{
	struct schema *s = loaded();
	const struct schema_field *map = schema_field(message(s, "shop.Order"), 6);

	(void)state;
	assert_true(map->repeated && map->message->map_entry);
	assert_int_equal(schema_field(map->message, 1)->type, SCHEMA_INT32);
	assert_ptr_equal(schema_field(map->message, 2)->message, message(s, "shop.Item"));
	assert_false(message(s, "shop.Item")->map_entry);
	schema_free(s);
}

static void
values_of_an_enum_have_names(void **state)
{
	struct schema *s = loaded();
	const struct schema_enum *e = schema_enum(s, bytes_of("shop.Status"));

	(void)state;
	assert_named(schema_value(e, 0), "UNKNOWN");
	assert_named(schema_value(e, 2), "SHIPPED");
	assert_named(schema_value(e, -1), "LOST");
	assert_int_equal(schema_value(e, 3).len, 0);
	assert_int_equal(schema_value(e, INT32_MIN).len, 0);
	schema_free(s);
}

static void
a_method_tells_what_each_side_sends(void **state)
{
	static const char *const none[] = { "", "/", "Get", "/Get", "/shop.Shop/", "/shop.Shop/Put", "/shop.Shop", "/?/shop.Shop/Get" };
	struct schema *s = loaded();

	(void)state;
	assert_named(schema_sent(s, LIT("/shop.Shop/Get"), CLIENT)->name, "shop.Find");
	assert_named(schema_sent(s, LIT("/shop.Shop/Get"), SERVER)->name, "shop.Order");
	assert_named(schema_sent(s, LIT("/api/v1/shop.Shop/Watch?q=/a/b"), SERVER)->name, "shop.Order");
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_null(schema_sent(s, bytes_of(none[i]), CLIENT));
	schema_free(s);
}

static void
no_files_are_an_empty_schema(void **state)
{
	struct fault why;
	struct schema *s = schema_load(NULL, 0, &why);

	(void)state;
	assert_non_null(s);
	assert_null(message(s, "shop.Order"));
	schema_free(s);
}

static void
fails(struct bytes set, const char *words)
{
	struct fault why = { "" };
	struct schema *s = schema_of(set, "x.pb", &why);

	assert_null(s);
	if (strcmp(why.text, words))
		fail_msg("'%s', not '%s'", why.text, words);
}

static void
what_is_no_descriptor_set_is_a_fault_with_its_name(void **state)
{
	(void)state;
	fails(LIT(""), "x.pb: nothing in it: not a descriptor set");
	fails(LIT("syntax = \"proto3\";\n"), "x.pb: not a descriptor set: a group without an end");
	fails(LIT("\x08\x01"), "x.pb: not a descriptor set");
	fails(LIT("\x0a\x7f"), "x.pb: not a descriptor set: cut off, or its length is wrong");
	/* A message with a field: no number; no type; a type that there is not. */
	fails(LIT("\x0a\x07\x22\x05\x12\x03\x0a\x01z"), "x.pb: not a descriptor set: a field without a number");
	fails(LIT("\x0a\x06\x22\x04\x12\x02\x18\x01"), "x.pb: not a descriptor set: a field without a type");
	fails(LIT("\x0a\x08\x22\x06\x12\x04\x18\x01\x28\x13"), "x.pb: not a descriptor set: a field without a type");
	/* What is in a message, an enum, a service is no fields. */
	fails(LIT("\x0a\x03\x22\x01\xff"), "x.pb: not a descriptor set: cut off");
	fails(LIT("\x0a\x03\x2a\x01\xff"), "x.pb: not a descriptor set: cut off");
	fails(LIT("\x0a\x03\x32\x01\xff"), "x.pb: not a descriptor set: cut off");
}

/* number LEN inner, in place of inner. */
static void
wrap(struct buf *b, uint8_t tag)
{
	struct buf outer;
	size_t len = b->len;

	buf_init(&outer, 1 << 24);
	assert_true(buf_add(&outer, (struct bytes){ &tag, 1 }));
	do {
		uint8_t c = (uint8_t)((len & 0x7f) | (len > 0x7f ? 0x80 : 0));

		assert_true(buf_add(&outer, (struct bytes){ &c, 1 }));
		len >>= 7;
	} while (len);
	assert_true(buf_add(&outer, buf_bytes(b)));
	buf_release(b);
	*b = outer;
}

static void
nesting_names_and_counts_meet_limits(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 24);
	for (int i = 0; i < 100; i++)
		wrap(&b, 0x1a);			/* a message in a message */
	wrap(&b, 0x22);
	wrap(&b, 0x0a);
	fails(buf_bytes(&b), "x.pb: messages nested deeper than 32");
	buf_release(&b);

	for (int i = 0; i < 600; i++)
		assert_true(buf_add(&b, LIT("n")));
	wrap(&b, 0x0a);
	wrap(&b, 0x22);
	wrap(&b, 0x0a);
	fails(buf_bytes(&b), "x.pb: a name of more than 512 bytes");
	buf_release(&b);

	buf_init(&b, 1 << 24);
	for (int i = 0; i < 1100000; i++)
		assert_true(buf_add(&b, LIT("\x12\x00")));	/* a value of an enum */
	wrap(&b, 0x2a);
	wrap(&b, 0x0a);
	fails(buf_bytes(&b), "x.pb: too much in it");
	buf_release(&b);
}

static void
a_type_that_is_not_there_is_null(void **state)
{
	/* message M { .Gone x = 1; } */
	struct fault why;
	struct schema *s = schema_of(LIT("\x0a\x12\x22\x10\x0a\x01M\x12\x0b\x18\x01\x28\x0b\x32\x05.Gone"), "x.pb", &why);

	(void)state;
	assert_non_null(s);
	assert_null(schema_field(message(s, "M"), 1)->message);
	schema_free(s);
}

static void
each_cut_of_a_set_loads_or_is_a_fault(void **state)
{
	FILE *f = fopen(shop[0], "r");
	uint8_t *all = xalloc(1 << 16);
	size_t len = fread(all, 1, 1 << 16, f);

	(void)state;
	fclose(f);
	for (size_t n = 0; n < len; n++) {
		uint8_t *exact = xalloc(n + 1);
		struct fault why = { "" };
		struct schema *s;

		memcpy(exact, all, n);
		s = schema_of((struct bytes){ exact, n }, "x.pb", &why);
		assert_true(s || !strncmp(why.text, "x.pb: ", 6));
		schema_free(s);
		free(exact);
	}
	free(all);
}

static void
a_file_that_cannot_be_read_is_a_fault_with_its_name(void **state)
{
	static const struct { const char *path, *words; } cases[] = {
		{ "tests/decode/none.pb", "tests/decode/none.pb: No such file or directory" },
		{ "tests/decode", "tests/decode: not a file" },
		{ "tests/decode/none.proto", "tests/decode/none.proto: No such file or directory" },
		{ "/dev/null", "/dev/null: not a file" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *paths[] = { shop[0], cases[i].path };
		struct fault why = { "" };

		assert_null(schema_load(paths, 2, &why));
		assert_string_equal(why.text, cases[i].words);
	}
}

static bool
have_protoc(void)
{
	if (!system("protoc --version >/dev/null 2>&1"))
		return true;
	print_message("protoc is not installed: skipped\n");
	return false;
}

static char folder[] = "/tmp/test_schema.XXXXXX";

static const char *
written(const char *name, const char *text)
{
	static char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return path;
}

static void
protoc_makes_a_set_of_a_proto_file(void **state)
{
	const char *paths[] = { NULL };
	char text[] = "syntax = \"proto3\"; import \"in/part.proto\"; message Whole { part.Part p = 1; }";
	char inner[200];
	struct fault why = { "" };
	struct schema *s;

	(void)state;
	if (!have_protoc())
		skip();
	assert_non_null(mkdtemp(folder));
	snprintf(inner, sizeof(inner), "mkdir -p '%s/in' '%s/a=b:c'", folder, folder);
	assert_int_equal(system(inner), 0);
	written("in/part.proto", "syntax = \"proto3\"; package part; message Part { int32 n = 1; }");
	/* Imports begin a folder above. */
	paths[0] = written("in/whole.proto", text);
	s = schema_load(paths, 1, &why);
	assert_string_equal(why.text, "");
	assert_ptr_equal(schema_field(message(s, "Whole"), 1)->message, message(s, "part.Part"));
	schema_free(s);
}

static void
a_path_may_hold_any_character(void **state)
{
	static const char *const names[] = { "a=b:c/x.proto", "-x.proto", "@x.proto", "a b'c.proto" };

	(void)state;
	if (!have_protoc())
		skip();
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *paths[] = { written(names[i], "syntax = \"proto3\"; message Whole {}") };
		struct fault why = { "" };
		struct schema *s = schema_load(paths, 1, &why);

		assert_string_equal(why.text, "");
		assert_non_null(message(s, "Whole"));
		schema_free(s);
	}
}

static void
what_protoc_does_not_like_is_a_fault_in_its_words(void **state)
{
	const char *paths[1];
	struct fault why = { "" };

	(void)state;
	if (!have_protoc())
		skip();
	paths[0] = written("broken.proto", "syntax = \"proto3\"; message { }");
	assert_null(schema_load(paths, 1, &why));
	assert_non_null(strstr(why.text, "broken.proto: "));
	assert_non_null(strstr(why.text, "Expected message name"));
}

static void
without_protoc_a_proto_file_is_a_fault(void **state)
{
	static const char *const paths[] = { "tests/decode/shop.proto" };
	char *path = xstrdup(getenv("PATH"));
	struct fault why = { "" };

	(void)state;
	setenv("PATH", "/nowhere", 1);
	assert_null(schema_load(paths, 1, &why));
	setenv("PATH", path, 1);
	free(path);
	assert_string_equal(why.text, "tests/decode/shop.proto: protoc is not installed; "
		"a descriptor set (protoc --include_imports -o) does without");
}

static int
remove_folder(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return strstr(folder, "XXXXXX") ? 0 : system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_found_by_name),
		cmocka_unit_test(fields_have_names_types_and_what_they_are_of),
		cmocka_unit_test(the_older_syntax_packs_what_says_so),
		cmocka_unit_test(a_map_has_entries),
		cmocka_unit_test(values_of_an_enum_have_names),
		cmocka_unit_test(a_method_tells_what_each_side_sends),
		cmocka_unit_test(no_files_are_an_empty_schema),
		cmocka_unit_test(what_is_no_descriptor_set_is_a_fault_with_its_name),
		cmocka_unit_test(nesting_names_and_counts_meet_limits),
		cmocka_unit_test(a_type_that_is_not_there_is_null),
		cmocka_unit_test(each_cut_of_a_set_loads_or_is_a_fault),
		cmocka_unit_test(a_file_that_cannot_be_read_is_a_fault_with_its_name),
		cmocka_unit_test(protoc_makes_a_set_of_a_proto_file),
		cmocka_unit_test(a_path_may_hold_any_character),
		cmocka_unit_test(what_protoc_does_not_like_is_a_fault_in_its_words),
		cmocka_unit_test(without_protoc_a_proto_file_is_a_fault),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, remove_folder);
}
