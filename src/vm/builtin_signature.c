/* vm/builtin_signature.c -- ecdsa: a public key, a message, and a signature that a hint gave. */
#include "curve/signature.h"
#include "vm/builtin_kind.h"
#include "vm/builtin_state.h"

const char *builtin_ecdsa(sage_memory *m, sage_address at, const sage_value *cells)
{
    uint64_t key[4], message[4];
    if (!sage_value_is_felt(cells[0]) || !sage_value_is_felt(cells[1]))
        return "key or message is an address, no felt";
    const sage_signature *given = builtin_signature_at(m, at);
    if (!given) return "no hint gave a signature";
    builtin_limbs(cells[0], key);
    builtin_limbs(cells[1], message);
    return sage_signature_valid(key, message, given->r, given->s)
               ? NULL
               : "the signature is not valid";
}
