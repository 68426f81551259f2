/* vm/extension.c -- the opcode extensions: Blake2s compression and QM31 arithmetic. */
#include "field/qm31.h"
#include "hash/blake2s.h"
#include "vm/machine.h"

enum { STATE_WORDS = 8, MESSAGE_WORDS = 16, COORDINATE_BITS = 36 };

static sage_status wrong(machine *m, const char *what)
{
    return sage_fail(m->err, SAGE_EINVAL, "vm.blake", m->pc.offset, "%s", what);
}

static sage_status
read_words(machine *m, sage_value pointer, uint32_t *out, uint32_t n, const char *what)
{
    if (!sage_value_is_address(pointer)) return wrong(m, what);
    sage_address at = sage_value_address(pointer);
    for (uint32_t i = 0; i < n; i++) {
        sage_value v =
            sage_memory_get(&m->run->memory, (sage_address){at.segment, at.offset + i});
        if (!sage_value_is_small(v) || v.l[0] > UINT32_MAX) return wrong(m, what);
        out[i] = (uint32_t)v.l[0];
    }
    return SAGE_OK;
}

sage_status machine_blake(
    machine *m, sage_value state, sage_value message, sage_value counter, bool finalize)
{
    uint32_t h[STATE_WORDS], block[MESSAGE_WORDS];
    sage_value out =
        sage_memory_get(&m->run->memory, (sage_address){SAGE_SEGMENT_EXECUTION, m->ap});
    sage_status s = read_words(m, state, h, STATE_WORDS, "op0 is no state of eight words");
    if (!s)
        s = read_words(m, message, block, MESSAGE_WORDS, "op1 is no message of sixteen words");
    if (s) return s;
    if (!sage_value_is_small(counter) || counter.l[0] > UINT32_MAX)
        return wrong(m, "dst is no counter of one word");
    if (!sage_value_is_address(out)) return wrong(m, "[ap] is no address for the result");
    sage_blake2s_compress(h, block, counter.l[0], finalize);
    sage_address at = sage_value_address(out);
    for (uint32_t i = 0; !s && i < STATE_WORDS; i++)
        s = sage_memory_set(&m->run->memory, (sage_address){at.segment, at.offset + i},
                            sage_value_from_u64(h[i]), m->err);
    return s;
}

static bool unpack(qm31 *out, sage_value v)
{
    const uint64_t mask = ((uint64_t)1 << COORDINATE_BITS) - 1;
    if (!sage_value_is_felt(v)) return false;
    sage_u128 low  = (sage_u128)v.l[1] << 64 | v.l[0];
    sage_u128 high = (sage_u128)(v.l[3] ^ SAGE_VALUE_KNOWN) << 64 | v.l[2];
    uint64_t c[4]  = {(uint64_t)low & mask, (uint64_t)(low >> 36) & mask,
                      (uint64_t)(low >> 72) & mask, (uint64_t)(low >> 108 | high << 20) & mask};
    for (int i = 0; i < 4; i++) {
        if (c[i] >= M31_P) return false;
        out->v[i] = (m31)c[i];
    }
    return !(high >> 16);
}

static sage_value pack(qm31 q)
{
    sage_u128 low = (sage_u128)q.v[0] | (sage_u128)q.v[1] << 36 | (sage_u128)q.v[2] << 72 |
                    (sage_u128)q.v[3] << 108;
    return (sage_value){{(uint64_t)low, (uint64_t)(low >> 64), q.v[3] >> 20, SAGE_VALUE_KNOWN}};
}

bool qm31_packed_add(sage_value *out, sage_value a, sage_value b)
{
    qm31 x, y;
    if (!unpack(&x, a) || !unpack(&y, b)) return false;
    *out = pack(qm31_add(x, y));
    return true;
}

bool qm31_packed_sub(sage_value *out, sage_value a, sage_value b)
{
    qm31 x, y;
    if (!unpack(&x, a) || !unpack(&y, b)) return false;
    *out = pack(qm31_sub(x, y));
    return true;
}

bool qm31_packed_mul(sage_value *out, sage_value a, sage_value b)
{
    qm31 x, y;
    if (!unpack(&x, a) || !unpack(&y, b)) return false;
    *out = pack(qm31_mul(x, y));
    return true;
}

bool qm31_packed_div(sage_value *out, sage_value a, sage_value b)
{
    qm31 x, y;
    if (!unpack(&x, a) || !unpack(&y, b) || qm31_is_zero(y)) return false;
    *out = pack(qm31_mul(x, qm31_inv(y)));
    return true;
}
