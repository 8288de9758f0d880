/* Which program is made to trust soth in which way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "../../ui/trusting.h"

static void
each_kind_of_program_has_its_command(void **state)
{
	static const struct { const char *process, *command; } programs[] = {
		{ "curl", "CURL_CA_BUNDLE='/ca.pem'" }, { "git-remote-https", "GIT_SSL_CAINFO='/ca.pem'" },
		{ "python3.11", "REQUESTS_CA_BUNDLE='/ca.pem'" }, { "pip3", "REQUESTS_CA_BUNDLE='/ca.pem'" },
		{ "node", "NODE_EXTRA_CA_CERTS='/ca.pem'" }, { "java", "keytool" }, { "ruby", "SSL_CERT_FILE='/ca.pem'" },
		{ "chromium", "certutil" }, { "openssl", "SSL_CERT_FILE='/ca.pem'" }, { "dockerd", "COPY" },
	};
	struct guide_line line;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
		const struct guide *g = trusting_of(programs[i].process);

		if (!g || !trusting_command(g, "/ca.pem", &line) || !strstr(line.text, programs[i].command))
			fail_msg("%s: %s", programs[i].process, g ? line.text : "no guide");
	}
	assert_non_null(trusting_of("firefox-esr"));
}

static void
of_others_nothing_is_known(void **state)
{
	(void)state;
	assert_null(trusting_of("10.0.0.7"));
	assert_null(trusting_of("curlew"));
	assert_null(trusting_of(""));
	assert_null(trusting_of("gopher"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_program_has_its_command),
		cmocka_unit_test(of_others_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
