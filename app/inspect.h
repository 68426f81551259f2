/* app/inspect.h -- what `sage inspect` shows of a commitment proof, whoever's it is. */
#ifndef SAGE_APP_INSPECT_H
#define SAGE_APP_INSPECT_H

#include "cairo/proof.h"

/* Config, trees and roots, then where the bytes go, of `total` in binary form. */
void inspect_proof(const sage_proof *p, size_t total);

/* Reads and shows a Cairo proof of that format; judges nothing. */
SAGE_CHECKED sage_status inspect_cairo(const uint8_t *bytes,
                                       size_t len,
                                       sage_cairo_format format,
                                       sage_errinfo *err);

#endif
