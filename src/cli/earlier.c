/* Authorities of soth's that were there before the present one, in the places that install puts them. */
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "install.h"
#include "program.h"

enum { LISTED_MAX = 8 << 20, SECONDS = 30, NAME_ROOM = 300, URI_ROOM = 160 };

/* By the name that install gave it, or by what is in the certificate; the present one is no earlier one. */
static bool
is_earlier(const struct plan *p, const char *name, const struct ca_mark *m)
{
	return strcmp(m->label, p->label) && (m->made || !strcmp(name, m->label));
}

/* Whether it is to go. */
static bool
goes(struct plan *p, const char *where, const char *name)
{
	if (!p->earlier)
		plan_say(p, DEED_SAID, "%s has %s, an earlier authority of soth's: --earlier takes it away", where, name);
	return p->earlier;
}

/* That is in a file of its own, called NAME.crt. */
static bool
file_is_earlier(const struct plan *p, const char *path)
{
	const char *slash = strrchr(path, '/');
	char name[NAME_ROOM];
	struct ca_mark m;
	struct buf text;
	struct bytes rest;
	bool earlier;

	snprintf(name, sizeof(name), "%s", slash ? slash + 1 : path);
	name[strcspn(name, ".")] = '\0';
	file_text(path, &text);
	rest = buf_bytes(&text);
	earlier = ca_mark_next(&rest, &m) && is_earlier(p, name, &m);
	buf_release(&text);
	return earlier;
}

bool
earlier_files(struct plan *p, const char *folder)
{
	char pattern[INSTALL_PATH];
	glob_t found = { 0 };
	bool any = false;

	snprintf(pattern, sizeof(pattern), "%s/*.crt", folder);
	(void)!glob(pattern, 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];

		if (!file_is_earlier(p, path) || !goes(p, folder, path + strlen(folder) + 1))
			continue;
		plan_run(p, true, (const char *[]){ "rm", "-f", path, NULL });
		any = true;
	}
	globfree(&found);
	return any;
}

/* p11-kit calls it by the hash of its key (trust(1)). */
static void
p11_remove(struct plan *p, const struct ca_mark *m)
{
	char uri[URI_ROOM] = "pkcs11:id=";
	size_t len = strlen(uri);

	for (size_t i = 0; i < m->id_len; i++)
		len += (size_t)snprintf(uri + len, sizeof(uri) - len, "%%%02X", m->id[i]);
	snprintf(uri + len, sizeof(uri) - len, ";type=cert");
	plan_run(p, true, (const char *[]){ "trust", "anchor", "--remove", uri, NULL });
}

void
earlier_p11(struct plan *p, const char *file)
{
	struct ca_mark m;
	struct buf text;
	struct bytes rest;

	file_text(file, &text);
	rest = buf_bytes(&text);
	while (ca_mark_next(&rest, &m))		/* a bundle has no names that install gave */
		if (is_earlier(p, "", &m) && goes(p, "the system", m.label))
			p11_remove(p, &m);
	buf_release(&text);
}

/* What a program says, for the caller to free; "": it failed. */
static char *
said_by(const char *const argv[])
{
	struct buf said;
	bool late;
	char *text;

	buf_init(&said, LISTED_MAX);
	if (program_read(argv, NULL, SECONDS, &said, &late)) {
		buf_release(&said);
		buf_init(&said, LISTED_MAX);
	}
	text = xalloc(said.len + 1);
	if (said.len)
		memcpy(text, said.at, said.len);
	buf_release(&said);
	return text;
}

static bool
text_is_earlier(const struct plan *p, const char *name, const char *text)
{
	struct bytes rest = bytes_of(text);
	struct ca_mark m;

	return ca_mark_next(&rest, &m) && is_earlier(p, name, &m);
}

/*
 * certutil says all that have the subject of the one of that name, in an order
 * that is theirs. The one that it is has that name by install; or it is one of
 * those that are not the present one, which is not without a name of its own.
 */
static bool
nss_said_earlier(const struct plan *p, const char *name, bool own, const char *text)
{
	struct bytes rest = bytes_of(text);
	bool any = false, present = false;
	struct ca_mark m;

	while (ca_mark_next(&rest, &m)) {
		if (!strcmp(m.label, name))
			return is_earlier(p, name, &m);
		present = present || !strcmp(m.label, p->label);
		any = any || is_earlier(p, name, &m);
	}
	return any && (own || !present);
}

static bool
nss_is_earlier(const struct plan *p, const char *db, const char *name, bool own)
{
	char *text = said_by((const char *[]){ "certutil", "-L", "-d", db, "-n", name, "-a", NULL });
	bool earlier = nss_said_earlier(p, name, own, text);

	free(text);
	return earlier;
}

/* Two may have one name: then the first goes, and the next time the second. */
static bool
nss_is_planned(const struct plan *p, const char *db, const char *name)
{
	for (size_t i = 0; i < p->deeds; i++) {
		char *const *word = p->deed[i].argv;		/* certutil -d DB -D -n NAME */

		if (word[0] && !strcmp(word[0], "certutil") && !strcmp(word[2], db) && !strcmp(word[3], "-D") && !strcmp(word[5], name))
			return true;
	}
	return false;
}

/* Of a line "NAME        C,,", which may have spaces in the name too. */
static bool
nss_name(char *line)
{
	char *end = line + strlen(line), *flags;

	while (end > line && isspace((unsigned char)end[-1]))
		*--end = '\0';
	flags = strrchr(line, ' ');
	if (!flags || !strchr(flags, ','))
		return false;
	while (flags > line && flags[-1] == ' ')
		flags--;
	*flags = '\0';
	return !strncasecmp(line, "soth", 4);
}

void
earlier_nss(struct plan *p, const char *dir, const char *db)
{
	char *text = said_by((const char *[]){ "certutil", "-L", "-d", db, NULL }), *save = NULL;
	bool own = strstr(text, p->label);

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (nss_name(line) && !nss_is_planned(p, db, line) && nss_is_earlier(p, db, line, own) && goes(p, dir, line))
			plan_run(p, false, (const char *[]){ "certutil", "-d", db, "-D", "-n", line, NULL });
	free(text);
}

/* What Debian's ca-certificates-java put there goes with the system's. */
void
earlier_java(struct plan *p, const struct java *j, bool root)
{
	static const char mark[] = "Alias name: ";
	char *text = said_by((const char *[]){ j->keytool, "-J-Duser.language=en", "-list", "-rfc", "-keystore", j->store,
		"-storepass", "changeit", NULL });

	for (char *at = strstr(text, mark), *next; at; at = next) {
		char *name = at + sizeof(mark) - 1, *body = name + strcspn(name, "\r\n");

		next = strstr(body, mark);
		if (*body)
			*body++ = '\0';
		if (next)
			next[-1] = '\0';
		if (strncmp(name, "debian:", 7) && text_is_earlier(p, name, body) && goes(p, j->store, name))
			plan_run(p, root, (const char *[]){ j->keytool, "-delete", "-alias", name, "-keystore", j->store,
				"-storepass", "changeit", NULL });
	}
	free(text);
}
