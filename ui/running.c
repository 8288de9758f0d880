/* The command that the screen was started for: its end, and what it writes. */
#include <string.h>
#include <sys/wait.h>

#include "acts.h"
#include "editor.h"
#include "running.h"

static void
running_ended(struct desk *d, const struct running *r)
{
	struct fault why;

	if (WIFEXITED(r->status) && !WEXITSTATUS(r->status)) {
		desk_say(d, "%.60s has ended well; :output shows what it wrote", r->name);
		return;
	}
	if (WIFEXITED(r->status))
		fault(&why, "%.60s ended with %d; :output shows what it wrote", r->name, WEXITSTATUS(r->status));
	else
		fault(&why, "%.60s was ended by %s; :output shows what it wrote", r->name, strsignal(WTERMSIG(r->status)));
	desk_fail(d, &why);
}

void
running_look(struct desk *d)
{
	struct running *r = d->running;

	if (!r || r->over || waitpid(r->pid, &r->status, WNOHANG) != r->pid)
		return;
	r->over = true;
	running_ended(d, r);
}

bool
act_output(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	if (!desk->running)
		return fault(why, "output: no command runs here: soth run --screen starts one");
	return pager_run(desk->running->output, why);
}
