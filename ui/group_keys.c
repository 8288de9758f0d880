/* By what flows can be grouped, and the filter of each group. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "group.h"

#define NOTHING "(none)"

static void
named(char out[GROUP_NAME_MAX], const char *name)
{
	snprintf(out, GROUP_NAME_MAX, "%s", *name ? name : NOTHING);
}

/* "host", or "host:port" of a port that is none of the usual ones. */
static void
host_name(const struct row *r, char out[GROUP_NAME_MAX])
{
	bool v6 = strchr(r->host, ':'), usual = !r->port || r->port == 80 || r->port == 443;

	if (!*r->host)
		named(out, "");
	else if (usual)
		snprintf(out, GROUP_NAME_MAX, "%s%s%s", v6 ? "[" : "", r->host, v6 ? "]" : "");
	else
		snprintf(out, GROUP_NAME_MAX, "%s%s%s:%u", v6 ? "[" : "", r->host, v6 ? "]" : "", r->port);
}

/* Each segment of the path, with the slash before it: "/v1" "/items" "/"; without what follows a "?". */
static bool
host_part(const struct row *r, unsigned level, char out[GROUP_NAME_MAX])
{
	const char *at = r->path, *end = at + strcspn(at, "?"), *next;

	if (!level)
		return host_name(r, out), true;
	if (!r->request)
		return false;
	for (;; at = next) {
		if (at == end)
			return false;
		for (next = at + 1; next < end && *next != '/'; next++)
			;
		if (!--level)
			break;
	}
	snprintf(out, GROUP_NAME_MAX, "%.*s", (int)(next - at), at);
	return true;
}

static bool method_part(const struct row *r, unsigned level, char out[GROUP_NAME_MAX]) { return named(out, r->method), !level; }
static bool type_part(const struct row *r, unsigned level, char out[GROUP_NAME_MAX]) { return named(out, r->type), !level; }
static bool client_part(const struct row *r, unsigned level, char out[GROUP_NAME_MAX]) { return named(out, r->client), !level; }

static bool process_part(const struct row *r, unsigned level, char out[GROUP_NAME_MAX]) { return named(out, r->process), !level; }

static bool
status_part(const struct row *r, unsigned level, char out[GROUP_NAME_MAX])
{
	char number[8] = "";

	if (r->status)
		snprintf(number, sizeof(number), "%u", r->status);
	return named(out, number), !level;
}

static bool
connection_part(const struct row *r, unsigned level, char out[GROUP_NAME_MAX])
{
	snprintf(out, GROUP_NAME_MAX, "#%llu  %s", (unsigned long long)r->connection, r->client);
	return !level;
}

/* Text as a regex that is just that, within double quotes: both take a backslash away. */
static void
put_text(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (iscntrl(c))
			(void)!buf_addf(out, "\\\\x%02x", c);
		else if (c == '"' || c == '\\')
			(void)!buf_addf(out, c == '"' ? "\\\"" : "\\\\\\\\");
		else if (strchr("^$.[]|()?*+{}", c))
			(void)!buf_addf(out, "\\\\%c", c);
		else
			(void)!buf_addf(out, "%c", c);
	}
}

static bool
is_nothing(const struct group *g)
{
	return !strcmp(g->name, NOTHING);
}

static void
host_expression_of(const char *name, struct buf *out)
{
	const char *end = *name == '[' ? strchr(name, ']') : NULL, *port = strrchr(end ? end : name, ':');
	size_t len = end ? (size_t)(end - name - 1) : port ? (size_t)(port - name) : strlen(name);

	(void)!buf_addf(out, "~dst \"^");
	put_text(out, name + (end != NULL), len);
	(void)!buf_addf(out, port ? "%s$\"" : ":(0|80|443)$\"", port);
}

static void
path_text(const struct group *g, struct buf *out)
{
	if (g->level < 2)
		return;
	path_text(g->up, out);
	put_text(out, g->name, strlen(g->name));
}

/* Of the server and its port; and of the whole of each segment. */
static void
host_expression(const struct group *g, struct buf *out)
{
	const struct group *host = g;

	while (host->level > 1)
		host = host->up;
	if (is_nothing(host))
		(void)!buf_addf(out, "~dst ^:[0-9]*$");
	else
		host_expression_of(host->name, out);
	if (g == host)
		return;
	(void)!buf_addf(out, " & ~u \"(?-i)^[^/]*//[^/]*");
	path_text(g, out);
	(void)!buf_addf(out, "([/?]|$)\"");
}

static void
text_expression(const struct group *g, struct buf *out, const char *term, const char *before, const char *behind)
{
	if (is_nothing(g)) {
		(void)!buf_addf(out, "!%s .", term);
		return;
	}
	(void)!buf_addf(out, "%s \"%s", term, before);
	put_text(out, g->name, strlen(g->name));
	(void)!buf_addf(out, "%s\"", behind);
}

static void method_expression(const struct group *g, struct buf *out) { text_expression(g, out, "~m", "(?-i)^", "$"); }
static void type_expression(const struct group *g, struct buf *out) { text_expression(g, out, "~ts", "^\\\\s*", "\\\\s*(;|$)"); }
static void client_expression(const struct group *g, struct buf *out) { text_expression(g, out, "~src", "^", "(:[0-9]*)?$"); }

static void process_expression(const struct group *g, struct buf *out) { text_expression(g, out, "~process", "(?-i)^", "$"); }

static void
status_expression(const struct group *g, struct buf *out)
{
	(void)!buf_addf(out, is_nothing(g) ? "!~c >0" : "~c %s", g->name);
}

static void
connection_expression(const struct group *g, struct buf *out)
{
	(void)!buf_addf(out, "~conn %llu", strtoull(g->name + 1, NULL, 10));
}

const struct group_key group_keys[] = {
	{ "host",	"by host and path",	true,	host_part,	host_expression },
	{ "connection",	"by connection",	false,	connection_part, connection_expression },
	{ "client",	"by client",		false,	client_part,	client_expression },
	{ "process",	"by process",		false,	process_part,	process_expression },
	{ "type",	"by media type",	false,	type_part,	type_expression },
	{ "status",	"by status",		false,	status_part,	status_expression },
	{ "method",	"by method",		false,	method_part,	method_expression },
	{ 0 },
};
