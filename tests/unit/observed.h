#ifndef TESTS_OBSERVED_H
#define TESTS_OBSERVED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/proto/observe.h"
#include "soth/buf.h"

/*
 * An exchange whose moves are written down, the same however DATA is cut:
 *
 *	M81/5:Hello	MESSAGE: code in hex, count, data		F01/3	FRAME
 *	K21/10		MARK: code in hex, count			S10	SKIP
 *	!5.1		FAULT: the section in its words, or all of them	D:...	DATA
 *	H200 R .	HEAD RESET END
 */
struct observed {
	struct exchange x;
	struct moves moves;
	struct buf log, passed;
	bool quiet;		/* no DATA: where MARKs stand among it depends on cuts */
	bool in_data;
	bool refused;
};

static inline void
observed_must(bool ok)
{
	if (!ok)
		abort();
}

static inline void
observed_add(struct observed *o, const char *text, struct bytes data)
{
	observed_must(buf_addf(&o->log, "%s", text) && buf_add(&o->log, data));
}

static inline void
observed_fault(struct observed *o, struct bytes words)
{
	static const char section[] = "section ";
	const uint8_t *at = memmem(words.at, words.len, section, sizeof(section) - 1);
	size_t skipped = at ? (size_t)(at - words.at) + sizeof(section) - 1 : 0;
	const uint8_t *end = at ? memchr(words.at + skipped, ':', words.len - skipped) : NULL;

	observed_add(o, " !", (struct bytes){ words.at + skipped, end ? (size_t)(end - words.at) - skipped : words.len });
}

static inline void
observed_told(struct observed *o, const struct part *p)
{
	char text[64] = "";
	struct bytes data = { 0 };

	if (p->kind == PART_FAULT) {
		observed_fault(o, p->data.bytes);
	} else if (p->kind == PART_DATA) {
		data = o->quiet ? data : p->data.bytes;
		snprintf(text, sizeof(text), "%s", o->quiet || o->in_data ? "" : " D:");
	} else if (p->kind == PART_MESSAGE) {
		data = p->data.bytes;
		snprintf(text, sizeof(text), " M%x/%llu:", p->code, (unsigned long long)p->count);
	} else if (p->kind == PART_FRAME || p->kind == PART_MARK) {
		snprintf(text, sizeof(text), " %c%x/%llu", p->kind == PART_FRAME ? 'F' : 'K', p->code,
			(unsigned long long)p->count);
	} else if (p->kind == PART_SKIP) {
		snprintf(text, sizeof(text), " S%llu", (unsigned long long)p->count);
	} else if (p->kind == PART_HEAD) {
		snprintf(text, sizeof(text), " H%u", head_status(p->head));
	} else {
		snprintf(text, sizeof(text), p->kind == PART_END ? " ." : p->kind == PART_RESET ? " R" : " ?");
	}
	observed_add(o, text, data);
	o->in_data = p->kind == PART_DATA;
}

static inline void
observed_moves(struct observed *o, enum side from)
{
	for (size_t i = 0; i < o->moves.count; i++) {
		struct move *m = &o->moves.at[i];

		observed_must(m->side == from || (m->kind == MOVE_TELL && m->part.kind == PART_FAULT));
		if (m->kind == MOVE_TELL)
			observed_told(o, &m->part);
		else if (m->kind == MOVE_REFUSE)
			o->refused = true;
		else if (m->part.kind == PART_DATA)
			observed_must(buf_add(&o->passed, m->part.data.bytes));
		part_drop(&m->part);
	}
}

static inline void
observed_part(struct observed *o, enum side from, struct part p)
{
	o->moves.count = 0;
	exchange_part(&o->x, from, &p, &o->moves);
	part_drop(&p);
	observed_moves(o, from);
}

static inline void
observed_rest(struct observed *o, enum side side)
{
	o->moves.count = 0;
	exchange_rest(&o->x, side, &o->moves);
	observed_moves(o, side);
}

static inline void
observed_head(struct observed *o, enum side from, const char *text)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), from == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	observed_must(h);
	observed_part(o, from, (struct part){ .kind = PART_HEAD, .head = h });
}

static inline void
observed_data(struct observed *o, enum side from, struct bytes b)
{
	observed_part(o, from, (struct part){ .kind = PART_DATA, .data = slice_copy(b) });
}

static inline void
observed_end(struct observed *o, enum side from)
{
	observed_part(o, from, (struct part){ .kind = PART_END });
}

static inline void
observed_open(struct observed *o, struct exchange_limits limits)
{
	*o = (struct observed){ 0 };
	buf_init(&o->log, 64 << 20);
	buf_init(&o->passed, 64 << 20);
	exchange_init(&o->x, 1, limits);
}

static inline const char *
observed_log(struct observed *o)
{
	observed_must(buf_add(&o->log, (struct bytes){ (const uint8_t *)"", 1 }));
	o->log.len--;
	return (const char *)o->log.at;
}

static inline void
observed_close(struct observed *o)
{
	exchange_release(&o->x);
	free(o->moves.at);
	buf_release(&o->log);
	buf_release(&o->passed);
}

#endif
