#ifndef DECODE_DNS_H
#define DECODE_DNS_H

#include "soth/doc.h"
#include "soth/reader.h"

enum { DNS_NAME_MAX = 1100, DNS_TYPE_MAX = 12, DNS_OPT = 41 };

struct dns_record {
	struct bytes message;	/* names in the data may point into it */
	uint16_t type, class;
	uint32_t ttl;
	struct bytes data;
};

/* A name in the reader, which is within the message, with dots: "example.com."
 * False: it is wrong, or cut off. */
bool dns_name(struct bytes message, struct reader *r, char out[DNS_NAME_MAX]);
const char *dns_type(uint16_t type, char out[DNS_TYPE_MAX]);	/* "AAAA", "TYPE999" */
void dns_data(const struct dns_record *one, struct doc *to);	/* on the line that is open */

#endif
