/*
 * The few functions of MPI that Sentry uses, from Open MPI's library, which is opened when it is first needed. MPI's handles are
 * macros over the library's own objects, so Swift cannot name them.
 *
 * Every function returns 0, or -1 with the reason in `message` (borrowed until the next call). One caller at a time, but for
 * sentry_mpi_abort.
 */
#ifndef SENTRY_MPI_H
#define SENTRY_MPI_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  int rank, size, local_rank, local_size;
  const char *engine; /* "Open MPI v4.1.4" */
  const char *host;
} sentry_mpi_world;

/* Opens the library. */
int sentry_mpi_open(const char **message);

/* Opens the library and joins the world of all processes. Once in a process. */
int sentry_mpi_join(sentry_mpi_world *world, const char **message);

/* Each starts an operation; *operation is to be tested until it is done. `is_double`: of 8 bytes, else of 4. */
typedef struct sentry_mpi_operation sentry_mpi_operation;
int sentry_mpi_sum(void *values, size_t count, int is_double, sentry_mpi_operation **operation, const char **message);
int sentry_mpi_broadcast(void *bytes, size_t size, int root, sentry_mpi_operation **operation, const char **message);
int sentry_mpi_gather(const void *bytes, size_t size, void *all, sentry_mpi_operation **operation, const char **message);
int sentry_mpi_barrier(sentry_mpi_operation **operation, const char **message);

/* Moves on what is under way, and answers ranks that ask how far this one is. *done: 1, and the operation is freed. */
int sentry_mpi_test(sentry_mpi_operation *operation, int *done, const char **message);

/* Asks every other rank how far it is; absent[rank] becomes 1 where it has not started the operation or does not answer in
 * about two seconds. */
int sentry_mpi_absent(sentry_mpi_operation *operation, uint8_t *absent, const char **message);

void sentry_mpi_abort(int status);
void sentry_mpi_leave(void);

#endif
