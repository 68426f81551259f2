/* stark/config.h -- the parameters of the polynomial commitment scheme and their security.
 *
 * Conjectured security bits = pow_bits + log_blowup * n_queries (facts A15). The production
 * config is 26 + 1 * 70 = 96 bits; a verifier refuses less unless told a lower number. */
#ifndef SAGE_STARK_CONFIG_H
#define SAGE_STARK_CONFIG_H

#include "sage/status.h"
#include "stark/channel.h"

enum {
    SAGE_SECURITY_BITS = 96,
    SAGE_MAX_QUERIES   = 256,
    SAGE_MAX_POW_BITS  = 40,
    SAGE_MAX_BLOWUP    = 5, /* log; preprocessed roots are known up to here */
    SAGE_MAX_FOLD_STEP = 6,
    SAGE_MAX_LAST_LOG  = 10,
    SAGE_MAX_LOG_EXT   = 30 /* log size of the largest extended column */
};

typedef struct sage_config {
    uint32_t pow_bits, log_blowup, n_queries, log_last_layer, fold_step;
} sage_config;

/* 26, 1, 70, 0, 1: what a service accepts. */
extern const sage_config sage_config_production;
/* 10, 1, 3, 0, 1: 13 bits, the benchmarks' config. No service accepts it. */
extern const sage_config sage_config_test;

uint32_t sage_config_security(const sage_config *c);
/* SAGE_EINVAL, "config.<field>", if a field is out of range. Security is not judged here. */
SAGE_CHECKED sage_status sage_config_check(const sage_config *c, sage_errinfo *err);
/* Transcript step 2: two secure felts (facts A6). */
void sage_config_mix(const sage_config *c, sage_channel *ch);

/* sage_config_parse reads a parameter file: lines `name = integer`, `#` comments; names as
 * the fields above, missing ones keep the production value. err->at: line. */
SAGE_CHECKED sage_status sage_config_parse(sage_config *out,
                                           const char *text,
                                           size_t len,
                                           sage_errinfo *err);

#endif
