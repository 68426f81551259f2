/* The verifier as another program has it: one public header, its library, libc and nothing else
 * (the link line has -nodefaultlibs -lc -lgcc). Refuses what is no proof, by name. */
#include <stdio.h>
#include <string.h>

#include "sage/verify.h"

int main(void)
{
    static const uint8_t head[] = {'S', 'A', 'G', 'E', 'P', 'R', 'F', '1', 9, 0, 0, 0};
    sage_verify_result result;
    sage_errinfo err;
    if (sage_verify(head, 4, SAGE_DEFAULT_SECURITY_BITS, &result, &err) != SAGE_EFORMAT ||
        strcmp(err.where, "container.magic"))
        return 1;
    if (sage_verify(head, sizeof head, SAGE_DEFAULT_SECURITY_BITS, &result, &err) !=
            SAGE_EFORMAT ||
        strcmp(err.where, "container.public"))
        return 2;
    if (sage_verify((const uint8_t *)"[]", 2, SAGE_DEFAULT_SECURITY_BITS, &result, &err) !=
            SAGE_EFORMAT ||
        strncmp(err.where, "cairo.", 6))
        return 3;
    printf("refused: %s, %s\n", err.where, err.msg);
    return 0;
}
