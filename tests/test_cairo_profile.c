/* What sage run --profile says of a program, and what the published proof of that program claims:
 * sizes of all components that do not depend on how equal inputs are shared. Skipped where the
 * files are not at hand. */
#include "base/test.h"
#include "cairo/proof.h"
#include "vm/profile.h"

static sage_errinfo err;

static void assert_ok(sage_status s)
{
    if (s) fail_msg("%s: %s", err.where, err.msg);
}

static char *vector(const char *program, const char *file, size_t *len)
{
    char name[160];
    snprintf(name, sizeof name, "stwo-cairo/test_prove_verify_%s/%s", program, file);
    return sage_test_vector(name, len);
}

static void profile_of(sage_profile *out, const char *name)
{
    const sage_run_input none = {0};
    size_t len;
    sage_program p;
    sage_run run;
    sage_prover_input in;
    char *bytes = vector(name, "compiled.json", &len);
    assert_ok(sage_program_read(&p, (uint8_t *)bytes, len, NULL, &err));
    assert_ok(sage_run_program(&run, &p, &none, &sage_run_default_limits, &err));
    assert_ok(sage_adapt(&in, &run, &err));
    sage_profile_input(out, &in);
    sage_profile_proof(out, &in);
    sage_prover_input_free(&in);
    sage_run_free(&run);
    sage_program_free(&p);
    free(bytes);
}

static const sage_profile_component *needed(const sage_profile *f, const char *name)
{
    for (uint32_t i = 0; i < f->n_components; i++)
        if (!strcmp(f->components[i].name, name)) return &f->components[i];
    return NULL;
}

/* Tables that every proof has are not in a profile. */
static bool is_fixed(const sage_cairo_instance *i)
{
    return i->component->log != 0;
}

/* Every component of the claim is in the profile with its size, and no other one. */
static void compare(const char *name, uint32_t least)
{
    sage_cairo_proof proof;
    sage_profile f;
    size_t len;
    uint32_t compared = 0, stated = 0;
    char *text = vector(name, "proof.json", &len);
    assert_ok(sage_cairo_read(&proof, (uint8_t *)text, len, SAGE_CAIRO_FORMAT_SERDE, &err));
    profile_of(&f, name);
    sage_cairo_instance claim[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n = sage_cairo_instances(&proof.claim, claim);
    for (uint32_t i = 0; i < n; i++) {
        const sage_profile_component *c = needed(&f, claim[i].component->name);
        if (!c && is_fixed(&claim[i])) continue;
        if (!c) fail_msg("%s: no %s", name, claim[i].component->name);
        stated++;
        if (c->at_most ? c->padded < (uint64_t)1 << claim[i].log
                       : c->padded != (uint64_t)1 << claim[i].log)
            fail_msg("%s: %s of %llu rows, not 2^%u", name, c->name,
                     (unsigned long long)c->padded, claim[i].log);
        compared += !c->at_most;
    }
    assert_int_equal(stated, f.n_components);
    assert_true(compared >= least);
    sage_profile_free(&f);
    sage_cairo_proof_free(&proof);
    free(text);
}

static void all_opcodes(void **state)
{
    (void)state;
    compare("all_opcode_components", 29);
}

static void ret_opcode(void **state)
{
    (void)state;
    compare("ret_opcode", 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_opcodes),
                                       cmocka_unit_test(ret_opcode)};
    return cmocka_run_group_tests_name("cairo_profile", tests, NULL, NULL);
}
