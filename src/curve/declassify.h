/* curve/declassify.h -- the one place where bits that come from secrets become public; private
 * to the room.
 *
 * Code for secrets does not branch on what it computes from them, but for a few yes-or-no
 * answers that everyone may know. Each passes through here by name, so that they can be listed
 * (grep) and the test under valgrind, which replaces this function, can tell them from leaks. */
#ifndef SAGE_CURVE_DECLASSIFY_H
#define SAGE_CURVE_DECLASSIFY_H

#include <stdbool.h>

/* bit, from now on public. */
bool sage_declassify(bool bit);

#endif
