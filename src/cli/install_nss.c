/* The database that Chromium, Chrome and the like have in a home. */
#include <stdio.h>
#include <stdlib.h>

#include "install.h"

/* Chromium takes the first that is there. */
size_t
nss_databases(char dir[NSS_PLACES][INSTALL_PATH])
{
	const char *data = getenv("XDG_DATA_HOME");
	size_t n = 0;

	n += home_path(dir[n], ".pki/nssdb");
	if (data && *data == '/')
		n += snprintf(dir[n], INSTALL_PATH, "%s/pki/nssdb", data) < INSTALL_PATH;
	else
		n += home_path(dir[n], ".local/share/pki/nssdb");
	n += home_path(dir[n], "snap/chromium/current/.pki/nssdb");
	return n;
}

static void
plan_nss(struct plan *p)
{
	char dir[NSS_PLACES][INSTALL_PATH];
	size_t n = nss_databases(dir), there = 0;

	for (size_t i = 0; i < n; i++) {
		if (file_there(dir[i]))
			nssdb_plan(p, dir[i], true);
		there += file_there(dir[i]);
	}
	if (!there && n)
		nssdb_plan(p, dir[0], true);
	if (!n)
		plan_say(p, DEED_FAULT, "HOME is not set");
}

const struct trust_store store_nss = {
	.name = "nss", .about = "Chromium, Chrome, Edge, Brave", .plan = plan_nss,
};
