/* A diff as a JSON object for programs. Groups are written one by one, so that few of them are in memory. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "diff_inside.h"

/* JSON is UTF-8; other bytes are taken for Latin-1, so that nothing is lost. */
static json_t *
text(const char *s)
{
	json_t *j = s ? json_string(s) : json_null();
	char *wide, *to;

	if (j)
		return j;
	wide = to = xalloc(2 * strlen(s) + 1);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x80)
			*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	j = json_string(wide);
	free(wide);
	return j;
}

static void
change_amounts(json_t *j, const struct diff_change *c)
{
	json_object_set_new(j, "unit", json_string(c->unit == UNIT_BYTES ? "bytes" : "microseconds"));
	json_object_set_new(j, "was", json_integer((json_int_t)c->amount[0]));
	json_object_set_new(j, "is", json_integer((json_int_t)c->amount[1]));
}

static json_t *
change_json(const struct diff_change *c)
{
	json_t *j = json_pack("{s:s,s:s}", "kind", diff_word(c->kind), "side", c->side == CLIENT ? "request" : "response");

	if (c->class)
		json_object_set_new(j, "status", json_sprintf("%uxx", c->class));
	if (c->where)
		json_object_set_new(j, "where", text(c->where));
	if (c->lines) {
		json_object_set_new(j, "lines", text(c->lines));
	} else if (c->unit) {
		change_amounts(j, c);
	} else {
		json_object_set_new(j, "was", text(c->value[0]));
		json_object_set_new(j, "is", text(c->value[1]));
	}
	return j;
}

static void
group_write(const struct diff_group *g, FILE *out)
{
	json_t *changes = json_array(), *j = json_pack("{s:o,s:o,s:o,s:[I,I],s:o}", "method", text(g->method), "host", text(g->host),
		"path", text(g->path), "flows", (json_int_t)g->flows[0], (json_int_t)g->flows[1], "changes", changes);

	for (size_t i = 0; i < g->changes; i++)
		json_array_append_new(changes, change_json(&g->change[i]));
	json_dumpf(j, out, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(j);
}

static json_t *
counts_json(const struct diff *d)
{
	json_t *found = json_object();

	for (unsigned i = 0; i < DIFF_COUNT; i++)
		if (d->found[i])
			json_object_set_new(found, diff_word((enum diff_kind)i), json_integer((json_int_t)d->found[i]));
	return json_pack("{s:b,s:o,s:[I,I],s:I,s:I,s:I,s:b,s:b}", "same", !d->groups, "found", found,
		"flows", (json_int_t)d->flows[0], (json_int_t)d->flows[1], "same_shapes", (json_int_t)d->same,
		"left_out", (json_int_t)d->left_out, "bodies_cut", (json_int_t)d->bodies_cut, "members_cut", d->members_cut, "messages_cut", d->messages_cut);
}

void
diff_json(const struct diff *d, FILE *out)
{
	json_t *counts = counts_json(d);
	char *text_of = json_dumps(counts, JSON_COMPACT);

	fprintf(out, "%.*s,\"groups\":[", (int)strlen(text_of) - 1, text_of);
	for (size_t i = 0; i < d->groups; i++) {
		if (i)
			putc(',', out);
		group_write(&d->group[i], out);
	}
	fputs("]}\n", out);
	free(text_of);
	json_decref(counts);
}
