/* Keys for the workers, made where the disk may be waited for: at the start, of options, and of files that change. */
#include <stdio.h>

#include "locksmith.h"
#include "soth/ca.h"
#include "soth/keyring.h"
#include "worker.h"

_Static_assert((int)PIN_ROOM == (int)CA_PIN_ROOM, "a pin is a pin");

bool
locksmith_init(struct locksmith *l, const struct options *o, const struct ca *ca, struct fault *why)
{
	options_copy(&l->options, o);
	l->ca = ca;
	l->of_ca.tried = ca_read_of(ca);
	l->keys = keyring_load(o, why);
	if (l->keys)
		l->of_keys.tried = keyring_read_of(l->keys);
	return l->keys;
}

void
locksmith_release(struct locksmith *l)
{
	keyring_drop(l->keys);
	ca_close(l->read);
	options_release(&l->options);
}

/* Takes keys. */
static void
keys_give(struct locksmith *l, struct keyring *keys)
{
	for (size_t i = 0; i < *l->workers; i++)
		worker_keys(l->worker[i], keyring_ref(keys));
	keyring_drop(l->keys);
	l->keys = keys;
	l->of_keys.tried = keyring_read_of(keys);
}

bool
locksmith_set(struct locksmith *l, const char *assignment, struct fault *why)
{
	struct options next;
	struct keyring *keys;

	options_copy(&next, &l->options);
	keys = option_assign(&next, assignment, why) ? keyring_load(&next, why) : NULL;
	options_release(keys ? &l->options : &next);
	if (!keys)
		return false;
	l->options = next;
	keys_give(l, keys);
	return true;
}

/* What is being written is left to its writer: it was written a while ago, or is the same twice. */
static bool
has_changed(struct changing *c, uint64_t now, bool settled)
{
	bool same = c->seen == now;

	c->seen = now;
	return (settled || same) && now != c->tried;
}

static bool
keys_look(struct locksmith *l, struct reread *out)
{
	struct keyring *keys;
	bool settled;
	uint64_t now = keyring_files_now(l->keys, &settled);

	if (!has_changed(&l->of_keys, now, settled))
		return false;
	l->of_keys.tried = l->of_keys.seen;
	keys = keyring_load(&l->options, &out->why);
	out->failed = !keys;
	if (keys) {
		keys_give(l, keys);
		fault(&out->why, "certificates and keys have changed on disk, and were read anew");
	}
	return true;
}

static bool
ca_look(struct locksmith *l, struct reread *out)
{
	struct ca *ca;
	bool settled;
	uint64_t now = ca_files_now(l->ca, &settled);

	if (!has_changed(&l->of_ca, now, settled))
		return false;
	l->of_ca.tried = l->of_ca.seen;
	ca = ca_open_anew(l->ca, &out->why);
	out->failed = !ca;
	if (!ca)
		return true;
	for (size_t i = 0; i < *l->workers; i++)
		worker_authority(l->worker[i], ca_copy(ca));
	ca_close(l->read);
	l->ca = l->read = ca;
	l->of_ca.tried = ca_read_of(ca);
	l->untold = true;
	if (!ca_pin(ca, out->pin))
		*out->pin = '\0';
	fault(&out->why, "the authority has changed on disk, and was read anew: whoever trusts the old one has to trust it");
	return true;
}

bool
locksmith_look(struct locksmith *l, struct reread *out)
{
	if (l->untold && l->changed)
		l->changed(l->changed_arg, l->ca);
	l->untold = false;
	*out = (struct reread){ 0 };
	return ca_look(l, out) || keys_look(l, out);
}
