#ifndef CONVERT_HAR_INSIDE_H
#define CONVERT_HAR_INSIDE_H

#include <jansson.h>

#include "soth/convert.h"

/*
 * HAR 1.2: http://www.softwareishard.com/blog/har-12-spec/
 * What Chrome adds to it begins with "_"; what soth adds is in "_soth".
 */
enum {
	HAR_ENTRY_MAX = 512 << 20,	/* bytes of an entry's text, and of a body that is read */
	HAR_BODY_MAX = 256 << 20,	/* of a body that is written */
};

/* har_scan.c: the entries of a file as texts, one after the other. */
struct har_scan {
	FILE *in;
	uint8_t *block;		/* what was read ahead of it: */
	size_t at, len, kept;	/* kept: from where on it belongs to .text */
	uint64_t passed;	/* bytes before the block */
	bool keeps, over;	/* over: the text is longer than it may be */
	size_t values;		/* in it, at most */
	struct buf text;
};
enum har_next { HAR_ENTRY, HAR_ENTRY_LARGE, HAR_END, HAR_CUT };

void har_scan_init(struct har_scan *s, FILE *in);
void har_scan_release(struct har_scan *s);
bool har_scan_entries(struct har_scan *s, struct fault *why) MUST_USE;	/* to the first of log.entries */
enum har_next har_scan_next(struct har_scan *s, struct fault *why);	/* ENTRY: in .text */
json_t *har_scan_json(struct har_scan *s, struct fault *why);		/* .text, read; NULL: it is no JSON */

/* har_time.c: microseconds since the epoch. */
bool har_time_read(const char *iso, uint64_t *when);
const char *har_time_write(uint64_t when, char room[static 40]);
bool har_time_http(struct bytes date, uint64_t *when);		/* RFC 9110 section 5.6.7 */

/* har_text.c: bytes in JSON. */
json_t *har_text(struct bytes b);	/* other bytes than UTF-8 as Latin-1: for people */
json_t *har_text_or_base64(struct bytes b, bool *base64);
json_t *har_base64(struct bytes b);
json_t *har_bytes(struct bytes b);	/* nothing is lost: a string, or {"base64": ...} */
bool har_bytes_read(const json_t *j, struct slice *out);
struct bytes har_string(const json_t *object, const char *name);	/* empty: none; borrowed */
bool har_decoded(struct bytes base64, struct slice *out);

/* har_url.c */
struct har_url {
	struct bytes scheme, host, target;	/* target: from the path on, without fragment */
	uint16_t port;
};
/* bare: it may be "host:443", as some write it of CONNECT. */
bool har_url_read(struct bytes url, bool bare, struct har_url *to, struct fault *why) MUST_USE;
json_t *har_query(struct bytes target);

/* har_head.c: heads and bodies of an entry. */
/* target: instead of what the URL says; empty: what it says. NULL: it is none. */
struct head *har_request_head(const json_t *request, struct bytes target, struct fault *why);
struct head *har_response_head(const json_t *response, const json_t *request, struct fault *why);
struct head *har_trailer(const json_t *message);	/* of "_trailers"; NULL: none */
bool har_is_h3(const json_t *message);
bool har_body_read(const json_t *content, struct slice *out, struct fault *why) MUST_USE;
/* The head without codings that are not on the body any more; NULL: it says how the body is. */
struct head *har_head_plain(const struct head *h, struct bytes body);

/* har_entry.c: an entry on its way to notes. */
struct har_notes {
	struct note *at;
	size_t count, room;
};
struct har_entry {
	const json_t *json, *request, *response, *soth;
	struct har_url url;
	struct head *head[2], *trailer[2];
	struct slice body[2];
	bool plain;		/* codings were left out of a head */
};
void har_note(struct har_notes *to, struct note n);	/* takes it */
void har_notes_release(struct har_notes *n);
bool har_entry_read(struct har_entry *e, const json_t *json, struct fault *why) MUST_USE;
void har_entry_release(struct har_entry *e);
/* As any program writes it. */
bool har_entry_tell(struct har_entry *e, struct har_notes *to, struct fault *why) MUST_USE;

/* har_messages.c: "_webSocketMessages". */
bool har_message_read(const json_t *message, enum side *side, uint64_t *when, struct part *p);
json_t *har_message(const struct note *n);	/* NULL: Chrome does not write such */
bool har_message_exact(const struct note *n);	/* what it says is all there */

/* har_rows.c: the notes of a flow in "_soth". */
struct har_openers { const flow_id *at; size_t count; };	/* by number of entry - 1; 0: not read */
json_t *har_row(const struct note *n, uint64_t begun, const struct flow *f, uint64_t opener, bool same_head,
	bool same_trailer);
bool har_rows_read(struct har_entry *e, const struct har_openers *openers, struct har_notes *to, struct fault *why) MUST_USE;

/* har_fields.c: parts of an entry that is written. */
json_t *har_headers(const struct head *h);
json_t *har_cookies(const struct head *h, enum side side);
json_t *har_params(struct bytes form);

/* har_timings.c */
struct har_times { int64_t blocked, connect, ssl, send, wait, receive, total; };	/* -1: not there */
struct har_times har_times(const struct flow *f);

/* har_write.c */
bool har_write(FILE *out, const struct convert_flows *from, struct fault *why) MUST_USE;

#endif
