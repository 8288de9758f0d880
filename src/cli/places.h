#ifndef CLI_PLACES_H
#define CLI_PLACES_H

#include "soth/buf.h"
#include "soth/ca.h"

/* Files of a person's, and certificates in them. */
enum { INSTALL_PATH = 1024 };

bool pem_holds(struct bytes text, const struct ca *ca);	/* the authority's certificate is among those in it */
bool pem_file_holds(const char *path, const struct ca *ca);	/* false too where it cannot be read */
void file_text(const char *path, struct buf *text);	/* what there is of it; the caller releases it */
bool pem_file_has_key(const char *path);
/* Where systems have all their authorities in one file; NULL after the last. */
const char *system_file(size_t i);
bool file_there(const char *path);
/* A path below the HOME of whoever runs soth; false: it is not set, or too long. */
bool home_path(char out[INSTALL_PATH], const char *below);

#endif
