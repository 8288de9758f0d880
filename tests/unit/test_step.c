#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../../src/format/soth.h"
#include "soth/note.h"

static uint8_t der[CERTIFICATES_TEXT_MAX];

/* So many bytes of certificates, in values of 8,192 bytes. */
static struct step *
certificates(size_t len)
{
	struct field v[STEP_VALUES_MAX] = { { LIT("peer"), LIT("upstream") } };
	size_t n = 1;

	for (size_t at = 0; at < len; at += 8192)
		v[n++] = (struct field){ LIT("certificate"), { der + at, len - at < 8192 ? len - at : 8192 } };
	return step_new(STEP_CERTIFICATES, v, n);
}

static void
test_only_certificates_have_room_for_more(void **state)
{
	struct step *s = step_new(STEP_TLS_FAILED, (struct field[]){ { LIT("detail"), { der, sizeof(der) } } }, 1);

	(void)state;
	assert_int_equal(step_value(s, 0).value.len, STEP_TEXT_MAX - strlen("detail"));
	assert_in_range(step_weight(s), STEP_TEXT_MAX, STEP_TEXT_MAX + 200);
	step_drop(s);
	s = certificates(40000);
	assert_int_equal(step_count(s), 6);
	assert_int_equal(step_value(s, 5).value.len, 40000 - 4 * 8192);
	assert_in_range(step_weight(s), 40000, 41000);
	step_drop(s);
	s = certificates(sizeof(der));
	assert_int_equal(step_value(s, 7).value.len, 8192);
	assert_true(step_value(s, 8).value.len < 8192);		/* cut: names count too */
	step_drop(s);
}

static void
test_certificates_are_written_and_read_as_they_are(void **state)
{
	struct note n = { .kind = NOTE_STEP, .side = SERVER, .flow = 7, .order = 3, .flow_order = 2, .step = certificates(60000) }, again;
	struct fault why;
	struct buf out;
	uint64_t back;

	(void)state;
	buf_init(&out, 1 << 20);
	assert_true(soth_pack(&n, 99, &out));
	assert_true(soth_unpack(buf_bytes(&out), &again, &back, &why));
	assert_int_equal(step_kind(again.step), STEP_CERTIFICATES);
	assert_int_equal(step_count(again.step), step_count(n.step));
	for (size_t i = 0; i < step_count(n.step); i++)
		assert_true(bytes_same(step_value(again.step, i).value, step_value(n.step, i).value));
	note_drop(&n);
	note_drop(&again);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_certificates_have_room_for_more),
		cmocka_unit_test(test_certificates_are_written_and_read_as_they_are),
	};

	for (size_t i = 0; i < sizeof(der); i++)
		der[i] = (uint8_t)(i * 31 + (i >> 8));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
