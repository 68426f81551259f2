/* cairo/serde.h -- reads and writes felt arrays, the cairo-serde form of a proof: a JSON array
 * of strings "0x..." in lowercase hex without leading zeros (facts A13).
 *
 * The text is hostile: it is read once, in place, without recursion or allocation, and a
 * length prefix never promises more felts than the text that is left could hold. */
#ifndef SAGE_CAIRO_SERDE_H
#define SAGE_CAIRO_SERDE_H

#include "cairo/felt252.h"
#include "field/qm31.h"
#include "stark/proof.h"

/* The reader is a cursor; it borrows the text. */
typedef struct sage_felts {
    const char *text;
    size_t len, at;
    uint32_t index; /* felts read so far */
} sage_felts;

/* All readers return SAGE_EFORMAT with err->where = `where` (a static string) and err->at the
 * index of the felt, when the text is not of the form above or the value is out of range. */
SAGE_CHECKED sage_status sage_felts_open(sage_felts *f,
                                         const char *text,
                                         size_t len,
                                         sage_errinfo *err);
SAGE_CHECKED sage_status sage_felts_next(sage_felts *f,
                                         sage_felt252 *out,
                                         const char *where,
                                         sage_errinfo *err);
SAGE_CHECKED sage_status sage_felts_u32(sage_felts *f,
                                        uint32_t *out,
                                        const char *where,
                                        sage_errinfo *err);
SAGE_CHECKED sage_status sage_felts_u64(sage_felts *f,
                                        uint64_t *out,
                                        const char *where,
                                        sage_errinfo *err);
/* A canonical field element, < p. */
SAGE_CHECKED sage_status sage_felts_m31(sage_felts *f,
                                        m31 *out,
                                        const char *where,
                                        sage_errinfo *err);
SAGE_CHECKED sage_status sage_felts_qm31(sage_felts *f,
                                         qm31 *out,
                                         const char *where,
                                         sage_errinfo *err);
/* A length prefix of items of at least `felts` felts each: at most max, and no more than the
 * rest of the text could hold. */
SAGE_CHECKED sage_status sage_felts_count(sage_felts *f,
                                          uint32_t felts,
                                          uint32_t max,
                                          uint32_t *out,
                                          const char *where,
                                          sage_errinfo *err);
/* Nothing but the closing bracket is left. */
SAGE_CHECKED sage_status sage_felts_close(sage_felts *f, sage_errinfo *err);

/* The writer: two spaces, one felt a line, as the published files have it. */
typedef struct sage_felts_out {
    sage_sink *sink;
    bool begun;
} sage_felts_out;

void sage_felts_put(sage_felts_out *o, uint64_t v);
void sage_felts_put_felt(sage_felts_out *o, const sage_felt252 *v);
void sage_felts_end(sage_felts_out *o); /* without a final line break */

#endif
