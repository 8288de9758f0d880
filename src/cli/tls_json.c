/* What came of TLS, as JSON: a line of `soth tls --json`. */
#include <jansson.h>

#include "cli.h"
#include "soth/explain.h"
#include "tls_json.h"

static json_t *
some(const char *s)
{
	return *s ? cli_json_text(s) : json_null();
}

/* All six, be there none: who reads it need not ask which there are. */
static json_t *
reasons(const uint32_t count[TLS_REASON_COUNT])
{
	json_t *j = json_object();

	for (unsigned i = 0; i < TLS_REASON_COUNT; i++)
		json_object_set_new(j, tls_reason_name(i), json_integer(count[i]));
	return j;
}

static json_t *
counts(uint32_t failures, uint32_t successes, const uint32_t by_reason[TLS_REASON_COUNT])
{
	return json_pack("{s:I,s:I,s:o}", "failures", (json_int_t)failures, "successes", (json_int_t)successes,
		"by_reason", reasons(by_reason));
}

static json_t *
explanations(const struct story *s)
{
	struct explanation e[EXPLANATIONS_MAX];
	size_t count = explain(s, e);
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:o}", "name", e[i].name, "title", e[i].title,
			"sure", sure_word(e[i].sure), "words", cli_json_text(e[i].words)));
	return list;
}

/* Of the last failure. */
static void
put_failure(json_t *j, const struct handshakes *h)
{
	json_object_set_new(j, "reason", h->failures ? json_string(tls_reason_name(h->reason)) : json_null());
	json_object_set_new(j, "confidence", h->failures ? json_string(h->inferred ? "inferred" : "authoritative") : json_null());
	json_object_set_new(j, "detail", some(h->detail));
	json_object_set_new(j, "raw_provider_error", some(h->raw));
	json_object_set_new(j, "alert", h->alert < 0 ? json_null() : json_integer(h->alert));
	json_object_set_new(j, "alert_name", some(h->alert_name));
	json_object_set_new(j, "failed_flow", h->failed_in ? json_integer((json_int_t)h->failed_in) : json_null());
}

void
tls_json(FILE *to, const struct story *s)
{
	const struct handshakes *h = s->line;
	json_t *j = json_pack("{s:o,s:i,s:o,s:s,s:o,s:o,s:I}", "host", some(h->host), "port", h->port, "process", some(h->process),
		"side", h->side == CLIENT ? "client" : "server", "total", counts(h->failures, h->successes, h->by_reason),
		"rolling", counts(h->recent_failures, h->recent_successes, h->recent_by_reason), "rolling_seconds", (json_int_t)HANDSHAKES_RECENT_S);

	put_failure(j, h);
	json_object_set_new(j, "sni", some(h->sni));
	json_object_set_new(j, "version", some(h->version));
	json_object_set_new(j, "explanations", explanations(s));
	json_dumpf(j, to, JSON_COMPACT | JSON_ENSURE_ASCII);
	putc('\n', to);
	json_decref(j);
}
