/* soth ca --qr: a code that a phone reads, with the proxy's address in it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ca.h"
#include "soth/backend.h"
#include "soth/qrcode.h"

/* White on black, whatever the terminal's own colours are. */
static void
print_code(const struct qrcode *q)
{
	const char *none = getenv("NO_COLOR");
	bool colour = isatty(STDOUT_FILENO) && !(none && *none);
	char row[QRCODE_ROW];

	for (unsigned i = 0; i < qrcode_rows(q); i++) {
		qrcode_row(q, i, row);
		printf(colour ? "\033[38;5;231;48;5;16m%s\033[0m\n" : "%s\n", row);
	}
}

int
ca_qr(const struct args *a, struct ca *ca)
{
	char where[300], text[320] = "http://soth.internal/";
	bool reached = backend_reach(a->options.listen, where);
	struct fault why;
	struct qrcode *q;

	(void)ca;
	if (reached)
		snprintf(text, sizeof(text), "http://%s/", where);
	q = qrcode_new(text, &why);
	if (!q) {
		fprintf(stderr, "soth: %s\n", why.text);
		return 1;
	}
	print_code(q);
	qrcode_free(q);
	printf("%s\n", text);
	if (reached)
		printf("Where soth listens on %s, that is the proxy for others in this network, and says how to trust it.\n",
			a->options.listen);
	else
		printf("%s is reached from this machine alone: with -l 0.0.0.0:8080, here and for soth, others reach it.\n",
			a->options.listen);
	return 0;
}
