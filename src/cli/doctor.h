#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "places.h"

/*
 * Who trusts the authority: each client that is found on this machine is asked
 * to call a server with a leaf of ours, on this machine; or, where it reads
 * its authorities from a file and nothing else, that is read.
 *
 * To add a client, add its row in doctor_clients.c.
 */
enum verdict { TRUSTS, TRUSTS_NOT, NOT_FOUND, NOT_KNOWN };

struct finding {
	char name[80];
	enum verdict verdict;
	char why[200];		/* foreign words; "": nothing is to be said */
	char fix[INSTALL_PATH + 80];	/* a command; "": there is nothing to fix, or no one command does it */
};

struct doctor {
	struct ca *ca;
	char url[80], place[40];	/* "https://127.0.0.1:PORT/" "127.0.0.1:PORT" */
	char **env;			/* ours without proxies, to be called with */
	void (*tell)(const struct finding *f, void *arg);	/* of each, as it is found */
	void *arg;
};

struct client {
	const char *name;
	const char *program;		/* in PATH; NULL: none is called */
	const char *argv[8];		/* behind it; URL and PLACE stand for the server's */
	int missing;			/* an exit status that says that what is wanted is not there; 0: none does */
	const char *says;		/* words that it says where it trusts us; NULL: its exit status is 0 then */
	const char *vars[4];		/* that name files of authorities for it, the first that is set counts */
	const char *fix;		/* the store that it reads where none of these is set; "": its variable must be */
	void (*look)(struct doctor *d, const struct client *c);
};
extern const struct client doctor_clients[];	/* ends with no name */

void doctor_says(struct doctor *d, const char *name, enum verdict v, const char *why, const char *fix);
/* A command that has `var`, which stands for a file, lead to the certificate: another value of it; or, where that is
 * one of the system's files, what puts the certificate into that. */
void doctor_fix(const struct doctor *d, const char *var, char *out, size_t room);

/* doctor_stores.c */
void look_java(struct doctor *d, const struct client *c);
void look_nss(struct doctor *d, const struct client *c);
void look_firefox(struct doctor *d, const struct client *c);
void look_system(struct doctor *d, const struct client *c);
void look_file(struct doctor *d, const struct client *c);	/* the first of vars, or the system's file */
void look_variables(struct doctor *d, const struct client *c);

#endif
