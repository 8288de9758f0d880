#ifndef CLI_TLS_JSON_H
#define CLI_TLS_JSON_H

#include <stdio.h>

struct story;

void tls_json(FILE *to, const struct story *s);		/* an object, on a line of its own */

#endif
