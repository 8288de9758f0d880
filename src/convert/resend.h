#ifndef CONVERT_RESEND_H
#define CONVERT_RESEND_H

#include "soth/convert.h"

/*
 * The request of a flow as a client program is told to send it again: where
 * to, and which of its fields that client does not make by itself.
 */
struct resend {
	struct flow flow;
	const struct head *head;	/* of the request */
	struct buf url;		/* "https://api.example.com:8443", and the target where it is plain */
	struct buf target;	/* "/v2/users?page=4" "*" */
	bool plain;		/* clients leave such a target as it is, in a URL too */
	bool host;		/* the Host field is not the one that the URL makes */
	struct buf cookie;	/* of all Cookie fields (RFC 9113 section 8.2.3) */
	struct slice body;
	bool whole;		/* of the body, all was kept */
	bool framed;		/* the head announces a body, which may be empty */
	const char *cannot;	/* why it can not be sent again, in plain words; NULL: it can */
};

/* Reads all of it. False: the flow could not be read. Released in any case. */
bool resend_read(struct resend *r, const struct convert_flows *from, flow_id id, struct fault *why) MUST_USE;
void resend_release(struct resend *r);
/* The i-th field, where it is told to a client: no Cookie, nothing of the connection or the framing. */
bool resend_tells(const struct resend *r, size_t i, struct field *f);

/* Each flow in its turn. Comments say its number and what is missing of it: no
 * word of them is foreign, and none would do harm at a prompt of a shell that
 * knows no comments. */
struct resend_form {
	const char *comment;	/* "#": what a line of one begins with */
	const char *begins;	/* a line before each flow; NULL: an empty one between them */
	void (*one)(FILE *out, const struct resend *r);
};
bool resend_write(FILE *out, const struct convert_flows *from, const struct resend_form *form, struct fault *why) MUST_USE;

#endif
