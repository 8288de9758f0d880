#ifndef TESTS_TRUSTING_H
#define TESTS_TRUSTING_H

#include "soth/ca.h"
#include "soth/keyring.h"

/* From now on `ca` believes servers by the certificates in that file. */
static inline bool
trust_believes(struct ca *ca, const char *path, struct fault *why)
{
	struct options o;
	struct keyring *k;

	options_init(&o);
	k = option_set(&o, "ssl-verify-upstream-trusted-ca", path, why) ? keyring_load(&o, why) : NULL;
	options_release(&o);
	if (k)
		ca_use(ca, k);
	keyring_drop(k);
	return k != NULL;
}

#endif
