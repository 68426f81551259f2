/* vm/hints_sort.c -- searching and sorting lists of Cairo 0: find_element, search_sorted, sets,
 * usort. */
#include "vm/hint_scope.h"

/* --- looking for something --- */

/* "array_ptr elm_size key n_elms" as far as they are common to both searches */
static sage_status
read_array(hint_call *c, sage_address *at, uint64_t *size, sage_value *key, uint64_t *n)
{
    sage_status s = hint_pointer(c, 0, at);
    if (!s) s = hint_number(c, 1, SAGE_MEMORY_MAX_OFFSET, size);
    if (!s) s = hint_value(c, 2, key);
    if (!s) s = hint_number(c, 3, SAGE_MEMORY_MAX_OFFSET, n);
    if (s) return s;
    return *size ? SAGE_OK : hint_fail(c, "vm.hint.assert", "elements have no cells");
}

/* "array_ptr elm_size key n_elms index" */
static sage_status find_element(hint_call *c)
{
    sage_address at;
    uint64_t size, n;
    sage_value key, v;
    sage_status s = read_array(c, &at, &size, &key, &n);
    for (uint64_t i = 0; !s && i < n; i++) {
        s = hint_load(c, at, i * size, &v);
        if (!s) s = hint_work(c, 1);
        if (!s && sage_value_equal(v, key)) return hint_write_number(c, 4, i);
    }
    return s ? s : hint_fail(c, "vm.hint.assert", "the key was not found");
}

/* "array_ptr elm_size key n_elms index": the first element that is not less than key */
static sage_status search_sorted_lower(hint_call *c)
{
    sage_address at;
    uint64_t size, n;
    sage_value key, v;
    sage_status s = read_array(c, &at, &size, &key, &n);
    if (!s && !sage_value_is_felt(key))
        s = hint_fail(c, "vm.hint.operand", "key is an address where a number is due");
    for (uint64_t i = 0; !s && i < n; i++) {
        s = hint_load_felt(c, at, i * size, &v);
        if (!s) s = hint_work(c, 1);
        if (!s && hint_compare(v, key) >= 0) return hint_write_number(c, 4, i);
    }
    return s ? s : hint_write_number(c, 4, n);
}

/* Are the n cells at a those at b? */
static sage_status
same_cells(hint_call *c, sage_address a, sage_address b, uint64_t n, bool *same)
{
    sage_value x, y;
    *same         = true;
    sage_status s = hint_work(c, n);
    for (uint64_t i = 0; !s && *same && i < n; i++) {
        s = hint_load(c, a, i, &x);
        if (!s) s = hint_load(c, b, i, &y);
        if (!s) *same = sage_value_equal(x, y);
    }
    return s;
}

/* "elm_size elm_ptr set_ptr set_end_ptr index is_elm_in_set" */
static sage_status set_add(hint_call *c)
{
    uint64_t size;
    bool same;
    sage_address element, set, end;
    sage_status s = hint_number(c, 0, SAGE_MEMORY_MAX_OFFSET, &size);
    if (!s) s = hint_pointer(c, 1, &element);
    if (!s) s = hint_pointer(c, 2, &set);
    if (!s) s = hint_pointer(c, 3, &end);
    if (s) return s;
    if (!size || set.segment != end.segment || set.offset > end.offset)
        return hint_fail(c, "vm.hint.assert", "the set has no such elements");
    for (uint64_t i = 0; i * size < end.offset - set.offset; i++) {
        sage_address at;
        s = hint_move(c, set, i * size, &at);
        if (!s) s = same_cells(c, at, element, size, &same);
        if (s) return s;
        if (!same) continue;
        s = hint_write_number(c, 4, i);
        return s ? s : hint_write_number(c, 5, 1);
    }
    return hint_write_number(c, 5, 0);
}

/* --- usort: a sorted list without doubles, and how often each element stood in the input --- */

static sage_status enter_scope(hint_call *c)
{
    return hint_scope_enter(c);
}

/* Each group's key, or its size. */
static sage_status write_list(hint_call *c, hint_groups *g, bool sizes, sage_address to)
{
    sage_status s = SAGE_OK;
    uint64_t k    = 0;
    for (uint32_t i = 0; !s && i < g->n; i = g->end, k++) {
        hint_groups_choose(g, i);
        s = hint_store(c, to, k, sizes ? sage_value_from_u64(g->end - g->begin) : g->at[i].key);
    }
    return s;
}

/* The list in a segment of its own; its address into operand i. */
static sage_status give_list(hint_call *c, hint_groups *g, bool sizes, uint32_t i)
{
    sage_address at = {0};
    sage_status s   = sage_memory_add(c->memory, &at.segment, c->err);
    if (!s) s = write_list(c, g, sizes, at);
    return s ? s : hint_write(c, i, sage_value_from_address(at));
}

static uint32_t count_groups(hint_groups *g)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < g->n; i = g->end, k++)
        hint_groups_choose(g, i);
    return k;
}

/* "input input_len output_len output multiplicities" */
static sage_status usort(hint_call *c)
{
    hint_groups g;
    sage_address at;
    uint64_t n;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_number(c, 1, SAGE_MEMORY_MAX_OFFSET, &n);
    if (!s) s = hint_groups_read(c, at, 1, n, &g);
    if (s) return s;
    hint_scope *scope = hint_scope_now(c);
    hint_groups_free(c, &scope->groups);
    scope->groups     = g;
    scope->has_groups = true;
    s                 = hint_write_number(c, 2, count_groups(&scope->groups));
    if (!s) s = give_list(c, &scope->groups, false, 3);
    return s ? s : give_list(c, &scope->groups, true, 4);
}

static sage_status positions_now(hint_call *c, hint_groups **out)
{
    hint_scope *scope = hint_scope_now(c);
    *out              = &scope->groups;
    return scope->has_groups ? SAGE_OK : hint_fail(c, "vm.hint.scope", "nothing was sorted");
}

/* "value" */
static sage_status usort_verify(hint_call *c)
{
    hint_groups *g;
    sage_value v;
    sage_status s = positions_now(c, &g);
    if (!s) s = hint_felt(c, 0, &v);
    if (s) return s;
    hint_groups_find(g, v);
    g->last = 0;
    return SAGE_OK;
}

/* "next_item_index": from behind the last position to the next one */
static sage_status usort_position(hint_call *c)
{
    hint_groups *g;
    sage_status s = positions_now(c, &g);
    if (s) return s;
    if (g->next == g->end) return hint_fail(c, "vm.hint.assert", "no positions are left");
    uint64_t index = g->at[g->next++].index, gap = index - g->last;
    g->last = index + 1;
    return hint_write_number(c, 0, gap);
}

static sage_status usort_no_position(hint_call *c)
{
    hint_groups *g;
    sage_status s = positions_now(c, &g);
    if (s || g->next == g->end) return s;
    return hint_fail(c, "vm.hint.assert", "positions are left");
}

static const hint_kind kinds[] = {
    {.name = "find_element",
     .text =
         "array_ptr = ids.array_ptr\n"
         "elm_size = ids.elm_size\n"
         "assert isinstance(elm_size, int) and elm_size > 0, \\\n"
         "    f'Invalid value for elm_size. Got: {elm_size}.'\n"
         "key = ids.key\n"
         "\n"
         "if '__find_element_index' in globals():\n"
         "    ids.index = __find_element_index\n"
         "    found_key = memory[array_ptr + elm_size * __find_element_index]\n"
         "    assert found_key == key, \\\n"
         "        f'Invalid index found in __find_element_index. index: "
         "{__find_element_index}, ' \\\n"
         "        f'expected key {key}, found key: {found_key}.'\n"
         "    # Delete __find_element_index to make sure it's not used for the next calls.\n"
         "    del __find_element_index\n"
         "else:\n"
         "    n_elms = ids.n_elms\n"
         "    assert isinstance(n_elms, int) and n_elms >= 0, \\\n"
         "        f'Invalid value for n_elms. Got: {n_elms}.'\n"
         "    if '__find_element_max_size' in globals():\n"
         "        assert n_elms <= __find_element_max_size, \\\n"
         "            f'find_element() can only be used with "
         "n_elms<={__find_element_max_size}. ' \\\n"
         "            f'Got: n_elms={n_elms}.'\n"
         "\n"
         "    for i in range(n_elms):\n"
         "        if memory[array_ptr + elm_size * i] == key:\n"
         "            ids.index = i\n"
         "            break\n"
         "    else:\n"
         "        raise ValueError(f'Key {key} was not found.')",
     .operands = "array_ptr elm_size key n_elms index",
     .run      = find_element},
    {.name     = "search_sorted_lower",
     .text     = "array_ptr = ids.array_ptr\n"
                 "elm_size = ids.elm_size\n"
                 "assert isinstance(elm_size, int) and elm_size > 0, \\\n"
                 "    f'Invalid value for elm_size. Got: {elm_size}.'\n"
                 "\n"
                 "n_elms = ids.n_elms\n"
                 "assert isinstance(n_elms, int) and n_elms >= 0, \\\n"
                 "    f'Invalid value for n_elms. Got: {n_elms}.'\n"
                 "if '__find_element_max_size' in globals():\n"
                 "    assert n_elms <= __find_element_max_size, \\\n"
                 "        f'find_element() can only be used with "
                 "n_elms<={__find_element_max_size}. ' \\\n"
                 "        f'Got: n_elms={n_elms}.'\n"
                 "\n"
                 "for i in range(n_elms):\n"
                 "    if memory[array_ptr + elm_size * i] >= ids.key:\n"
                 "        ids.index = i\n"
                 "        break\n"
                 "else:\n"
                 "    ids.index = n_elms",
     .operands = "array_ptr elm_size key n_elms index",
     .run      = search_sorted_lower},
    {.name     = "set_add",
     .text     = "assert ids.elm_size > 0\n"
                 "assert ids.set_ptr <= ids.set_end_ptr\n"
                 "elm_list = memory.get_range(ids.elm_ptr, ids.elm_size)\n"
                 "for i in range(0, ids.set_end_ptr - ids.set_ptr, ids.elm_size):\n"
                 "    if memory.get_range(ids.set_ptr + i, ids.elm_size) == elm_list:\n"
                 "        ids.index = i // ids.elm_size\n"
                 "        ids.is_elm_in_set = 1\n"
                 "        break\n"
                 "else:\n"
                 "    ids.is_elm_in_set = 0",
     .operands = "elm_size elm_ptr set_ptr set_end_ptr index is_elm_in_set",
     .run      = set_add},
    {.name     = "usort_enter_scope",
     .text     = "vm_enter_scope(dict(__usort_max_size = globals().get('__usort_max_size')))",
     .operands = "",
     .run      = enter_scope},
    {.name     = "usort_body",
     .text     = "from collections import defaultdict\n"
                 "\n"
                 "input_ptr = ids.input\n"
                 "input_len = int(ids.input_len)\n"
                 "if __usort_max_size is not None:\n"
                 "    assert input_len <= __usort_max_size, (\n"
                 "        f\"usort() can only be used with input_len<={__usort_max_size}. \"\n"
                 "        f\"Got: input_len={input_len}.\"\n"
                 "    )\n"
                 "\n"
                 "positions_dict = defaultdict(list)\n"
                 "for i in range(input_len):\n"
                 "    val = memory[input_ptr + i]\n"
                 "    positions_dict[val].append(i)\n"
                 "\n"
                 "output = sorted(positions_dict.keys())\n"
                 "ids.output_len = len(output)\n"
                 "ids.output = segments.gen_arg(output)\n"
                 "ids.multiplicities = segments.gen_arg([len(positions_dict[k]) for k in output])",
     .operands = "input input_len output_len output multiplicities",
     .run      = usort},
    {.name     = "usort_verify",
     .text     = "last_pos = 0\n"
                 "positions = positions_dict[ids.value][::-1]",
     .operands = "value",
     .run      = usort_verify},
    {.name     = "usort_verify_multiplicity_assert",
     .text     = "assert len(positions) == 0",
     .operands = "",
     .run      = usort_no_position},
    {.name     = "usort_verify_multiplicity_body",
     .text     = "current_pos = positions.pop()\n"
                 "ids.next_item_index = current_pos - last_pos\n"
                 "last_pos = current_pos + 1",
     .operands = "next_item_index",
     .run      = usort_position},
};

const hint_family hints_sort = {"Searching and sorting", kinds, sizeof kinds / sizeof *kinds};
