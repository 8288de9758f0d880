#ifndef SOTH_BASE_H
#define SOTH_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))
#define PRINTF(f, a)	__attribute__((format(printf, f, a)))
#define MUST_USE	__attribute__((warn_unused_result))

/* Which peer of an exchange. */
enum side { CLIENT, SERVER };

/*
 * Borrowed bytes. Owns nothing and is good only while its source is: a
 * function that is handed bytes may not keep them past its return.
 */
struct bytes {
	const uint8_t *at;
	size_t len;
};
#define LIT(s)	((struct bytes){ (const uint8_t *)(s), sizeof(s) - 1 })

struct bytes bytes_of(const char *s);		/* without its NUL */
bool bytes_are(struct bytes b, const char *s);	/* the same bytes */
bool bytes_like(struct bytes b, const char *s);	/* the same but for ASCII case */
bool bytes_same(struct bytes a, struct bytes b);
struct bytes bytes_from(struct bytes b, size_t n);	/* without its first n; none, where it has not so many */
struct bytes bytes_line(struct bytes *rest);	/* its first line, which is taken out, without its LF or CRLF */
struct bytes bytes_trim(struct bytes b);	/* without SP and HTAB at both ends */
int hex_digit(uint8_t c);			/* what it stands for, of either case; -1: it is none */

/*
 * Why something failed, in words for a person. A function that can fail for
 * an outside reason returns bool and takes a fault last; fault() fills it and
 * is always false, so a failure is one line:
 *
 *	if (fd < 0)
 *		return fault(why, "%s: %s", path, strerror(errno));
 *
 * Being out of memory is no fault: xalloc() does not return then. Sizes that
 * a peer chooses are checked against a limit before anything is allocated.
 */
struct fault {
	char text[200];
};
bool fault(struct fault *why, const char *fmt, ...) PRINTF(2, 3);

void *xalloc(size_t size);			/* zeroed */
void *xgrow(void *old, size_t count, size_t size);	/* what is new is not zeroed */
char *xstrdup(const char *s);

#endif
