/* Secrets leave an export whole: no byte of one is left, and what is around it is as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/redact.h"

/* RFC 7519 section 3.1 */
#define JWT "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

static struct redactor *
with(const char *fields)
{
	struct fault why = { "" };
	struct redactor *r = redactor_new(fields, &why);

	if (!r)
		fail_msg("%s", why.text);
	return r;
}

/* Good until the fourth call from here. */
static const char *
text_of(struct bytes b)
{
	static char *kept[4];
	static unsigned turn;
	char **to = &kept[turn++ % 4];

	free(*to);
	*to = malloc(b.len + 1);
	if (b.len)
		memcpy(*to, b.at, b.len);
	(*to)[b.len] = '\0';
	return *to;
}

static const char *
body(struct redactor *r, const char *type, struct bytes in)
{
	struct slice s = redact_body(r, bytes_of(type), in);
	const char *text = text_of(s.bytes);

	slice_drop(&s);
	return text;
}

static const char *
head(struct redactor *r, const char *in)
{
	struct fault why = { "" };
	struct head *h = head_parse(bytes_of(in), memcmp(in, "HTTP/", 5) ? HEAD_REQUEST : HEAD_RESPONSE, &why), *out;
	const char *text;

	if (!h)
		fail_msg("%s", why.text);
	assert_true(redact_head(r, h, &out));
	text = text_of(head_text(out));
	head_drop(out);
	head_drop(h);
	return text;
}

static const char *
report(const struct redactor *r)
{
	static char *text;
	size_t len;
	FILE *out;

	free(text);
	out = open_memstream(&text, &len);
	redactor_report(r, out);
	fclose(out);
	return text;
}

struct given { const char *type, *in, *out; };

/* Each with a redactor of its own. */
static void
all_become(const char *fields, const struct given *g, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct redactor *r = with(fields);
		const char *got = body(r, g[i].type, bytes_of(g[i].in));

		if (strcmp(got, g[i].out))
			fail_msg("%s\nbecomes\n%s\nand not\n%s", g[i].in, got, g[i].out);
		/* What was replaced stays when it is read again. */
		assert_string_equal(body(r, g[i].type, bytes_of(got)), g[i].out);
		redactor_free(r);
	}
}

static void
fields_of_a_head_are_replaced_and_their_schemes_stay(void **state)
{
	struct redactor *r = with("");

	(void)state;
	assert_string_equal(head(r, "GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer abc\r\nX-API-Key: k1\r\nAccept: */*\r\n\r\n"),
		"GET /a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer [redacted:authorization:1]\r\nX-API-Key: [redacted:x-api-key:1]\r\n"
		"Accept: */*\r\n\r\n");
	assert_string_equal(head(r, "GET /a HTTP/1.1\r\nauthorization: abc def\r\nproxy-authorization: Basic YTpi\r\n\r\n"),
		"GET /a HTTP/1.1\r\nauthorization: [redacted:authorization:2]\r\nproxy-authorization: Basic [redacted:proxy-authorization:1]\r\n\r\n");
	redactor_free(r);
}

static void
a_head_without_secrets_is_the_same_head(void **state)
{
	struct redactor *r = with("");
	struct fault why;
	struct head *h = head_parse(LIT("GET /a?b=c&page=2 HTTP/1.1\r\nHost:  h\r\nUser-Agent: x (token; session)\r\n\r\n"), HEAD_REQUEST, &why), *out;

	(void)state;
	assert_true(redact_head(r, h, &out));
	assert_ptr_equal(h, out);
	head_drop(out);
	head_drop(h);
	redactor_free(r);
}

static void
cookies_keep_their_names_and_attributes(void **state)
{
	struct redactor *r = with("");

	(void)state;
	assert_string_equal(head(r, "GET / HTTP/1.1\r\nCookie: a=1; session=s=2 ;b=\r\nCookie: alone\r\n\r\n"),
		"GET / HTTP/1.1\r\nCookie: a=[redacted:cookie:1]; session=[redacted:session:1];b=\r\nCookie: [redacted:cookie:2]\r\n\r\n");
	assert_string_equal(head(r, "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/; HttpOnly\r\nSet-Cookie: b=3\r\n\r\n"),
		"HTTP/1.1 200 OK\r\nSet-Cookie: a=[redacted:cookie:1]; Path=/; HttpOnly\r\nSet-Cookie: b=[redacted:set-cookie:1]\r\n\r\n");
	redactor_free(r);
	r = with("sid");
	assert_string_equal(head(r, "GET / HTTP/1.1\r\nCookie: a=1; SID=2\r\n\r\n"), "GET / HTTP/1.1\r\nCookie: a=1; SID=[redacted:sid:1]\r\n\r\n");
	redactor_free(r);
}

static void
queries_are_searched_wherever_a_url_stands(void **state)
{
	struct redactor *r = with("");

	(void)state;
	assert_string_equal(head(r, "GET /a?x=1&access_token=t%201&y=token HTTP/1.1\r\nReferer: https://h/b?x;token=t+1&z#id_token=i\r\n\r\n"),
		"GET /a?x=1&access_token=[redacted:access_token:1]&y=token HTTP/1.1\r\n"
		"Referer: https://h/b?x;token=[redacted:access_token:1]&z#id_token=[redacted:id_token:1]\r\n\r\n");
	assert_string_equal(head(r, "HTTP/1.1 302 \r\nLocation: /cb?next=https%3A%2F%2Fh%2F%3Ftoken%3Dabc%26b%3D1\r\n"
		"Link: <https://h/?token=abc>; rel=next\r\n\r\n"),
		"HTTP/1.1 302 \r\nLocation: /cb?next=https://h/%3Ftoken%3D[redacted:token:1]%26b%3D1\r\n"
		"Link: <https://h/?token=[redacted:token:1]>; rel=next\r\n\r\n");
	assert_string_equal(head(r, "GET http://me:pw@h/?user[password]=p HTTP/1.1\r\n\r\n"),
		"GET http://[redacted:userinfo:1]@h/?user[password]=[redacted:password:1] HTTP/1.1\r\n\r\n");
	redactor_free(r);
}

static void
members_of_json_are_replaced_at_any_depth(void **state)
{
	static const struct given given[] = {
		{ "application/json", "{\"user\":\"u\",\"password\":\"p\"}", "{\"user\":\"u\",\"password\":\"[redacted:password:1]\"}" },
		{ "application/json", " { \"a\" : [ { \"b\" : { \"Access-Token\" : \"x\" } } , 1.50 ] } \n",
			" { \"a\" : [ { \"b\" : { \"Access-Token\" : \"[redacted:access_token:1]\" } } , 1.50 ] } \n" },
		{ "application/vnd.x+json; charset=utf-8", "{\"secret\":{\"k\":[\"v\",7,true,null,\"\",{}]}}",
			"{\"secret\":{\"k\":[\"[redacted:secret:1]\",\"[redacted:secret:2]\",true,null,\"\",{}]}}" },
		{ "application/json", "{\"pass\\u0077ord\":\"p\",\"token\":-12.5e3}", "{\"pass\\u0077ord\":\"[redacted:password:1]\",\"token\":\"[redacted:token:1]\"}" },
		{ "application/json", "{\"token\":\"a\",\"token\":\"b\",\"x\":\"a\"}", "{\"token\":\"[redacted:token:1]\",\"token\":\"[redacted:token:2]\",\"x\":\"a\"}" },
		{ "", "[{\"name\":\"password\",\"value\":\"p\"},{\"name\":\"x\",\"value\":\"p\"}]",
			"[{\"name\":\"password\",\"value\":\"[redacted:password:1]\"},{\"name\":\"x\",\"value\":\"p\"}]" },
		{ "text/plain", "{\"body\":\"{\\\"password\\\":\\\"p\\\\u0041\\\"}\"}", "{\"body\":\"{\\\"password\\\":\\\"[redacted:password:1]\\\"}\"}" },
		{ "application/x-ndjson", "{\"token\":\"a\"}\n{\"token\":\"b\"}\n{\"token\":\"a\"}\n",
			"{\"token\":\"[redacted:token:1]\"}\n{\"token\":\"[redacted:token:2]\"}\n{\"token\":\"[redacted:token:1]\"}\n" },
		{ "application/json", ")]}',\n{\"token\":\"a\"}", ")]}',\n{\"token\":\"[redacted:token:1]\"}" },
		{ "application/json", "\xef\xbb\xbf{\"token\":\"a\"}", "\xef\xbb\xbf{\"token\":\"[redacted:token:1]\"}" },
		{ "application/json", "{\"u\":\"https://h/?a=1&token=t\",\"s\":\"\\u00e9\\n\\/\"}", "{\"u\":\"https://h/?a=1&token=[redacted:token:1]\",\"s\":\"\\u00e9\\n\\/\"}" },
		{ "application/json", "{\"query\":\"{ login(password: \\\"p\\\") }\"}", "{\"query\":\"{ login(password: \\\"[redacted:password:1]\\\") }\"}" },
		{ "application/json", "{\"say\":\"Session: a token: none of them is one\"}", "{\"say\":\"Session: a token: none of them is one\"}" },
		{ "application/json", "{\"authorization\":\"Bearer a\\\"b\"}", "{\"authorization\":\"Bearer [redacted:authorization:1]\"}" },
		{ "text/event-stream", "event: x\ndata: {\"token\":\"a\"}\n\ndata: plain\n", "event: x\ndata: {\"token\":\"[redacted:token:1]\"}\n\ndata: plain\n" },
	};

	(void)state;
	all_become("", given, ARRAY_LEN(given));
}

static void
json_stays_json(void **state)
{
	static const char in[] = "{\"password\":\"\\\"\\u0000\\ud83d\\ude00\",\"n\":{\"token\":[1,-0,2e9,\"\\ud800\"]},\"s\":\"" JWT "\\t\\u0001\",\"" JWT "\":1}";
	struct redactor *r = with("");
	const char *out = body(r, "application/json", bytes_of(in));
	json_t *j = json_loads(out, 0, NULL);

	(void)state;
	if (!j)
		fail_msg("%s", out);
	assert_string_equal(json_string_value(json_object_get(j, "password")), "[redacted:password:1]");
	assert_string_equal(json_string_value(json_object_get(j, "s")), "[redacted:jwt:1]\t\x01");
	assert_int_equal(json_integer_value(json_object_get(j, "[redacted:jwt:1]")), 1);
	json_decref(j);
	redactor_free(r);
}

static void
broken_json_is_searched_all_the_same_and_said(void **state)
{
	static const struct given given[] = {
		{ "application/json", "{\"password\":\"hunter2\",\"x\":", "{\"password\":\"[redacted:password:1]\",\"x\":" },
		{ "application/json", "{\"password\":\"hunt\\\"er2", "{\"password\":\"[redacted:password:1]" },
		{ "application/json", "{\"token\": {\"a\":\"}\",\"b\":[\"c\"]}, \"x\":1,}", "{\"token\": [redacted:token:1], \"x\":1,}" },
		{ "application/json", "{\"token\": [\"a\", \"b", "{\"token\": [redacted:token:1]" },
		{ "application/json", "{'password': 'p', token: \"t\", x: 1}", "{'password': '[redacted:password:1]', token: \"[redacted:token:1]\", x: 1}" },
		{ "application/json", "{\"token\": 77, \"secret\": null}}", "{\"token\": [redacted:token:1], \"secret\": null}}" },
		{ "application/json", "{\"a\": \"" JWT "\"", "{\"a\": \"[redacted:jwt:1]\"" },
	};
	char deep[2000];
	struct redactor *r = with("");

	(void)state;
	all_become("", given, ARRAY_LEN(given));
	body(r, "application/json", LIT("{\"password\":\"hunter2\""));
	assert_non_null(strstr(report(r), "\n1 called JSON and not JSON: searched for names and shapes alone\n"));
	memset(deep, '[', 1000);
	strcpy(deep + 1000, "{\"password\":\"hunter3\"}");
	memset(deep + strlen(deep), ']', 1);
	assert_null(strstr(body(r, "application/json", (struct bytes){ (uint8_t *)deep, 1023 }), "hunter3"));
	redactor_free(r);
	r = with("");
	body(r, "application/json", LIT("{\"password\":\"hunter2\"}"));
	assert_null(strstr(report(r), "not JSON"));
	redactor_free(r);
}

static void
forms_stay_forms(void **state)
{
	static const struct given given[] = {
		{ "application/x-www-form-urlencoded", "user=a&password=p%26q&x=1", "user=a&password=[redacted:password:1]&x=1" },
		{ "application/x-www-form-urlencoded", "user%5Bpassword%5D=p&to%6ben=t;u&b", "user%5Bpassword%5D=[redacted:password:1]&to%6ben=[redacted:token:1]&b" },
		{ "", "grant_type=x&client_secret=s", "grant_type=x&client_secret=[redacted:client_secret:1]" },
		{ "application/x-www-form-urlencoded", "password=&token&secret==&", "password=&token&secret=[redacted:secret:1]&" },
		{ "application/x-www-form-urlencoded", "j=%7B%22token%22%3A%22t%22%7D&k=%41+b", "j=%7B%22token%22:%22[redacted:token:1]%22%7D&k=%41+b" },
		{ "application/x-www-form-urlencoded", "authorization=Bearer%20abc", "authorization=Bearer%20[redacted:authorization:1]" },
		{ "multipart/form-data; boundary=\"b b\"", "--b b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\np\r\nq\r\n--b b\r\n"
			"Content-Type: application/json\r\nContent-Disposition: form-data; name=x; filename=\"a\"\r\n\r\n{\"token\":\"t\"}\r\n--b b--\r\n",
			"--b b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n[redacted:password:1]\r\n--b b\r\n"
			"Content-Type: application/json\r\nContent-Disposition: form-data; name=x; filename=\"a\"\r\n\r\n{\"token\":\"[redacted:token:1]\"}\r\n--b b--\r\n" },
		{ "multipart/form-data; boundary=b", "--b\nContent-Disposition: form-data; name=token\n\nt", "--b\nContent-Disposition: form-data; name=token\n\n[redacted:token:1]" },
	};

	(void)state;
	all_become("", given, ARRAY_LEN(given));
}

static void
shapes_are_found_in_any_text(void **state)
{
	static const struct given given[] = {
		{ "text/html", "<a href=\"/?token=t&b\">" JWT "</a>", "<a href=\"/?token=[redacted:token:1]&b\">[redacted:jwt:1]</a>" },
		{ "text/javascript", "var token=e.token;fetch(u,{Authorization:'Bearer abcdef123'})", "var token=e.token;fetch(u,{Authorization:'Bearer [redacted:bearer:1]'})" },
		{ "text/plain", "the bearer certificate of a bearer is Bearer a1b2c3d4e5", "the bearer certificate of a bearer is Bearer [redacted:bearer:1]" },
		{ "text/xml", "<a><password>p</password><s:Token x=\"1\">t</s:Token><secret><![CDATA[<c>]]></secret></a>",
			"<a><password>[redacted:password:1]</password><s:Token x=\"1\">[redacted:token:1]</s:Token><secret><![CDATA[[redacted:secret:1]]]></secret></a>" },
		{ "text/plain", "Authorization: Basic YTpi\r\nCookie: a=b; c=d\r\nHost: h\r\n", "Authorization: Basic [redacted:authorization:1]\r\nCookie: [redacted:cookie:1]\r\nHost: h\r\n" },
		{ "text/plain", "a ghp_0123456789abcdefghijABCDEFGHIJ012345 b", "a [redacted:key:1] b" },
		{ "text/html", "x%3Dghp_0123456789abcdefghijABCDEFGHIJ012345\\nsk-0123456789abcdefghijABCD task-0123456789abcdefghijABCD",
			"x%3D[redacted:key:1]\\n[redacted:key:2] task-0123456789abcdefghijABCD" },
		{ "text/plain", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----[redacted:private-key:1]-----END RSA PRIVATE KEY-----\n" },
		{ "text/plain", "-----BEGIN PRIVATE KEY-----\nMIIE", "-----BEGIN PRIVATE KEY-----[redacted:private-key:1]" },
		{ "text/plain", "see ftp://u:p@h/x and mailto:a@b", "see ftp://[redacted:userinfo:1]@h/x and mailto:a@b" },
		{ "text/plain", "eyJ.eyJ eyJh.b eyJabc", "eyJ.eyJ eyJh.b eyJabc" },
	};
	struct redactor *r = with("");
	struct slice s = redact_body(r, LIT("application/grpc"), LIT("\0\0\0\0\7\n\5" JWT "\0x\0"));

	(void)state;
	assert_int_equal(s.bytes.len, 7 + 16 + 3);
	assert_memory_equal(s.bytes.at, "\0\0\0\0\7\n\5[redacted:jwt:1]\0x\0", s.bytes.len);
	slice_drop(&s);
	redactor_free(r);
	all_become("", given, ARRAY_LEN(given));
}

static void
the_same_value_has_one_placeholder_in_all_of_an_export(void **state)
{
	struct redactor *r = with("");

	(void)state;
	head(r, "GET /?x=1&token=t%2B1 HTTP/1.1\r\nAuthorization: Bearer t+1\r\n\r\n");
	assert_string_equal(body(r, "application/json", LIT("{\"access_token\":\"t\\u002b1\",\"token\":\"other\"}")),
		"{\"access_token\":\"[redacted:token:1]\",\"token\":\"[redacted:token:2]\"}");
	assert_string_equal(body(r, "application/x-www-form-urlencoded", LIT("secret=t%2b1")), "secret=[redacted:token:1]");
	assert_string_equal(body(r, "text/plain", LIT("password: t+1")), "password: [redacted:token:1]");
	redactor_free(r);
}

static void
names_that_overlap_are_each_their_own(void **state)
{
	static const struct given given[] = {
		{ "application/json", "{\"token\":\"a\",\"access_token\":\"b\",\"tokens\":\"c\",\"AccessToken\":\"d\",\"my-token\":\"e\",\"tok\":\"f\"}",
			"{\"token\":\"[redacted:token:1]\",\"access_token\":\"[redacted:Access_Token:1]\",\"tokens\":\"c\","
			"\"AccessToken\":\"[redacted:Access_Token:2]\",\"my-token\":\"e\",\"tok\":\"f\"}" },
		{ "", "token=a&access_token=b&tokens=c", "token=[redacted:token:1]&access_token=[redacted:Access_Token:1]&tokens=c" },
		{ "text/plain", "xtoken=1 token=2 token_x=3 a.token=4", "xtoken=1 token=[redacted:token:1] token_x=3 a.token=[redacted:token:2]" },
	};

	(void)state;
	all_become(" token ,, Access_Token", given, ARRAY_LEN(given));
}

static void
lists_that_are_none_are_faults(void **state)
{
	static char many[3000], long_name[100];
	struct fault why;

	(void)state;
	for (size_t i = 0; i < 300; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many), "n%zu,", i);
	memset(long_name, 'x', 65);
	assert_null(redactor_new(many, &why));
	assert_string_equal(why.text, "redact: more than 256 names");
	assert_null(redactor_new(long_name, &why));
	assert_non_null(strstr(why.text, "at most 64 bytes"));
	assert_null(redactor_new("a,_", &why));
	redactor_free(with(" , "));
}

static void
a_label_has_nothing_that_json_or_a_form_would_quote(void **state)
{
	struct redactor *r = with("a\"b&c\xff");

	(void)state;
	assert_string_equal(body(r, "application/json", LIT("{\"a\\\"b&c\xff\":\"v\"}")), "{\"a\\\"b&c\xff\":\"[redacted:a_b_c_:1]\"}");
	redactor_free(r);
}

static void
the_report_has_names_and_hashes_and_no_value(void **state)
{
	struct redactor *r = with("");
	const char *text;

	(void)state;
	body(r, "application/json", LIT("[{\"password\":\"abc\"},{\"password\":\"abc\"},{\"token\":\"hunter2\"}]"));
	text = report(r);
	/* FIPS 180-4: SHA-256 of "abc" begins ba7816bf */
	assert_non_null(strstr(text, "password                  2  [redacted:password:1]            ba7816bf\n"));
	assert_non_null(strstr(text, "token                     1  [redacted:token:1]               f52fbd32\n"));
	assert_null(strstr(text, "abc"));
	assert_null(strstr(text, "hunter2"));
	redactor_free(r);
}

/* Wherever a secret stands in it, none of its bytes is left. */
static const char *const carriers[][2] = {
	{ "application/json", "{\"a\":[{\"password\":\"%s\",\"b\":{\"token\":[\"%s\",{\"x\":\"%s\"}]}}],\"t\":\"{\\\"token\\\":\\\"%s\\\"}\"}" },
	{ "application/json", "{\"password\":\"%s\",\"token\":[\"%s\",{\"x\":\"%s\"},\"x\":\"%s" },
	{ "application/x-www-form-urlencoded", "a=1&password=%s&x=a;token=%s&u[secret]=%s&session=%s" },
	{ "text/xml", "<x><password>%s</password><y:token a='b'>%s</y:token><secret>%s</secret><session >%s" },
	{ "text/plain", "password: %s\nsecret = %s\ntoken=%s\n\"session\": '%s'" },
	{ "multipart/form-data; boundary=X", "--X\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n%s\r\n--X\r\n"
		"content-disposition: form-data; name=session\r\n\r\n%s\r\n--X\r\n\r\n{\"token\":\"%s\"}\r\n--X\r\n\r\ntoken=%s\r\n--X--" },
	{ "text/event-stream", "data: {\"token\":\"%s\"}\n\ndata: {\"password\":\"%s\"\n\ndata: secret=%s\n\ndata: password: %s\n" },
};

static void
no_byte_of_a_secret_is_left(void **state)
{
	static const char *const secret[] = { "ZZ", "ZQXZQX", "ZqX%41ZqX", "ZQ+QZ", "ZZ.ZZ/ZZ=", "Z\xc3\xa9Z", "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", "-Z", "Z:Z" };

	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(carriers); c++)
		for (size_t i = 0; i < ARRAY_LEN(secret); i++) {
			struct redactor *r = with("");
			char in[4096];
			const char *out, *s = secret[i];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(in, sizeof(in), carriers[c][1], s, s, s, s);
#pragma GCC diagnostic pop
			out = body(r, carriers[c][0], bytes_of(in));
			if (strchr(out, 'Z') || strchr(report(r), 'Z'))
				fail_msg("%s\nleaves\n%s", in, out);
			redactor_free(r);
		}
}

/* A body that was cut where it was recorded. */
static void
no_byte_of_a_secret_is_left_wherever_the_body_is_cut(void **state)
{
	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(carriers); c++) {
		char in[4096];
		size_t len;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		len = (size_t)snprintf(in, sizeof(in), carriers[c][1], "ZZZZ", "ZZZZ", "ZZZZ", "ZZZZ");
#pragma GCC diagnostic pop
		for (size_t cut = 1; cut <= len; cut++) {
			struct redactor *r = with("");
			const char *out = body(r, carriers[c][0], (struct bytes){ (uint8_t *)in, cut });

			if (strchr(out, 'Z'))
				fail_msg("%.*s\nleaves\n%s", (int)cut, in, out);
			redactor_free(r);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_of_a_head_are_replaced_and_their_schemes_stay),
		cmocka_unit_test(a_head_without_secrets_is_the_same_head),
		cmocka_unit_test(cookies_keep_their_names_and_attributes),
		cmocka_unit_test(queries_are_searched_wherever_a_url_stands),
		cmocka_unit_test(members_of_json_are_replaced_at_any_depth),
		cmocka_unit_test(json_stays_json),
		cmocka_unit_test(broken_json_is_searched_all_the_same_and_said),
		cmocka_unit_test(forms_stay_forms),
		cmocka_unit_test(shapes_are_found_in_any_text),
		cmocka_unit_test(the_same_value_has_one_placeholder_in_all_of_an_export),
		cmocka_unit_test(names_that_overlap_are_each_their_own),
		cmocka_unit_test(lists_that_are_none_are_faults),
		cmocka_unit_test(a_label_has_nothing_that_json_or_a_form_would_quote),
		cmocka_unit_test(the_report_has_names_and_hashes_and_no_value),
		cmocka_unit_test(no_byte_of_a_secret_is_left),
		cmocka_unit_test(no_byte_of_a_secret_is_left_wherever_the_body_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
