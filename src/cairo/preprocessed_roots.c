/* cairo/preprocessed_roots.c -- the roots of the preprocessed traces.
 *
 * A verifier that took the root from the proof would let the prover choose its range checks
 * and round keys. The reference's verifiers know one trace per hash: those roots are from
 * stwo-cairo 2b1fb4d, stwo_cairo_verifier/crates/cairo_air/src/preprocessed_columns_*.cairo.
 * The other two traces' under Blake2s are computed here, by test_preprocessed_tree.c, which
 * gives the published canonical root and, for the small trace at blowup 2^1, the one that a
 * test of the reference's prover expects (crates/prover/src/witness/preprocessed_trace.rs).
 * Under Poseidon252 the others are not known. */
#include "cairo/components.h"

#include "hash/blake2s.h"

enum { BLOWUPS = 5, WITHOUT_PEDERSEN = 4 /* a fifth takes 21 GiB */, WORDS = 8 };

/* By log_blowup - 1; a digest's bytes as little-endian words. */
static const uint32_t blake2s_canonical[BLOWUPS][WORDS] = {
    {0x42228ea9, 0x35d2f53b, 0x360b1f98, 0x56ae39d9, 0x75e23bef, 0x32b0581c, 0x6e1e83b2,
     0x6403ba24},
    {0x7094e904, 0x210a38ad, 0x126b6cee, 0x57097de8, 0x1c860da1, 0x91b704b1, 0xc6cf280a,
     0x8a211523},
    {0x84cb79b9, 0xb050ad16, 0x69787584, 0xcf7f274f, 0x399792c8, 0xecf77fed, 0x458488fe,
     0xe27bbcac},
    {0x803fe777, 0x1d9267a0, 0xe383c36d, 0x2b1b4bf0, 0x9a47969f, 0xcb683ef4, 0x598eca47,
     0x09db42f9},
    {0xbfee7cd5, 0x429ca185, 0xa8d60ba7, 0x3856e072, 0xb88de2aa, 0x12ab5bc3, 0xde44271d,
     0x2500318a},
};

static const uint32_t blake2s_without_pedersen[WITHOUT_PEDERSEN][WORDS] = {
    {0x05cc364f, 0x559c2d75, 0x899377aa, 0x1b6ec952, 0xed627b43, 0x63f06fac, 0x1c66eaff,
     0xa6143f5a},
    {0x1596d53a, 0x7d83f02a, 0x978c9ae4, 0x2c8897a7, 0xec410c04, 0xc3b6cbbf, 0x2579dd33,
     0x60a15681},
    {0xaa485610, 0x4038e373, 0xaef6c150, 0x7dabf36b, 0x16cc6d88, 0x228a4c36, 0xaf05a9d4,
     0x8817b740},
    {0x6d057d7c, 0xcd838552, 0x9b068ccd, 0x6561e2c9, 0x4a0354ec, 0xa1b07a8d, 0x07f566ca,
     0xd63cee59},
};

static const uint32_t blake2s_small[BLOWUPS][WORDS] = {
    {0x66118d06, 0xecf0f9c9, 0xca417624, 0x39e81e39, 0x93e67061, 0xcccadf43, 0x38962f63,
     0xec2b0d67},
    {0x4fddcb25, 0x4b682c95, 0x4c977459, 0xaa279afd, 0xd640f771, 0xc7e9102d, 0xeed0c702,
     0xc025a1d8},
    {0x87602584, 0x6e993eea, 0x6b767078, 0x26fd6eb1, 0xdd7321a3, 0x5a6d7b83, 0x0c56288f,
     0x2cbb000a},
    {0xefe408c9, 0x60d24122, 0x3d33efa8, 0x4ee963e5, 0xacca1a04, 0x4da7755f, 0xefc1b421,
     0x24dd41c6},
    {0x94449fb8, 0x9871bb94, 0x8349a40a, 0xbc90d3ad, 0xfe954a19, 0xeca9e4b9, 0x07b6a36c,
     0x1efdc133},
};

/* Felts, the least significant word first. */
static const uint32_t poseidon252_without_pedersen[BLOWUPS][WORDS] = {
    {0x745e9ce0, 0x6fb0195e, 0x49999ad9, 0x0577adce, 0xfcac7fda, 0x87926672, 0x6e298349,
     0x001fdacd},
    {0x9709bbb6, 0xf21b7549, 0x4cb188e5, 0x03f9e1cb, 0x71946071, 0x3c41bc87, 0x1a8417d8,
     0x014103a8},
    {0x5682e70f, 0xf224ef1f, 0x389dcee5, 0x30596bce, 0x0691d386, 0xaf1939d2, 0x4b3cf37b,
     0x020861f9},
    {0xfdc1aecf, 0x2b1ec556, 0x5418839b, 0x63e04484, 0x5bf47390, 0xfefdd259, 0x9ddf7042,
     0x0026f3a3},
    {0x6dc3dac0, 0xe59c4f11, 0x5abebbe7, 0x3b88609e, 0x66120766, 0xf629d493, 0xdb0f7fb2,
     0x002111b7},
};

static const struct {
    sage_cairo_variant variant;
    sage_hash_kind hash;
    uint32_t n; /* roots for log_blowup 1 .. n */
    const uint32_t (*root)[WORDS];
} known[] = {
    {SAGE_CAIRO_CANONICAL, SAGE_HASH_BLAKE2S, BLOWUPS, blake2s_canonical},
    {SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN, SAGE_HASH_BLAKE2S, WITHOUT_PEDERSEN,
     blake2s_without_pedersen},
    {SAGE_CAIRO_CANONICAL_SMALL, SAGE_HASH_BLAKE2S, BLOWUPS, blake2s_small},
    {SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN, SAGE_HASH_POSEIDON252, BLOWUPS,
     poseidon252_without_pedersen},
};

bool sage_cairo_preprocessed_root(sage_cairo_variant variant,
                                  sage_hash_kind hash,
                                  uint32_t log_blowup,
                                  uint8_t root[32])
{
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        if (known[k].variant != variant || known[k].hash != hash) continue;
        if (log_blowup < 1 || log_blowup > known[k].n) return false;
        for (int i = 0; i < WORDS; i++)
            sage_store_le32(root + 4 * i, known[k].root[log_blowup - 1][i]);
        return true;
    }
    return false;
}
