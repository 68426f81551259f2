/* air/check_rows.h -- which constraint of a component fails in which row: for whoever writes
 * constraints or witnesses, and for tests of verifiers. Slow: the bytecode, row by row. */
#ifndef SAGE_AIR_CHECK_ROWS_H
#define SAGE_AIR_CHECK_ROWS_H

#include "air/air.h"

/* What to tell about rows; either may be NULL. Constraints are numbered from 0 in order of
 * assert. An entry's multiplicity is negative for a yield, its denominator that of facts A8. */
typedef struct sage_air_watch {
    void (*wrong)(void *arg, uint32_t row, uint32_t assert_no);
    void (*entry)(void *arg, uint32_t relation, qm31 mult, qm31 den);
    void *arg;
} sage_air_watch;

/* sage_air_check_row tells of one row of which `mask` holds the values; inter and inter_prev
 * are not read. scratch: code_regs + pairs values.
 * SAGE_EINTERNAL if the bytecode is malformed. */
SAGE_CHECKED sage_status sage_air_check_row(const sage_air *air,
                                            const sage_air_mask *mask,
                                            uint32_t row,
                                            const sage_air_watch *watch,
                                            qm31 *scratch);

/* sage_air_check_rows tells of all rows. Of `rows` it reads log_rows, size, pre, trace, params,
 * alpha and z; columns in memory of the host. Components without asserts are tables, whose rows
 * of zeros only say nothing and are passed over.
 * SAGE_ENOMEM "air.rows.memory", SAGE_EINTERNAL "air.rows.code". Cost: some microseconds a row
 * of an opcode. */
SAGE_CHECKED sage_status sage_air_check_rows(const sage_air *air,
                                             const sage_air_rows *rows,
                                             const sage_air_watch *watch,
                                             sage_errinfo *err);

#endif
