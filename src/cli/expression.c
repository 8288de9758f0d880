/* An expression of the command line, with a caret under what is wrong in it. */
#include <stdio.h>

#include "cli.h"

bool
cli_filter(const char *text, struct filter **out)
{
	struct fault wrong;
	size_t at;

	*out = NULL;
	if (!text)
		return true;
	*out = filter_parse(text, &wrong, &at);
	if (!*out)
		fprintf(stderr, "soth: filter: %s\n  %s\n  %*s^\n", wrong.text, text, (int)at, "");
	return *out;
}
