#ifndef SOTH_POLICY_H
#define SOTH_POLICY_H

#include "soth/option.h"

/*
 * What becomes of a connection, and which rule says so. Asked once for each,
 * when it is known where to, and again only where more names of the same
 * server turn up: its address, the one in the ClientHello, a Host field.
 *
 * From the first that says something:
 *
 *	block-hosts			block
 *	what a person said for a time	any
 *	policy@PATTERN			any
 *	ignore-hosts			tunnel
 *	allow-hosts, none fits		tunnel
 *	policy, for all			tunnel, block
 *	what was learned		tunnel
 *	else				intercept
 *
 * The lists are regexes that are sought in HOST:PORT, whatever the case,
 * as mitmproxy does it: of the name that was asked for, of the address it
 * has, of the name in the ClientHello and in a Host field.
 */
#define POLICY_REASONS(_) \
	_(DEFAULT,		"default_intercept") \
	_(IGNORED,		"ignored_host") \
	_(BLOCKED,		"blocked_host") \
	_(UNLISTED,		"passthrough_unlisted") \
	_(NOT_ALLOWED,		"destination_not_allowed") \
	_(OVERRIDE,		"compat_override") \
	_(FORCED,		"compat_override_force_tunnel") \
	_(LEARNED,		"learned")

enum policy_reason {
#define REASON_ENUM(name, word) REASON_##name,
	POLICY_REASONS(REASON_ENUM)
#undef REASON_ENUM
	REASON_COUNT
};

enum { POLICY_RULE_ROOM = 300, POLICY_PATTERN_ROOM = 256, POLICY_NAMES = 4 };

struct policy_verdict {
	enum policy_action action;
	enum policy_reason reason;
	char rule[POLICY_RULE_ROOM];		/* "ignore-hosts:2", "policy@*.bank.example", "learned:3"; empty: none */
	char pattern[POLICY_PATTERN_ROOM];	/* of that rule; empty: it has none */
	bool no_h2, lenient, insecure;		/* ... for this host alone */
	bool open;				/* another name may still change it */
};

/* What a table of things said for a time has on it; see temporary.h. */
struct policy_said {
	enum policy_action action;
	char rule[24], pattern[POLICY_PATTERN_ROOM];
};

struct policy_question {
	const char *name[POLICY_NAMES];		/* of the server, without its port; NULL, or empty: not known */
	uint16_t port;
	const char *process;			/* "": not known */
	const struct policy_said *by_hand, *learned;	/* NULL: nothing is */
};

/* The lists of the options, compiled; they do not change. */
struct policy;
struct policy *policy_new(const struct options *o, struct fault *why) MUST_USE;	/* NULL: says which regex of which list */
void policy_free(struct policy *p);		/* NULL is fine */

/* p may be NULL: there are no lists. */
void policy_ask(const struct policy *p, const struct options *o, const struct policy_question *q, struct policy_verdict *out);
/* Whether anything but the usual could come of it, whatever is asked. */
bool policy_says(const struct policy *p, const struct options *o);

const char *policy_action_word(enum policy_action a);	/* "tunnel" */
const char *policy_reason_word(enum policy_reason r);
void policy_words(const struct policy_verdict *v, char *out, size_t room);	/* of what is blocked: why */
bool policy_action_named(struct bytes word, enum policy_action *a);
enum policy_reason policy_reason_named(struct bytes word);	/* REASON_DEFAULT: of what is none */

#endif
