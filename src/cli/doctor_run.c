/* soth ca doctor: who trusts the authority, and what to do where somebody does not. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ca.h"
#include "cli.h"
#include "doctor.h"
#include "soth/backend.h"
#include "soth/ring.h"

enum { STATUS_SOME = 1, STATUS_AUTHORITY = 2, DAY = 24 * 60 * 60, WHY_SHOWN = 120 };

extern char **environ;

struct report {
	json_t *list;		/* NULL: a table is printed */
	size_t no;		/* clients that do not trust us */
};

static const struct { const char *word, *mark; } verdicts[] = {
	[TRUSTS] = { "trusted", "yes" }, [TRUSTS_NOT] = { "not trusted", "no" },
	[NOT_FOUND] = { "not found", "-" }, [NOT_KNOWN] = { "not known", "?" },
};

void
doctor_says(struct doctor *d, const char *name, enum verdict v, const char *why, const char *fix)
{
	struct finding f = { .verdict = v };

	snprintf(f.name, sizeof(f.name), "%s", name);
	snprintf(f.why, sizeof(f.why), "%s", why);
	snprintf(f.fix, sizeof(f.fix), "%s", fix);
	d->tell(&f, d->arg);
}

void
doctor_fix(const struct doctor *d, const char *var, char *out, size_t room)
{
	const char *file = getenv(var);

	for (size_t i = 0; file && system_file(i); i++)
		if (!strcmp(file, system_file(i))) {
			snprintf(out, room, "soth ca install system");
			return;
		}
	snprintf(out, room, "export %s='%s'", var, ca_path(d->ca));
}

static void
tell_row(const struct finding *f)
{
	char why[WHY_SHOWN];

	snprintf(why, sizeof(why), "%.*s", WHY_SHOWN - 1, *f->why ? f->why : verdicts[f->verdict].word);
	printf("%-3s  %-20s ", verdicts[f->verdict].mark, f->name);
	cli_print_safe(stdout, why);
	printf("\n");
	if (*f->fix)
		printf("     %-20s $ %s\n", "", f->fix);
	fflush(stdout);
}

static json_t *
text_or_null(const char *s)
{
	json_t *text = *s ? json_string(s) : NULL;

	return text ? text : json_null();	/* foreign bytes need not be UTF-8 */
}

static void
tell(const struct finding *f, void *arg)
{
	struct report *r = arg;

	r->no += f->verdict == TRUSTS_NOT;
	if (!r->list)
		tell_row(f);
	else
		json_array_append_new(r->list, json_pack("{s:s,s:s,s:o,s:o}", "client", f->name, "verdict",
			verdicts[f->verdict].word, "why", text_or_null(f->why), "fix", text_or_null(f->fix)));
}

/* What is the authority's own: its file of keys, and how long it lasts. */
struct authority_look {
	struct ca_state state;
	char from[32], to[32], key[1100], trouble[200], fix[1200];
};

static void
key_look(const struct args *a, struct authority_look *l)
{
	static const char *const names[] = { "soth-ca.pem", "mitmproxy-ca.pem" };
	char dir[1000];
	struct fault why;
	struct stat st;
	int found = -1;

	if (!cli_confdir(&a->options, dir, sizeof(dir), &why))
		return;
	for (size_t i = 0; found < 0 && i < ARRAY_LEN(names); i++) {
		snprintf(l->key, sizeof(l->key), "%s/%s", dir, names[i]);
		found = stat(l->key, &st);
	}
	if (found < 0 || !(st.st_mode & 077))
		return;
	snprintf(l->trouble, sizeof(l->trouble), "others may read its key (mode %o): they can pose as any site to whoever trusts it",
		st.st_mode & 0777);
	snprintf(l->fix, sizeof(l->fix), "chmod 600 '%s'", l->key);
}

static void
date(int64_t when, char out[32])
{
	time_t t = (time_t)when;
	struct tm tm;

	strftime(out, 32, "%Y-%m-%d", gmtime_r(&t, &tm));
}

static void
authority_look(const struct args *a, struct ca *ca, struct authority_look *l)
{
	time_t now = time(NULL);

	ca_state(ca, &l->state);
	date(l->state.from, l->from);
	date(l->state.to, l->to);
	key_look(a, l);
	if (!*l->trouble && l->state.from > now)
		snprintf(l->trouble, sizeof(l->trouble), "it is not valid before %s: is this machine's clock right?", l->from);
	if (!*l->trouble && l->state.to < now + 30 * DAY)
		snprintf(l->trouble, sizeof(l->trouble), "it is no longer valid from %s on: then remove %.100s for a new one", l->to, l->key);
}

static void
authority_tell(const struct ca *ca, const struct authority_look *l)
{
	printf("%s\nSHA-256 %s\nvalid from %s to %s\nkey in %s\n", ca_path(ca), ca_fingerprint(ca), l->from, l->to, l->key);
	if (*l->trouble)
		printf("no: %s\n", l->trouble);
	if (*l->fix)
		printf("  $ %s\n", l->fix);
	printf("\n");
}

static json_t *
authority_json(const struct ca *ca, const struct authority_look *l)
{
	return json_pack("{s:o,s:s,s:s,s:s,s:o,s:o,s:o}", "certificate", text_or_null(ca_path(ca)), "sha256", ca_fingerprint(ca),
		"from", l->from, "to", l->to, "key", text_or_null(l->key), "trouble", text_or_null(l->trouble), "fix", text_or_null(l->fix));
}

/* What a proxy would make of calls to this machine is not asked. The array alone is the caller's. */
static char **
env_without_proxies(void)
{
	static char quiet[] = "GIT_TERMINAL_PROMPT=0", plain[] = "LC_ALL=C";
	size_t n = 0, kept = 0;
	char **env;

	while (environ[n])
		n++;
	env = xalloc((n + 3) * sizeof(*env));
	for (size_t i = 0; i < n; i++) {
		size_t name = strcspn(environ[i], "=");

		if ((name < 6 || strncasecmp(environ[i] + name - 6, "_proxy", 6)) && strncmp(environ[i], "LC_ALL=", 7))
			env[kept++] = environ[i];
	}
	env[kept++] = quiet;
	env[kept] = plain;	/* words that are told on */
	return env;
}

/* The proxy itself answers who calls it as a server: with a leaf for its address. */
static struct backend *
server_start(struct doctor *d, struct fault *why)
{
	struct options o;
	struct backend *b = NULL;

	options_init(&o);
	if (option_set(&o, "listen", "127.0.0.1:0", why) && option_set(&o, "workers", "1", why))
		b = backend_start(&o, d->ca, NULL, why);
	options_release(&o);
	if (b) {
		snprintf(d->place, sizeof(d->place), "%s", backend_address(b));
		snprintf(d->url, sizeof(d->url), "https://%s/", d->place);
	}
	return b;
}

/* A handful of calls leave few notes: they are not looked at. */
static void
server_stop(struct backend *b)
{
	struct ring **rings;
	size_t count;
	struct note n;

	backend_stop(b);
	rings = backend_rings(b, &count);
	for (size_t i = 0; i < count; i++)
		while (ring_pop(rings[i], &n))
			note_drop(&n);
	backend_free(b);
}

static int
report(const struct report *r, const struct ca *ca, const struct authority_look *l)
{
	if (r->list) {
		json_t *all = json_pack("{s:o,s:O}", "authority", authority_json(ca, l), "clients", r->list);

		json_dumpf(all, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		printf("\n");
		json_decref(all);
		json_decref(r->list);
	} else if (r->no) {
		printf("\n%zu do not trust soth\n", r->no);
	}
	return *l->trouble ? STATUS_AUTHORITY : r->no ? STATUS_SOME : 0;
}

int
ca_doctor(const struct args *a, struct ca *ca)
{
	struct report r = { .list = a->json ? json_array() : NULL };
	struct doctor d = { .ca = ca, .env = env_without_proxies(), .tell = tell, .arg = &r };
	struct authority_look look = { .key = "" };
	struct fault why;
	struct backend *b = server_start(&d, &why);

	if (!b) {
		fprintf(stderr, "soth: ca doctor: %s\n", why.text);
		free(d.env);
		return STATUS_AUTHORITY;
	}
	authority_look(a, ca, &look);
	if (!r.list)
		authority_tell(ca, &look);
	for (const struct client *c = doctor_clients; c->name; c++)
		c->look(&d, c);
	server_stop(b);
	free(d.env);
	return report(&r, ca, &look);
}
