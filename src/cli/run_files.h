#ifndef CLI_RUN_FILES_H
#define CLI_RUN_FILES_H

#include "soth/ca.h"

/* The files that a command's environment names: what it is to trust, and settings. */
enum { RUN_PATH = 1024 };

/* Into a new folder of ours alone; false: nothing is left. */
bool run_files_make(const struct ca *ca, char dir[RUN_PATH], struct fault *why) MUST_USE;
void run_files_remove(const char *dir);
/* Into a folder that stays, and may have been there. */
bool run_files_put(const struct ca *ca, const char *dir, struct fault *why) MUST_USE;

#endif
