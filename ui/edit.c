/* A line being typed. */
#include <stdlib.h>
#include <string.h>

#include "edit.h"

static size_t
edit_before(const struct edit *e, size_t at)
{
	while (at > 0 && ((unsigned char)e->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t
edit_after(const struct edit *e, size_t at)
{
	if (at < e->len)
		at++;
	while (at < e->len && ((unsigned char)e->text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t
edit_word(const struct edit *e, size_t at)
{
	while (at > 0 && e->text[at - 1] == ' ')
		at--;
	while (at > 0 && e->text[at - 1] != ' ')
		at--;
	return at;
}

static void
edit_cut(struct edit *e, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(e->text + from, e->text + to, e->len - to + 1);
	e->len -= to - from;
	e->at = from;
}

void
edit_insert(struct edit *e, struct bytes text)
{
	if (e->len + text.len > EDIT_MAX || !text.len)
		return;
	if (e->len + text.len + 1 > e->room) {
		e->room = (e->len + text.len + 1) * 2;
		e->text = xgrow(e->text, e->room, 1);
	}
	memmove(e->text + e->at + text.len, e->text + e->at, e->len - e->at);
	memcpy(e->text + e->at, text.at, text.len);
	e->len += text.len;
	e->at += text.len;
	e->text[e->len] = '\0';
}

void
edit_set(struct edit *e, const char *text)
{
	e->len = e->at = 0;
	if (e->text)
		*e->text = '\0';
	edit_insert(e, bytes_of(text));
}

const char *
edit_text(const struct edit *e)
{
	return e->text ? e->text : "";
}

static void edit_home(struct edit *e) { e->at = 0; }
static void edit_end(struct edit *e) { e->at = e->len; }
static void edit_left(struct edit *e) { e->at = edit_before(e, e->at); }
static void edit_right(struct edit *e) { e->at = edit_after(e, e->at); }
static void edit_rub(struct edit *e) { edit_cut(e, edit_before(e, e->at), e->at); }
static void edit_del(struct edit *e) { edit_cut(e, e->at, edit_after(e, e->at)); }
static void edit_rub_word(struct edit *e) { edit_cut(e, edit_word(e, e->at), e->at); }
static void edit_rub_line(struct edit *e) { edit_cut(e, 0, e->at); }
static void edit_rub_rest(struct edit *e) { edit_cut(e, e->at, e->len); }
static void edit_space(struct edit *e) { edit_insert(e, LIT(" ")); }
static void edit_word_left(struct edit *e) { e->at = edit_word(e, e->at); }

static const struct { const char *key; void (*edit)(struct edit *e); } edit_keys[] = {
	{ "<Left>", edit_left }, { "<Right>", edit_right }, { "<Home>", edit_home },
	{ "<End>", edit_end }, { "<C-a>", edit_home }, { "<C-e>", edit_end },
	{ "<C-b>", edit_left }, { "<C-f>", edit_right }, { "<BS>", edit_rub },
	{ "<Del>", edit_del }, { "<C-d>", edit_del }, { "<C-w>", edit_rub_word },
	{ "<C-u>", edit_rub_line }, { "<C-k>", edit_rub_rest }, { "<Space>", edit_space },
	{ "<A-b>", edit_word_left }, { "<C-Left>", edit_word_left },
};

bool
edit_key(struct edit *e, const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(edit_keys); i++)
		if (!strcmp(edit_keys[i].key, key)) {
			edit_keys[i].edit(e);
			return true;
		}
	if (key[0] == '<' && key[1])
		return false;
	edit_insert(e, bytes_of(key));
	return true;
}

void
edit_release(struct edit *e)
{
	free(e->text);
	*e = (struct edit){ 0 };
}
