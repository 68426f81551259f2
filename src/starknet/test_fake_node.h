/* starknet/test_fake_node.h -- for tests: a node with one account, that can be told to misbehave
 * in the ways nodes do. Its fields are set with fake_node_lock held. */
#ifndef SAGE_STARKNET_TEST_FAKE_NODE_H
#define SAGE_STARKNET_TEST_FAKE_NODE_H

#include "http/test_server.h"
#include "starknet/transaction.h"

typedef enum fake_fault {
    FAULT_NONE,
    FAULT_DROP,     /* the request never arrives: closes at once */
    FAULT_LATE,     /* does it, and answers after the client has gone */
    FAULT_LOST,     /* does it, and closes */
    FAULT_CUT,      /* does it, and closes in the middle of the answer */
    FAULT_500,      /* does it, and says HTTP 500 */
    FAULT_GIANT,    /* answers with more than anybody wants */
    FAULT_NONSENSE, /* answers with what is no JSON */
    FAULT_WRONG,    /* a well-formed answer that is not the one: another hash, "yes" */
    FAULT_CODE      /* does nothing, and answers with error fault_code */
} fake_fault;

enum { FAKE_TXS = 64 };

typedef struct fake_tx {
    felt252 hash;
    uint64_t nonce;
    bool executed, reverted;
} fake_tx;

typedef struct fake_node {
    sage_test_server server;
    felt252 chain_id;
    const char *version;
    uint64_t head, head_time; /* head_time 0: now */
    uint64_t price;           /* of L2 gas */
    bool absent;              /* the account is not deployed */
    uint64_t nonce;           /* executed */
    bool manual;              /* transactions wait for fake_node_execute */
    bool revert;              /* what is executed reverts */
    fake_tx tx[FAKE_TXS];
    uint32_t n_tx;
    const char
        *fault_method; /* the last part of a method's name; fault_times questions of it */
    fake_fault fault;
    int fault_code, fault_times;
    uint32_t n_adds, n_asked; /* requests to add, all requests */
    char *reply;
} fake_node;

void fake_node_start(fake_node *f);
void fake_node_stop(fake_node *f);
void fake_node_lock(fake_node *f);
void fake_node_unlock(fake_node *f);
/* The next `times` questions of a method whose name ends so get it. */
void fake_node_fault(fake_node *f, const char *method, fake_fault fault, int code, int times);
/* Executes what waits. */
void fake_node_execute(fake_node *f);
/* Forgets what waits; another transaction takes the next nonce. */
void fake_node_steal(fake_node *f);

#endif
