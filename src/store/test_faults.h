/* store/test_faults.h -- SQLite on a disk, or with memory, that fails at the n-th call: for test
 * programs. Set `fault` while nothing else uses SQLite. */
#ifndef SAGE_STORE_TEST_FAULTS_H
#define SAGE_STORE_TEST_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sage_faults {
    bool armed, sticky; /* sticky: from the n-th on */
    int64_t left;       /* calls until the failure */
    int64_t fired;      /* failures so far */
} sage_faults;
extern sage_faults fault;

typedef enum sage_fault_source { DISK, MEMORY } sage_fault_source;

/* Puts a VFS over the system's that fails a read, write, sync, truncate, lock or shared-memory
 * call, or an allocator over SQLite's. SQLite must be shut down for it: nothing is open. */
void sage_faults_install(sage_fault_source from);

#endif
