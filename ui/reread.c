/* Certificates and keys, as their files change. */
#include <stdio.h>

#include "reread.h"
#include "soth/log.h"

void
reread_turn(struct rereading *r, struct desk *desk)
{
	struct reread now;

	if (!desk->backend || r->second == desk->now / 1000000)
		return;
	r->second = desk->now / 1000000;
	if (!backend_reread(desk->backend, &now))
		return;
	log_line("%s", now.why.text);
	if (now.failed)
		desk_fail(desk, &now.why);
	else
		desk_say(desk, "%s", now.why.text);
	if (*now.pin) {
		snprintf(r->pin, sizeof(r->pin), "%s", now.pin);
		desk->ca_pin = r->pin;
	}
}
