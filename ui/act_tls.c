/* Actions on what came of TLS: to it, and what helps. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "casebook.h"
#include "prompt.h"
#include "remedies.h"

/* From a flow to its line. */
bool
act_tls(struct desk *desk, const char *arg, struct fault *why)
{
	uint32_t number = desk->flow ? store_handshakes_of(desk->store, desk->flow) : 0;

	(void)arg;
	if (!layout_show(desk->layout, "tls", why))
		return false;
	if (number)
		(void)pane_to(layout_focus(desk->layout), CASEBOOK_LINE(number));
	return true;
}

static const struct handshakes *
line_looked_at(struct desk *desk, struct fault *why)
{
	size_t at = desk->casebook && desk->line ? casebook_find(desk->casebook, (uint32_t)desk->line) : SIZE_MAX;

	if (at == SIZE_MAX) {
		fault(why, "no line of TLS is looked at: L shows them");
		return NULL;
	}
	return casebook_line(desk->casebook, at);
}

static bool
complete_remedy(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	(void)desk;
	for (const struct remedy_key *r = remedies; r->name; r++)
		if (!strncmp(r->name, text, strlen(text)) && !n--)
			return snprintf(out, room, "%s", r->name) > 0;
	return false;
}

static bool
answer_remedy(struct desk *desk, const char *text, struct fault *why)
{
	char command[60];

	snprintf(command, sizeof(command), "remedy %.40s", text);
	return !*text || action_run(desk, command, why);
}

/* By the key that was typed, or by name; the same again takes it back. */
bool
act_remedy(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "what helps: ", complete_remedy, answer_remedy, NULL, NULL };
	const char *text = *arg ? arg : desk->key;
	const struct handshakes *h = line_looked_at(desk, why);
	const struct remedy_key *r = remedy_named(text);
	const char *process = "";
	char words[40], whom[90] = "", host[REMEDY_HOST];
	bool on;

	if (!h)
		return false;
	if (!*text) {
		prompt_start(desk->prompt, &ask, "");
		return true;
	}
	if (!r)
		return fault(why, "remedy: '%.40s' is none: Tab completes", text);
	if (casebook_alone(desk->casebook)) {
		process = remedy_process(h);
		if (!*process)
			return fault(why, "which process this is is not known: P, and it is about all");
		snprintf(whom, sizeof(whom), ", for %.60s alone", process);
	}
	on = !remedy_there(r, desk, h, process, host, words);
	if (!r->turn(r, desk, host, process, on, why))
		return false;
	desk->epoch++;
	desk_say(desk, on ? "%.80s%s: %s, from the next connection on" : "%.80s%s: no longer: %s", host, whom, r->about);
	return true;
}

/* Whom those are about. */
bool
act_remedy_process(struct desk *desk, const char *arg, struct fault *why)
{
	const struct handshakes *h = line_looked_at(desk, why);
	bool alone = h && !casebook_alone(desk->casebook);

	(void)arg;
	if (!h)
		return false;
	if (alone && !*remedy_process(h))
		return fault(why, "which process this is is not known: what keys do is about all");
	casebook_set_alone(desk->casebook, alone);
	desk->epoch++;
	if (alone)
		desk_say(desk, "what keys do about TLS is about the process of the line alone, as %.60s", remedy_process(h));
	else
		desk_say(desk, "what keys do about TLS is about all processes");
	return true;
}
