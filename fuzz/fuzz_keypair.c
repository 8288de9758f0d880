/* Any bytes as a file of a key and its certificate: blocks lie within it, in order, and a fault has words. */
#include <stdlib.h>
#include <string.h>

#include "../src/proto/keypair.h"
#include "../src/proto/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
blocks(struct bytes file)
{
	struct pem p = { file, 0 };
	struct pem_block b;
	struct fault why;
	const uint8_t *end = file.at;
	unsigned line = 0;

	while (pem_next(&p, &b, &why)) {
		if (b.line <= line || b.text.at < end || b.text.len > (size_t)(file.at + file.len - b.text.at) || !b.label.len)
			abort();
		line = b.line;
		end = b.text.at + b.text.len;
	}
	if (p.rest.len && !*why.text)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const passphrases[] = { NULL, "", "sesame" };
	struct keypair p;
	struct fault why;

	if (!size)
		return 0;
	blocks((struct bytes){ data, size });
	for (size_t i = 0; i < sizeof(passphrases) / sizeof(*passphrases); i++) {
		memset(&why, 0, sizeof(why));
		if (!keypair_parse(&p, (struct bytes){ data, size }, "a.pem", passphrases[i], &why) && !*why.text)
			abort();
		keypair_release(&p);
	}
	return 0;
}
