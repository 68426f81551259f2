/* cairo/public_uses.c -- the bound on uses of a relation, public uses included.
 *
 * A tuple that is used p times adds p/d = 0 to the LogUp sum and needs no yield: it would be
 * read from memory without being there. sage_layout_check counts what components use; the
 * public cells come on top, and many of them may hold one value under one id. */
#include "cairo/public.h"
#include "field/relation.h"

static uint64_t uses_of(const sage_layout *l, const char *relation)
{
    uint64_t uses = 0;
    m31 id        = sage_relation_id(relation);
    for (uint32_t i = 0; i < l->n; i++) {
        const sage_instance *in = &l->inst[i];
        for (uint32_t r = 0; r < in->air->n_relations; r++)
            if (in->air->relations[r].id == id)
                uses += (uint64_t)sage_air_at(in->air->relations[r].uses, in->size)
                        << in->log_rows;
    }
    return uses;
}

sage_status
sage_cairo_check_uses(const sage_cairo_claim *c, const sage_layout *layout, sage_errinfo *err)
{
    static const char *const memory[] = {"MemoryAddressToId", "MemoryIdToBig"};
    uint64_t cells = (uint64_t)c->program.n + c->output.n + 2 + 2 * SAGE_CAIRO_SEGMENTS;
    for (int i = 0; i < 2; i++) {
        uint64_t uses = uses_of(layout, memory[i]);
        if (uses + cells >= M31_P)
            return sage_fail(err, SAGE_EPROOF, "cairo.claim.uses", -1,
                             "%s could be used %llu times, %llu of them public; below p is due",
                             memory[i], (unsigned long long)(uses + cells),
                             (unsigned long long)cells);
    }
    return SAGE_OK;
}
