/* vm/builtin_range.c -- range_check and range_check96: cells that hold small numbers. */
#include "vm/builtin_kind.h"

const char *builtin_range_check(sage_memory *m, sage_address at, const sage_value *cells)
{
    (void)m, (void)at;
    if (!sage_value_is_felt(cells[0])) return "the cell is an address, no felt";
    bool small = cells[0].l[3] == SAGE_VALUE_KNOWN && !cells[0].l[2];
    return small ? NULL : "the cell is not below 2^128";
}

const char *builtin_range_check96(sage_memory *m, sage_address at, const sage_value *cells)
{
    (void)m, (void)at;
    if (!sage_value_is_felt(cells[0])) return "the cell is an address, no felt";
    bool small = cells[0].l[3] == SAGE_VALUE_KNOWN && !cells[0].l[2] && !(cells[0].l[1] >> 32);
    return small ? NULL : "the cell is not below 2^96";
}
