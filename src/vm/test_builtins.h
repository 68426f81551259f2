/* vm/test_builtins.h -- a memory with one builtin's segment, for the tests of builtins. */
#ifndef SAGE_VM_TEST_BUILTINS_H
#define SAGE_VM_TEST_BUILTINS_H

#include "base/test.h"

#include "vm/builtins.h"

enum { DATA = 0, CELLS_OF_BUILTIN = 1, SEGMENTS = 3 };

/* Segment 1 is the builtin's, 0 and 2 are the program's own. */
SAGE_INLINE sage_memory fresh(void)
{
    sage_memory m;
    uint32_t segment;
    sage_memory_init(&m, 1 << 22);
    for (int i = 0; i < SEGMENTS; i++)
        assert_int_equal(sage_memory_add(&m, &segment, NULL), SAGE_OK);
    return m;
}

SAGE_INLINE sage_value number(uint64_t v)
{
    return sage_value_from_u64(v);
}

SAGE_INLINE sage_value text(const char *digits)
{
    sage_value v;
    assert_true(sage_value_parse(&v, digits, strlen(digits)));
    return v;
}

SAGE_INLINE sage_value address(uint32_t segment, uint32_t offset)
{
    return sage_value_from_address((sage_address){segment, offset});
}

SAGE_INLINE void put(sage_memory *m, uint32_t segment, uint32_t offset, sage_value v)
{
    assert_int_equal(sage_memory_set(m, (sage_address){segment, offset}, v, NULL), SAGE_OK);
}

SAGE_INLINE void put_all(sage_memory *m, const sage_value *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        put(m, CELLS_OF_BUILTIN, i, v[i]);
}

SAGE_INLINE sage_value cell(const sage_memory *m, uint32_t offset)
{
    return sage_memory_get(m, (sage_address){CELLS_OF_BUILTIN, offset});
}

SAGE_INLINE void assert_value(sage_value got, sage_value want)
{
    char a[SAGE_VALUE_TEXT], b[SAGE_VALUE_TEXT];
    sage_value_print(a, got);
    sage_value_print(b, want);
    assert_string_equal(a, b);
}

SAGE_INLINE void assert_refused(sage_status s, const sage_errinfo *err, sage_builtin b)
{
    char where[64];
    snprintf(where, sizeof where, "vm.builtin.%s", sage_builtin_name(b));
    assert_int_equal(s, SAGE_EINVAL);
    assert_string_equal(err->where, where);
}

SAGE_INLINE void finish_ok(sage_builtin b, sage_memory *m)
{
    sage_errinfo err = {0};
    assert_int_equal(sage_builtin_finish(b, m, CELLS_OF_BUILTIN, &err), SAGE_OK);
}

SAGE_INLINE void finish_refuses(sage_builtin b, sage_memory *m)
{
    sage_errinfo err = {0};
    assert_refused(sage_builtin_finish(b, m, CELLS_OF_BUILTIN, &err), &err, b);
}

#endif
