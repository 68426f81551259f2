/* cairo/preprocessed_tree.h -- the tree over a whole preprocessed trace: where the roots come
 * from that no one publishes. */
#ifndef SAGE_CAIRO_PREPROCESSED_TREE_H
#define SAGE_CAIRO_PREPROCESSED_TREE_H

#include "backend/backend.h"
#include "cairo/components.h"

/* Words of device memory that sage_cairo_pre_root takes, 1 <= log_blowup <= 5: all extended
 * columns, twiddles, and the nodes that a backend keeps. At blowup 2, in bytes: canonical 4.8
 * GiB, without Pedersen 1.3 GiB, small 0.1 GiB; a step of log_blowup doubles it. */
size_t
sage_cairo_pre_words(const sage_backend *be, sage_cairo_variant variant, uint32_t log_blowup);

/* The Blake2s root of the variant's tree (facts A4), 1 <= log_blowup <= 5; replaces the
 * device's arena. SAGE_EINVAL "cairo.preprocessed", SAGE_ENOMEM, or what the backend reports.
 * `stage`, NULL for none, is told before each stage: "fill", "extend", "commit", "done".
 * Cost: about 0.5 us a point of the Pedersen tables, then as any commitment. */
SAGE_CHECKED sage_status sage_cairo_pre_root(const sage_backend *be,
                                             sage_device *dev,
                                             sage_cairo_variant variant,
                                             uint32_t log_blowup,
                                             void (*stage)(void *arg, const char *name),
                                             void *arg,
                                             uint8_t root[32],
                                             sage_errinfo *err);

#endif
