/* devnet/names.h -- selectors of the contracts' own names, hashed once.
 *
 * For names in the source alone: a name that is new takes a place for good, and there are few.
 * Thread safe. */
#ifndef SAGE_DEVNET_NAMES_H
#define SAGE_DEVNET_NAMES_H

#include "field/felt252.h"

/* sage_selector(name), 30 ns after the first time. */
felt252 sage_name_selector(const char *name);

#endif
