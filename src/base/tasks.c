/* base/tasks.c -- threads that wait for tasks. */
#include "base/tasks.h"

#include <pthread.h>
#include <stdlib.h>

struct sage_tasks {
    pthread_mutex_t lock;
    pthread_cond_t some;
    sage_task *first, **last;
    uint32_t n_waiting, max, n_threads;
    bool stopping;
    void (*run)(sage_task *task);
    pthread_t threads[];
};

static sage_task *take(sage_tasks *t)
{
    pthread_mutex_lock(&t->lock);
    while (!t->first && !t->stopping)
        pthread_cond_wait(&t->some, &t->lock);
    sage_task *task = t->first;
    if (task) {
        t->first = task->next;
        if (!t->first) t->last = &t->first;
        t->n_waiting--;
    }
    pthread_mutex_unlock(&t->lock);
    return task;
}

static void *work(void *arg)
{
    sage_tasks *t = arg;
    for (sage_task *task; (task = take(t));)
        t->run(task);
    return NULL;
}

sage_status sage_tasks_start(sage_tasks **out,
                             uint32_t n_threads,
                             uint32_t max,
                             void (*run)(sage_task *task),
                             sage_errinfo *err)
{
    *out          = NULL;
    sage_tasks *t = calloc(1, sizeof *t + n_threads * sizeof t->threads[0]);
    if (!t) return sage_fail(err, SAGE_ENOMEM, "tasks.memory", -1, "no memory");
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->some, NULL);
    t->last = &t->first;
    t->max  = max;
    t->run  = run;
    while (t->n_threads < n_threads &&
           !pthread_create(&t->threads[t->n_threads], NULL, work, t))
        t->n_threads++;
    if (t->n_threads < n_threads) {
        sage_tasks_stop(t);
        return sage_fail(err, SAGE_EAGAIN, "tasks.thread", n_threads, "cannot start a thread");
    }
    *out = t;
    return SAGE_OK;
}

bool sage_tasks_put(sage_tasks *t, sage_task *task)
{
    pthread_mutex_lock(&t->lock);
    bool room = t->n_waiting < t->max && !t->stopping;
    if (room) {
        task->next = NULL;
        *t->last   = task;
        t->last    = &task->next;
        t->n_waiting++;
        pthread_cond_signal(&t->some);
    }
    pthread_mutex_unlock(&t->lock);
    return room;
}

void sage_tasks_stop(sage_tasks *t)
{
    if (!t) return;
    pthread_mutex_lock(&t->lock);
    t->stopping = true;
    pthread_cond_broadcast(&t->some);
    pthread_mutex_unlock(&t->lock);
    for (uint32_t i = 0; i < t->n_threads; i++)
        pthread_join(t->threads[i], NULL);
    pthread_cond_destroy(&t->some);
    pthread_mutex_destroy(&t->lock);
    free(t);
}
