/* vm/builtin_state.c -- one bit an instance, a list of signatures. */
#include "vm/builtin_state.h"

#include <stdlib.h>
#include <string.h>

#include "vm/builtin_kind.h"
#include "vm/builtins.h"

enum { MAX_SIGNATURES = 1 << 20 };

void sage_builtin_state_free(sage_builtin_state *s)
{
    if (!s) return;
    for (int b = 0; b < SAGE_BUILTINS; b++)
        free(s->builtin[b].computed);
    free(s->signatures);
    free(s);
}

static sage_status no_memory(sage_errinfo *err, uint32_t n, const char *of)
{
    return sage_fail(err, SAGE_ENOMEM, "vm.builtin.memory", -1, "no memory for %u %s", n, of);
}

static sage_status state_of(sage_memory *m, sage_builtin_state **out, sage_errinfo *err)
{
    if (!m->builtins) m->builtins = calloc(1, sizeof *m->builtins);
    *out = m->builtins;
    return *out ? SAGE_OK : no_memory(err, 1, "state of builtins");
}

sage_status builtin_mark(
    sage_memory *m, sage_builtin b, uint32_t segment, uint32_t instance, sage_errinfo *err)
{
    sage_builtin_state *state;
    sage_status s = state_of(m, &state, err);
    if (s) return s;
    uint32_t words = state->builtin[b].words, word = instance / 64;
    if (!words) state->builtin[b].segment = segment;
    if (state->builtin[b].segment != segment) return SAGE_OK; /* computed twice, no more */
    if (word >= words) {
        uint32_t more = words ? words : 8;
        while (more <= word)
            more *= 2; /* instances are below 2^29 */
        uint64_t *bits = realloc(state->builtin[b].computed, more * sizeof *bits);
        if (!bits) return no_memory(err, more, "words of marks");
        memset(bits + words, 0, (more - words) * sizeof *bits);
        state->builtin[b].computed = bits;
        state->builtin[b].words    = more;
    }
    state->builtin[b].computed[word] |= (uint64_t)1 << (instance % 64);
    return SAGE_OK;
}

bool builtin_is_marked(const sage_memory *m,
                       sage_builtin b,
                       uint32_t segment,
                       uint32_t instance)
{
    const sage_builtin_state *s = m->builtins;
    if (!s || s->builtin[b].segment != segment || instance / 64 >= s->builtin[b].words)
        return false;
    return s->builtin[b].computed[instance / 64] >> (instance % 64) & 1;
}

static sage_status signature_room(sage_builtin_state *state, sage_errinfo *err)
{
    if (state->n_signatures < state->cap_signatures) return SAGE_OK;
    if (state->n_signatures >= MAX_SIGNATURES)
        return sage_fail(err, SAGE_ELIMIT, "vm.builtin.ecdsa", -1, "more than %d signatures",
                         MAX_SIGNATURES);
    uint32_t cap        = state->cap_signatures ? 2 * state->cap_signatures : 16;
    sage_signature *new = realloc(state->signatures, cap * sizeof *new);
    if (!new) return no_memory(err, cap, "signatures");
    state->signatures     = new;
    state->cap_signatures = cap;
    return SAGE_OK;
}

sage_status sage_builtin_add_signature(
    sage_memory *m, sage_address at, sage_value r, sage_value s, sage_errinfo *err)
{
    sage_builtin_state *state;
    if (!sage_value_is_felt(r) || !sage_value_is_felt(s))
        return sage_fail(err, SAGE_EINVAL, "vm.builtin.ecdsa", at.offset,
                         "a signature is two felts");
    sage_status status = state_of(m, &state, err);
    if (!status) status = signature_room(state, err);
    if (status) return status;
    sage_signature *new = &state->signatures[state->n_signatures];
    *new                = (sage_signature){.at = at, .number = state->n_signatures++};
    state->sorted       = false;
    builtin_limbs(r, new->r);
    builtin_limbs(s, new->s);
    return SAGE_OK;
}

static int by_address(const void *a, const void *b)
{
    const sage_signature *x = a, *y = b;
    if (x->at.segment != y->at.segment) return x->at.segment < y->at.segment ? -1 : 1;
    if (x->at.offset != y->at.offset) return x->at.offset < y->at.offset ? -1 : 1;
    return x->number < y->number ? -1 : 1; /* no two are equal */
}

const sage_signature *builtin_signature_at(sage_memory *m, sage_address at)
{
    sage_builtin_state *state = m->builtins;
    if (!state || !state->n_signatures) return NULL;
    if (!state->sorted)
        qsort(state->signatures, state->n_signatures, sizeof *state->signatures, by_address);
    state->sorted = true;
    uint32_t low = 0, high = state->n_signatures; /* the first that is not below `at` */
    while (low < high) {
        uint32_t middle        = low + (high - low) / 2;
        const sage_address got = state->signatures[middle].at;
        if (got.segment < at.segment || (got.segment == at.segment && got.offset < at.offset))
            low = middle + 1;
        else
            high = middle;
    }
    const sage_signature *found = &state->signatures[low];
    bool same = low < state->n_signatures && found->at.segment == at.segment &&
                found->at.offset == at.offset;
    return same ? found : NULL;
}
