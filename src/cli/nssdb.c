/* One database of NSS, by certutil. */
#include <stdio.h>
#include <string.h>

#include "install.h"
#include "program.h"

enum { SAID_MAX = 64 << 10, SECONDS = 20 };

static bool
nssdb_has(const char *db, const struct plan *p)
{
	struct buf said;
	bool late, has;

	buf_init(&said, SAID_MAX);
	has = program_read((const char *[]){ "certutil", "-L", "-d", db, "-n", p->label, "-a", NULL }, NULL, SECONDS,
		&said, &late) == 0 && pem_holds(buf_bytes(&said), p->ca);
	buf_release(&said);
	return has;
}

void
nssdb_plan(struct plan *p, const char *dir, bool make)
{
	char db[INSTALL_PATH + 4], file[INSTALL_PATH], path[PROGRAM_PATH];
	bool there, has;

	snprintf(db, sizeof(db), "sql:%s", dir);
	if (snprintf(file, sizeof(file), "%s/cert9.db", dir) >= (int)sizeof(file))
		return;
	there = file_there(file);
	if (!there && !(make && p->install)) {
		plan_say(p, DEED_SAID, "%s is not there", file);
		return;
	}
	if (!program_there("certutil", path)) {
		plan_say(p, DEED_FAULT, "certutil is not there: Debian's libnss3-tools, Fedora's nss-tools, Arch's nss");
		return;
	}
	has = there && nssdb_has(db, p);
	if (has == p->install)
		plan_say(p, DEED_SAID, p->install ? "%s has it already" : "%s does not have it", dir);
	if (!p->install && there)
		earlier_nss(p, dir, db);
	if (has == p->install)
		return;
	if (!there) {
		plan_run(p, false, (const char *[]){ "mkdir", "-p", dir, NULL });
		plan_run(p, false, (const char *[]){ "certutil", "-d", db, "-N", "--empty-password", NULL });
	}
	if (p->install)
		plan_run(p, false, (const char *[]){ "certutil", "-d", db, "-A", "-t", "C,,", "-n", p->label, "-i", ca_path(p->ca), NULL });
	else
		plan_run(p, false, (const char *[]){ "certutil", "-d", db, "-D", "-n", p->label, NULL });
}
