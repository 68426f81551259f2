/* vm/hint_json.c -- cells and values of Cairo 1 hints become steps. */
#include "vm/hint_json.h"

#include <string.h>

typedef struct reader {
    hint_builder *b;
    const char *name;
} reader;

static sage_status wrong(reader *r, const char *what)
{
    return hint_refuse(r->b, "vm.hint.operand", r->name, strlen(r->name), what);
}

static sage_value signed_value(int64_t v)
{
    sage_value u = sage_value_from_u64((uint64_t)(v < 0 ? -v : v));
    return v < 0 ? sage_value_sub(sage_value_from_u64(0), u) : u;
}

/* A whole number of 16 bits. */
static sage_status read_offset(reader *r, sage_json_in *c, sage_value *out)
{
    const char *digits;
    size_t n;
    int64_t v     = 0;
    sage_status s = sage_json_in_digits(c, &digits, &n);
    if (s) return s;
    bool negative = n && digits[0] == '-';
    for (size_t i = negative; i < n && v < 1 << 16; i++)
        v = 10 * v + (digits[i] - '0');
    if (v > INT16_MAX + negative) return wrong(r, "has an offset beyond 16 bits");
    *out = signed_value(negative ? -v : v);
    return SAGE_OK;
}

/* Pushes the address of the cell whose register and offset these are. */
static sage_status emit_cell(reader *r, sage_json_in part[2])
{
    const char *name;
    size_t n;
    sage_value offset;
    sage_status s = sage_json_in_string(&part[0], &name, &n);
    if (!s) s = read_offset(r, &part[1], &offset);
    if (s) return s;
    if (n != 2 || (memcmp(name, "AP", 2) != 0 && memcmp(name, "FP", 2) != 0))
        return wrong(r, "is relative to no register we know");
    if (name[0] == 'A') return hint_emit(r->b, HINT_OP_AP, offset);
    s = hint_emit(r->b, HINT_OP_FP, sage_value_from_u64(0));
    if (!s) s = hint_emit(r->b, HINT_OP_VALUE, offset);
    return s ? s : hint_emit(r->b, HINT_OP_ADD, offset);
}

static sage_status read_cell(reader *r, sage_json_in *c)
{
    static const char *const keys[] = {"register", "offset"};
    sage_json_in part[2];
    sage_status s = sage_json_in_members(c, keys, 2, part);
    return s ? s : emit_cell(r, part);
}

static sage_status read_loaded_cell(reader *r, sage_json_in *c)
{
    sage_status s = read_cell(r, c);
    return s ? s : hint_emit(r->b, HINT_OP_LOAD, sage_value_from_u64(0));
}

/* [cell, offset]: the cell at what the cell holds, plus offset. */
static sage_status read_double(reader *r, sage_json_in *c)
{
    sage_json_in part[2];
    sage_value offset;
    sage_status s = sage_json_in_items(c, 2, part, "vm.hint.operand");
    if (!s) s = read_loaded_cell(r, &part[0]);
    if (!s) s = read_offset(r, &part[1], &offset);
    if (!s) s = hint_emit(r->b, HINT_OP_VALUE, offset);
    return s ? s : hint_emit(r->b, HINT_OP_ADD, offset);
}

static sage_status read_immediate(reader *r, sage_json_in *c)
{
    const char *text;
    size_t n;
    sage_value v;
    sage_status s = sage_json_in_string(c, &text, &n);
    if (s) return s;
    if (!sage_value_parse(&v, text, n)) return wrong(r, "is no felt");
    return hint_emit(r->b, HINT_OP_VALUE, v);
}

static sage_status read_operation(reader *r, sage_json_in *c)
{
    static const char *const keys[]  = {"op", "a", "b"};
    static const char *const which[] = {"Deref", "Immediate"};
    sage_json_in part[3], b[2];
    const char *op;
    size_t n;
    sage_status s = sage_json_in_members(c, keys, 3, part);
    if (!s) s = sage_json_in_string(&part[0], &op, &n);
    if (!s) s = read_loaded_cell(r, &part[1]);
    if (!s) s = sage_json_in_pick(&part[2], which, 2, b);
    if (s) return s;
    if (n != 3 || (memcmp(op, "Add", 3) != 0 && memcmp(op, "Mul", 3) != 0))
        return wrong(r, "is neither a sum nor a product");
    if (!b[0].text == !b[1].text) return wrong(r, "has a second term we do not know");
    s = b[0].text ? read_loaded_cell(r, &b[0]) : read_immediate(r, &b[1]);
    return s ? s
             : hint_emit(r->b, op[0] == 'A' ? HINT_OP_ADD : HINT_OP_MUL,
                         sage_value_from_u64(0));
}

sage_status
hint_json_operand(hint_builder *b, const char *name, sage_json_in *c, hint_operand *out)
{
    enum { REGISTER, OFFSET, DEREF, DOUBLE, IMMEDIATE, OPERATION, KEYS };
    static const char *const keys[KEYS] = {"register",    "offset",    "Deref",
                                           "DoubleDeref", "Immediate", "BinOp"};
    sage_json_in part[KEYS];
    reader r      = {b, name};
    sage_status s = sage_json_in_pick(c, keys, KEYS, part);
    if (s) return s;
    out->in_memory = !part[IMMEDIATE].text && !part[OPERATION].text;
    if (part[REGISTER].text && part[OFFSET].text) return emit_cell(&r, part);
    if (part[DEREF].text) return read_cell(&r, &part[DEREF]);
    if (part[DOUBLE].text) return read_double(&r, &part[DOUBLE]);
    if (part[IMMEDIATE].text) return read_immediate(&r, &part[IMMEDIATE]);
    if (part[OPERATION].text) return read_operation(&r, &part[OPERATION]);
    return wrong(&r, "is neither a cell nor a value");
}
