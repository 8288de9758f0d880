/* The system's authorities, which most programs trust. */
#include <stdio.h>
#include <unistd.h>

#include "install.h"
#include "program.h"

static const char LOCAL[] = "/usr/local/share/ca-certificates", SBIN[] = "/usr/sbin/update-ca-certificates";

/* Debian's way: a folder of additions, and a program that makes one file of all. */
static void
plan_debian(struct plan *p, const char *update)
{
	char path[INSTALL_PATH];
	bool changes;

	snprintf(path, sizeof(path), "%s/%s.crt", LOCAL, p->label);
	changes = pem_file_holds(path, p->ca) != p->install;
	if (!changes)
		plan_say(p, DEED_SAID, p->install ? "%s is there already" : "%s is not there", path);
	else if (p->install)
		plan_run(p, true, (const char *[]){ "install", "-D", "-m", "644", ca_path(p->ca), path, NULL });
	else
		plan_run(p, true, (const char *[]){ "rm", "-f", path, NULL });
	if (!p->install && earlier_files(p, LOCAL))
		changes = true;
	if (changes)
		plan_run(p, true, (const char *[]){ update, p->install ? NULL : "--fresh", NULL });
}

/* p11-kit's: Fedora, RHEL, Arch, openSUSE. It finds the certificate by itself. */
static void
plan_p11(struct plan *p)
{
	bool there = false;

	for (size_t i = 0; !there && system_file(i); i++)
		there = pem_file_holds(system_file(i), p->ca);
	if (there == p->install)
		plan_say(p, DEED_SAID, p->install ? "the system has it already" : "the system does not have it");
	else if (p->install)
		plan_run(p, true, (const char *[]){ "trust", "anchor", "--store", ca_path(p->ca), NULL });
	else
		plan_run(p, true, (const char *[]){ "trust", "anchor", "--remove", ca_path(p->ca), NULL });
	for (size_t i = 0; !p->install && system_file(i); i++)
		if (file_there(system_file(i))) {
			earlier_p11(p, system_file(i));
			break;		/* the others are the same by other names */
		}
}

static void
plan_system(struct plan *p)
{
	char path[PROGRAM_PATH];

	if (program_there("update-ca-certificates", path))
		plan_debian(p, "update-ca-certificates");
	else if (access(SBIN, X_OK) == 0)		/* which is not in everybody's PATH */
		plan_debian(p, SBIN);
	else if (program_there("trust", path))
		plan_p11(p);
	else
		plan_say(p, DEED_FAULT, "neither update-ca-certificates (Debian's ca-certificates) nor trust (p11-kit) is there");
}

const struct trust_store store_system = {
	.name = "system", .about = "most programs: curl, wget, git, OpenSSL, Go, Ruby", .plan = plan_system,
};
