/* cairo_judge.h -- how the tests of Cairo proofs ask for a verdict, and how they count reasons. */
#ifndef TESTS_CAIRO_JUDGE_H
#define TESTS_CAIRO_JUDGE_H

#include "cairo/proof.h"

enum { CAIRO_MAX_REASONS = 96 };

/* The verdict on a proof as a service asks for it; *err is cleared first. */
sage_status cairo_judge(const sage_cairo_proof *p, sage_errinfo *err);
/* Reads the cairo-serde text, then as above. The text is copied to a buffer that ends with it. */
sage_status cairo_judge_text(const char *text, size_t len, sage_errinfo *err);

/* Is the refusal a reason rather than a failure of ours? */
bool cairo_refusal(sage_status s);

/* Whether `where` is one of the NULL-terminated patterns; '*' ends a prefix. */
bool cairo_where_in(const char *where, const char *const *patterns);

/* Reasons and how often they were given. */
typedef struct cairo_reasons {
    const char *where[CAIRO_MAX_REASONS];
    uint32_t count[CAIRO_MAX_REASONS], n, total;
} cairo_reasons;
void cairo_reasons_add(cairo_reasons *r, const char *where, uint32_t times);
void cairo_reasons_print(const cairo_reasons *r, const char *title);

#endif
