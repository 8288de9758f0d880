/* What begins like a TLS handshake, and cannot become one: the row says so, and the client gets an alert. */
#include <stdio.h>

#include "alert.h"
#include "hello.h"
#include "inside.h"

enum { TLS_SURELY = 3 };	/* bytes of a record's head that nothing else begins with */

static void
send_alert(struct relay *r, int alert)
{
	uint8_t record[] = { 21, 3, 3, 0, 2, 2, (uint8_t)alert };
	struct buf out;

	buf_init(&out, sizeof(record));
	(void)!buf_add(&out, (struct bytes){ record, sizeof(record) });
	tunnel_send(r, &out);
}

static void
nohello(struct relay *r, const struct failure *f)
{
	char words[FAILURE_WORDS_MAX];

	relay_wait(r, 0);
	if (!r->flow)
		relay_begin(r, "https", r->to.host, r->to.port);
	relay_note(r, r->flow, (struct note){ .kind = NOTE_STEP, .side = CLIENT, .step = failure_step(f) });
	if (f->sent >= 0)
		send_alert(r, f->sent);
	failure_words(f, words, sizeof(words));
	relay_stop(r, CLOSE_TLS_FAILED, words);
}

void
nohello_bad(struct relay *r, int alert, const char *why)
{
	nohello(r, &(struct failure){ .cause = CAUSE_HELLO, .stage = STAGE_HELLO, .server = true, .sent = alert, .said = why });
}

bool
nohello_cut(struct relay *r, bool late)
{
	struct hello h;
	enum hello_kind kind = r->client_tls || tunnel_is_bytes(r) ? HELLO_OTHER : hello_read(buf_bytes(&r->held), &h);

	if (kind == HELLO_WHOLE)
		hello_release(&h);
	if (kind != HELLO_SHORT || r->held.len < TLS_SURELY)
		return false;
	nohello(r, &(struct failure){ .cause = late ? CAUSE_BROKEN : CAUSE_EOF, .code = FAIL_TIMEOUT, .stage = STAGE_HELLO, .server = true,
		.sent = -1, .said = "its ClientHello did not come to an end in time" });
	return true;
}

bool
nohello_left(struct relay *r, const char *said)
{
	struct hello h;

	if (r->client_tls || r->phase != PHASE_TLS_SERVER || hello_read(buf_bytes(&r->held), &h) != HELLO_WHOLE)
		return false;
	hello_release(&h);
	nohello(r, &(struct failure){ .cause = said ? CAUSE_BROKEN : CAUSE_EOF, .code = FAIL_RESET, .stage = STAGE_HELLO, .server = true,
		.sent = -1, .said = said ? said : "" });
	return true;
}
