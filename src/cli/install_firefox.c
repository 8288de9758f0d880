/* Firefox: each profile has a database of its own. */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "install.h"

static const char *const homes[] = {
	".mozilla/firefox", ".config/mozilla/firefox", "snap/firefox/common/.mozilla/firefox",
	".var/app/org.mozilla.firefox/.mozilla/firefox", ".thunderbird",
};

/* How many profiles are in that folder. */
static size_t
plan_profiles(struct plan *p, const char *below)
{
	char pattern[INSTALL_PATH], dir[INSTALL_PATH];
	glob_t found = { 0 };
	size_t count;

	snprintf(pattern, sizeof(pattern), "%s/*/cert9.db", below);
	if (!home_path(dir, pattern) || glob(dir, 0, NULL, &found) != 0)
		return 0;
	count = found.gl_pathc;
	for (size_t i = 0; i < count; i++) {
		int len = (int)strlen(found.gl_pathv[i]) - (int)strlen("/cert9.db");

		snprintf(dir, sizeof(dir), "%.*s", len, found.gl_pathv[i]);
		nssdb_plan(p, dir, false);
	}
	globfree(&found);
	return count;
}

static void
plan_firefox(struct plan *p)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(homes); i++)
		count += plan_profiles(p, homes[i]);
	if (!count)
		plan_say(p, DEED_SAID, "there is no profile yet: Firefox makes one when it is first started");
}

const struct trust_store store_firefox = {
	.name = "firefox", .about = "Firefox and Thunderbird, every profile", .plan = plan_firefox,
};
