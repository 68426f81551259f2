/* vm/hints_blake.c -- the Blake2s library of Cairo 0: an instance is 8 words of state, 16 of
 * message, a counter, a finalization word, and 8 words of output. */
#include <string.h>

#include "hash/blake2s.h"
#include "vm/hint_uint.h"

enum { STATE = 8, MESSAGE = 16, INSTANCE = STATE + MESSAGE + 2, MAX_PACKED = 20 };

/* The state that a hash of 32 bytes without a key begins with. */
static const uint32_t initial[STATE] = {0x6a09e667 ^ 0x01010020,
                                        0xbb67ae85,
                                        0x3c6ef372,
                                        0xa54ff53a,
                                        0x510e527f,
                                        0x9b05688c,
                                        0x1f83d9ab,
                                        0x5be0cd19};

static sage_status
read_words(hint_call *c, sage_address at, uint64_t from, uint32_t n, uint32_t *out)
{
    for (uint32_t i = 0; i < n; i++) {
        sage_value v;
        sage_status s = hint_load_felt(c, at, from + i, &v);
        if (s) return s;
        if (!sage_value_is_small(v) || v.l[0] > UINT32_MAX)
            return hint_fail(c, "vm.hint.operand", "a word has more than 32 bits");
        out[i] = (uint32_t)v.l[0];
    }
    return SAGE_OK;
}

static sage_status
write_words(hint_call *c, sage_address at, uint64_t from, uint32_t n, const uint32_t *words)
{
    sage_status s = SAGE_OK;
    for (uint32_t i = 0; !s && i < n; i++)
        s = hint_store(c, at, from + i, sage_value_from_u64(words[i]));
    return s;
}

/* "output": the instance before it */
static sage_status compress(hint_call *c)
{
    sage_address at;
    uint32_t h[STATE], rest[MESSAGE + 2];
    sage_status s = hint_pointer(c, 0, &at);
    if (s) return s;
    if (at.offset < INSTANCE) return hint_fail(c, "vm.hint.address", "there is no instance");
    at.offset -= INSTANCE;
    s = read_words(c, at, 0, STATE, h);
    if (!s) s = read_words(c, at, STATE, MESSAGE + 2, rest);
    if (s) return s;
    uint32_t last = rest[MESSAGE + 1];
    if (last && last != UINT32_MAX)
        return hint_fail(c, "vm.hint.operand", "the finalization word is neither 0 nor all 1");
    sage_blake2s_compress(h, rest, rest[MESSAGE], last);
    return write_words(c, at, INSTANCE, STATE, h);
}

/* "BLAKE2S_INPUT_CHUNK_SIZE_FELTS blake2s_start n_bytes output": one block, the only one */
static sage_status compress_block(hint_call *c)
{
    uint64_t size, bytes;
    sage_address from, to;
    uint32_t h[STATE], message[MESSAGE];
    sage_status s = hint_number(c, 0, MESSAGE, &size);
    if (!s) s = hint_pointer(c, 1, &from);
    if (!s) s = hint_number(c, 2, UINT32_MAX, &bytes);
    if (!s) s = hint_pointer(c, 3, &to);
    if (!s) s = read_words(c, from, 0, MESSAGE, message);
    if (s) return s;
    if (size != MESSAGE) return hint_fail(c, "vm.hint.operand", "a block has 16 words");
    memcpy(h, initial, sizeof h);
    sage_blake2s_compress(h, message, bytes, true);
    return write_words(c, to, 0, STATE, h);
}

/* "N_PACKED_INSTANCES size blake2s_ptr_end": instances of an empty message fill the last pack.
 * variant 1: the message stands before the state. */
static sage_status finalize(hint_call *c)
{
    uint64_t packed, size, at = 0;
    sage_address end;
    uint32_t h[STATE], first[STATE + MESSAGE] = {0};
    const uint32_t after[2] = {0, UINT32_MAX}, none[MESSAGE] = {0};
    sage_status s = hint_number(c, 0, MAX_PACKED - 1, &packed);
    if (!s) s = hint_number(c, 1, MESSAGE, &size);
    if (!s) s = hint_pointer(c, 2, &end);
    if (s) return s;
    if (size != MESSAGE) return hint_fail(c, "vm.hint.operand", "a block has 16 words");
    memcpy(h, initial, sizeof h);
    memcpy(first + (c->site->kind->variant ? MESSAGE : 0), initial, sizeof initial);
    sage_blake2s_compress(h, none, 0, true);
    for (uint64_t i = 1; !s && i < packed; i++, at += INSTANCE + STATE) {
        s = write_words(c, end, at, STATE + MESSAGE, first);
        if (!s) s = write_words(c, end, at + STATE + MESSAGE, 2, after);
        if (!s) s = write_words(c, end, at + INSTANCE, STATE, h);
    }
    return s;
}

/* "low high data": eight words, the lowest first; variant 1: the highest first */
static sage_status add_uint256(hint_call *c)
{
    sage_value v[2];
    sage_address at;
    uint32_t words[8];
    sage_status s = hint_felt(c, 0, &v[0]);
    if (!s) s = hint_felt(c, 1, &v[1]);
    if (!s) s = hint_pointer(c, 2, &at);
    if (s) return s;
    for (uint32_t i = 0; i < 8; i++) {
        uint64_t limb                             = v[i / 4].l[i % 4 / 2];
        uint32_t word                             = (uint32_t)(limb >> 32 * (i % 2));
        words[c->site->kind->variant ? 7 - i : i] = word;
    }
    return write_words(c, at, 0, 8, words);
}

static bool is_short(sage_value v)
{
    return sage_value_is_small(v) && !(v.l[0] >> 63);
}

/* "end packed_values [ap]": more to come, and the next one below 2^63? */
static sage_status is_short_and_not_end(hint_call *c)
{
    sage_address end, at;
    sage_value v;
    sage_status s = hint_pointer(c, 0, &end);
    if (!s) s = hint_pointer(c, 1, &at);
    if (s) return s;
    if (end.segment == at.segment && end.offset == at.offset) return hint_write_number(c, 2, 0);
    s = hint_load_felt(c, at, 0, &v);
    return s ? s : hint_write_number(c, 2, is_short(v));
}

/* The number's words, the highest first: two below 2^63, else eight with bit 255 set. */
static uint32_t unpack(sage_value v, uint32_t words[8])
{
    uint32_t n  = is_short(v) ? 2 : 8;
    uint384 u   = hint_uint(v);
    uint64_t up = n == 8 ? (uint64_t)1 << 63 : 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t limb    = u.l[i / 2] | (i / 2 == 3 ? up : 0);
        words[n - 1 - i] = (uint32_t)(limb >> 32 * (i % 2));
    }
    return n;
}

/* "packed_values_len packed_values unpacked_u32s" */
static sage_status unpack_felts(hint_call *c)
{
    uint64_t n, at = 0;
    uint32_t words[8];
    sage_address from, to;
    sage_value v;
    sage_status s = hint_number(c, 0, SAGE_MEMORY_MAX_OFFSET, &n);
    if (!s) s = hint_pointer(c, 1, &from);
    if (!s) s = hint_pointer(c, 2, &to);
    for (uint64_t i = 0; !s && i < n; i++) {
        s = hint_load_felt(c, from, i, &v);
        if (!s) s = hint_work(c, 8);
        if (s) return s;
        uint32_t k = unpack(v, words);
        s          = write_words(c, to, at, k, words);
        at += k;
    }
    return s;
}

static const hint_kind kinds[] = {
    {.name = "blake2s_compute",
     .text =
         "from starkware.cairo.common.cairo_blake2s.blake2s_utils import compute_blake2s_func\n"
         "compute_blake2s_func(segments=segments, output_ptr=ids.output)",
     .operands = "output",
     .run      = compress},
    {.name = "blake2s_finalize",
     .text =
         "# Add dummy pairs of input and output.\n"
         "from starkware.cairo.common.cairo_blake2s.blake2s_utils import IV, blake2s_compress\n"
         "\n"
         "_n_packed_instances = int(ids.N_PACKED_INSTANCES)\n"
         "assert 0 <= _n_packed_instances < 20\n"
         "_blake2s_input_chunk_size_felts = int(ids.INPUT_BLOCK_FELTS)\n"
         "assert 0 <= _blake2s_input_chunk_size_felts < 100\n"
         "\n"
         "message = [0] * _blake2s_input_chunk_size_felts\n"
         "modified_iv = [IV[0] ^ 0x01010020] + IV[1:]\n"
         "output = blake2s_compress(\n"
         "    message=message,\n"
         "    h=modified_iv,\n"
         "    t0=0,\n"
         "    t1=0,\n"
         "    f0=0xffffffff,\n"
         "    f1=0,\n"
         ")\n"
         "padding = (modified_iv + message + [0, 0xffffffff] + output) * (_n_packed_instances "
         "- 1)\n"
         "segments.write_arg(ids.blake2s_ptr_end, padding)",
     .operands = "N_PACKED_INSTANCES INPUT_BLOCK_FELTS blake2s_ptr_end",
     .run      = finalize},
    {.name = "blake2s_finalize_v2",
     .text =
         "# Add dummy pairs of input and output.\n"
         "from starkware.cairo.common.cairo_blake2s.blake2s_utils import IV, blake2s_compress\n"
         "\n"
         "_n_packed_instances = int(ids.N_PACKED_INSTANCES)\n"
         "assert 0 <= _n_packed_instances < 20\n"
         "_blake2s_input_chunk_size_felts = int(ids.BLAKE2S_INPUT_CHUNK_SIZE_FELTS)\n"
         "assert 0 <= _blake2s_input_chunk_size_felts < 100\n"
         "\n"
         "message = [0] * _blake2s_input_chunk_size_felts\n"
         "modified_iv = [IV[0] ^ 0x01010020] + IV[1:]\n"
         "output = blake2s_compress(\n"
         "    message=message,\n"
         "    h=modified_iv,\n"
         "    t0=0,\n"
         "    t1=0,\n"
         "    f0=0xffffffff,\n"
         "    f1=0,\n"
         ")\n"
         "padding = (modified_iv + message + [0, 0xffffffff] + output) * (_n_packed_instances "
         "- 1)\n"
         "segments.write_arg(ids.blake2s_ptr_end, padding)",
     .operands = "N_PACKED_INSTANCES BLAKE2S_INPUT_CHUNK_SIZE_FELTS blake2s_ptr_end",
     .run      = finalize},
    {.name = "blake2s_finalize_v3",
     .text =
         "# Add dummy pairs of input and output.\n"
         "from starkware.cairo.common.cairo_blake2s.blake2s_utils import IV, blake2s_compress\n"
         "\n"
         "_n_packed_instances = int(ids.N_PACKED_INSTANCES)\n"
         "assert 0 <= _n_packed_instances < 20\n"
         "_blake2s_input_chunk_size_felts = int(ids.BLAKE2S_INPUT_CHUNK_SIZE_FELTS)\n"
         "assert 0 <= _blake2s_input_chunk_size_felts < 100\n"
         "\n"
         "message = [0] * _blake2s_input_chunk_size_felts\n"
         "modified_iv = [IV[0] ^ 0x01010020] + IV[1:]\n"
         "output = blake2s_compress(\n"
         "    message=message,\n"
         "    h=modified_iv,\n"
         "    t0=0,\n"
         "    t1=0,\n"
         "    f0=0xffffffff,\n"
         "    f1=0,\n"
         ")\n"
         "padding = (message + modified_iv + [0, 0xffffffff] + output) * (_n_packed_instances "
         "- 1)\n"
         "segments.write_arg(ids.blake2s_ptr_end, padding)",
     .operands = "N_PACKED_INSTANCES BLAKE2S_INPUT_CHUNK_SIZE_FELTS blake2s_ptr_end",
     .run      = finalize,
     .variant  = 1},
    {.name = "blake2s_add_uint256",
     .text =
         "B = 32\n"
         "MASK = 2 ** 32 - 1\n"
         "segments.write_arg(ids.data, [(ids.low >> (B * i)) & MASK for i in range(4)])\n"
         "segments.write_arg(ids.data + 4, [(ids.high >> (B * i)) & MASK for i in range(4)])",
     .operands = "low high data",
     .run      = add_uint256},
    {.name     = "blake2s_add_uint256_bigend",
     .text     = "B = 32\n"
                 "MASK = 2 ** 32 - 1\n"
                 "segments.write_arg(ids.data, [(ids.high >> (B * (3 - i))) & MASK for i in "
                 "range(4)])\n"
                 "segments.write_arg(ids.data + 4, [(ids.low >> (B * (3 - i))) & MASK for i in "
                 "range(4)])",
     .operands = "low high data",
     .run      = add_uint256,
     .variant  = 1},
    {.name     = "is_less_than_63_bits_and_not_end",
     .text     = "memory[ap] = to_felt_or_relocatable((ids.end != ids.packed_values) and "
                 "(memory[ids.packed_values] < 2**63))",
     .operands = "end packed_values [ap]",
     .run      = is_short_and_not_end},
    {.name     = "blake2s_unpack_felts",
     .text     = "offset = 0\n"
                 "for i in range(ids.packed_values_len):\n"
                 "    val = (memory[ids.packed_values + i] % PRIME)\n"
                 "    val_len = 2 if val < 2**63 else 8\n"
                 "    if val_len == 8:\n"
                 "        val += 2**255\n"
                 "    for i in range(val_len - 1, -1, -1):\n"
                 "        val, memory[ids.unpacked_u32s + offset + i] = divmod(val, 2**32)\n"
                 "    assert val == 0\n"
                 "    offset += val_len",
     .operands = "packed_values_len packed_values unpacked_u32s",
     .run      = unpack_felts},
    {.name = "example_blake2s_compress",
     .text =
         "from starkware.cairo.common.cairo_blake2s.blake2s_utils import IV, blake2s_compress\n"
         "\n"
         "_blake2s_input_chunk_size_felts = int(ids.BLAKE2S_INPUT_CHUNK_SIZE_FELTS)\n"
         "assert 0 <= _blake2s_input_chunk_size_felts < 100\n"
         "\n"
         "new_state = blake2s_compress(\n"
         "    message=memory.get_range(ids.blake2s_start, _blake2s_input_chunk_size_felts),\n"
         "    h=[IV[0] ^ 0x01010020] + IV[1:],\n"
         "    t0=ids.n_bytes,\n"
         "    t1=0,\n"
         "    f0=0xffffffff,\n"
         "    f1=0,\n"
         ")\n"
         "\n"
         "segments.write_arg(ids.output, new_state)",
     .operands = "BLAKE2S_INPUT_CHUNK_SIZE_FELTS blake2s_start n_bytes output",
     .run      = compress_block},
};

const hint_family hints_blake = {"Blake2s", kinds, sizeof kinds / sizeof *kinds};
