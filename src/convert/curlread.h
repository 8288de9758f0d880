#ifndef CONVERT_CURLREAD_H
#define CONVERT_CURLREAD_H

#include "shellread.h"
#include "typed.h"

/* A command of curl, as it is being read: what its options have said so far. */
struct curl {
	struct typed typed;
	struct buf query;	/* of -G and --url-query */
	struct buf parts;	/* of -F: multipart/form-data without its end */
	struct buf given;	/* of -H: the names that were given, or taken away, each behind a comma */
	struct buf cookie;
	struct slice piped;	/* what a command before it gives it; empty: nothing */
	bool any, data, get, head, compressed, urls, json;
};

/* It does not stand in what people send. */
#define CURL_BOUNDARY "------------------------soth7d1f4c09ba3e"

/* For those files. */
bool curl_full(struct fault *why);		/* false */
size_t curl_cut(struct bytes b, char c);	/* where c is first; its length: nowhere */
bool curl_add(struct buf *b, struct bytes more) MUST_USE;	/* which may be nothing */

void curl_init(struct curl *c);
void curl_release(struct curl *c);
/* "-H" and the like; `value` where it takes one. *takes: it does (where value.at is NULL: it must come). */
bool curl_takes(struct bytes option, bool *takes, struct fault *why) MUST_USE;
bool curl_option(struct curl *c, struct bytes option, struct bytes value, struct fault *why) MUST_USE;
bool curl_url(struct curl *c, struct bytes url, struct fault *why) MUST_USE;
/* Its request, with what curl adds by itself. */
bool curl_tell(struct curl *c, struct teller *to, struct fault *why) MUST_USE;

bool curl_read(FILE *in, const struct convert_sink *to, struct fault *why) MUST_USE;
int curl_suits(struct bytes first);

#endif
