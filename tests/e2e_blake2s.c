/* Prints the Blake2s-256 of a file in hex: what the shell tests need and coreutils lacks. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "proto/types.h"

int main(int argc, char **argv)
{
    uint8_t *bytes;
    size_t len;
    sage_hex32 digest;
    if (argc != 2 || sage_file_read(argv[1], 1 << 30, &bytes, &len, NULL)) return EXIT_FAILURE;
    sage_digest_bytes(&digest, bytes, len);
    free(bytes);
    puts(digest.text);
    return EXIT_SUCCESS;
}
