#ifndef UI_CODES_H
#define UI_CODES_H

#include "soth/doc.h"

/* Numbers of protocols, with their names and what they mean by colour. */
struct code { unsigned number; const char *name; enum role role; };

/* "UNKNOWN" and the like where a number has no name. */
const struct code *code_grpc(unsigned status);		/* grpc-status */
const struct code *code_close(unsigned code);		/* RFC 6455 section 7.4 */
const char *code_opcode(unsigned opcode);		/* "text" "ping" */

#endif
