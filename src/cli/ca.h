#ifndef CLI_CA_H
#define CLI_CA_H

#include "args.h"
#include "soth/ca.h"

/* What `soth ca` can do besides showing the certificate; each returns the exit status. */
int ca_qr(const struct args *a, struct ca *ca);
int ca_install(const struct args *a, struct ca *ca);
int ca_doctor(const struct args *a, struct ca *ca);
int ca_uninstall(const struct args *a, struct ca *ca);

#endif
