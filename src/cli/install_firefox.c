/* Firefox: each profile has a database of its own. */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "install.h"

static const char *const homes[] = {
	".mozilla/firefox", ".config/mozilla/firefox", "snap/firefox/common/.mozilla/firefox",
	".var/app/org.mozilla.firefox/.mozilla/firefox", ".thunderbird",
};

size_t
firefox_profiles(void (*each)(const char *dir, void *arg), void *arg)
{
	char pattern[INSTALL_PATH], path[INSTALL_PATH];
	glob_t found = { 0 };
	size_t count;

	for (size_t i = 0; i < ARRAY_LEN(homes); i++) {
		snprintf(pattern, sizeof(pattern), "%s/*/cert9.db", homes[i]);
		if (home_path(path, pattern))
			(void)!glob(path, found.gl_pathc ? GLOB_APPEND : 0, NULL, &found);
	}
	count = found.gl_pathc;
	for (size_t i = 0; i < count; i++) {
		*strrchr(found.gl_pathv[i], '/') = '\0';
		each(found.gl_pathv[i], arg);
	}
	globfree(&found);
	return count;
}

static void
plan_profile(const char *dir, void *arg)
{
	nssdb_plan(arg, dir, false);
}

static void
plan_firefox(struct plan *p)
{
	if (!firefox_profiles(plan_profile, p))
		plan_say(p, DEED_SAID, "there is no profile yet: Firefox makes one when it is first started");
}

const struct trust_store store_firefox = {
	.name = "firefox", .about = "Firefox and Thunderbird, every profile", .plan = plan_firefox,
};
