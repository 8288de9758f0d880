/* TLS, of either role, on bytes in memory: the session. Records are read in tls_read.c; no other file runs GnuTLS's sessions. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "authority.h"
#include "tls_inside.h"

enum {
	RECORD_OVER = 64,		/* what a record adds, at most */
	FLUSH_PAST = 128 << 10,
	OUT_MAX = 1 << 20,
	KEYS_MAX = 4096,
	WAIT_MAX = 16 << 20,		/* of bytes before EV_OPEN */
	ALPNS_MAX = 8,
};

/* GnuTLS keeps what it has of a record that is not whole, so nothing of an
 * event is left when it has run dry. */
static ssize_t
tls_pull(gnutls_transport_ptr_t arg, void *to, size_t len)
{
	struct tls *t = arg;

	if (!t->now.len) {
		gnutls_transport_set_errno(t->session, EAGAIN);
		return -1;
	}
	if (len > t->now.len)
		len = t->now.len;
	memcpy(to, t->now.at, len);
	t->now.at += len;
	t->now.len -= len;
	return (ssize_t)len;
}

static int
tls_pull_ready(gnutls_transport_ptr_t arg, unsigned ms)
{
	const struct tls *t = arg;

	(void)ms;
	return t->now.len > 0;
}

static ssize_t
tls_push(gnutls_transport_ptr_t arg, const void *from, size_t len)
{
	struct tls *t = arg;

	if (buf_add(&t->out, (struct bytes){ from, len }))
		return (ssize_t)len;
	gnutls_transport_set_errno(t->session, ENOBUFS);
	return -1;
}

void
tls_flush(struct tls *t, struct out *out)
{
	if (t->out.len)
		out_down(out, (struct command){ .kind = CMD_SEND, .data = buf_seal(&t->out) });
}

static void
tls_forget_waiting(struct tls *t)
{
	for (size_t i = 0; i < t->waits; i++)
		command_drop(&t->wait[i]);
	free(t->wait);
	t->wait = NULL;
	t->waits = t->waiting = 0;
}

static void
tls_die(struct tls *t, struct failure *f, struct out *out)
{
	char words[FAILURE_WORDS_MAX];

	t->dead = true;
	f->server = t->server;
	f->stage = !t->open ? STAGE_HANDSHAKE : t->heard ? STAGE_SESSION : STAGE_AFTER;
	f->shown = t->server && t->agreed;
	f->name = t->name;
	f->proxy = t->proxy;
	f->asked = t->asked;
	f->gave = t->gives ? t->gives->path : NULL;
	if (!f->said)
		f->said = "";
	if (t->trust)
		trust_forget(t->trust, t->name);
	tls_forget_waiting(t);
	buf_release(&t->plain);
	tls_flush(t, out);
	tls_tell_failed(t, f, out);
	failure_words(f, words, sizeof(words));
	out_up(out, (struct event){ .kind = EV_FAIL, .code = FAIL_TLS, .data = slice_text(words) });
}

/* The alert that fits goes to the peer; which. */
static int
tls_complain(struct tls *t, int rc)
{
	int level, alert = rc == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR ? verify_alert(t->judged) :
		gnutls_error_to_alert(rc, &level);

	return gnutls_alert_send(t->session, GNUTLS_AL_FATAL, (gnutls_alert_description_t)alert) < 0 ?
		-1 : alert;
}

void
tls_fail(struct tls *t, int rc, struct out *out)
{
	struct failure f = { .cause = CAUSE_ERROR, .code = rc, .sent = -1 };

	if (t->refused >= 0 && !t->open) {
		f.cause = CAUSE_ALERT;
		f.code = t->refused;
	} else if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED) {
		f.cause = CAUSE_ALERT;
		f.code = (int)gnutls_alert_get(t->session);
	} else {
		f.sent = tls_complain(t, rc);
		if (rc == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR) {
			f.cause = CAUSE_VERIFY;
			f.code = (int)t->judged;
		}
	}
	tls_die(t, &f, out);
}

/* Called by GnuTLS when a ServerHello has come, or gone out. */
static int
tls_server_hello(gnutls_session_t session, unsigned kind, unsigned when, unsigned incoming, const gnutls_datum_t *message)
{
	struct tls *t = gnutls_session_get_ptr(session);

	(void)kind;
	(void)when;
	t->agreed = true;
	if (incoming)
		server_ja3((struct bytes){ message->data, message->size }, t->ja3s);
	return 0;
}

/* Called by GnuTLS when the server's certificate is there. */
static int
tls_judge(gnutls_session_t session)
{
	struct tls *t = gnutls_session_get_ptr(session);

	t->judged = trust_judge(session, t->name);
	return t->judged && trust_verifies(t->trust) ? GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR : 0;
}

/* Records of what fits in one each. */
static void
tls_encrypt(struct tls *t, struct bytes b, struct out *out)
{
	while (b.len && !t->dead) {
		ssize_t n;

		if (!t->out.len)	/* one block for all that comes */
			(void)!buf_room(&t->out, (b.len < FLUSH_PAST ? b.len : FLUSH_PAST) +
				(b.len / RECORD_MAX + 1) * RECORD_OVER);
		n = gnutls_record_send(t->session, b.at, b.len < RECORD_MAX ? b.len : RECORD_MAX);
		if (n <= 0) {
			tls_fail(t, (int)n, out);
			return;
		}
		b.at += n;
		b.len -= (size_t)n;
		if (t->out.len >= FLUSH_PAST)
			tls_flush(t, out);
	}
}

static void
tls_encrypt_gathered(struct tls *t, struct out *out)
{
	if (t->plain.len)
		tls_encrypt(t, buf_bytes(&t->plain), out);
	buf_release(&t->plain);
}

/* Pieces are gathered into whole records; what is one by itself is not copied. */
static void
tls_send(struct tls *t, struct bytes b, struct out *out)
{
	while (b.len && !t->dead) {
		size_t n = RECORD_MAX - t->plain.len;

		if (n > b.len)
			n = b.len;
		if (n == RECORD_MAX) {
			n = b.len - b.len % RECORD_MAX;
			tls_encrypt(t, (struct bytes){ b.at, n }, out);
		} else if (buf_add(&t->plain, (struct bytes){ b.at, n }) && t->plain.len == RECORD_MAX) {
			tls_encrypt_gathered(t, out);
		}
		b.at += n;
		b.len -= n;
	}
}

static void
tls_settle(void *st, struct out *out)
{
	struct tls *t = st;

	if (!t->open || t->dead)
		return;
	tls_encrypt_gathered(t, out);
	tls_flush(t, out);
}

static void
tls_shut(struct tls *t, struct out *out)
{
	tls_settle(t, out);
	if (t->shut || t->dead)
		return;
	t->shut = true;
	gnutls_bye(t->session, GNUTLS_SHUT_WR);
	tls_flush(t, out);
}

static void
tls_alert(struct tls *t, gnutls_alert_description_t alert, struct out *out)
{
	if (t->shut || t->dead)
		return;
	t->shut = true;
	gnutls_alert_send(t->session, GNUTLS_AL_FATAL, alert);
	tls_flush(t, out);
}

/* When open. */
static void
tls_obey(struct tls *t, struct command *cmd, struct out *out)
{
	switch (cmd->kind) {
	case CMD_SEND:
		if (!t->dead && !t->shut)
			tls_send(t, cmd->data.bytes, out);
		return;
	case CMD_SHUT:
	case CMD_CLOSE:
		tls_shut(t, out);
		break;
	case CMD_ALERT:
		tls_alert(t, (gnutls_alert_description_t)cmd->stream, out);
		return;
	case CMD_ABORT:
	case CMD_PART:
	case CMD_PAUSE:
	case CMD_GO:
		break;
	}
	pass_down(out, cmd);
}

struct bytes
tls_peer_certificate(const struct tls *t)
{
	unsigned n = 0;
	const gnutls_datum_t *d = gnutls_certificate_get_peers(t->session, &n);

	return d && n ? (struct bytes){ d->data, d->size } : (struct bytes){ 0 };
}

struct bytes
tls_alpn(const struct tls *t)
{
	gnutls_datum_t d = { 0 };

	if (gnutls_alpn_get_selected_protocol(t->session, &d) < 0)
		return (struct bytes){ 0 };
	return (struct bytes){ d.data, d.size };
}

static void
tls_opened(struct tls *t, struct out *out)
{
	struct command *wait = t->wait;
	size_t waits = t->waits;

	t->open = true;
	t->wait = NULL;
	t->waits = t->waiting = 0;
	if (!t->server && gnutls_session_is_resumed(t->session))
		t->judged = trust_judged(t->trust, t->name);
	tls_tell_established(t, out);
	out_up(out, (struct event){ .kind = EV_OPEN, .data = slice_copy(tls_alpn(t)) });
	for (size_t i = 0; i < waits; i++) {
		tls_obey(t, &wait[i], out);
		command_drop(&wait[i]);
	}
	free(wait);
	tls_settle(t, out);
}

static void
tls_handshake(struct tls *t, struct out *out)
{
	int rc;

	do
		rc = gnutls_handshake(t->session);
	while (rc < 0 && !gnutls_error_is_fatal(rc) && t->now.len);
	tls_tell_keys(t, out);
	tls_flush(t, out);
	if (rc == 0)
		tls_opened(t, out);
	else if (gnutls_error_is_fatal(rc))
		tls_fail(t, rc, out);
	else if (t->refused >= 0)	/* GnuTLS passes over an alert that is only a warning */
		tls_fail(t, GNUTLS_E_FATAL_ALERT_RECEIVED, out);
}

static void
tls_data(struct tls *t, struct bytes data, struct out *out)
{
	if (t->dead || t->ended)
		return;
	t->now = data;
	if (!t->open) {
		if (t->refused < 0)
			t->refused = sniff_alert(&t->sniffer, data);
		tls_handshake(t, out);
	}
	if (t->open && !t->dead)
		tls_read(t, out);
	t->now = (struct bytes){ 0 };
}

/* The connection below broke, or was given up, before we were open. */
static void
tls_broken(struct tls *t, const struct event *ev, struct out *out)
{
	char said[160];
	struct bytes b = ev->data.bytes;
	struct failure f = { .cause = CAUSE_BROKEN, .code = (int)ev->code, .sent = -1, .said = said };

	if (b.len > sizeof(said) - 1)
		b.len = sizeof(said) - 1;
	if (b.len)
		memcpy(said, b.at, b.len);
	said[b.len] = 0;
	tls_die(t, &f, out);
}

static void
tls_event(void *st, struct event *ev, struct out *out)
{
	struct tls *t = st;

	if (ev->kind == EV_DATA) {
		tls_data(t, ev->data.bytes, out);
	} else if (ev->kind == EV_OPEN || t->dead) {
		return;			/* ours is what counts above */
	} else if (ev->kind == EV_EOF && !t->open) {
		tls_die(t, &(struct failure){ .cause = CAUSE_EOF, .sent = -1 }, out);
	} else if (ev->kind == EV_EOF) {
		tls_end(t, out);
	} else if (ev->kind == EV_FAIL && !t->open) {
		tls_broken(t, ev, out);
	} else {
		t->dead = t->dead || ev->kind == EV_FAIL;
		pass_up(out, ev);
	}
}

/* A pause too: the handshake must be heard. */
static void
tls_wait(struct tls *t, struct command *cmd, struct out *out)
{
	if (cmd->kind == CMD_SEND)
		t->waiting += cmd->data.bytes.len;
	if (t->waiting > WAIT_MAX) {
		tls_fail(t, GNUTLS_E_MEMORY_ERROR, out);
		return;
	}
	t->wait = xgrow(t->wait, t->waits + 1, sizeof(*t->wait));
	t->wait[t->waits++] = *cmd;
	*cmd = (struct command){ .kind = CMD_GO };
}

static void
tls_command(void *st, struct command *cmd, struct out *out)
{
	struct tls *t = st;

	if (t->open) {
		tls_obey(t, cmd, out);
	} else if (cmd->kind == CMD_CLOSE || cmd->kind == CMD_ABORT || t->dead) {
		t->dead = true;
		if (cmd->kind != CMD_SEND)
			pass_down(out, cmd);
	} else {
		tls_wait(t, cmd, out);
	}
}

static bool
tls_offer(struct tls *t, const char *const *alpn, struct fault *why)
{
	gnutls_datum_t list[ALPNS_MAX];
	unsigned n = 0;

	for (; alpn && n < ARRAY_LEN(list) && alpn[n]; n++)
		list[n] = (gnutls_datum_t){ (unsigned char *)(uintptr_t)alpn[n], (unsigned)strlen(alpn[n]) };
	return !n || gnutls_alpn_set_protocols(t->session, list, n,
		t->server ? GNUTLS_ALPN_SERVER_PRECEDENCE : 0) >= 0 ||
		fault(why, "tls: the protocols cannot be offered");
}

static bool
is_address(const char *name)
{
	uint8_t ip[16];

	return inet_pton(AF_INET, name, ip) == 1 || inet_pton(AF_INET6, name, ip) == 1;
}

/* Whom we call, and whom to believe. */
static bool
tls_aim(struct tls *t, const struct tls_args *a, struct fault *why)
{
	struct bytes name = a->name;

	if (name.len && name.at[name.len - 1] == '.')
		name.len--;
	if (name.len >= NAME_ROOM)
		return fault(why, "tls: a name of %zu bytes", name.len);
	t->name = xalloc(name.len + 1);
	if (name.len)
		memcpy(t->name, name.at, name.len);
	t->trust = trust_ref(a->trust);
	t->proxy = a->proxy;
	return true;
}

static bool
tls_call(struct tls *t, struct fault *why)
{
	gnutls_session_set_verify_function(t->session, tls_judge);
	if (!trust_equip(t->trust, t->session, t->name))
		return fault(why, "tls: cannot start a session");
	t->named = *t->name && !is_address(t->name);
	if (t->named && gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, t->name, strlen(t->name)) < 0)
		return fault(why, "tls: %s: not a name to ask for", t->name);
	return true;
}

static bool
tls_answer(struct tls *t, const struct tls_args *a, struct fault *why)
{
	t->leaf = leaf_ref(a->leaf);
	return leaf_equip(t->leaf, t->session) || fault(why, "tls: cannot start a session");
}

static void
tls_stop(void *st)
{
	struct tls *t = st;

	if (t->session)
		gnutls_deinit(t->session);
	tls_forget_waiting(t);
	buf_release(&t->out);
	buf_release(&t->plain);
	buf_release(&t->keys);
	leaf_drop(t->leaf);
	trust_drop(t->trust);
	step_drop(t->started);
	free(t->name);
}

/* Only who has a certificate to give says that it may be asked for later: few clients do. */
static unsigned
tls_flags(const struct tls *t)
{
	unsigned client = GNUTLS_CLIENT | GNUTLS_KEY_SHARE_TOP;

	if (!t->server && trust_gives(t->trust, t->name))
		client |= GNUTLS_POST_HANDSHAKE_AUTH;
	return (t->server ? GNUTLS_SERVER : client) | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL;
}

static bool
tls_start(void *st, const void *args, struct out *out, struct fault *why)
{
	const struct tls_args *a = args;
	struct tls *t = st;

	t->server = a->server;
	t->refused = -1;
	buf_init(&t->out, OUT_MAX);
	buf_init(&t->plain, RECORD_MAX);
	buf_init(&t->keys, KEYS_MAX);
	if (!a->server && !tls_aim(t, a, why))
		return false;
	if (gnutls_init(&t->session, tls_flags(t)) < 0) {
		tls_stop(t);
		return fault(why, "tls: cannot start a session");
	}
	gnutls_session_set_ptr(t->session, t);
	gnutls_transport_set_ptr(t->session, t);
	gnutls_transport_set_pull_function(t->session, tls_pull);
	gnutls_transport_set_pull_timeout_function(t->session, tls_pull_ready);
	gnutls_transport_set_push_function(t->session, tls_push);
	gnutls_session_set_keylog_function(t->session, tls_log_key);
	gnutls_handshake_set_hook_function(t->session, GNUTLS_HANDSHAKE_SERVER_HELLO, GNUTLS_HOOK_POST, tls_server_hello);
	if (!(a->server ? tls_answer(t, a, why) : tls_call(t, why)) || !tls_offer(t, a->alpn, why)) {
		tls_stop(t);
		return false;
	}
	tls_tell_started(t, a, out);
	if (!a->server)
		tls_handshake(t, out);
	return true;
}

static int
tls_probe(struct bytes first)
{
	if (first.len < 3)
		return first.len && (first.at[0] != 22 || (first.len > 1 && first.at[1] != 3)) ? 0 : -1;
	return first.at[0] == 22 && first.at[1] == 3 && first.at[2] <= 4 ? 100 : 0;
}

const struct layer_ops layer_tls = {
	.name = "tls",
	.size = sizeof(struct tls),
	.probe = tls_probe,
	.start = tls_start,
	.event = tls_event,
	.command = tls_command,
	.settle = tls_settle,
	.stop = tls_stop,
};
