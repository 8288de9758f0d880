/* Actions on the session as a whole. */
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "acts.h"
#include "archive.h"
#include "prompt.h"

/* Names of files; of folders with a slash behind them. */
static bool
complete_path(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	char pattern[1100];
	glob_t found;
	bool ok;

	(void)desk;
	snprintf(pattern, sizeof(pattern), "%s*", text);
	if (glob(pattern, GLOB_MARK | GLOB_TILDE, NULL, &found))
		return false;
	ok = n < found.gl_pathc && snprintf(out, room, "%s", found.gl_pathv[n]) < (int)room;
	globfree(&found);
	return ok;
}

static bool
answer_open(struct desk *desk, const char *text, struct fault *why)
{
	return !*text || archive_open(desk->archive, text, why);
}

bool
act_open(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "open: ", complete_path, answer_open, NULL, NULL };

	if (*arg)
		return answer_open(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

static bool
answer_save(struct desk *desk, const char *text, struct fault *why)
{
	return !*text || archive_save(desk->archive, text, why);
}

bool
act_save(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "save the session to: ", complete_path, answer_save, NULL, NULL };

	if (*arg)
		return answer_save(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

bool
act_recover(struct desk *desk, const char *arg, struct fault *why)
{
	if (*arg)
		return fault(why, "recover takes nothing: `:open FILE` reads any other");
	if (!*desk->lost)
		return fault(why, "the session before was closed, or there is none");
	if (!archive_open(desk->archive, desk->lost, why))
		return false;
	desk->lost = "";
	return true;
}
