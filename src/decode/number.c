/* Floating-point numbers in words. */
#include <math.h>
#include <stdio.h>

#include "number.h"

#define WHOLE_MAX 1e15

const char *
number_words(double n, unsigned bytes, char out[NUMBER_MAX])
{
	if (fabs(n) < WHOLE_MAX && n == floor(n))
		snprintf(out, NUMBER_MAX, "%.1f", n);
	else
		snprintf(out, NUMBER_MAX, bytes == 8 ? "%.17g" : "%.9g", n);
	return out;
}
