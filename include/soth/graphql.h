#ifndef SOTH_GRAPHQL_H
#define SOTH_GRAPHQL_H

#include "soth/base.h"

/*
 * What a GraphQL request asks for, in a few words: "query GetUser", "mutation",
 * "persisted 1a2b3c"; of a batch, its first. The body may be its beginning alone. False: it is no such request, as far as
 * can be told.
 */
bool graphql_operation(struct bytes body, char *out, size_t room) MUST_USE;

#endif
