/* What rules work on, made when the first asks for it; and what is made of it in the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule_inside.h"
#include "soth/coding.h"

const struct head *
acting_head(const struct acting *a, enum side side)
{
	return a->state->head[side] ? a->state->head[side] : a->scene->head[side];
}

struct draft *
acting_draft(struct acting *a)
{
	const struct head *h = acting_head(a, a->side);

	if (!h)
		return NULL;
	if (!a->drafted)
		draft_of(&a->draft, h);
	a->drafted = true;
	return &a->draft;
}

struct bytes
acting_keep(struct acting *a, struct slice s)
{
	a->kept = xgrow(a->kept, a->keeps + 1, sizeof(*a->kept));
	a->kept[a->keeps++] = s;
	return s.bytes;
}

struct bytes
acting_url(struct acting *a)
{
	if (!a->url.len)
		(void)!scene_url(a->scene, &a->url);
	return buf_bytes(&a->url);
}

static void
add_some(void *arg, struct bytes more)
{
	struct buf *to = arg;
	size_t room = to->limit - to->len;

	(void)!buf_add(to, more.len < room ? more : (struct bytes){ more.at, room });
}

/* Behind its content codings, all of it, or not at all; NULL: it is so, else why not. */
static const char *
body_plain(const struct acting *a, struct bytes coding, struct buf *out, struct fault *why)
{
	struct hint hint = { .type = LIT("application/octet-stream"), .coding = coding };
	struct coding *c = coding_new(&hint, NULL, out->limit);
	const char *trouble;

	coding_feed(c, a->scene->body[a->side], add_some, out);
	coding_end(c, add_some, out);
	trouble = coding_unknown(c) ? "its content coding is not known" : coding_trouble(c);
	if (trouble)
		fault(why, "%s", trouble);
	coding_free(c);
	return trouble ? why->text : NULL;
}

static bool
body_read(struct acting *a, struct fault *why)
{
	const struct head *h = a->scene->head[a->side];
	struct bytes coding = h && a->stage != RULE_MESSAGE ? head_find(h, "content-encoding") : (struct bytes){ 0 };

	if (a->stage == RULE_MESSAGE)
		return buf_add(&a->body, a->scene->message) || fault(why, "the message is too large");
	if (!a->scene->whole[a->side])
		return fault(why, "the body is not whole");
	if (coding.len)
		return !body_plain(a, coding, &a->body, why);
	return buf_add(&a->body, a->scene->body[a->side]) || fault(why, "the body is larger than %d MiB", RULES_BODY_MAX >> 20);
}

/* What has none, as the answer to HEAD, does not get one. */
static bool
no_body(const struct acting *a)
{
	return a->stage != RULE_MESSAGE && !a->scene->body[a->side].len;
}

struct buf *
acting_body(struct acting *a, const struct rule *r)
{
	if (no_body(a))
		return NULL;
	if (a->body_state == BODY_UNREAD)
		a->body_state = body_read(a, &a->body_why) ? BODY_READ : BODY_BAD;
	if (a->body_state != BODY_BAD)
		return &a->body;
	(void)acting_fail(a, r, "%.150s", a->body_why.text);
	return NULL;
}

/* Of a file its content. */
bool
acting_text(struct acting *a, const struct rule *r, const struct text *t, struct slice *out)
{
	struct fault why;

	if (t->content)
		return filed_get(t->content, out, &why) || acting_fail(a, r, "%s", why.text);
	*out = slice_copy((struct bytes){ (uint8_t *)t->at, t->len });
	return true;
}

/* RFC 9110 section 8.6: none with 204, nor behind 304. */
static void
draft_length(struct draft *d, size_t len, char room[24])
{
	snprintf(room, 24, "%zu", len);
	draft_remove(d, "transfer-encoding");
	draft_remove(d, "content-length");
	if (d->status != 204)
		draft_add(d, LIT("Content-Length"), bytes_of(room));
}

bool
acting_answer(struct acting *a, const struct rule *r, unsigned status, const struct field *field, size_t fields,
	struct slice body)
{
	struct draft d = { .kind = HEAD_RESPONSE, .version = HTTP_1_1, .status = status };
	struct fault why = { "" };
	char length[24];

	for (size_t i = 0; i < fields; i++)
		draft_add(&d, field[i].name, field[i].value);
	draft_length(&d, body.bytes.len, length);
	a->out->answer = head_make(&d, &why);
	draft_release(&d);
	if (!a->out->answer) {
		slice_drop(&body);
		return acting_fail(a, r, "%s", why.text);
	}
	a->out->answer_body = body;
	a->answered = true;
	return true;
}

static void
body_end(struct acting *a, char length[24])
{
	struct draft *d;

	if (a->body_state != BODY_CHANGED)
		return;
	d = a->stage == RULE_MESSAGE ? NULL : acting_draft(a);
	a->changed |= d != NULL;
	if (d) {
		draft_remove(d, "content-encoding");
		draft_length(d, a->body.len, length);
	}
	a->out->has_body = true;
	a->out->body = buf_seal(&a->body);
}

static void
head_end(struct acting *a)
{
	struct fault why = { "" };
	struct head *h = head_make(&a->draft, &why);

	if (!h) {
		if (!*a->out->trouble.text)
			fault(&a->out->trouble, "the head cannot be made so: %.150s", why.text);
		return;
	}
	head_drop(a->state->head[a->side]);
	a->state->head[a->side] = head_ref(h);
	a->out->head = h;
}

void
acting_end(struct acting *a)
{
	char length[24];

	body_end(a, length);
	if (a->url_changes)
		a->out->url = slice_copy(buf_bytes(&a->url));
	if (a->changed)
		head_end(a);
	draft_release(&a->draft);
	for (size_t i = 0; i < a->keeps; i++)
		slice_drop(&a->kept[i]);
	free(a->kept);
	buf_release(&a->url);
	buf_release(&a->body);
}
