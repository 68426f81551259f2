/* Hostile program files, prover inputs and trace files. Refused by name; or read, and then what
 * was read keeps its promises. Trace files come as one: "trace", the lengths of trace and
 * memory in 32 bits each, their bytes, and air_public_input.json in what is left. */
#include "base/bytes.h"
#include "fuzz/fuzz.h"
#include "vm/pie.h"
#include "vm/program.h"
#include "vm/prover_input.h"
#include "vm/trace_files.h"

enum { MAX_CELLS = 1 << 16 };

static void check_error(sage_status s, const sage_errinfo *err)
{
    FUZZ_EXPECT(err->code == s && err->where && strchr(err->where, '.') && err->msg[0]);
}

static void check_symbols(const sage_program *p)
{
    for (uint32_t i = 0; i < p->n_symbols; i++) {
        const sage_symbol *s = &p->symbols[i];
        const sage_symbol *f = sage_program_symbol(p, s->name, strlen(s->name));
        FUZZ_EXPECT(!i || strcmp(p->symbols[i - 1].name, s->name) < 0);
        FUZZ_EXPECT(s->kind == SAGE_SYMBOL_ALIAS ? !f || !strcmp(f->name, s->type) : f == s);
    }
    for (uint32_t i = 0; i < p->n_located; i++) {
        const sage_symbol *s = &p->symbols[p->located[i]];
        FUZZ_EXPECT(!i || p->symbols[p->located[i - 1]].pc <= s->pc);
        FUZZ_EXPECT(sage_program_function(p, s->pc)->pc == s->pc);
    }
}

static void check_program(const sage_program *p)
{
    for (uint32_t i = 0; i < p->n_data; i++)
        FUZZ_EXPECT(sage_value_is_felt(p->data[i]));
    for (uint32_t i = 1; i < p->n_builtins; i++)
        FUZZ_EXPECT(p->builtins[i - 1] < p->builtins[i]);
    for (uint32_t i = 0; i < p->n_hints; i++) {
        FUZZ_EXPECT(p->hints[i].pc < p->n_data && p->hints[i].text);
        FUZZ_EXPECT(!i || p->hints[i - 1].pc <= p->hints[i].pc);
        for (uint32_t k = 0; k < p->hints[i].n_references; k++)
            FUZZ_EXPECT(p->hints[i].references[k].expression &&
                        strstr(p->hints[i].references[k].path, p->hints[i].references[k].name));
    }
    FUZZ_EXPECT(p->start < p->n_data && p->end < p->n_data && p->main <= p->n_data);
    check_symbols(p);
}

static void read_program(const uint8_t *bytes, size_t len, const char *entry)
{
    sage_program p;
    sage_errinfo err = {0};
    sage_status s    = sage_program_read(&p, bytes, len, entry, &err);
    if (s) {
        check_error(s, &err);
        FUZZ_EXPECT(!p.memory);
        return;
    }
    check_program(&p);
    sage_program_free(&p);
}

static void read_memory(const uint8_t *bytes, size_t len)
{
    sage_memory m;
    sage_errinfo err = {0};
    sage_status s    = sage_pie_memory(&m, bytes, len, MAX_CELLS, &err);
    if (s)
        check_error(s, &err);
    else
        sage_memory_free(&m);
}

static void check_input(sage_status s, sage_prover_input *p, const sage_errinfo *err)
{
    if (s) {
        check_error(s, err);
        return;
    }
    FUZZ_EXPECT(p->n_addresses && p->address_to_id[0] == SAGE_MEMORY_NO_ID);
    for (uint32_t i = 0; i < p->n_public; i++)
        FUZZ_EXPECT(p->public_addresses[i] < p->n_addresses &&
                    p->address_to_id[p->public_addresses[i]] != SAGE_MEMORY_NO_ID);
    for (int b = 0; b < SAGE_BUILTINS; b++)
        FUZZ_EXPECT(p->builtin[b].begin <= p->builtin[b].stop &&
                    p->builtin[b].stop <= p->n_addresses);
    sage_prover_input_free(p);
}

static void read_trace(const uint8_t *bytes, size_t len)
{
    sage_trace_files in = {0};
    sage_prover_input p;
    sage_errinfo err = {0};
    size_t trace = sage_load_le32(bytes), memory = sage_load_le32(bytes + 4), left = len - 8;
    in.trace      = bytes + 8;
    in.trace_len  = trace < left ? trace : left;
    in.memory     = in.trace + in.trace_len;
    in.memory_len = memory < left - in.trace_len ? memory : left - in.trace_len;
    size_t rest   = left - in.trace_len - in.memory_len;
    if (rest) {
        in.public_input     = in.memory + in.memory_len;
        in.public_input_len = rest;
    }
    check_input(sage_trace_files_read(&p, &in, &err), &p, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_prover_input p;
    sage_errinfo err = {0};
    if (len >= 13 && !memcmp(bytes, "trace", 5)) {
        read_trace(bytes + 5, len - 5);
        return 0;
    }
    read_program(bytes, len, NULL);
    read_program(bytes, len, "bootloader");
    if (len >= 2 && !memcmp(bytes, "PK", 2)) read_memory(bytes, len);
    check_input(sage_prover_input_read(&p, bytes, len, &err), &p, &err);
    return 0;
}
