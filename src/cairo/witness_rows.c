/* cairo/witness_rows.c -- input rows that come from the run itself (facts B5): states of opcodes
 * in the order of execution, and the instructions that were executed, each once. */
#include "cairo/witness_writer.h"

enum { STATE_INPUTS = 3, INSTRUCTION_INPUTS = 2, CHUNK = SAGE_WITNESS_CHUNK };

static sage_status check_inputs(sage_witness_writer *w, uint32_t i, uint32_t n)
{
    if (sage_air_at(w->layout->inst[i].air->inputs, 0) == n) return SAGE_OK;
    return sage_witness_mismatch(w, i, "its inputs are others");
}

void sage_witness_repeat(
    sage_witness_writer *w, uint32_t *dst, const uint32_t *src, size_t unit, size_t words)
{
    const sage_witness_site *s = w->site;
    size_t done                = unit < words ? unit : words;
    if (!words) return;
    s->be->copy(s->dev, dst, src, done);
    while (done < words) {
        size_t n = done < words - done ? done : words - done;
        s->be->copy(s->dev, dst + done, dst, n);
        done += n;
    }
}

/* --- opcodes --- */

static void upload_states(sage_witness_writer *w,
                          uint32_t *const *to,
                          const sage_casm_state *at,
                          size_t first,
                          size_t n)
{
    uint32_t column[STATE_INPUTS][CHUNK];
    for (size_t i = 0; i < n; i++) {
        column[0][i] = at[first + i].pc;
        column[1][i] = at[first + i].ap;
        column[2][i] = at[first + i].fp;
    }
    for (int k = 0; k < STATE_INPUTS; k++)
        w->site->be->upload(w->site->dev, to[k] + first, column[k], n);
}

/* Padded with the first state. */
sage_status
sage_witness_states(sage_witness_writer *w, uint32_t i, const sage_casm_states *states)
{
    const size_t rows = (size_t)1 << w->layout->inst[i].log_rows, n = (size_t)states->n;
    uint32_t *const *to = w->site->inputs[i];
    sage_status s       = check_inputs(w, i, STATE_INPUTS);
    if (s) return s;
    if (!n || n > rows) return sage_witness_mismatch(w, i, "its rows are not its states");
    for (size_t at = 0; at < n; at += CHUNK)
        upload_states(w, to, states->at, at, n - at < CHUNK ? n - at : CHUNK);
    for (int k = 0; k < STATE_INPUTS; k++)
        sage_witness_repeat(w, to[k] + n, to[k], 1, rows - n);
    w->site->rows[i].n_active = (uint32_t)n;
    return SAGE_OK;
}

/* --- instructions --- */

typedef struct instructions {
    uint32_t *const *to; /* multiplicity, pc */
    size_t room, n;      /* rows: all, written */
    uint32_t column[INSTRUCTION_INPUTS][CHUNK];
    uint32_t held; /* in column, not yet written */
} instructions;

static sage_status flush(sage_witness_writer *w, uint32_t i, instructions *b)
{
    if (b->held > b->room - b->n)
        return sage_witness_mismatch(w, i, "more instructions ran than it has rows");
    for (int k = 0; b->held && k < INSTRUCTION_INPUTS; k++)
        w->site->be->upload(w->site->dev, b->to[k] + b->n, b->column[k], b->held);
    b->n += b->held;
    b->held = 0;
    return SAGE_OK;
}

/* The counters of n addresses from `first` on. */
static sage_status
scan(sage_witness_writer *w, uint32_t i, instructions *b, uint32_t first, uint32_t n)
{
    uint32_t uses[CHUNK];
    sage_status s = w->site->be->download(w->site->dev, uses, w->uses.pc + first, n, w->err);
    for (uint32_t k = 0; !s && k < n; k++) {
        if (!uses[k]) continue;
        b->column[0][b->held] = uses[k];
        b->column[1][b->held] = first + k;
        if (++b->held == CHUNK) s = flush(w, i, b);
    }
    return s;
}

/* Ascending by pc; padded with the first one, of no uses. */
sage_status sage_witness_instructions(sage_witness_writer *w, uint32_t i)
{
    const uint32_t addresses = w->run->n_addresses;
    instructions b           = {.to   = w->site->inputs[i],
                                .room = (size_t)1 << w->layout->inst[i].log_rows};
    sage_status s            = check_inputs(w, i, INSTRUCTION_INPUTS);
    for (uint32_t at = 0; !s && at < addresses; at += CHUNK)
        s = scan(w, i, &b, at, addresses - at < CHUNK ? addresses - at : CHUNK);
    if (!s) s = flush(w, i, &b);
    if (s) return s;
    if (!b.n) return sage_witness_mismatch(w, i, "no instruction ran");
    if (b.n < b.room) w->site->be->zero(w->site->dev, b.to[0] + b.n, b.room - b.n);
    sage_witness_repeat(w, b.to[1] + b.n, b.to[1], 1, b.room - b.n);
    w->site->rows[i].n_active = (uint32_t)b.n;
    return SAGE_OK;
}
