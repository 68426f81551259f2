/* curve/declassify.c -- a function of its own, so that a linker can put another in its place. */
#include "curve/declassify.h"

bool sage_declassify(bool bit)
{
    return bit;
}
