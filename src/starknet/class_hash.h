/* starknet/class_hash.h -- the hash of a Sierra contract class (facts C3).
 *
 * The class has the form of the nodes' JSON-RPC: its abi is one string, and the hash is over that
 * string's bytes as they are. The hash of a compiled class (CASM) is not computed here: who
 * declares a class states it. */
#ifndef SAGE_STARKNET_CLASS_HASH_H
#define SAGE_STARKNET_CLASS_HASH_H

#include <jansson.h>

#include "base/compiler.h"
#include "field/felt252.h"

/* sierra_program, contract_class_version "0.1.0", entry_points_by_type and abi (left out: "");
 * other keys do not matter. SAGE_EFORMAT "class.form", SAGE_EUNSUP "class.version". About 2 us a
 * felt of the program. */
SAGE_CHECKED sage_status sage_class_hash(felt252 *out,
                                         const json_t *contract_class,
                                         sage_errinfo *err);

#endif
