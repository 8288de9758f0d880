/* Java: each JDK has a file of authorities, cacerts, which keytool changes. */
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "install.h"
#include "program.h"

enum { SAID_MAX = 64 << 10, SECONDS = 30 };

struct javas { struct java *at; size_t count; };

static void
java_add(struct javas *j, const char *home)
{
	static const char *const places[] = { "lib/security/cacerts", "jre/lib/security/cacerts" };
	char path[PATH_MAX + 40];
	struct java *to = &j->at[j->count];
	bool found = false;

	for (size_t i = 0; j->count < JAVAS_MAX && !found && i < ARRAY_LEN(places); i++) {
		snprintf(path, sizeof(path), "%s/%s", home, places[i]);
		found = realpath(path, to->store);
	}
	for (size_t i = 0; found && i < j->count; i++)
		found = strcmp(j->at[i].store, to->store);
	if (found && snprintf(to->keytool, sizeof(to->keytool), "%s/bin/keytool", home) < (int)sizeof(to->keytool) &&
			access(to->keytool, X_OK) == 0)
		j->count++;
}

/* The JDK whose keytool that is. */
static void
java_add_program(struct javas *j, const char *path)
{
	static const char tail[] = "/bin/keytool";
	char whole[PATH_MAX];
	size_t len;

	if (!realpath(path, whole))
		return;
	len = strlen(whole);
	if (len < sizeof(tail) || strcmp(whole + len - (sizeof(tail) - 1), tail))
		return;
	whole[len - (sizeof(tail) - 1)] = '\0';
	java_add(j, whole);
}

size_t
java_stores(struct java out[JAVAS_MAX])
{
	static const char *const places[] = { "/usr/lib/jvm/*", "/opt/java/*", "/opt/jdk*" };
	const char *home = getenv("JAVA_HOME");
	char path[PROGRAM_PATH];
	struct javas j = { out, 0 };
	glob_t found = { 0 };

	if (home && *home) {
		java_add(&j, home);
		return j.count;
	}
	if (program_there("keytool", path))
		java_add_program(&j, path);
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		(void)!glob(places[i], i ? GLOB_APPEND : 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		java_add(&j, found.gl_pathv[i]);
	globfree(&found);
	return j.count;
}

static bool
java_has(const struct java *j, const struct plan *p)
{
	struct buf said;
	bool late, has;

	buf_init(&said, SAID_MAX);
	has = program_read((const char *[]){ j->keytool, "-exportcert", "-rfc", "-alias", p->label, "-keystore", j->store,
		"-storepass", "changeit", NULL }, NULL, SECONDS, &said, &late) == 0 && pem_holds(buf_bytes(&said), p->ca);
	buf_release(&said);
	return has;
}

static void
plan_one(struct plan *p, const struct java *j)
{
	bool root = access(j->store, W_OK) != 0;

	if (java_has(j, p) == p->install)
		plan_say(p, DEED_SAID, p->install ? "%s has it already" : "%s does not have it", j->store);
	else if (p->install)
		plan_run(p, root, (const char *[]){ j->keytool, "-importcert", "-noprompt", "-trustcacerts", "-alias", p->label,
			"-file", ca_path(p->ca), "-keystore", j->store, "-storepass", "changeit", NULL });
	else
		plan_run(p, root, (const char *[]){ j->keytool, "-delete", "-alias", p->label, "-keystore", j->store,
			"-storepass", "changeit", NULL });
	if (!p->install)
		earlier_java(p, j, root);
}

static void
plan_java(struct plan *p)
{
	struct java *j = xalloc(JAVAS_MAX * sizeof(*j));
	size_t count = java_stores(j);

	for (size_t i = 0; i < count; i++)
		plan_one(p, &j[i]);
	if (!count)
		plan_say(p, DEED_SAID, "there is no JDK in JAVA_HOME, PATH, /usr/lib/jvm or /opt");
	free(j);
}

const struct trust_store store_java = {
	.name = "java", .about = "every JDK; JAVA_HOME's alone where that is set", .plan = plan_java,
};
