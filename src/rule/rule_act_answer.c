/* Actions that answer in the server's place, or send the request elsewhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rule_inside.h"

enum { FIELDS_MOST = WORDS_MAX + 1, URL_MOST = 64 << 10 };

bool
act_answer_block(const struct rule *rule, struct acting *a)
{
	if (a->answered)
		return false;
	acting_say(a, "%s", a->stage == RULE_MESSAGE ? "the message does not pass on" :
		rule->code == CLOSE_ALONE ? "closed without an answer" : "answered here");
	if (a->stage == RULE_MESSAGE)
		return a->out->drop = true;
	if (rule->code == CLOSE_ALONE)
		return a->out->close = a->answered = true;
	return acting_answer(a, rule, rule->code, NULL, 0, (struct slice){ 0 });
}

static bool
has_field(const struct field *field, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_like(field[i].name, name))
			return true;
	return false;
}

/* A file's media type goes by its name. */
static void
add_type(const struct text *body, struct field *field, size_t *count)
{
	const char *type = body->file ? rule_file_type(body->at) : "text/plain; charset=utf-8";

	if (body->at && type && !has_field(field, *count, "content-type"))
		field[(*count)++] = (struct field){ LIT("Content-Type"), bytes_of(type) };
}

/* Values may be files, which are kept until the head is made. */
static bool
pairs_read(const struct rule *rule, struct acting *a, struct field *field)
{
	for (size_t i = 0; i < rule->pairs; i++) {
		struct slice value;

		if (!acting_text(a, rule, &rule->pair[i].value, &value))
			return false;
		field[i] = (struct field){ bytes_of(rule->pair[i].name), acting_keep(a, value) };
		while (field[i].value.len && strchr("\r\n", field[i].value.at[field[i].value.len - 1]))
			field[i].value.len--;
	}
	return true;
}

bool
act_respond(const struct rule *rule, struct acting *a)
{
	struct field field[FIELDS_MOST];
	size_t count = rule->pairs;
	struct slice body = { 0 };

	if (a->answered || !pairs_read(rule, a, field) || (rule->value.at && !acting_text(a, rule, &rule->value, &body)))
		return false;
	add_type(&rule->value, field, &count);
	acting_say(a, "answered here with %zu bytes", body.bytes.len);
	return acting_answer(a, rule, rule->code, field, count, body);
}

bool
act_redirect(const struct rule *rule, struct acting *a)
{
	struct bytes url = a->answered ? (struct bytes){ 0 } : acting_url(a);
	struct match_groups g;
	struct field field[1];
	struct buf to;
	bool ok;

	if (!url.len || !match_groups(rule->match, url, 0, &g))
		return false;
	buf_init(&to, URL_MOST);
	ok = template_expand((struct bytes){ (uint8_t *)rule->value.at, rule->value.len }, &g, &to);
	field[0] = (struct field){ LIT("Location"), buf_bytes(&to) };
	acting_say(a, "to %.*s", (int)to.len, (const char *)to.at);
	ok = ok ? acting_answer(a, rule, rule->code, field, 1, (struct slice){ 0 }) : acting_fail(a, rule, "the URL is too long");
	buf_release(&to);
	return ok;
}

/* Of a URL that matches: the first group where the pattern has one, else what is behind the match. */
static struct bytes
behind(struct bytes url, const struct match_groups *g)
{
	size_t end = (size_t)(g->group[0].at - url.at) + g->group[0].len;

	return g->group[1].at ? g->group[1] : bytes_from(url, end);
}

/* Shares it. */
static bool
answer_file(const struct rule *rule, struct acting *a, const struct local_file *file)
{
	const struct text named = { file->path, strlen(file->path), true, NULL };
	struct field field[1];
	size_t count = 0;

	if (*file->why.text)
		return acting_fail(a, rule, "%s", file->why.text);
	add_type(&named, field, &count);
	acting_say(a, "answered with %s, %zu bytes", file->path, file->body.bytes.len);
	return acting_answer(a, rule, 200, field, count, slice_ref(file->body));
}

/* One that was read when the rules were; shared. Without a path: it was not there. */
static struct local_file
file_read(const struct text *t)
{
	struct local_file f = { NULL };

	if (filed_get(t->content, &f.body, &f.why))
		f.path = t->at;
	return f;
}

/* Of a folder. False: it is not read yet. */
static bool
file_local(const struct rule *rule, struct acting *a, struct bytes rest, struct local_file *out)
{
	struct buf what;
	const struct local_file *f;

	buf_init(&what, URL_MOST * 2);
	if (!buf_add(&what, (struct bytes){ (uint8_t *)rule->value.at, rule->value.len + 1 }) || !buf_add(&what, rest)) {
		buf_release(&what);
		return acting_fail(a, rule, "the URL is too long");
	}
	f = acting_file(a, buf_seal(&what));
	*out = f ? (struct local_file){ f->path, slice_ref(f->body), f->why } : (struct local_file){ NULL };
	return f || a->dry || acting_fail(a, rule, "its file was not read in time");
}

/* Where the file is not there, the next such rule has its turn; behind the last one it is not found. */
bool
act_map_local(const struct rule *rule, struct acting *a)
{
	struct bytes url = a->answered && !a->missed ? (struct bytes){ 0 } : acting_url(a);
	struct match_groups g;
	struct local_file file;
	bool did;

	if (!url.len || !match_groups(rule->match, url, 0, &g))
		return false;
	if (rule->value.content)
		file = file_read(&rule->value);
	else if (!file_local(rule, a, behind(url, &g), &file))
		return false;
	if (!file.path && a->missed)
		return false;
	if (a->missed) {
		head_drop(a->out->answer);
		a->out->answer = NULL;
	}
	a->missed = !file.path;
	if (!file.path) {
		acting_say(a, "no such file in %s: answered 404", rule->value.at);
		return acting_answer(a, rule, 404, NULL, 0, (struct slice){ 0 });
	}
	did = answer_file(rule, a, &file);
	slice_drop(&file.body);
	return did;
}

/* Scheme, authority, and what is behind them; false: it is no such URL. */
static bool
url_parts(struct bytes url, struct bytes *authority, struct bytes *path)
{
	size_t scheme = url.len >= 7 && !strncasecmp((const char *)url.at, "http://", 7) ? 7 :
		url.len >= 8 && !strncasecmp((const char *)url.at, "https://", 8) ? 8 : 0, len = 0;

	*authority = bytes_from(url, scheme);
	while (len < authority->len && !strchr("/?#", authority->at[len]))
		len++;
	*path = bytes_from(*authority, len);
	authority->len = len;
	for (size_t i = 0; i < url.len; i++)
		if (url.at[i] <= ' ' || url.at[i] == 0x7f)
			return false;
	return scheme && len;
}

/* The head goes along: its target, and Host; a bare ? or nothing gets its slash. */
static bool
draft_go(struct acting *a, struct bytes url)
{
	struct draft *d = acting_draft(a);
	struct bytes authority, path, target;
	const uint8_t *hash;
	struct buf b;

	if (!d || !url_parts(url, &authority, &path))
		return false;
	hash = path.len ? memchr(path.at, '#', path.len) : NULL;
	path.len = hash ? (size_t)(hash - path.at) : path.len;
	buf_init(&b, URL_MOST * 2);
	if (!(path.len && *path.at == '/'))
		(void)!buf_add(&b, LIT("/"));
	(void)!buf_add(&b, path);
	target = acting_keep(a, buf_seal(&b));
	if (d->target.len && *d->target.at != '/')
		target = acting_keep(a, slice_copy(url));
	d->target = target;
	draft_set(d, "Host", acting_keep(a, slice_copy(authority)));
	return true;
}

bool
act_map_remote(const struct rule *rule, struct acting *a)
{
	struct bytes url = acting_url(a);
	size_t count = 0;
	struct buf to;
	bool ok;

	if (!url.len || a->answered)
		return false;
	buf_init(&to, URL_MOST);
	ok = template_replace(rule->match, url, &rule->value, &to, &count);
	if (!ok || !count || bytes_same(url, buf_bytes(&to))) {
		buf_release(&to);
		return !ok && acting_fail(a, rule, "the URL is too long");
	}
	ok = draft_go(a, buf_bytes(&to));
	if (!ok)
		(void)acting_fail(a, rule, "%.*s is no http or https URL", (int)(to.len < 100 ? to.len : 100), (const char *)to.at);
	if (!ok) {
		buf_release(&to);
		return false;
	}
	acting_say(a, "to %.*s", (int)to.len, (const char *)to.at);
	buf_release(&a->url);
	a->url = to;
	return ++a->url_changes;
}
