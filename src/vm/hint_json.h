/* vm/hint_json.h -- operands of Cairo 1 hints, as they stand in an executable's JSON. */
#ifndef SAGE_VM_HINT_JSON_H
#define SAGE_VM_HINT_JSON_H

#include "base/json_in.h"
#include "vm/hint.h"

/* A cell {"register": "AP", "offset": -1}, or {"Deref": cell}, {"DoubleDeref": [cell, 2]},
 * {"Immediate": "0x1"}, {"BinOp": {"op": "Add", "a": cell, "b": {"Deref"|"Immediate": ..}}}.
 * SAGE_EINVAL "vm.hint.operand" at the hint's pc, or json.* for what is no JSON. */
SAGE_CHECKED sage_status hint_json_operand(hint_builder *b,
                                           const char *name,
                                           sage_json_in *c,
                                           hint_operand *out);

#endif
