#ifndef UI_OPERATION_H
#define UI_OPERATION_H

#include "soth/store.h"

/*
 * What the rows of the list ask for beyond their paths: the operation of a
 * GraphQL request. Looked up in its body when a row is in sight, and kept.
 */
struct operations;

struct operations *operations_new(struct store *s);
void operations_free(struct operations *o);
/* "query GetUser"; "": none, or nothing of the body has come. */
const char *operation_of(struct operations *o, const struct row *r);

#endif
