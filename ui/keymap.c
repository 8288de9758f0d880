/* Which key means which action. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keymap.h"

struct binding {
	char view[24], key[24];
	const struct action *action;
};

struct keymap {
	const struct action *all;
	struct binding *binding;
	size_t bindings;
};

/* The next word of a list, "" after the last. */
static const char *
keymap_word(const char *list, char word[24])
{
	size_t len;

	list += strspn(list, " ");
	len = strcspn(list, " ");
	snprintf(word, 24, "%.*s", (int)(len < 23 ? len : 23), list);
	return list + len;
}

static void
keymap_put(struct keymap *k, const char *view, const char *key, const struct action *a)
{
	struct binding *b;

	for (size_t i = 0; i < k->bindings; i++)
		if (!strcmp(k->binding[i].view, view) && !strcmp(k->binding[i].key, key)) {
			k->binding[i].action = a;
			return;
		}
	k->binding = xgrow(k->binding, k->bindings + 1, sizeof(*k->binding));
	b = &k->binding[k->bindings++];
	snprintf(b->view, sizeof(b->view), "%s", view);
	snprintf(b->key, sizeof(b->key), "%s", key);
	b->action = a;
}

struct keymap *
keymap_new(const struct action *all)
{
	struct keymap *k = xalloc(sizeof(*k));
	char view[24], key[24];

	k->all = all;
	for (const struct action *a = all; a->name; a++) {
		const char *views = keymap_word(a->in, view);

		do {
			const char *keys = a->keys;

			while (keys = keymap_word(keys, key), *key)
				keymap_put(k, view, key, a);
			views = keymap_word(views, view);
		} while (*view);
	}
	return k;
}

void
keymap_free(struct keymap *k)
{
	if (k)
		free(k->binding);
	free(k);
}

bool
keymap_bind(struct keymap *k, const char *view, const char *key, const char *action, struct fault *why)
{
	const struct action *a = action_named(k->all, action);

	if (!a)
		return fault(why, "bind: no action \"%s\"", action);
	if (!*key || strlen(key) > 23 || strlen(view) > 23)
		return fault(why, "bind: \"%s\" is no key; keys are a, <Up>, <C-b>, <A-x>, <F5>", key);
	keymap_put(k, strcmp(view, "*") ? view : "", key, a);
	return true;
}

static const struct action *
keymap_of(const struct keymap *k, const char *view, const char *key)
{
	for (size_t i = 0; i < k->bindings; i++)
		if (!strcmp(k->binding[i].key, key) && !strcmp(k->binding[i].view, view))
			return k->binding[i].action;
	return NULL;
}

const struct action *
keymap_find(const struct keymap *k, const char *view, const char *key)
{
	const struct action *a = keymap_of(k, view, key);

	return a ? a : keymap_of(k, "", key);
}

void
keymap_keys(const struct keymap *k, const struct action *a, char *out, size_t size)
{
	size_t used = 0;

	*out = '\0';
	for (size_t i = 0; i < k->bindings && used < size; i++) {
		bool twice = false;

		for (size_t j = 0; j < i; j++)
			twice |= k->binding[j].action == a && !strcmp(k->binding[j].key, k->binding[i].key);
		if (k->binding[i].action == a && !twice)
			used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "",
				k->binding[i].key);
	}
}

void
keymap_cap(const struct keymap *k, const struct action *a, char *out, size_t size)
{
	char keys[200], first[24];
	size_t len;

	keymap_keys(k, a, keys, sizeof(keys));
	keymap_word(keys, first);
	len = strlen(first);
	if (len > 4 && !strncmp(first, "<C-", 3))
		snprintf(out, size, "^%.*s", (int)(len - 4), first + 3);
	else if (len > 2 && *first == '<')
		snprintf(out, size, "%.*s", (int)(len - 2), first + 1);
	else
		snprintf(out, size, "%s", first);
	if (out[0] == '^' && out[1] >= 'a' && out[1] <= 'z' && size > 2)
		out[1] = (char)(out[1] - 'a' + 'A');
}
