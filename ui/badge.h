#ifndef UI_BADGE_H
#define UI_BADGE_H

#include "view.h"

/*
 * What the list says of a flow in a sign and a colour. The key line explains
 * those of the row under the cursor, help all of them; soth(1) has them too.
 *
 * To add one, add its line: of those of one place, the first that is there is
 * shown.
 */
enum badge_place { BADGE_STATE, BADGE_VERSION, BADGE_REMARK };

struct badge {
	enum badge_place place;
	const char *mark;
	enum role role;
	bool (*there)(const struct row *r);
	const char *about;
	bool trouble;		/* the row's own words say more */
};

extern const struct badge badges[];		/* ends with a NULL mark */
const struct badge *badge_of(const struct row *r, enum badge_place place);	/* NULL: none */
/* The meaning of a row's badges, in at most `most` columns; how many it took. */
unsigned badge_words(const struct row *r, struct line *out, unsigned most);

/* What the list calls it where a request has its method. */
const char *row_method(const struct row *r);
/* What it is called in a sentence: "WebSocket". */
const char *protocol_title(enum protocol p);

#endif
