#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include "../../ui/running.h"
#include "capture.h"

/* The screen before what is captured, until the person leaves. `running`: the command it is for, or NULL.
 * ui_signals() was called before any thread. */
bool screen_live(const struct capture *c, const struct options *o, struct running *running, struct fault *why) MUST_USE;
/* Whether there is a terminal, and the options of the screen are right; else that has been said. */
bool screen_can(const struct options *o) MUST_USE;

#endif
