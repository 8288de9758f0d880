#ifndef SOTH_KEYRING_H
#define SOTH_KEYRING_H

#include "soth/option.h"

/*
 * What options say of TLS: certificates to show to clients and to give to
 * servers, whom to believe, which versions and ciphers. Files are read here,
 * once, and by the thread that may; a fault says which option or file, what is
 * wrong with it, and what to do. Counted and unchanging: any thread may have
 * it, and it is what workers are given when an option changes.
 */
struct keyring;

struct keyring *keyring_load(const struct options *o, struct fault *why) MUST_USE;
struct keyring *keyring_ref(struct keyring *k);
void keyring_drop(struct keyring *k);
/* A number for how its files are, now and when they were read: another one where one has changed.
 * `settled`: none of them has within the last moments. */
uint64_t keyring_files_now(const struct keyring *k, bool *settled);
uint64_t keyring_read_of(const struct keyring *k);
bool keyring_reads(const char *assignment);	/* "certs=...": it is made anew when that changes */

#endif
