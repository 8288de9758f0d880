#ifndef CLI_RUN_ENV_H
#define CLI_RUN_ENV_H

#include "soth/buf.h"

/* What a command finds in its environment, so that it goes by way of soth and trusts it. */
struct run_setting {
	const char *proxy;	/* "http://127.0.0.1:8080"; NULL: it needs none, and finds none */
	const char *host;	/* of the proxy, and its port: for those who take no URL */
	unsigned port;
	const char *authority;	/* the file of ours alone */
	const char *dir;	/* where run_files.h has put its files */
};

/* That of ours, changed; each and the array are the caller's to free. */
char **run_env(const struct run_setting *s, struct fault *why) MUST_USE;
void run_env_free(char **env);
/* As lines that a shell takes. */
bool run_env_print(const struct run_setting *s, struct fault *why) MUST_USE;

#endif
