/* starknet/felt_json.h -- felts in JSON, as the nodes' JSON-RPC has them: strings "0x..." without
 * leading zeros (facts C6). */
#ifndef SAGE_STARKNET_FELT_JSON_H
#define SAGE_STARKNET_FELT_JSON_H

#include <jansson.h>

#include "starknet/felt_list.h"

/* NULL: without memory. */
json_t *sage_felt_to_json(felt252 v);
json_t *sage_felts_to_json(const felt252 *v, uint32_t n);
json_t *sage_u128_to_json(const uint64_t v[2]);
json_t *sage_u64_to_json(uint64_t v);

/* v may be NULL, which is no string. SAGE_EFORMAT "felt.string" for what is no string, errors of
 * sage_felt_from_hex. */
SAGE_CHECKED sage_status sage_felt_of_json(felt252 *out, const json_t *v, sage_errinfo *err);
/* An array of them, appended to *out. SAGE_EFORMAT "felt.array" for what is no array; the errors
 * above with the index in err->at; those of sage_felt_list_add. */
SAGE_CHECKED sage_status sage_felts_of_json(sage_felt_list *out,
                                            const json_t *array,
                                            sage_errinfo *err);

#endif
