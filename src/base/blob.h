#ifndef BASE_BLOB_H
#define BASE_BLOB_H

#include <stdatomic.h>

#include "soth/base.h"

/* The counted block under slices; a buf fills one before it is shared. */
struct blob {
	atomic_uint refs;
	size_t len;
	uint8_t data[];
};

#endif
