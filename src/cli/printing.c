/* A flow for those who read lines, and for those who read JSON. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "args.h"
#include "printing.h"

/* Foreign text: what a terminal might obey is shown as \xNN. */
void
cli_print_safe(FILE *to, const char *s)
{
	while (*s) {
		size_t len = 0;

		while (s[len] >= ' ' && s[len] < 0x7f && s[len] != '\\')
			len++;
		fwrite(s, 1, len, to);
		s += len;
		if (*s)
			fprintf(to, "\\x%02x", (unsigned char)*s++);
	}
}

/* RFC 3986 section 3.2.2. */
static void
print_host(FILE *to, const char *host)
{
	bool v6 = strchr(host, ':');

	if (v6)
		putc('[', to);
	cli_print_safe(to, host);
	if (v6)
		putc(']', to);
}

void
cli_print_line(FILE *to, const struct row *r)
{
	time_t at = (time_t)(r->begun / 1000000);
	char status[16], when[16] = "";
	struct tm tm;

	if (localtime_r(&at, &tm))
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
	snprintf(status, sizeof(status), "%u", r->status);
	fprintf(to, "%s %s %s://", when, *r->method ? r->method : "-", *r->scheme ? r->scheme : "tcp");
	print_host(to, r->host);
	if (r->port && r->port != (r->tls ? 443 : 80))
		fprintf(to, ":%u", r->port);
	cli_print_safe(to, r->path);
	fprintf(to, " %s ", r->status ? status : r->state == ROW_FAILED ? "fail" : "-");
	cli_print_safe(to, *r->type ? r->type : "-");
	fprintf(to, " %llu %llums", (unsigned long long)r->bytes[SERVER],
		(unsigned long long)(r->ended > r->begun ? (r->ended - r->begun) / 1000 : 0));
	if (*r->trouble) {
		fprintf(to, " (");
		cli_print_safe(to, r->trouble);
		fprintf(to, ")");
	}
	putc('\n', to);
}

json_t *
cli_json_text(const char *s)
{
	json_t *j = json_string(s);
	char wide[2048], *to = wide;

	if (j)
		return j;
	for (; *s && to < wide + sizeof(wide) - 3; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x80)
			*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	*to = 0;
	return json_string(wide);
}

/* Of that side's head, as far as the row tells whether it came. */
static json_t *
version(const struct row *r, enum side side)
{
	static const char *const names[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2" };
	bool came = side == CLIENT ? r->request : r->status;

	return came && r->version[side] < ARRAY_LEN(names) ? json_string(names[r->version[side]]) : json_null();
}

void
cli_print_json(FILE *to, const struct row *r)
{
	json_t *j = json_pack("{s:I,s:I,s:I,s:o,s:o,s:o,s:i,s:o,s:i,s:o,s:I,s:I,s:s,s:o}",
		"id", (json_int_t)r->id, "begun_us", (json_int_t)r->begun, "ended_us", (json_int_t)r->ended,
		"method", cli_json_text(r->method), "scheme", cli_json_text(r->scheme), "host", cli_json_text(r->host), "port", r->port,
		"path", cli_json_text(r->path), "status", r->status, "type", cli_json_text(r->type),
		"request_bytes", (json_int_t)r->bytes[CLIENT], "response_bytes", (json_int_t)r->bytes[SERVER],
		"close", r->ended ? close_name(r->close) : "", "trouble", cli_json_text(r->trouble));

	json_object_set_new(j, "protocol", json_string(protocol_name(r->protocol)));
	json_object_set_new(j, "request_version", version(r, CLIENT));
	json_object_set_new(j, "response_version", version(r, SERVER));
	json_object_set_new(j, "request_messages", json_integer(r->messages[CLIENT]));
	json_object_set_new(j, "response_messages", json_integer(r->messages[SERVER]));
	json_object_set_new(j, "grpc_status", r->grpc < 0 ? json_null() : json_integer(r->grpc));
	json_object_set_new(j, "tls_failed", r->tls_failed < 0 ? json_null() :
		json_string(r->tls_failed == CLIENT ? "client" : "server"));
	json_object_set_new(j, "onboarding", json_boolean(r->onboarding));
	json_object_set_new(j, "process", *r->process ? cli_json_text(r->process) : json_null());
	json_object_set_new(j, "pid", r->pid ? json_integer(r->pid) : json_null());
	if (r->decided) {
		json_object_set_new(j, "action", json_string(policy_action_word(r->action)));
		json_object_set_new(j, "reason", json_string(policy_reason_word(r->reason)));
	}
	json_dumpf(j, to, JSON_COMPACT | JSON_ENSURE_ASCII);
	putc('\n', to);
	json_decref(j);
}

print_fn *
cli_print(const struct args *a)
{
	return a->quiet ? NULL : a->json ? cli_print_json : cli_print_line;
}

static void
print_row(const struct printer *p, const struct row *r)
{
	if (!p->filter || filter_takes(p->filter, p->lens, r))
		p->print(p->to, r);
}

size_t
printer_ended(const struct printer *p, struct store *s, size_t done)
{
	struct row r;
	size_t at;

	if (!p->print)
		return done;
	while ((at = store_ended(s, done)) != SIZE_MAX) {
		if (store_rows(s, at, 1, &r) == 1 && r.id)
			print_row(p, &r);
		done++;
	}
	fflush(p->to);
	return done;
}

void
printer_all(const struct printer *p, struct store *s)
{
	struct row r;

	for (size_t i = 0; p->print && store_rows(s, i, 1, &r) == 1; i++)
		print_row(p, &r);
	fflush(p->to);
}
