/* vm/hints_dict.c -- dictionaries and their squashing, in both languages. An access is three
 * cells: key, value before, value after. */
#include "vm/hint_scope.h"
#include "vm/hint_state.h"

enum { ACCESS = 3, KEY = 0, BEFORE = 1 };

/* --- making and using --- */

static sage_status new_dict(hint_call *c, sage_value initial, hint_dict **out)
{
    sage_status s = hint_dict_new(c, initial, out);
    if (s) return s;
    return hint_write(c, c->site->kind->variant,
                      sage_value_from_address((sage_address){(*out)->segment, 0}));
}

/* "default_value [ap]" */
static sage_status default_dict_new(hint_call *c)
{
    hint_dict *d;
    sage_value initial;
    sage_status s = hint_value(c, 0, &initial);
    return s ? s : new_dict(c, initial, &d);
}

/* "[ap]": from the scope's initial_dict, which is used up */
static sage_status dict_new(hint_call *c)
{
    hint_dict *d;
    if (!hint_scope_now(c)->has_initial)
        return hint_fail(c, "vm.hint.scope", "there is no initial_dict here");
    sage_status s = new_dict(c, (sage_value){{0}}, &d);
    if (s) return s;
    hint_scope *scope  = hint_scope_now(c);
    d->table           = scope->initial;
    scope->initial     = (hint_table){0};
    scope->has_initial = false;
    return SAGE_OK;
}

/* "dict_ptr key value" */
static sage_status dict_read(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    sage_value key, v;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_value(c, 1, &key);
    if (!s) s = hint_dict_at(c, at, &d);
    if (!s) s = hint_dict_get(c, d, key, &v);
    if (s) return s;
    d->end += ACCESS;
    return hint_write(c, 2, v);
}

/* "dict_ptr key new_value" */
static sage_status dict_write(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    sage_value key, new, old;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_value(c, 1, &key);
    if (!s) s = hint_value(c, 2, &new);
    if (!s) s = hint_dict_at(c, at, &d);
    if (!s) s = hint_dict_get(c, d, key, &old);
    if (!s) s = hint_store(c, at, BEFORE, old);
    if (s) return s;
    d->end += ACCESS;
    return hint_table_put(c, &d->table, key, new);
}

/* "dict_ptr key prev_value new_value" */
static sage_status dict_update(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    sage_value key, old, new, held;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_value(c, 1, &key);
    if (!s) s = hint_value(c, 2, &old);
    if (!s) s = hint_value(c, 3, &new);
    if (!s) s = hint_dict_at(c, at, &d);
    if (!s) s = hint_dict_get(c, d, key, &held);
    if (s) return s;
    if (!sage_value_equal(old, held))
        return hint_fail(c, "vm.hint.assert", "prev_value is not what the key holds");
    d->end += ACCESS;
    return hint_table_put(c, &d->table, key, new);
}

/* "dict_accesses_end": a scope for the squashed copy */
static sage_status copy_dict(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    hint_table copy;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_dict_at(c, at, &d);
    if (!s) s = hint_scope_enter(c);
    if (!s) s = hint_table_copy(c, &copy, &d->table);
    if (s) return s;
    hint_scope_now(c)->initial     = copy;
    hint_scope_now(c)->has_initial = true;
    return SAGE_OK;
}

/* "squashed_dict_start squashed_dict_end.address_" */
static sage_status update_end(hint_call *c)
{
    hint_dict *d;
    sage_address start, end;
    sage_status s = hint_pointer(c, 0, &start);
    if (!s) s = hint_pointer(c, 1, &end);
    if (!s) s = hint_dict_at(c, start, &d);
    if (s) return s;
    if (end.segment != d->segment)
        return hint_fail(c, "vm.hint.dict", "the dictionary ends in another segment");
    d->end = end.offset;
    return SAGE_OK;
}

/* --- Cairo 1: the arena at ptr says [ptr - 3] = infos, [ptr - 2] = how many there are; an
 * info is three cells, the dictionary's start the first of them --- */

/* "segment_arena_ptr" */
static sage_status alloc_dict(hint_call *c)
{
    enum { INFO = 3, HEADER = 3 };
    hint_dict *d;
    sage_address at;
    sage_value infos, n;
    sage_status s = hint_pointer(c, 0, &at);
    if (s) return s;
    if (at.offset < HEADER) return hint_fail(c, "vm.hint.address", "there is no arena");
    at.offset -= HEADER;
    s = hint_load(c, at, 0, &infos);
    if (!s) s = hint_load_felt(c, at, 1, &n);
    if (s) return s;
    if (!sage_value_is_address(infos) || !sage_value_is_small(n) ||
        n.l[0] >= SAGE_MEMORY_MAX_OFFSET)
        return hint_fail(c, "vm.hint.address", "there is no arena");
    s = hint_dict_new(c, sage_value_from_u64(0), &d);
    if (s) return s;
    return hint_store(c, sage_value_address(infos), INFO * n.l[0],
                      sage_value_from_address((sage_address){d->segment, 0}));
}

/* "dict_ptr key": the value before */
static sage_status entry_init(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    sage_value key, v;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_felt(c, 1, &key);
    if (!s) s = hint_dict_find(c, at, &d);
    if (!s) s = hint_dict_get(c, d, key, &v);
    return s ? s : hint_store(c, at, BEFORE, v);
}

/* "dict_ptr value": of the access before dict_ptr */
static sage_status entry_update(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    sage_value key, v;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_value(c, 1, &v);
    if (!s) s = hint_dict_find(c, at, &d);
    if (s) return s;
    if (at.offset < ACCESS) return hint_fail(c, "vm.hint.address", "there is no access yet");
    at.offset -= ACCESS;
    s = hint_load_felt(c, at, KEY, &key);
    return s ? s : hint_table_put(c, &d->table, key, v);
}

/* "dict_ptr key value_dst" */
static sage_status read_entry(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    sage_value key, v;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_felt(c, 1, &key);
    if (!s) s = hint_dict_find(c, at, &d);
    if (!s) s = hint_dict_get(c, d, key, &v);
    return s ? s : hint_write(c, 2, v);
}

/* "dict_ptr key value" */
static sage_status write_entry(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    sage_value key, new, old;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_felt(c, 1, &key);
    if (!s) s = hint_value(c, 2, &new);
    if (!s) s = hint_dict_find(c, at, &d);
    if (!s) s = hint_dict_get(c, d, key, &old);
    if (!s) s = hint_store(c, at, BEFORE, old);
    return s ? s : hint_table_put(c, &d->table, key, new);
}

/* "dict_end_ptr dict_index" */
static sage_status arena_index(hint_call *c)
{
    hint_dict *d;
    sage_address at;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_dict_find(c, at, &d);
    return s ? s : hint_write_number(c, 1, (uint64_t)(d - c->state->dicts.at));
}

/* --- squashing: keys upwards, each with the places of its accesses --- */

static sage_status groups_now(hint_call *c, hint_groups **out)
{
    hint_scope *scope = hint_scope_now(c);
    *out              = &scope->groups;
    return scope->has_groups ? SAGE_OK : hint_fail(c, "vm.hint.scope", "no accesses were read");
}

/* "dict_accesses ptr_diff n_accesses big_keys first_key" */
static sage_status squash_dict(hint_call *c)
{
    hint_groups g;
    sage_address at;
    sage_value bytes, whole, rest;
    uint64_t n;
    sage_status s = hint_pointer(c, 0, &at);
    if (!s) s = hint_felt(c, 1, &bytes);
    if (!s) s = hint_number(c, 2, SAGE_MEMORY_MAX_OFFSET, &n);
    if (s) return s;
    if (!sage_value_is_small(bytes) || bytes.l[0] % ACCESS || !n)
        return hint_fail(c, "vm.hint.assert", "the accesses are no list of whole ones");
    s = hint_groups_read(c, at, ACCESS, n, &g);
    if (s) return s;
    hint_scope *scope = hint_scope_now(c);
    hint_groups_free(c, &scope->groups);
    scope->groups     = g;
    scope->has_groups = true;
    hint_groups_choose(&scope->groups, 0);
    whole = g.at[n - 1].key;
    rest  = (sage_value){{0, 0, 1, SAGE_VALUE_KNOWN}}; /* 2^128 */
    s     = hint_write_number(c, 3, hint_compare(whole, rest) >= 0);
    return s ? s : hint_write(c, 4, g.at[0].key);
}

static sage_status next_place(hint_call *c, hint_groups *g, uint32_t *out)
{
    if (g->next == g->end) return hint_fail(c, "vm.hint.assert", "no accesses are left");
    *out = g->at[g->next++].index;
    return SAGE_OK;
}

/* "range_check_ptr": the key's first access */
static sage_status first_access(hint_call *c)
{
    uint32_t index = 0;
    sage_address at;
    hint_groups *g;
    sage_status s = groups_now(c, &g);
    if (!s) s = hint_pointer(c, 0, &at);
    if (s) return s;
    hint_groups_choose(g, g->begin);
    s = next_place(c, g, &index);
    if (s) return s;
    g->last = index;
    return hint_store(c, at, 0, sage_value_from_u64(index));
}

/* "dst": are accesses of the key left? variant 1: none left is 1 */
static sage_status any_access(hint_call *c)
{
    hint_groups *g;
    sage_status s = groups_now(c, &g);
    return s ? s : hint_write_number(c, 0, (g->next < g->end) != c->site->kind->variant);
}

/* "dst": places between this access and the next */
static sage_status next_access(hint_call *c)
{
    uint32_t index = 0;
    hint_groups *g;
    sage_status s = groups_now(c, &g);
    if (!s) s = next_place(c, g, &index);
    if (s) return s;
    uint64_t gap = index - g->last - 1;
    g->last      = index;
    return hint_write_number(c, 0, gap);
}

/* "next_key" */
static sage_status next_key(hint_call *c)
{
    hint_groups *g;
    sage_status s = groups_now(c, &g);
    if (s) return s;
    if (g->end == g->n) return hint_fail(c, "vm.hint.assert", "no keys are left");
    hint_groups_choose(g, g->end);
    return hint_write(c, 0, g->at[g->begin].key);
}

static sage_status assert_no_access(hint_call *c)
{
    hint_groups *g;
    sage_status s = groups_now(c, &g);
    if (s || g->next == g->end) return s;
    return hint_fail(c, "vm.hint.assert", "accesses are left");
}

static sage_status assert_no_key(hint_call *c)
{
    hint_groups *g;
    sage_status s = groups_now(c, &g);
    if (s || g->end == g->n) return s;
    return hint_fail(c, "vm.hint.assert", "keys are left");
}

/* "n_used_accesses" */
static sage_status assert_all_used(hint_call *c)
{
    sage_value n;
    hint_groups *g;
    sage_status s = groups_now(c, &g);
    if (!s) s = hint_felt(c, 0, &n);
    if (s || sage_value_equal(n, sage_value_from_u64(g->end - g->begin))) return s;
    return hint_fail(c, "vm.hint.assert", "the key has another number of accesses");
}

static const hint_kind kinds[] = {
    {.name = "AllocFelt252Dict", .operands = "segment_arena_ptr", .run = alloc_dict},
    {.name = "Felt252DictEntryInit", .operands = "dict_ptr key", .run = entry_init},
    {.name = "Felt252DictEntryUpdate", .operands = "dict_ptr value", .run = entry_update},
    {.name = "Felt252DictRead", .operands = "dict_ptr key value_dst", .run = read_entry},
    {.name = "Felt252DictWrite", .operands = "dict_ptr key value", .run = write_entry},
    {.name = "GetSegmentArenaIndex", .operands = "dict_end_ptr dict_index", .run = arena_index},
    {.name     = "InitSquashData",
     .operands = "dict_accesses ptr_diff n_accesses big_keys first_key",
     .run      = squash_dict},
    {.name = "GetCurrentAccessIndex", .operands = "range_check_ptr", .run = first_access},
    {.name     = "ShouldSkipSquashLoop",
     .operands = "should_skip_loop",
     .run      = any_access,
     .variant  = 1},
    {.name = "GetCurrentAccessDelta", .operands = "index_delta_minus1", .run = next_access},
    {.name = "ShouldContinueSquashLoop", .operands = "should_continue", .run = any_access},
    {.name = "GetNextDictKey", .operands = "next_key", .run = next_key},
    {.name = "AssertCurrentAccessIndicesIsEmpty", .operands = ""},
    {.name = "AssertAllAccessesUsed", .operands = ""},
    {.name = "AssertAllKeysUsed", .operands = ""},
    {.name     = "default_dict_new",
     .text     = "if '__dict_manager' not in globals():\n"
                 "    from starkware.cairo.common.dict import DictManager\n"
                 "    __dict_manager = DictManager()\n"
                 "\n"
                 "memory[ap] = __dict_manager.new_default_dict(segments, ids.default_value)",
     .operands = "default_value [ap]",
     .run      = default_dict_new,
     .variant  = 1},
    {.name     = "dict_new",
     .text     = "if '__dict_manager' not in globals():\n"
                 "    from starkware.cairo.common.dict import DictManager\n"
                 "    __dict_manager = DictManager()\n"
                 "\n"
                 "memory[ap] = __dict_manager.new_dict(segments, initial_dict)\n"
                 "del initial_dict",
     .operands = "[ap]",
     .run      = dict_new},
    {.name     = "dict_read",
     .text     = "dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)\n"
                 "dict_tracker.current_ptr += ids.DictAccess.SIZE\n"
                 "ids.value = dict_tracker.data[ids.key]",
     .operands = "dict_ptr key value",
     .run      = dict_read},
    {.name     = "dict_write",
     .text     = "dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)\n"
                 "dict_tracker.current_ptr += ids.DictAccess.SIZE\n"
                 "ids.dict_ptr.prev_value = dict_tracker.data[ids.key]\n"
                 "dict_tracker.data[ids.key] = ids.new_value",
     .operands = "dict_ptr key new_value",
     .run      = dict_write},
    {.name     = "dict_update",
     .text     = "# Verify dict pointer and prev value.\n"
                 "dict_tracker = __dict_manager.get_tracker(ids.dict_ptr)\n"
                 "current_value = dict_tracker.data[ids.key]\n"
                 "assert current_value == ids.prev_value, \\\n"
                 "    f'Wrong previous value in dict. Got {ids.prev_value}, expected "
                 "{current_value}.'\n"
                 "\n"
                 "# Update value.\n"
                 "dict_tracker.data[ids.key] = ids.new_value\n"
                 "dict_tracker.current_ptr += ids.DictAccess.SIZE",
     .operands = "dict_ptr key prev_value new_value",
     .run      = dict_update},
    {.name     = "dict_squash_copy_dict",
     .text     = "# Prepare arguments for dict_new. In particular, the same dictionary values "
                 "should be copied\n"
                 "# to the new (squashed) dictionary.\n"
                 "vm_enter_scope({\n"
                 "    # Make __dict_manager accessible.\n"
                 "    '__dict_manager': __dict_manager,\n"
                 "    # Create a copy of the dict, in case it changes in the future.\n"
                 "    'initial_dict': dict(__dict_manager.get_dict(ids.dict_accesses_end)),\n"
                 "})",
     .operands = "dict_accesses_end",
     .run      = copy_dict},
    {.name = "dict_squash_update_ptr",
     .text =
         "# Update the DictTracker's current_ptr to point to the end of the squashed dict.\n"
         "__dict_manager.get_tracker(ids.squashed_dict_start).current_ptr = \\\n"
         "    ids.squashed_dict_end.address_",
     .operands = "squashed_dict_start squashed_dict_end.address_",
     .run      = update_end},
    {.name     = "squash_dict",
     .text     = "dict_access_size = ids.DictAccess.SIZE\n"
                 "address = ids.dict_accesses.address_\n"
                 "assert ids.ptr_diff % dict_access_size == 0, \\\n"
                 "    'Accesses array size must be divisible by DictAccess.SIZE'\n"
                 "n_accesses = ids.n_accesses\n"
                 "if '__squash_dict_max_size' in globals():\n"
                 "    assert n_accesses <= __squash_dict_max_size, \\\n"
                 "        f'squash_dict() can only be used with "
                 "n_accesses<={__squash_dict_max_size}. ' \\\n"
                 "        f'Got: n_accesses={n_accesses}.'\n"
                 "# A map from key to the list of indices accessing it.\n"
                 "access_indices = {}\n"
                 "for i in range(n_accesses):\n"
                 "    key = memory[address + dict_access_size * i]\n"
                 "    access_indices.setdefault(key, []).append(i)\n"
                 "# Descending list of keys.\n"
                 "keys = sorted(access_indices.keys(), reverse=True)\n"
                 "# Are the keys used bigger than range_check bound.\n"
                 "ids.big_keys = 1 if keys[0] >= range_check_builtin.bound else 0\n"
                 "ids.first_key = key = keys.pop()",
     .operands = "dict_accesses.address_ ptr_diff n_accesses big_keys first_key",
     .run      = squash_dict},
    {.name     = "squash_dict_inner_first_iteration",
     .text     = "current_access_indices = sorted(access_indices[key])[::-1]\n"
                 "current_access_index = current_access_indices.pop()\n"
                 "memory[ids.range_check_ptr] = current_access_index",
     .operands = "range_check_ptr",
     .run      = first_access},
    {.name     = "squash_dict_inner_skip_loop",
     .text     = "ids.should_skip_loop = 0 if current_access_indices else 1",
     .operands = "should_skip_loop",
     .run      = any_access,
     .variant  = 1},
    {.name     = "squash_dict_inner_check_access_index",
     .text     = "new_access_index = current_access_indices.pop()\n"
                 "ids.loop_temps.index_delta_minus1 = new_access_index - current_access_index - 1\n"
                 "current_access_index = new_access_index",
     .operands = "loop_temps.index_delta_minus1",
     .run      = next_access},
    {.name     = "squash_dict_inner_continue_loop",
     .text     = "ids.loop_temps.should_continue = 1 if current_access_indices else 0",
     .operands = "loop_temps.should_continue",
     .run      = any_access},
    {.name     = "squash_dict_inner_assert_len_keys",
     .text     = "assert len(keys) == 0",
     .operands = "",
     .run      = assert_no_key},
    {.name     = "squash_dict_inner_len_assert",
     .text     = "assert len(current_access_indices) == 0",
     .operands = "",
     .run      = assert_no_access},
    {.name     = "squash_dict_inner_used_accesses_assert",
     .text     = "assert ids.n_used_accesses == len(access_indices[key])",
     .operands = "n_used_accesses",
     .run      = assert_all_used},
    {.name     = "squash_dict_inner_next_key",
     .text     = "assert len(keys) > 0, 'No keys left but remaining_accesses > 0.'\n"
                 "ids.next_key = key = keys.pop()",
     .operands = "next_key",
     .run      = next_key},
};

const hint_family hints_dict = {"Dictionaries and squashing", kinds,
                                sizeof kinds / sizeof *kinds};
