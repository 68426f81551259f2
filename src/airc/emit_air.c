/* The metadata of a component as C, and the files that belong to all components together. */
#include <ctype.h>
#include <string.h>

#include "airc/emit.h"

static void put_count(airc_text *t, const char *name, ir_index x)
{
    airc_put(t, "    .%s = {%uu, %uu},\n", name, (uint32_t)x.c, (uint32_t)x.n);
}

static void put_code_bytes(const airc_program *g, airc_text *t, const airc_text *code)
{
    airc_put(t, "static const uint8_t code_%s[] = {", g->name);
    for (size_t i = 0; i < code->len; i++)
        airc_put(t, "%s%u,", i % 16 ? " " : "\n    ", (unsigned)(uint8_t)code->s[i]);
    airc_put(t, "\n};\n\n");
}

static void put_relations(const airc_program *g, airc_text *t)
{
    airc_put(t, "static const sage_air_relation relations_%s[] = {\n", g->name);
    for (uint32_t i = 0; i < g->n_relations; i++) {
        const ir_relation *r = &g->relations[i];
        airc_put(t, "    {\"%s\", %u, %u, {%uu, %uu}, {%uu, %uu}, %d},\n", r->name, r->id,
                 r->arity, (uint32_t)r->uses.c, (uint32_t)r->uses.n, (uint32_t)r->yields.c,
                 (uint32_t)r->yields.n, r->counted);
    }
    airc_put(t, "};\n\n");
}

static void put_feeds(const airc_program *g, airc_text *t)
{
    airc_put(t, "static const sage_air_feed feeds_%s[] = {\n", g->name);
    for (const ir_stmt *s = g->loops[0].first; s; s = s->next)
        if (s->kind == S_FEED)
            airc_put(t, "    {\"%s\", %u, %u},\n", s->name, (uint32_t)s->index.c, s->n_values);
    airc_put(t, "};\n\n");
}

/* .what = what_NAME, .n_what = n, */
static void put_array(const airc_program *g, airc_text *t, const char *what, uint32_t n)
{
    if (n) airc_put(t, "    .%s = %s_%s,\n    .n_%s = %u,\n", what, what, g->name, what, n);
}

void airc_emit_air(const airc_program *g, airc_text *t)
{
    airc_text code = {.c = g->c};
    uint32_t regs;
    airc_emit_code(g, &code, &regs);
    airc_put(t, "/* --- %s, from %s --- */\n\n", g->name, g->file);
    put_code_bytes(g, t, &code);
    if (g->n_relations) put_relations(g, t);
    if (g->n_feeds) put_feeds(g, t);
    if (g->n_pre) {
        airc_put(t, "static const sage_air_pre pre_%s[] = {\n", g->name);
        for (uint32_t i = 0; i < g->n_pre; i++)
            airc_put(t, "    {SAGE_PRE_%s, %u, 0x%x, %u},\n", g->pre[i].kind, g->pre[i].log,
                     g->pre[i].widths, g->pre[i].index);
        airc_put(t, "};\n\n");
    }
    if (g->n_logup_trace) {
        airc_put(t, "static const uint16_t logup_trace_%s[] = {", g->name);
        for (uint32_t i = 0; i < g->n_logup_trace; i++)
            airc_put(t, "%s%u,", i % 16 ? " " : "\n    ", g->logup_trace[i]);
        airc_put(t, "\n};\n\n");
    }
    airc_put(t, "const sage_air sage_%s_%s = {\n    .name = \"%s\",\n", g->c->prefix, g->name,
             g->name);
    airc_put(t, "    .witness = %u,\n    .sized = %u,\n    .size_min = %u,\n", g->witness,
             g->sized, g->size_min);
    put_count(t, "trace", g->trace);
    put_count(t, "asserts", g->asserts);
    put_count(t, "pairs", g->pairs);
    put_count(t, "entries", g->entries);
    put_count(t, "inputs", g->inputs);
    airc_put(t, "    .params = %u,\n    .degree = %u,\n", g->n_params, g->degree);
    airc_put(t, "    .assert_degree = %u,\n    .fixed_log = %u,\n", g->assert_degree,
             g->fixed_log);
    put_array(g, t, "pre", g->n_pre);
    put_array(g, t, "relations", g->n_relations);
    put_array(g, t, "logup_trace", g->n_logup_trace);
    put_array(g, t, "feeds", g->n_feeds);
    airc_put(t, "    .feed_columns = %u,\n", g->feed_columns);
    airc_put(t, "    .code = code_%s,\n    .code_len = sizeof code_%s,\n", g->name, g->name);
    airc_put(t, "    .code_regs = %u};\n\n", regs);
}

static void put_header(sage_airc *c, airc_text *t)
{
    airc_put(t, "/* The components of this build, made by airc. */\n");
    char *guard = airc_printf(c, "SAGE_%sS_H", c->prefix);
    for (char *s = guard; *s; s++)
        *s = (char)toupper((unsigned char)*s);
    airc_put(t, "#ifndef %s\n#define %s\n\n#include \"air/air.h\"\n\n", guard, guard);
    for (const airc_program *g = c->program_first; g; g = g->next)
        airc_put(t, "extern const sage_air sage_%s_%s;\n", c->prefix, g->name);
    airc_put(t, "/* All of them, then NULL. */\nextern const sage_air *const sage_%ss[];\n",
             c->prefix);
    airc_put(t, "\n#endif\n");
}

static void put_airs(sage_airc *c, airc_text *t)
{
    airc_put(t, "/* What a verifier needs of each component, made by airc. */\n");
    airc_put(t, "#include \"%ss.h\"\n\n", c->prefix);
    for (const airc_program *g = c->program_first; g; g = g->next)
        airc_emit_air(g, t);
    airc_put(t, "const sage_air *const sage_%ss[] = {\n", c->prefix);
    for (const airc_program *g = c->program_first; g; g = g->next)
        airc_put(t, "    &sage_%s_%s,\n", c->prefix, g->name);
    airc_put(t, "    NULL};\n");
}

static void put_kernels_list(sage_airc *c, airc_text *t)
{
    airc_put(t, "/* The kernels of all components, made by airc. */\n");
    airc_put(t, "#include \"air/kernel.h\"\n\n");
    for (const airc_program *g = c->program_first; g; g = g->next)
        airc_put(t, "extern const sage_air_kernels LANES_SUFFIX(sage_%s_kernels_%s);\n",
                 c->prefix, g->name);
    airc_put(t, "\nconst sage_air_kernels *const LANES_SUFFIX(sage_%s_kernels_list)[] = {\n",
             c->prefix);
    for (const airc_program *g = c->program_first; g; g = g->next)
        airc_put(t, "    &LANES_SUFFIX(sage_%s_kernels_%s),\n", c->prefix, g->name);
    airc_put(t, "    NULL};\n");
}

static const char *count_text(const airc_program *g, ir_index x)
{
    if (!x.n) return airc_printf(g->c, "%lld", (long long)x.c);
    const char *n = x.n == 1 ? "n" : airc_printf(g->c, "%lld n", (long long)x.n);
    if (!x.c) return n;
    return airc_printf(g->c, "%s %c %lld", n, x.c < 0 ? '-' : '+',
                       (long long)(x.c < 0 ? -x.c : x.c));
}

/* What a row uses, or yields, and how often. */
static const char *relations_text(const airc_program *g, bool yields)
{
    airc_text t = {.c = g->c};
    for (uint32_t i = 0; i < g->n_relations; i++) {
        const ir_relation *r = &g->relations[i];
        const char *n        = count_text(g, yields ? r->yields : r->uses);
        if (!strcmp(n, "0")) continue;
        airc_put(&t, "%s%s", t.len ? ", " : "", r->name);
        if (strcmp(n, "1")) airc_put(&t, "\u00d7%s", n);
    }
    return t.len ? t.s : "-";
}

static void put_table(sage_airc *c, airc_text *t)
{
    airc_put(t,
             "| component | rows | trace | interaction | asserts | pairs | entries | inputs | "
             "params | degree | uses per row | yields per row |\n");
    airc_put(t, "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (const airc_program *g = c->program_first; g; g = g->next) {
        ir_index inter = {.c = 4 * g->pairs.c, .n = 4 * g->pairs.n};
        airc_put(t, "| %s | ", g->name);
        if (g->fixed_log)
            airc_put(t, "2^%u", g->fixed_log);
        else
            airc_put(t, "any");
        airc_put(t, " | %s | %s | %s | %s | %s | %s | %u | %u | %s | %s |\n",
                 count_text(g, g->trace), count_text(g, inter), count_text(g, g->asserts),
                 count_text(g, g->pairs), count_text(g, g->entries), count_text(g, g->inputs),
                 g->n_params, g->degree, relations_text(g, false), relations_text(g, true));
    }
}

static sage_status finish(airc_text *t, const char *name, sage_airc_write write, void *arg)
{
    sage_status s = write(arg, name, t->len ? t->s : "", t->len);
    t->len        = 0;
    return s;
}

sage_status airc_emit_all(sage_airc *c, bool verify_only, sage_airc_write write, void *arg)
{
    airc_text t   = {.c = c};
    sage_status s = SAGE_OK;
    for (const airc_program *g = c->program_first; g && !verify_only && !s; g = g->next) {
        airc_emit_kernels(g, &t);
        s = finish(&t, airc_printf(c, "%s_kernels.c", g->name), write, arg);
    }
    const struct {
        const char *name;
        void (*put)(sage_airc *c, airc_text *t);
    } common[] = {{"airs.c", put_airs},
                  {airc_printf(c, "%ss.h", c->prefix), put_header},
                  {"airs.md", put_table},
                  {"kernels_list.c", put_kernels_list}};
    size_t n   = sizeof common / sizeof *common - verify_only;
    for (size_t i = 0; i < n && !s; i++) {
        common[i].put(c, &t);
        s = finish(&t, common[i].name, write, arg);
    }
    return s;
}
