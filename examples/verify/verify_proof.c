/* verify_proof FILE [BITS]: a program of your own that believes a computation only with its proof.
 * Prints what was proved; exit code 0 if the proof is true, else the status's own. */
#include <stdio.h>
#include <stdlib.h>

#include "sage/verify.h"

static void print_felt(const char *name, const sage_felt_bytes *v)
{
    printf("%s 0x", name);
    for (int i = 0; i < 32; i++)
        printf("%02x", v->be[i]);
    printf("\n");
}

/* The whole file; NULL if it cannot be read. */
static unsigned char *read_file(const char *path, size_t *len)
{
    unsigned char *bytes = NULL;
    FILE *f              = fopen(path, "rb");
    long size            = f && !fseek(f, 0, SEEK_END) ? ftell(f) : -1;
    if (size > 0 && !fseek(f, 0, SEEK_SET)) bytes = malloc((size_t)size);
    if (bytes && fread(bytes, 1, (size_t)size, f) != (size_t)size) {
        free(bytes);
        bytes = NULL;
    }
    if (f) fclose(f);
    *len = (size_t)size;
    return bytes;
}

int main(int argc, char **argv)
{
    sage_verify_result r;
    sage_errinfo err;
    size_t len;
    unsigned char *proof = argc > 1 ? read_file(argv[1], &len) : NULL;
    unsigned bits        = argc > 2 ? (unsigned)atoi(argv[2]) : SAGE_DEFAULT_SECURITY_BITS;
    if (!proof) {
        fprintf(stderr, "usage: verify_proof FILE [BITS]\n");
        return 64;
    }

    sage_status status = sage_verify(proof, len, bits, &r, &err);
    free(proof);
    if (status) {
        printf("refused: %s (%s)\n", err.msg, err.where);
        return sage_status_exit(status);
    }

    /* It is a true proof. Of what you wanted? That is for you to compare. */
    printf("%s, %u bits of security\n", sage_statement_name(r.statement.kind), r.security_bits);
    if (r.statement.kind == SAGE_STATEMENT_CAIRO) {
        print_felt("program", &r.program_hash);
        for (size_t i = 0; i < r.n_outputs; i++)
            print_felt("output", &r.outputs[i]);
    } else {
        for (unsigned i = 0; i < r.statement.n_public; i++)
            printf("public %u\n", r.statement.public_words[i]);
    }
    sage_verify_result_free(&r);
    return 0;
}
