/* Actions on the session as a whole. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "acts.h"
#include "archive.h"
#include "browser.h"
#include "catalog.h"
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

static bool
answer_compact(struct desk *desk, const char *text, struct fault *why)
{
	return !*text || archive_compact(desk->archive, text, why);
}

bool
act_compact(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "compact the session into: ", complete_path, answer_compact, NULL, NULL };

	if (*arg)
		return answer_compact(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

/* Those that are selected; or that a filter shows; or the one under the cursor. Says which. */
static size_t *
flows_meant(struct desk *desk, size_t *count, const char **label, struct fault *why)
{
	const struct catalog *c = desk->catalog;
	bool shown = !desk->selection.count && catalog_filters(c) && catalog_flows(c);
	size_t *index;

	*label = desk->selection.count ? "write the selected flows to: " : shown ? "write the flows shown to: " : "write this flow to: ";
	if (!shown)
		return selection_flows(desk, count, why);
	*count = catalog_flows(c);
	index = xgrow(NULL, *count, sizeof(*index));
	for (size_t i = 0; i < *count; i++)
		index[i] = catalog_nth(c, i);
	return index;
}

static bool
write_flows(struct desk *desk, const char *path, bool append, struct fault *why)
{
	struct parcel_how how = { .store = desk->store, .append = append, .wake = desk->wake };
	const char *label;

	if (!*path)
		return true;
	how.index = flows_meant(desk, &how.count, &label, why);
	return how.index && archive_write(desk->archive, &how, path, why);
}

static bool
answer_save_flows(struct desk *desk, const char *text, struct fault *why)
{
	return write_flows(desk, text, false, why);
}

static bool
answer_append(struct desk *desk, const char *text, struct fault *why)
{
	return write_flows(desk, text, true, why);
}

static bool
ask_for_flows(struct desk *desk, const char *arg, bool (*answer)(struct desk *, const char *, struct fault *), struct fault *why)
{
	static struct prompt_ask ask = { "", complete_path, NULL, NULL, NULL };
	size_t count, *index;

	if (*arg)
		return answer(desk, arg, why);
	index = flows_meant(desk, &count, &ask.label, why);
	free(index);
	ask.answer = answer;
	if (index)
		prompt_start(desk->prompt, &ask, "");
	return index;
}

bool
act_save_flows(struct desk *desk, const char *arg, struct fault *why)
{
	return ask_for_flows(desk, arg, answer_save_flows, why);
}

bool
act_append(struct desk *desk, const char *arg, struct fault *why)
{
	return ask_for_flows(desk, arg, answer_append, why);
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

bool
act_browser(struct desk *desk, const char *arg, struct fault *why)
{
	if (strcmp(arg, "stop"))
		return browser_start(desk, arg, why);
	browsers_stop(desk);
	return true;
}
