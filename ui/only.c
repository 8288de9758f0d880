/* Filter terms of what is under the cursor: this value alone, or all but it. */
#include <stdio.h>
#include <string.h>

#include "only.h"

enum { REGEX_ROOM = ONLY_TERM_MAX / 2 - 16, VALUE_LONGEST = 100 };

/* A regular expression that is being written. */
struct regex { char text[REGEX_ROOM]; size_t used; bool cut; };

static void
regex_put(struct regex *r, const char *text)
{
	size_t len = strlen(text);

	if (r->used + len >= sizeof(r->text)) {
		r->cut = true;
		return;
	}
	memcpy(r->text + r->used, text, len + 1);
	r->used += len;
}

/* One byte that stands for itself. Those past ASCII mean nothing else. */
static void
regex_byte(struct regex *r, uint8_t c)
{
	char text[8];

	if (c < 0x20 || c == 0x7f)
		snprintf(text, sizeof(text), "\\x%02x", c);
	else
		snprintf(text, sizeof(text), "%s%c", strchr("\\^$.[]|()?*+{}#", c) ? "\\" : "", c);
	regex_put(r, text);
}

/* All of the value and then `end`; or its beginning alone, where it is long, or was `cut`. */
static void
regex_value(struct regex *r, struct bytes value, bool cut, const char *end)
{
	size_t len = value.len < VALUE_LONGEST ? value.len : VALUE_LONGEST;

	/* Room for what follows is kept: a byte takes at most four. */
	for (size_t i = 0; i < len && !r->cut; i++) {
		r->cut = r->used + 4 + strlen(end) + 1 >= sizeof(r->text);
		if (!r->cut)
			regex_byte(r, value.at[i]);
	}
	if (len == value.len && !cut && !r->cut)
		regex_put(r, end);
}

/* Behind the term's name: bare, or in quotes, where backslashes stand twice. */
static void
term_put(const char *name, const struct regex *r, char out[ONLY_TERM_MAX])
{
	bool bare = !strpbrk(r->text, "()~'\" \t");
	size_t n = (size_t)snprintf(out, ONLY_TERM_MAX, bare ? "~%s %s" : "~%s \"", name, r->text);

	for (const char *p = r->text; !bare && *p && n + 4 < ONLY_TERM_MAX; p++) {
		if (*p == '\\' || *p == '"')
			out[n++] = '\\';
		out[n++] = *p;
	}
	snprintf(out + n, ONLY_TERM_MAX - n, bare ? "" : "\"");
}

static bool
only_put(struct only *out, const char *name, const char *begin, struct bytes value, bool cut, const char *end)
{
	struct regex r = { .used = 0 };

	if (!value.len)
		return false;
	regex_put(&r, begin);
	regex_value(&r, value, cut, end);
	term_put(name, &r, out->term);
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

static const struct {
	char key;
	bool (*make)(const struct row *r, const struct flow *f, struct only *out);
} choices[] = {
	{ 'm', method }, { 'h', host }, { 's', status }, { 'g', grpc }, { 't', type }, { '1', first },
	{ '2', second }, { 'p', path }, { 'c', client }, { 'o', port },
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

/* The end of a line in the text of a head has a CR, which $ does not pass. */
void
only_field(enum side side, struct bytes name, struct bytes value, char out[ONLY_TERM_MAX])
{
	struct regex r = { .used = 0 };

	regex_put(&r, "^");
	regex_value(&r, name, false, ": ");
	regex_value(&r, value, false, "\\r?$");
	term_put(side == CLIENT ? "hq" : "hs", &r, out);
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
