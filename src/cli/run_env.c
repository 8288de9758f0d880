/* One table of the variables by which programs are told of a proxy and of what to trust. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run_env.h"
#include "soth/ca.h"

enum { VALUE_MAX = 128 << 10 };

/* `before`: what the variable is now, or "". False: it is too long. */
typedef bool valuer(const struct run_setting *s, const char *before, struct buf *out);

static bool
value_proxy(const struct run_setting *s, const char *before, struct buf *out)
{
	(void)before;
	return buf_addf(out, "%s", s->proxy);
}

/* Hosts that would go by another way: none, not even this machine. */
static bool
value_nothing(const struct run_setting *s, const char *before, struct buf *out)
{
	(void)s, (void)before, (void)out;
	return true;
}

static bool
value_one(const struct run_setting *s, const char *before, struct buf *out)
{
	(void)s, (void)before;
	return buf_addf(out, "1");
}

static bool
value_authority(const struct run_setting *s, const char *before, struct buf *out)
{
	(void)before;
	return buf_addf(out, "%s", s->authority);
}

static bool
value_bundle(const struct run_setting *s, const char *before, struct buf *out)
{
	(void)before;
	return buf_addf(out, "%s/bundle.pem", s->dir);
}

static bool
value_wgetrc(const struct run_setting *s, const char *before, struct buf *out)
{
	(void)before;
	return buf_addf(out, "%s/wgetrc", s->dir);
}

/* An empty word is the folder that PHP would look into by itself. */
static bool
value_php(const struct run_setting *s, const char *before, struct buf *out)
{
	return buf_addf(out, "%s:%s", before, s->dir);
}

static bool
value_node(const struct run_setting *s, const char *before, struct buf *out)
{
	return buf_addf(out, "%s%s--require \"%s/node.js\"", before, *before ? " " : "", s->dir);
}

/* An empty list of hosts, or those of this machine would go by another way. */
static bool
value_java(const struct run_setting *s, const char *before, struct buf *out)
{
	if (s->proxy && !buf_addf(out, "-Dhttp.proxyHost=%s -Dhttp.proxyPort=%u -Dhttps.proxyHost=%s -Dhttps.proxyPort=%u "
			"-Dhttp.nonProxyHosts= ", s->host, s->port, s->host, s->port))
		return false;
	return buf_addf(out, "-Djavax.net.ssl.trustStore=%s/trust.jks -Djavax.net.ssl.trustStoreType=JKS "
		"-Djavax.net.ssl.trustStorePassword=%s%s%s", s->dir, CA_KEYSTORE_PASSWORD, *before ? " " : "", before);
}

/* To add one: its line here, and in soth(1). Where no proxy is needed those for one are taken away, and
 * what would be added to a variable is not. */
static const struct variable {
	const char *name;
	enum { PROXY, PROXY_ADDED, TRUST } use;
	valuer *value;
} variables[] = {
	{ "http_proxy",		PROXY, value_proxy },
	{ "https_proxy",	PROXY, value_proxy },
	{ "all_proxy",		PROXY, value_proxy },
	{ "HTTP_PROXY",		PROXY, value_proxy },
	{ "HTTPS_PROXY",	PROXY, value_proxy },
	{ "ALL_PROXY",		PROXY, value_proxy },
	{ "no_proxy",		PROXY, value_nothing },
	{ "NO_PROXY",		PROXY, value_nothing },
	{ "PERL_LWP_ENV_PROXY",	PROXY, value_one },
	{ "NODE_USE_ENV_PROXY",	PROXY, value_one },
	{ "NODE_OPTIONS",	PROXY_ADDED, value_node },
	{ "JAVA_TOOL_OPTIONS",	TRUST, value_java },
	{ "SSL_CERT_FILE",	TRUST, value_bundle },
	{ "CURL_CA_BUNDLE",	TRUST, value_bundle },
	{ "GIT_SSL_CAINFO",	TRUST, value_bundle },
	{ "REQUESTS_CA_BUNDLE",	TRUST, value_bundle },
	{ "PIP_CERT",		TRUST, value_bundle },
	{ "AWS_CA_BUNDLE",	TRUST, value_bundle },
	{ "CARGO_HTTP_CAINFO",	TRUST, value_bundle },
	{ "NPM_CONFIG_CAFILE",	TRUST, value_bundle },
	{ "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", TRUST, value_bundle },
	{ "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", TRUST, value_bundle },
	{ "PERL_LWP_SSL_CA_FILE", TRUST, value_bundle },
	{ "NODE_EXTRA_CA_CERTS", TRUST, value_authority },
	{ "DENO_CERT",		TRUST, value_authority },
	{ "WGETRC",		TRUST, value_wgetrc },
	{ "PHP_INI_SCAN_DIR",	TRUST, value_php },
};

static bool
value_of(const struct run_setting *s, const struct variable *v, struct buf *out, struct fault *why)
{
	const char *before = getenv(v->name);

	buf_init(out, VALUE_MAX);
	if (v->value(s, before ? before : "", out))
		return true;
	buf_release(out);
	return fault(why, "%s: too long", v->name);
}

static bool
is_named(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(entry, name, len) && entry[len] == '=';
}

static bool
is_ours(const struct run_setting *s, const char *entry)
{
	for (size_t i = 0; i < ARRAY_LEN(variables); i++)
		if (is_named(entry, variables[i].name))
			return s->proxy || variables[i].use != PROXY_ADDED;
	return false;
}

void
run_env_free(char **env)
{
	for (char **at = env; at && *at; at++)
		free(*at);
	free(env);
}

char **
run_env(const struct run_setting *s, struct fault *why)
{
	size_t count = 0, at = 0;
	char **env;

	while (environ[count])
		count++;
	env = xalloc((count + ARRAY_LEN(variables) + 1) * sizeof(*env));
	for (size_t i = 0; i < count; i++)
		if (!is_ours(s, environ[i]))
			env[at++] = xstrdup(environ[i]);
	for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
		const struct variable *v = &variables[i];
		struct buf value;

		if (!s->proxy && v->use != TRUST)
			continue;
		if (!value_of(s, v, &value, why)) {
			run_env_free(env);
			return NULL;
		}
		env[at] = xalloc(strlen(v->name) + buf_bytes(&value).len + 2);
		sprintf(env[at++], "%s=%.*s", v->name, (int)buf_bytes(&value).len, (const char *)buf_bytes(&value).at);
		buf_release(&value);
	}
	return env;
}

/* Nothing is special between quotes but the quote. */
static void
print_quoted(struct bytes b)
{
	putchar('\'');
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] == '\'')
			fputs("'\\''", stdout);
		else
			putchar(b.at[i]);
	putchar('\'');
}

bool
run_env_print(const struct run_setting *s, struct fault *why)
{
	for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
		struct buf value;

		if (!value_of(s, &variables[i], &value, why))
			return false;
		printf("export %s=", variables[i].name);
		print_quoted(buf_bytes(&value));
		putchar('\n');
		buf_release(&value);
	}
	return true;
}
