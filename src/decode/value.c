/* What stands in the values of fields, cookies and the like. */
#include <ctype.h>
#include <string.h>

#include "value.h"

enum { HEADER_LEAST = 4 };

/* Base64 of {" begins with one of four. */
static bool
token_begins(struct bytes t)
{
	return t.len > HEADER_LEAST && t.at[0] == 'e' && t.at[1] == 'y' && t.at[2] >= 'I' && t.at[2] <= 'L';
}

unsigned
jwt_parts(struct bytes token)
{
	unsigned dots = 0;

	if (!token_begins(token))
		return 0;
	for (size_t i = 0; i < token.len && dots < 5; i++)
		if (token.at[i] == '.')
			dots++;
		else if (!isalnum(token.at[i]) && token.at[i] != '-' && token.at[i] != '_')
			return 0;
	return dots == 2 || dots == 4 ? dots + 1 : 0;
}

static bool
json_like(struct bytes v)
{
	uint8_t first = v.len > 2 ? v.at[0] : 0, second = first ? v.at[1] : 0, last = first ? v.at[v.len - 1] : 0;

	if (first == '{')
		return last == '}' && second && strchr("\" \t\r\n", second);
	return first == '[' && last == ']' && second && strchr("{[\" \t\r\n0123456789-tfn", second);
}

const char *
value_holds(struct bytes v)
{
	return json_like(v) ? "json" : jwt_parts(v) ? "jwt" : NULL;
}
