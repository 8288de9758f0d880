/* soth ca install, uninstall: what is to be done is shown first, and asked. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ca.h"
#include "install.h"
#include "program.h"

enum { STATUS_FAULT = 1, STATUS_USAGE = 2, STATUS_SHOWN = 3 };

static const struct trust_store *const stores[] = { &store_system, &store_nss, &store_firefox, &store_java };

static struct deed *
plan_add(struct plan *p, enum deed_kind kind)
{
	p->deed = xgrow(p->deed, p->deeds + 1, sizeof(*p->deed));
	p->deed[p->deeds] = (struct deed){ .kind = kind };
	return &p->deed[p->deeds++];
}

void
plan_run(struct plan *p, bool root, const char *const argv[])
{
	struct deed *d = plan_add(p, DEED_RUN);
	size_t n = 0;

	if (root && geteuid())
		d->argv[n++] = xstrdup("sudo");
	for (size_t i = 0; argv[i] && n < DEED_WORDS - 1; i++)
		d->argv[n++] = xstrdup(argv[i]);
}

void
plan_say(struct plan *p, enum deed_kind kind, const char *fmt, ...)
{
	struct deed *d = plan_add(p, kind);
	char text[2 * INSTALL_PATH];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->words = xstrdup(text);
}

static void
plan_release(struct plan *p)
{
	for (size_t i = 0; i < p->deeds; i++) {
		for (char **word = p->deed[i].argv; *word; word++)
			free(*word);
		free(p->deed[i].words);
	}
	free(p->deed);
}

/* As a shell would take it. */
static void
print_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=@%+";

	if (*word && !word[strspn(word, plain)]) {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){ *word, '\0' }, stdout);
	putchar('\'');
}

static void
print_deed(const struct deed *d)
{
	if (d->kind != DEED_RUN) {
		printf("  %s%s\n", d->kind == DEED_FAULT ? "cannot be done: " : "", d->words);
		return;
	}
	printf("  $");
	for (char *const *word = d->argv; *word; word++) {
		putchar(' ');
		print_word(*word);
	}
	putchar('\n');
}

/* Those that are named; without names, or with "all", all of them. */
static bool
is_wanted(const struct args *a, const struct trust_store *s)
{
	for (size_t i = 2; i < a->words; i++)
		if (!strcmp(a->word[i], s->name) || !strcmp(a->word[i], "all"))
			return true;
	return a->words <= 2;
}

static bool
names_known(const struct args *a)
{
	for (size_t i = 2; i < a->words; i++) {
		bool known = !strcmp(a->word[i], "all");

		for (size_t s = 0; s < ARRAY_LEN(stores); s++)
			known = known || !strcmp(a->word[i], stores[s]->name);
		if (!known) {
			fprintf(stderr, "soth: ca %s: %s: there are system, nss, firefox, java and all\n", a->word[1], a->word[i]);
			return false;
		}
	}
	return true;
}

static void
plan_make(struct plan *p, const struct args *a)
{
	struct bytes own = ca_pem(p->ca);
	struct ca_mark m;

	if (!ca_mark_next(&own, &m))	/* it was read before: memory */
		abort();
	snprintf(p->label, sizeof(p->label), "%s", m.label);
	for (size_t i = 0; i < ARRAY_LEN(stores); i++) {
		size_t from = p->deeds;

		if (!is_wanted(a, stores[i]))
			continue;
		printf("%s: %s\n", stores[i]->name, stores[i]->about);
		stores[i]->plan(p);
		for (size_t d = from; d < p->deeds; d++)
			print_deed(&p->deed[d]);
	}
}

static bool
asked(void)
{
	char answer[16];

	printf("\nDo it? [y/N] ");
	fflush(stdout);
	return fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y');
}

/* One that fails leaves what depends on it undone, and the others are called all the same. */
static int
plan_do(const struct plan *p)
{
	int status = 0;

	for (size_t i = 0; i < p->deeds; i++) {
		int rc = p->deed[i].kind == DEED_RUN ? program_run((const char *const *)p->deed[i].argv) : 0;

		if (rc) {
			printf("failed%s:", rc < 0 ? ", it could not be called" : "");
			print_deed(&p->deed[i]);
			status = STATUS_FAULT;
		}
	}
	if (!status)
		printf("done\n");
	return status;
}

static size_t
count_of(const struct plan *p, enum deed_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < p->deeds; i++)
		n += p->deed[i].kind == kind;
	return n;
}

static int
install_run(const struct args *a, struct ca *ca, bool install)
{
	struct plan p = { .ca = ca, .install = install, .earlier = a->earlier };
	int status = 0;

	if (!names_known(a))
		return STATUS_USAGE;
	if (install && a->earlier) {
		fprintf(stderr, "soth: ca install: --earlier is for uninstall\n");
		return STATUS_USAGE;
	}
	if (pem_file_has_key(ca_path(ca))) {
		fprintf(stderr, "soth: %s: the key is in it too: it is not given away\n", ca_path(ca));
		return STATUS_FAULT;
	}
	printf("%s\nSHA-256 %s\n\n", ca_path(ca), ca_fingerprint(ca));
	plan_make(&p, a);
	if (!count_of(&p, DEED_RUN)) {
		printf("\nthere is nothing to do\n");
	} else if (a->yes || (isatty(STDIN_FILENO) && asked())) {
		status = plan_do(&p);
	} else {
		printf("\nnothing was done%s\n", isatty(STDIN_FILENO) ? "" : ": --yes does it");
		status = STATUS_SHOWN;
	}
	if (!status && count_of(&p, DEED_FAULT))
		status = STATUS_FAULT;
	plan_release(&p);
	return status;
}

int
ca_install(const struct args *a, struct ca *ca)
{
	return install_run(a, ca, true);
}

int
ca_uninstall(const struct args *a, struct ca *ca)
{
	return install_run(a, ca, false);
}
