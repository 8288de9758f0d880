#ifndef CLI_INSTALL_H
#define CLI_INSTALL_H

#include "places.h"

/*
 * Putting the authority's certificate where programs look for authorities,
 * and taking it away again. Each place is a store: it says what is to be done,
 * nothing is done before a person has seen that. What is put somewhere has a
 * name with the certificate's fingerprint in it, so that only that is taken
 * away. What is there already is left alone. Authorities that soth had before,
 * or has elsewhere, are told of, and taken away where that is asked for.
 *
 * To add a store, write install_NAME.c, and its row in install_run.c.
 */
enum { DEED_WORDS = 16 };

struct deed {
	enum deed_kind {
		DEED_RUN,	/* argv, to be called */
		DEED_SAID,	/* words: there is nothing to do, and why */
		DEED_FAULT,	/* words: it cannot be done */
	} kind;
	char *argv[DEED_WORDS];	/* ends with NULL; owned */
	char *words;
};

struct plan {
	struct ca *ca;
	bool install;		/* false: take it away */
	bool earlier;		/* ... and those before it */
	char label[CA_LABEL_ROOM];	/* "soth-0db6bb9f" */
	struct deed *deed;
	size_t deeds;
};

/* Copies the words; with `root` by sudo, where soth itself may not. */
void plan_run(struct plan *p, bool root, const char *const argv[]);
void plan_say(struct plan *p, enum deed_kind kind, const char *fmt, ...) PRINTF(3, 4);

struct trust_store {
	const char *name, *about;
	void (*plan)(struct plan *p);
};
extern const struct trust_store store_system, store_nss, store_firefox, store_java;

/* What of these there is in this home, or on this machine. */
enum { NSS_PLACES = 3, JAVAS_MAX = 32, JAVA_PATH = 4096 };
size_t nss_databases(char dir[NSS_PLACES][INSTALL_PATH]);	/* where one may be: the first is where it is made */
/* Each profile's folder; how many. */
size_t firefox_profiles(void (*each)(const char *dir, void *arg), void *arg);
struct java { char keytool[JAVA_PATH], store[JAVA_PATH]; };
/* Files of authorities, each once: JDKs may share one. Where JAVA_HOME says which is meant, that one alone. */
size_t java_stores(struct java out[JAVAS_MAX]);

/* Of earlier.c: authorities that are not the present one, in a folder of files NAME.crt (whether any of them goes), in a
 * bundle of p11-kit's, in a database of NSS ("sql:DIR"), in a file of Java's. */
bool earlier_files(struct plan *p, const char *folder);
void earlier_p11(struct plan *p, const char *file);
void earlier_nss(struct plan *p, const char *dir, const char *db);
void earlier_java(struct plan *p, const struct java *j, bool root);

/* Of nssdb.c: what is to be done with one database. `make`: where it is not there it is made. */
void nssdb_plan(struct plan *p, const char *dir, bool make);

#endif
