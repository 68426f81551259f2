/* field/relation.h -- the number that stands for a relation in LogUp tuples. */
#ifndef SAGE_FIELD_RELATION_H
#define SAGE_FIELD_RELATION_H

#include "field/m31.h"

/* FNV-1a-32(name) mod p (facts B2): value 0 of every tuple of the relation. */
SAGE_INLINE m31 sage_relation_id(const char *name)
{
    uint32_t h = 0x811c9dc5u;
    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * 0x01000193u;
    return h % M31_P;
}

#endif
