/* Filter terms of what is under the cursor: this value alone, or all but it. */
#include <stdio.h>
#include <string.h>

#include "only.h"
#include "regex.h"

static bool
only_put(struct only *out, const char *name, const char *begin, struct bytes value, bool cut, const char *end)
{
	struct regex r = { .used = 0 };

	if (!value.len)
		return false;
	regex_put(&r, begin);
	regex_value(&r, value, cut, end);
	regex_term(&r, name, out->term);
	snprintf(out->value, sizeof(out->value), "%.*s", (int)(value.len < ONLY_VALUE_MAX ? value.len : ONLY_VALUE_MAX - 1),
		(const char *)value.at);
	return true;
}

static bool
method(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	return only_put(out, "m", "^", bytes_of(r->method), strlen(r->method) + 1 == sizeof(r->method), "$");
}

static bool
host(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	return only_put(out, r->request ? "d" : "dst", "^", bytes_of(r->host), strlen(r->host) + 1 == sizeof(r->host), r->request ? "$" : ":");
}

/* The first `segments` of the path, without what follows a ?; false: it has not so many. */
static bool
path_of(const struct row *r, unsigned segments, struct only *out)
{
	size_t all = strcspn(r->path, "?#"), len = 0;

	while (segments && len < all) {
		len += 1 + strcspn(r->path + len + 1, "/?#");
		segments--;
	}
	if (*r->path != '/' || !r->request || segments || len >= all)	/* all of it is another choice */
		return false;
	return only_put(out, "u", "^[^/]*//[^/]*", (struct bytes){ (const uint8_t *)r->path, len },
		len + 1 == sizeof(r->path), "([/?#]|$)");
}

static bool
first(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	return path_of(r, 1, out);
}

static bool
second(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	return path_of(r, 2, out);
}

static bool
path(const struct row *r, const struct flow *f, struct only *out)
{
	size_t len = strcspn(r->path, "?#");

	(void)f;
	return *r->path == '/' && r->request && only_put(out, "u", "^[^/]*//[^/]*", (struct bytes){ (const uint8_t *)r->path, len },
		len + 1 == sizeof(r->path), "([?#]|$)");
}

static bool
status(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	snprintf(out->value, sizeof(out->value), "%u", r->status);
	snprintf(out->term, sizeof(out->term), "~c %u", r->status);
	return r->status;
}

static bool
grpc(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	snprintf(out->value, sizeof(out->value), "grpc %d", r->grpc);
	snprintf(out->term, sizeof(out->term), "~gs %d", r->grpc);
	return r->grpc >= 0;
}

static bool
type(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	return only_put(out, "ts", "^", bytes_of(r->type), strlen(r->type) + 1 == sizeof(r->type), " *(;|$)");
}

static bool
port(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	snprintf(out->value, sizeof(out->value), "port %u", r->port);
	snprintf(out->term, sizeof(out->term), "~port %u", r->port);
	return r->port;
}

/* Its address, from whatever port. */
static bool
client(const struct row *r, const struct flow *f, struct only *out)
{
	struct bytes from = f && f->origin ? f->origin->client : (struct bytes){ 0 };
	const uint8_t *colon = from.len ? memrchr(from.at, ':', from.len) : NULL;

	(void)r;
	return colon && only_put(out, "src", "^", (struct bytes){ from.at, (size_t)(colon - from.at) }, false, ":");
}

static bool
process(const struct row *r, const struct flow *f, struct only *out)
{
	(void)f;
	return *r->process && only_put(out, "process", "^", bytes_of(r->process), strlen(r->process) + 1 == sizeof(r->process), "$");
}

static const struct {
	char key;
	bool (*make)(const struct row *r, const struct flow *f, struct only *out);
} choices[] = {
	{ 'm', method }, { 'h', host }, { 's', status }, { 'g', grpc }, { 't', type }, { '1', first },
	{ '2', second }, { 'p', path }, { 'c', client }, { 'o', port },
	{ 'x', process },
};

bool
only_choice(size_t i, const struct row *r, const struct flow *flow, struct only *out)
{
	for (size_t k = 0; k < ARRAY_LEN(choices); k++) {
		*out = (struct only){ .key = choices[k].key };
		if (choices[k].make(r, flow, out) && !i--)
			return true;
	}
	return false;
}

static const char *
of_head(enum side side)
{
	return side == CLIENT ? "hq" : "hs";
}

static const char *
of_body(enum side side)
{
	return side == CLIENT ? "bq" : "bs";
}

/* The end of a line in the text of a head has a CR, which $ does not pass. */
static const char *
field_head(struct regex *r, enum side side, struct bytes name, struct bytes value)
{
	regex_put(r, "^");
	if (!regex_name(r, name, ": "))
		return NULL;
	regex_value(r, value, false, "\\r?$");
	return of_head(side);
}

static const char *
field_query(struct regex *r, enum side side, struct bytes name, struct bytes value)
{
	(void)side;
	regex_put(r, "[?&]");
	if (!regex_escapes(r, name, "="))
		return NULL;
	(void)!regex_escapes(r, value, "([&#]|$)");
	return "u";
}

static const char *
field_form(struct regex *r, enum side side, struct bytes name, struct bytes value)
{
	regex_put(r, "(^|&)");
	if (!regex_escapes(r, name, "="))
		return NULL;
	(void)!regex_escapes(r, value, "(&|\\s*$)");
	return of_body(side);
}

static const char *
field_cookie(struct regex *r, enum side side, struct bytes name, struct bytes value)
{
	regex_put(r, side == CLIENT ? "^cookie: *(.*; *)?" : "^set-cookie: *");
	if (!regex_name(r, name, " *= *"))
		return NULL;
	regex_value(r, value, false, " *(;|\\r?$)");
	return of_head(side);
}

/* Of an object or an array, nothing: its line has only its beginning. */
static const char *
field_member(struct regex *r, enum side side, struct bytes name, struct bytes value)
{
	if (!value.len || strchr("{[", *value.at) || !regex_name(r, name, "\\s*:\\s*"))
		return NULL;
	regex_value(r, value, false, "\\s*[,}]");
	return of_body(side);
}

/* Lines of the overview. A value goes up to a mark, the first or the last that is in it. */
static const struct {
	const char *name, *term, *begin, *end, *mark;
	bool last;
} overview[] = {
	{ "URL", "u", "^", "$", "\n", false }, { "Method", "m", "^", "$", "\n", false }, { "Mode", "mode", "^", "$", "\n", false },
	{ "Client", "src", "^", ":", ":", true }, { "Server", "dst", "^", ":", " port ", true }, { "Status", "c", "", "", " ", false },
	{ "Process", "process", "^", "$", " (", true }, { "User", "user", "^", "$", "\n", false },
};

static struct bytes
up_to(struct bytes value, const char *mark, bool last)
{
	size_t len = strlen(mark), found = value.len;

	for (size_t i = 0; i + len <= value.len && (last || found == value.len); i++)
		if (!memcmp(value.at + i, mark, len))
			found = i;
	return (struct bytes){ value.at, found };
}

static const char *
field_overview(struct regex *r, enum side side, struct bytes name, struct bytes value)
{
	(void)side;
	for (size_t i = 0; value.len && i < ARRAY_LEN(overview); i++) {
		if (!bytes_are(name, overview[i].name))
			continue;
		regex_put(r, overview[i].begin);
		regex_value(r, up_to(value, overview[i].mark, overview[i].last), false, overview[i].end);
		return overview[i].term;
	}
	return NULL;
}

bool
only_field(enum only_place place, enum side side, struct bytes name, struct bytes value, char out[ONLY_TERM_MAX])
{
	static const char *(*const field[])(struct regex *r, enum side side, struct bytes name, struct bytes value) = {
		[ONLY_HEAD] = field_head, [ONLY_QUERY] = field_query, [ONLY_FORM] = field_form, [ONLY_COOKIE] = field_cookie,
		[ONLY_MEMBER] = field_member, [ONLY_OVERVIEW] = field_overview,
	};
	struct regex r = { .used = 0 };
	const char *term = field[place](&r, side, name, value);

	if (term)
		regex_term(&r, term, out);
	return term;
}

/* Where what begins here ends: a quoted text as a whole. */
static const char *
past(const char *at)
{
	char quote = *at == '"' || *at == '\'' ? *at : '\0';

	while (quote && *++at && *at != quote)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

/* Whether a term may stand behind it with an &: it has no | outside of brackets, and nothing open at its end. */
static bool
is_plain(const char *filter)
{
	const char *last = filter;
	unsigned depth = 0;

	for (const char *at = filter; *at; last = at, at = past(at)) {
		if (*at == '|' && !depth)
			return false;
		depth += *at == '(' ? 1u : *at == ')' && depth ? -1u : 0u;
	}
	return !strchr("&!~", *last);
}

/* Its last term is this one already. */
static bool
ends_with(const char *filter, const char *term)
{
	size_t len = strlen(filter), own = strlen(term);

	return len >= own && !strcmp(filter + len - own, term) && (len == own || filter[len - own - 1] == ' ');
}

/* One term and its argument, with nothing behind it. */
static bool
is_single(const char *term)
{
	const char *argument = term + strcspn(term, " ");

	argument += strspn(argument, " ");
	if (*term != '~')
		return false;
	return *argument == '"' ? !*past(argument) : !argument[strcspn(argument, " |&()'\"")];
}

bool
only_added(const char *filter, bool invert, const char *term, bool not, char *out, size_t room)
{
	bool whole = *filter && (invert || !is_plain(filter)), single = is_single(term);
	char more[ONLY_TERM_MAX + 8];
	int n = snprintf(more, sizeof(more), "%s%s%s%s", not ? "!" : "", single ? "" : "(", term, single ? "" : ")");

	if (n < 0 || (size_t)n >= sizeof(more))
		return false;
	if (!invert && ends_with(filter, more))
		*more = '\0';
	n = snprintf(out, room, "%s%s%s%s%s%s", invert && whole ? "!" : "", whole ? "(" : "", filter, whole ? ")" : "",
		*filter && *more ? " & " : "", more);
	return n > 0 && (size_t)n < room;
}
