/* Which events the notes of a flow are. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "eventline.h"
#include "soth/map.h"

enum { BATCH_MAX = 256 << 20 };

static void
logged_free(void *arg)
{
	struct logged *f = arg;

	origin_drop(f->origin);
	head_drop(f->request);
	turns_free(f->turns);
	blocks_free(f->blocks);
	free(f);
}

/* Empties the file, if it is one and no session, which nobody means to lose. */
static bool
make_empty(int fd)
{
	static const char session[] = "soth session";
	char first[sizeof(session) - 1];
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return true;
	if (pread(fd, first, sizeof(first), 0) == (ssize_t)sizeof(first) && !memcmp(first, session, sizeof(first)))
		return false;
	(void)!ftruncate(fd, 0);
	return true;
}

struct eventlog *
eventlog_open(const char *path, struct fault *why)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct eventlog *l;

	if (fd < 0 || !make_empty(fd)) {
		fault(why, "event-log: %s: %s", path, fd < 0 ? strerror(errno) : "is a session, and stays one");
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	l = xalloc(sizeof(*l));
	l->fd = fd;
	l->path = xstrdup(path);
	l->flows = map_new();
	l->tally = tally_new();
	buf_init(&l->batch, BATCH_MAX);
	eventline_schema(l);
	return l;
}

void
eventlog_close(struct eventlog *l)
{
	close(l->fd);
	free(l->path);
	map_free(l->flows, logged_free);
	tally_free(l->tally);
	buf_release(&l->batch);
	free(l);
}

size_t
eventlog_waiting(const struct eventlog *l)
{
	return l->batch.len;
}

bool
eventlog_write(struct eventlog *l, struct fault *why)
{
	while (l->batch.len) {
		ssize_t n = write(l->fd, l->batch.at, l->batch.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault(why, "%s: %s", l->path, strerror(n < 0 ? errno : ENOSPC));
		buf_eat(&l->batch, (size_t)n);
	}
	return true;
}

static void
log_flow(struct eventlog *l, struct logged *f, const struct note *n)
{
	(void)l;
	origin_drop(f->origin);
	f->origin = origin_ref(n->origin);
}

/* A failure in all the words of the vocabulary that its step bears out. */
static void
failure_attributes(struct attributes *a, const struct step *s, const struct tallied *so_far)
{
	static const struct { const char *name, *value; } of_servers[] = {
		{ "upstream_ocsp_staple_present", "not_applicable" },
		{ "upstream_ocsp_staple_status", "not_applicable" },
		{ "revocation_policy_mode", "passive_observe" },
		{ "revocation_decision", "not_applicable" },
	};

	attribute(a, "tls_failure_source", step_find(s, "peer"));
	attribute(a, "normalized_reason", step_find(s, "tls_failure_reason"));
	attribute(a, "provider_identity", step_find(s, "tls_ops_provider"));
	if (bytes_are(step_find(s, "peer"), "downstream"))
		for (size_t i = 0; i < ARRAY_LEN(of_servers); i++)
			attribute(a, of_servers[i].name, bytes_of(of_servers[i].value));
	attribute(a, "tls_fingerprint_mode", LIT("native"));	/* soth's own hello, which imitates nobody's */
	attribute(a, "tls_fingerprint_class", LIT("gnutls"));
	attribute_count(a, "tls_failure_host_count", so_far->host);
	attribute_count(a, "tls_failure_source_count", so_far->side);
	attribute_count(a, "tls_failure_reason_count", so_far->reason);
	attribute_count(a, "tls_failure_global_count", so_far->all);
	attribute_count(a, "tls_failure_host_rolling_count", so_far->host_recent);
	attribute_count(a, "tls_failure_source_rolling_count", so_far->side_recent);
	attribute_count(a, "tls_failure_reason_rolling_count", so_far->reason_recent);
}

/* Steps that are events, by one more than enum log_event; the others are of soth's own. */
static const uint8_t step_events_logged[STEP_COUNT] = {
	[STEP_CONNECT_RECEIVED] = LOG_CONNECT_RECEIVED + 1,
	[STEP_PARSE_FAILED] = LOG_PARSE_FAILED + 1,
	[STEP_DECIDED] = LOG_DECIDED + 1,
	[STEP_TLS_STARTED] = LOG_TLS_STARTED + 1,
	[STEP_TLS_ESTABLISHED] = LOG_TLS_ESTABLISHED + 1,
	[STEP_TLS_FAILED] = LOG_TLS_FAILED + 1,
	[STEP_HTTP3_PASSTHROUGH] = LOG_HTTP3_PASSTHROUGH + 1,
	[STEP_LEARNING] = LOG_TLS_LEARNING + 1,
};

/* Whether a session was resumed hangs on when its ticket came, and to which worker; so does what a server shows then. */
static bool
differs(enum step_kind kind, struct bytes name)
{
	static const char *const names[] = { "resumed", "ja3s", "upstream_ocsp_staple_present",
		"upstream_ocsp_staple_status", "revocation_policy_mode", "revocation_decision" };

	for (size_t i = 0; kind == STEP_TLS_ESTABLISHED && i < ARRAY_LEN(names); i++)
		if (bytes_are(name, names[i]))
			return true;
	return false;
}

static void
log_step(struct eventlog *l, struct logged *f, const struct note *n)
{
	enum step_kind kind = step_kind(n->step);
	struct attributes *a;
	struct tallied so_far;
	char name[64];

	if (kind == STEP_SWITCHED && bytes_are(step_find(n->step, "name"), "websocket"))
		f->unread = true;
	if (!step_events_logged[kind])
		return;
	a = attributes_new();
	for (size_t i = 0; i < step_count(n->step); i++) {
		struct field v = step_value(n->step, i);

		if (!v.name.len || v.name.len >= sizeof(name) || differs(kind, v.name))
			continue;
		memcpy(name, v.name.at, v.name.len);
		name[v.name.len] = 0;
		attribute(a, name, v.value);
	}
	if (kind == STEP_TLS_FAILED) {
		so_far = tally_add(l->tally, n->step, f->origin ? f->origin->host : (struct bytes){ 0 }, n->when);
		failure_attributes(a, n->step, &so_far);
	}
	if (kind == STEP_LEARNING) {
		*(bytes_are(step_find(n->step, "tls_learning_decision"), "applied") ? &l->learned : &l->unlearned) += 1;
		attribute_count(a, "tls_learning_applied_count", l->learned);
		attribute_count(a, "tls_learning_ignored_count", l->unlearned);
	}
	eventline(l, f, (enum log_event)(step_events_logged[kind] - 1), a);
}

static struct bytes
version_of(const struct head *h)
{
	static const char *const versions[] = { [HTTP_1_0] = "HTTP/1.0", [HTTP_1_1] = "HTTP/1.1", [HTTP_2] = "HTTP/2" };

	return bytes_of(versions[head_version(h)]);
}

/* "/package.Service/Method" */
static void
grpc_path(struct attributes *a, struct bytes path)
{
	const uint8_t *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;
	struct bytes service = path, method = { 0 };

	if (slash) {
		service.len = (size_t)(slash - path.at);
		method = (struct bytes){ slash + 1, path.len - service.len - 1 };
	}
	if (service.len && *service.at == '/')
		service.at++, service.len--;
	attribute(a, "grpc_path", path);
	attribute(a, "grpc_service", service);
	attribute(a, "grpc_method", method);
}

static void
log_grpc_request(struct eventlog *l, struct logged *f, const struct head *h)
{
	struct attributes *a = attributes_new();

	grpc_path(a, head_target(h));
	attribute_count(a, "grpc_event_sequence", 1);
	attribute(a, "grpc_detection_mode", LIT("content_type"));
	attribute(a, "grpc_request_content_type", head_find(h, "content-type"));
	attribute_count(a, "header_count", head_count(h));
	attribute(a, "te", head_find(h, "te"));
	attribute(a, "user_agent", head_find(h, "user-agent"));
	eventline(l, f, LOG_GRPC_REQUEST, a);
}

static void
log_request(struct eventlog *l, struct logged *f, const struct note *n)
{
	const struct head *h = n->part.head;
	struct attributes *a = attributes_new();

	f->spoken = head_version(h) == HTTP_2 ? "http2" : "http1";
	f->http = true;
	f->protocol = protocol_of(h, NULL);
	attribute(a, "method", head_method(h));
	attribute(a, "target", head_target(h));
	attribute(a, "version", version_of(h));
	attribute_count(a, "header_count", head_count(h));
	if (n->stream)
		attribute_count(a, "stream_id", n->stream);
	eventline(l, f, LOG_REQUEST, a);
	if (f->protocol == PROTOCOL_GRPC)
		log_grpc_request(l, f, h);
}

static void
log_grpc_trailers(struct eventlog *l, struct logged *f, const struct head *fields, size_t count)
{
	struct attributes *a = attributes_new();

	attribute_count(a, "grpc_event_sequence", 3);
	attribute_count(a, "trailer_count", count);
	attribute(a, "grpc_status", head_find(fields, "grpc-status"));
	attribute(a, "grpc_message", head_find(fields, "grpc-message"));
	eventline(l, f, LOG_GRPC_TRAILERS, a);
}

static void
log_grpc_response(struct eventlog *l, struct logged *f, const struct head *h)
{
	struct attributes *a = attributes_new();

	attribute_count(a, "grpc_event_sequence", 2);
	attribute_count(a, "status_code", head_status(h));
	attribute_count(a, "header_count", head_count(h));
	attribute(a, "grpc_response_content_type", head_find(h, "content-type"));
	eventline(l, f, LOG_GRPC_RESPONSE, a);
	if (head_has(h, "grpc-status"))		/* an answer of trailers alone */
		log_grpc_trailers(l, f, h, 0);
}

/* What the two heads agree on is spoken from here on. */
static void
log_agreed(struct eventlog *l, struct logged *f, const struct head *h)
{
	if (f->request)
		f->protocol = protocol_of(f->request, h);
	head_drop(f->request);
	f->request = NULL;
	if (f->protocol == PROTOCOL_WEBSOCKET && !f->unread) {
		f->http = false;
		turns_open(l, f);
	} else if (f->protocol == PROTOCOL_WEBSOCKET || head_status(h) == 101) {
		f->http = false;
		f->spoken = "tunnel";
	} else if (f->protocol == PROTOCOL_SSE) {
		f->spoken = "sse";
		blocks_open(f, h);
	} else if (f->protocol == PROTOCOL_GRPC) {
		log_grpc_response(l, f, h);
	}
}

static void
log_response(struct eventlog *l, struct logged *f, const struct head *h)
{
	struct attributes *a = attributes_new();

	f->http = true;
	attribute_count(a, "status_code", head_status(h));
	attribute(a, "reason_phrase", head_reason(h));
	attribute(a, "version", version_of(h));
	attribute_count(a, "header_count", head_count(h));
	eventline(l, f, LOG_RESPONSE, a);
	if (head_status(h) >= 200 || head_status(h) == 101)
		log_agreed(l, f, h);
}

static void
log_head(struct eventlog *l, struct logged *f, const struct note *n)
{
	if (n->side == SERVER) {
		log_response(l, f, n->part.head);
		return;
	}
	log_request(l, f, n);
	head_drop(f->request);
	f->request = head_ref(n->part.head);
}

static void
log_trailer(struct eventlog *l, struct logged *f, const struct note *n)
{
	if (n->side == SERVER && f->protocol == PROTOCOL_GRPC)
		log_grpc_trailers(l, f, n->part.head, head_count(n->part.head));
}

static void
bytes_passed(struct logged *f, enum side side, uint64_t count)
{
	f->bytes[side] += count;
	if (f->http)
		f->chunk[side] += count;
}

static void
log_data(struct eventlog *l, struct logged *f, const struct note *n)
{
	bytes_passed(f, n->side, n->part.data.bytes.len);
	blocks_part(l, f, n);
}

static void
log_skip(struct eventlog *l, struct logged *f, const struct note *n)
{
	(void)l;
	bytes_passed(f, n->side, n->part.count);
}

static void
log_message(struct eventlog *l, struct logged *f, const struct note *n)
{
	if (n->part.kind == PART_MESSAGE)
		f->bytes[n->side] += n->part.count;
	turns_part(l, f, n);
}

/* How many bytes a body had, once, whatever they were cut into on their way. */
static void
log_end(struct eventlog *l, struct logged *f, const struct note *n)
{
	struct attributes *a;

	if (n->side == SERVER)
		blocks_end(l, f);
	if (!f->chunk[n->side])
		return;
	a = attributes_new();
	attribute_count(a, "bytes", f->chunk[n->side]);
	f->chunk[n->side] = 0;
	eventline(l, f, n->side == CLIENT ? LOG_REQUEST_BODY : LOG_RESPONSE_BODY, a);
}

static void (*const log_parts[PART_COUNT])(struct eventlog *, struct logged *, const struct note *) = {
	[PART_HEAD] = log_head,
	[PART_DATA] = log_data,
	[PART_SKIP] = log_skip,
	[PART_MESSAGE] = log_message,
	[PART_TRAILER] = log_trailer,
	[PART_END] = log_end,
	[PART_RESET] = log_end,
	[PART_FRAME] = log_message,
	[PART_MARK] = blocks_part,
	[PART_FAULT] = turns_part,
};

static void
log_part(struct eventlog *l, struct logged *f, const struct note *n)
{
	if (log_parts[n->part.kind])
		log_parts[n->part.kind](l, f, n);
}

static void
log_gone(struct eventlog *l, struct logged *f, const struct note *n)
{
	struct attributes *a;

	log_end(l, f, &(struct note){ .side = CLIENT });
	log_end(l, f, &(struct note){ .side = SERVER });
	turns_gone(l, f, n);
	a = attributes_new();
	attribute(a, "reason_code", bytes_of(close_name(n->part.code)));
	attribute(a, "reason_detail", n->part.data.bytes);
	attribute_count(a, "bytes_from_client", f->bytes[CLIENT]);
	attribute_count(a, "bytes_from_server", f->bytes[SERVER]);
	eventline(l, f, LOG_CLOSED, a);
	logged_free(map_take(l->flows, (struct bytes){ (const uint8_t *)&n->flow, sizeof(n->flow) }));
}

static void (*const log_notes[NOTE_COUNT])(struct eventlog *, struct logged *, const struct note *) = {
	[NOTE_FLOW] = log_flow,
	[NOTE_STEP] = log_step,
	[NOTE_PART] = log_part,
	[NOTE_GONE] = log_gone,
};

static struct logged *
flow_of(struct eventlog *l, const struct note *n)
{
	struct bytes key = { (const uint8_t *)&n->flow, sizeof(n->flow) };
	struct logged *f = map_find(l->flows, key);

	if (f || n->kind != NOTE_FLOW)
		return f;
	f = xalloc(sizeof(*f));
	f->spoken = "tunnel";
	map_put(l->flows, key, f);
	return f;
}

void
eventlog_note(struct eventlog *l, const struct note *n)
{
	struct logged *f = n->kind == NOTE_LOG ? NULL : flow_of(l, n);

	if (f && log_notes[n->kind])
		log_notes[n->kind](l, f, n);
}
