#include "vm/start.h"

#include "vm/casm.h"

enum { BELOW_FP = 2 }; /* a call's own cells, above its arguments */

/* Does main take some of the builtins, but not all? segment_arena has no place in a proof. */
static bool has_frame(const sage_program *p)
{
    return p->n_builtins && p->n_builtins < SAGE_START_BUILTINS &&
           p->builtins[p->n_builtins - 1] < SAGE_BUILTIN_SEGMENT_ARENA;
}

uint32_t sage_start_length(const sage_program *p)
{
    if (!has_frame(p)) return SAGE_START_WORDS;
    return SAGE_START_WORDS + p->n_builtins + 2 + SAGE_START_BUILTINS + 1;
}

static const sage_casm add_ap = {{-1, -1, 1},
                                 SAGE_CASM_DST_FP | SAGE_CASM_OP0_FP | SAGE_CASM_OP1_IMM |
                                     SAGE_CASM_AP_ADD,
                                 SAGE_CASM_STONE};
static const sage_casm call   = {
      {0, 1, 1}, SAGE_CASM_OP1_IMM | SAGE_CASM_PC_JUMP_REL | SAGE_CASM_OPCODE_CALL, 0};
static const sage_casm jump = {{-1, -1, 1},
                               SAGE_CASM_DST_FP | SAGE_CASM_OP0_FP | SAGE_CASM_OP1_IMM |
                                   SAGE_CASM_PC_JUMP_REL,
                               SAGE_CASM_STONE};
static const sage_casm ret  = {{-2, -1, -1},
                               SAGE_CASM_DST_FP | SAGE_CASM_OP0_FP | SAGE_CASM_OP1_FP |
                                   SAGE_CASM_PC_JUMP | SAGE_CASM_OPCODE_RET,
                               SAGE_CASM_STONE};

/* [ap] = [base + offset], ap++ */
static sage_value push(uint16_t base, int offset)
{
    const sage_casm i = {
        {0, -1, (int16_t)offset},
        (uint16_t)(SAGE_CASM_OP0_FP | base | SAGE_CASM_AP_ADD1 | SAGE_CASM_OPCODE_ASSERT),
        SAGE_CASM_STONE};
    return sage_casm_encode(&i);
}

/* Where the frame finds its argument i. */
static int argument(uint32_t i)
{
    return (int)i - SAGE_START_BUILTINS - BELOW_FP;
}

static void put_instruction(sage_value *out, uint32_t *at, const sage_casm *i, uint64_t word)
{
    out[(*at)++] = sage_casm_encode(i);
    out[(*at)++] = sage_value_from_u64(word);
}

/* Main's n results lie below ap; t pointers later its result j is at ap - t - n + j. */
static void put_frame(const sage_program *p, sage_value *out, uint32_t *at, uint32_t main)
{
    const uint32_t n = p->n_builtins;
    for (uint32_t j = 0; j < n; j++)
        out[(*at)++] = push(SAGE_CASM_OP1_FP, argument(p->builtins[j]));
    put_instruction(out, at, &call, main - *at);
    for (uint32_t t = 0, j = 0; t < SAGE_START_BUILTINS; t++) {
        bool given   = j < n && p->builtins[j] == t;
        out[(*at)++] = given ? push(SAGE_CASM_OP1_AP, (int)j++ - (int)t - (int)n)
                             : push(SAGE_CASM_OP1_FP, argument(t));
    }
    out[(*at)++] = sage_casm_encode(&ret);
}

void sage_start_write(sage_program *p, sage_value out[SAGE_START_MAX], uint32_t main)
{
    const bool frame = has_frame(p);
    uint32_t at = 0, to = frame ? SAGE_START_WORDS : main;
    put_instruction(out, &at, &add_ap, frame ? SAGE_START_BUILTINS : p->n_builtins);
    put_instruction(out, &at, &call, to - at);
    put_instruction(out, &at, &jump, 0);
    if (!frame) return;
    put_frame(p, out, &at, main);
    for (uint32_t i = 0; i < SAGE_START_BUILTINS; i++)
        p->builtins[i] = (sage_builtin)i;
    p->n_builtins = SAGE_START_BUILTINS;
}
