/* Steps of a connection: named values in one block, counted. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "soth/note.h"

struct step {
	atomic_uint refs;
	enum step_kind kind;
	size_t count, weight;
	struct field value[];	/* the texts lie behind it */
};

static const char *const step_events[] = {
#define STEP_EVENT(name, event, about) event,
	STEPS(STEP_EVENT)
};

uint32_t
step_number(const struct step *s, const char *name)
{
	struct bytes text = step_find(s, name);
	uint64_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9' || n > UINT32_MAX / 10)
			return 0;
		n = n * 10 + (uint64_t)(text.at[i] - '0');
	}
	return n <= UINT32_MAX ? (uint32_t)n : 0;
}

const char *
step_event(enum step_kind kind)
{
	return step_events[kind];
}

static struct bytes
keep(uint8_t **to, size_t *room, struct bytes text)
{
	struct bytes kept = { *to, text.len < *room ? text.len : *room };

	if (kept.len)
		memcpy(*to, text.at, kept.len);
	*to += kept.len;
	*room -= kept.len;
	return kept;
}

static size_t
text_most(enum step_kind kind)
{
	return kind == STEP_CERTIFICATES ? CERTIFICATES_TEXT_MAX : STEP_TEXT_MAX;
}

struct step *
step_new(enum step_kind kind, const struct field *values, size_t count)
{
	size_t text = 0, weight;
	struct step *s;
	uint8_t *to;

	if (count > STEP_VALUES_MAX)
		count = STEP_VALUES_MAX;
	for (size_t i = 0; i < count; i++)
		text += values[i].name.len + values[i].value.len;
	if (text > text_most(kind))
		text = text_most(kind);
	weight = sizeof(*s) + count * sizeof(s->value[0]) + text;
	s = xalloc(weight);
	atomic_init(&s->refs, 1);
	s->kind = kind;
	s->count = count;
	s->weight = weight;
	to = (uint8_t *)&s->value[count];
	for (size_t i = 0; i < count; i++) {
		s->value[i].name = keep(&to, &text, values[i].name);
		s->value[i].value = keep(&to, &text, values[i].value);
	}
	return s;
}

struct step *
step_ref(struct step *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void
step_drop(struct step *s)
{
	if (s && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
		free(s);
}

enum step_kind step_kind(const struct step *s) { return s->kind; }
size_t step_count(const struct step *s) { return s->count; }
size_t step_weight(const struct step *s) { return s->weight; }
struct field step_value(const struct step *s, size_t i) { return s->value[i]; }

struct bytes
step_find(const struct step *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (bytes_are(s->value[i].name, name))
			return s->value[i].value;
	return (struct bytes){ 0 };
}
