/* devnet/abi.h -- what a native contract shows of itself: its ABI and its class, in the form that
 * the Cairo compiler gives them (facts C3, D2), made from the contract's tables.
 *
 * A class here has a program of one felt, 'native': the ABI is the contract's interface, and
 * nobody is to take the rest for code. Its hash is the true hash of what is shown. The account
 * alone has the class hash of the network, whose program is not carried here.
 *
 * Order: impl, types as they are first used, interface, constructor, events, the enum of all
 * events. Names are sage::<contract>::<name>. */
#ifndef SAGE_DEVNET_ABI_H
#define SAGE_DEVNET_ABI_H

#include <jansson.h>

#include "devnet/contract.h"

/* The ABI, an array; the caller's. NULL without memory, or if a text of the table is malformed,
 * which a test of all tables excludes. 0.1 ms. */
json_t *sage_contract_abi(const sage_contract *c);
/* CONTRACT_CLASS of the JSON-RPC, an object whose "abi" is text; NULL as above. */
json_t *sage_contract_class(const sage_contract *c);
/* The same as text, malloc'ed. */
char *sage_class_json(const sage_contract *c);

#endif
