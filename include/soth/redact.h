#ifndef SOTH_REDACT_H
#define SOTH_REDACT_H

#include <stdio.h>

#include "soth/head.h"
#include "soth/slice.h"

/*
 * Secrets taken out of what is given away. In the place of each stands
 * [redacted:NAME:NUMBER], the same for the same value wherever it stands: one
 * redactor sees a whole export. JSON stays JSON, forms stay forms.
 *
 * A secret is the value of a name that is listed: of a header field, a cookie,
 * a parameter of a query or a form, a part of multipart/form-data, a member of
 * JSON at any depth with all that is in it. Names are the same whatever their
 * case and without regard to - and _. Besides, what looks like a secret is one:
 * JSON Web Tokens, what stands behind "Bearer", keys with the prefixes that
 * their makers gave them, private keys in PEM, a user and a password in a URL.
 *
 * Bodies are given without content codings: in one that is compressed nothing
 * is found. A body that was changed has another length than its head says.
 * Belongs to one thread. It keeps no value, only its SHA-256.
 */
struct redactor;

/* Names with commas between; empty: the default list. */
struct redactor *redactor_new(const char *fields, struct fault *why) MUST_USE;
void redactor_free(struct redactor *r);		/* NULL is fine */
const char *redactor_default(void);

/* *out is h again where there is no secret in it; dropped by the caller.
 * False: no head could be made, and none of it may be shown. */
bool redact_head(struct redactor *r, struct head *h, struct head **out) MUST_USE;
/* `type`: of Content-Type; empty: not known. What is called JSON and is not is
 * searched for names and shapes, which the report says. */
struct slice redact_body(struct redactor *r, struct bytes type, struct bytes body);
/* A line a value: its name, how often it was met, what stands in its place,
 * the first 8 digits of its SHA-256. And what was not read as it is called. */
void redactor_report(const struct redactor *r, FILE *out);

#endif
