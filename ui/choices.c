/*
 * What a person chose of chains, remembered. A line of the file:
 *
 *	KEY TAB step,step,... TAB fix;fix;...
 *
 * The last line of a key counts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choices.h"
#include "soth/map.h"

enum { LINE_ROOM = 4096 };

struct choices {
	struct map *map;
	char *path;		/* NULL: in memory alone */
};

static const struct chosen nothing;

void
choices_key(enum side side, struct bytes host, unsigned port, struct bytes target, char out[CHOICE_KEY_MAX])
{
	const uint8_t *query = target.len ? memchr(target.at, '?', target.len) : NULL;
	size_t len = query ? (size_t)(query - target.at) : target.len;

	snprintf(out, CHOICE_KEY_MAX, "%s %.*s:%u %.*s", side == CLIENT ? "request" : "response",
		(int)(host.len < 256 ? host.len : 256), (const char *)host.at, port, (int)(len < 500 ? len : 500),
		(const char *)target.at);
	for (char *p = out; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
}

static bool
chosen_is(const struct chosen *c)
{
	bool any = *c->fixes;

	for (size_t i = 0; i < DECODE_STEPS_MAX; i++)
		any = any || *c->choice.step[i];
	return any;
}

static void
choices_keep(struct choices *c, const char *key, const struct chosen *what)
{
	struct chosen *kept = NULL;

	if (chosen_is(what) && map_count(c->map) < CHOICES_MAX) {
		kept = xalloc(sizeof(*kept));
		*kept = *what;
	}
	free(kept ? map_put(c->map, bytes_of(key), kept) : map_take(c->map, bytes_of(key)));
}

/* "a,,b" into the steps. */
static void
line_steps(char *text, struct choice *out)
{
	for (size_t i = 0; i < DECODE_STEPS_MAX && text; i++) {
		char *one = strsep(&text, ",");

		if (strlen(one) < DECODE_NAME_MAX)
			strcpy(out->step[i], one);
	}
}

static void
choices_line(struct choices *c, char *line)
{
	char *key = strsep(&line, "\t"), *steps = line ? strsep(&line, "\t") : NULL;
	struct chosen what = nothing;

	if (!steps || !line || strlen(key) >= CHOICE_KEY_MAX || strlen(line) >= FIXES_MAX)
		return;
	line_steps(steps, &what.choice);
	strcpy(what.fixes, line);
	for (char *p = what.fixes; *p; p++)
		if (*p == ';')
			*p = '\n';
	choices_keep(c, key, &what);
}

static void
choices_load(struct choices *c)
{
	FILE *f = fopen(c->path, "re");
	static char line[LINE_ROOM];

	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		choices_line(c, line);
	}
	fclose(f);
}

struct choices *
choices_open(const char *path)
{
	struct choices *c = xalloc(sizeof(*c));

	c->map = map_new();
	if (!path || !*path)
		return c;
	c->path = xstrdup(path);
	choices_load(c);
	return c;
}

void
choices_close(struct choices *c)
{
	map_free(c->map, free);
	free(c->path);
	free(c);
}

const struct chosen *
choices_find(const struct choices *c, const char *key)
{
	const struct chosen *found = map_find(c->map, bytes_of(key));

	return found ? found : &nothing;
}

static void
line_write(FILE *f, const char *key, const struct chosen *what)
{
	size_t steps = DECODE_STEPS_MAX;

	while (steps && !*what->choice.step[steps - 1])
		steps--;
	fprintf(f, "%s\t", key);
	for (size_t i = 0; i < steps; i++)
		fprintf(f, "%s%s", i ? "," : "", what->choice.step[i]);
	putc('\t', f);
	for (const char *p = what->fixes; *p; p++)
		putc(*p == '\n' ? ';' : *p, f);
	putc('\n', f);
}

bool
choices_put(struct choices *c, const char *key, const struct chosen *what, struct fault *why)
{
	FILE *f;

	choices_keep(c, key, what);
	if (!c->path)
		return true;
	f = fopen(c->path, "ae");
	if (!f)
		return fault(why, "%s: %s", c->path, strerror(errno));
	line_write(f, key, what);
	return !fclose(f) || fault(why, "%s: %s", c->path, strerror(errno));
}
