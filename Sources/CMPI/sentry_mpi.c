#include "sentry_mpi.h"

#include <dlfcn.h>
#include <limits.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What is found in the library: functions, and the objects behind MPI's handles. */
#define FUNCTIONS(X)                                                                                              \
  X(Init_thread) X(Initialized) X(Comm_rank) X(Comm_size) X(Comm_dup) X(Comm_split_type) X(Comm_free)             \
  X(Comm_set_errhandler) X(Get_processor_name) X(Get_library_version) X(Error_string) X(Iallreduce) X(Ibcast)     \
  X(Iallgather) X(Ibarrier) X(Test) X(Isend) X(Recv) X(Iprobe) X(Abort) X(Finalize)

static struct {
#define DECLARE(name) __typeof__(MPI_##name) *name;
  FUNCTIONS(DECLARE)
#undef DECLARE
} mpi;

static struct {
  MPI_Comm world, questions;
  MPI_Comm all; /* MPI_COMM_WORLD */
  MPI_Datatype float32, float64, byte;
  MPI_Op sum;
  MPI_Errhandler errors_return;
  MPI_Info no_info;
  int rank, size;
  uint64_t started; /* operations so far: the same operations have the same number on all ranks */
  char engine[64], host[MPI_MAX_PROCESSOR_NAME], error[MPI_MAX_ERROR_STRING + 64];
} state;

struct sentry_mpi_operation {
  MPI_Request request;
  uint64_t number;
  void *scratch;
};

static int failed(const char *what, int code, const char **message) {
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  if (mpi.Error_string) mpi.Error_string(code, text, &length);
  snprintf(state.error, sizeof state.error, "%s: %s", what, text);
  *message = state.error;
  return -1;
}

static int refused(const char *text, const char **message) {
  snprintf(state.error, sizeof state.error, "%s", text);
  *message = state.error;
  return -1;
}

static int open_library(const char **message) {
  /* Of the library's components 24 name no library as needed: they find it only if its symbols are global. */
  void *library = dlopen("libmpi.so.40", RTLD_NOW | RTLD_GLOBAL);
  if (!library) return refused("libmpi.so.40 cannot be loaded", message);
#define FIND(name)                                                                                    \
  *(void **)&mpi.name = dlsym(library, "MPI_" #name);                                                 \
  if (!mpi.name) return refused("libmpi.so.40 has no function MPI_" #name, message);
  FUNCTIONS(FIND)
#undef FIND
#define OBJECT(member, name)                                                                          \
  *(void **)&state.member = dlsym(library, name);                                                     \
  if (!state.member) return refused("libmpi.so.40 is not Open MPI's: it has no " name, message);
  OBJECT(all, "ompi_mpi_comm_world")
  OBJECT(float32, "ompi_mpi_float")
  OBJECT(float64, "ompi_mpi_double")
  OBJECT(byte, "ompi_mpi_byte")
  OBJECT(sum, "ompi_mpi_op_sum")
  OBJECT(errors_return, "ompi_mpi_errors_return")
  OBJECT(no_info, "ompi_mpi_info_null")
  return 0;
}

#define CHECK(function, ...)                                                 \
  do {                                                                       \
    int code = mpi.function(__VA_ARGS__);                                    \
    if (code != MPI_SUCCESS) return failed("MPI_" #function, code, message); \
  } while (0)

int sentry_mpi_open(const char **message) { return open_library(message); }

int sentry_mpi_join(sentry_mpi_world *world, const char **message) {
  if (open_library(message) != 0) return -1;
  int known = 0, provided = 0, length = 0;
  CHECK(Initialized, &known);
  if (known) return refused("MPI is in use in this process already", message);
  /* Where MPI itself waits, others get the core; what the user sets prevails. */
  setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
  CHECK(Init_thread, NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
  if (provided < MPI_THREAD_SERIALIZED) return refused("MPI was built without threads", message);
  CHECK(Comm_set_errhandler, state.all, state.errors_return);
  CHECK(Comm_dup, state.all, &state.world);
  CHECK(Comm_dup, state.all, &state.questions);
  CHECK(Comm_rank, state.world, &state.rank);
  CHECK(Comm_size, state.world, &state.size);
  MPI_Comm local;
  CHECK(Comm_split_type, state.all, MPI_COMM_TYPE_SHARED, 0, state.no_info, &local);
  CHECK(Comm_rank, local, &world->local_rank);
  CHECK(Comm_size, local, &world->local_size);
  CHECK(Comm_free, &local);
  CHECK(Get_processor_name, state.host, &length);
  char version[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  CHECK(Get_library_version, version, &length);
  snprintf(state.engine, sizeof state.engine, "%.*s", (int)strcspn(version, ","), version);
  world->rank = state.rank;
  world->size = state.size;
  world->engine = state.engine;
  world->host = state.host;
  return 0;
}

static sentry_mpi_operation *begin(void) {
  sentry_mpi_operation *operation = calloc(1, sizeof *operation);
  if (operation) operation->number = ++state.started;
  return operation;
}

static int finish(sentry_mpi_operation *made, int code, const char *what, sentry_mpi_operation **operation,
                  const char **message) {
  if (code != MPI_SUCCESS) {
    free(made->scratch);
    free(made);
    return failed(what, code, message);
  }
  *operation = made;
  return 0;
}

#define BEGIN(made)                                                  \
  sentry_mpi_operation *made = begin();                              \
  if (!made) return refused("there is no memory", message)

static int too_large(size_t count, const char **message) {
  return count > INT_MAX ? refused("more than 2^31 - 1 elements at once", message) : 0;
}

int sentry_mpi_sum(void *values, size_t count, int is_double, sentry_mpi_operation **operation, const char **message) {
  if (too_large(count, message)) return -1;
  BEGIN(made);
  /* Sums in place are never taken in a ring. */
  size_t size = count * (is_double ? sizeof(double) : sizeof(float));
  made->scratch = malloc(size ? size : 1);
  if (!made->scratch) {
    free(made);
    return refused("there is no memory", message);
  }
  memcpy(made->scratch, values, size);
  int code = mpi.Iallreduce(made->scratch, values, (int)count, is_double ? state.float64 : state.float32, state.sum,
                            state.world, &made->request);
  return finish(made, code, "MPI_Iallreduce", operation, message);
}

int sentry_mpi_broadcast(void *bytes, size_t size, int root, sentry_mpi_operation **operation, const char **message) {
  if (too_large(size, message)) return -1;
  BEGIN(made);
  int code = mpi.Ibcast(bytes, (int)size, state.byte, root, state.world, &made->request);
  return finish(made, code, "MPI_Ibcast", operation, message);
}

int sentry_mpi_gather(const void *bytes, size_t size, void *all, sentry_mpi_operation **operation, const char **message) {
  if (too_large(size, message)) return -1;
  BEGIN(made);
  int code = mpi.Iallgather(bytes, (int)size, state.byte, all, (int)size, state.byte, state.world, &made->request);
  return finish(made, code, "MPI_Iallgather", operation, message);
}

int sentry_mpi_barrier(sentry_mpi_operation **operation, const char **message) {
  BEGIN(made);
  return finish(made, mpi.Ibarrier(state.world, &made->request), "MPI_Ibarrier", operation, message);
}

/* -------------------------------------------------------------------------------------------------- How far ranks are */

enum { QUESTION = 1, ANSWER = 2 };

/* Sends a number without waiting for who receives it: so short a message is buffered. */
static int tell(int rank, int tag, uint64_t number, const char **message) {
  /* Kept until they are sent; one that is never received costs these few bytes. */
  typedef struct { MPI_Request request; uint64_t number; } letter;
  letter *made = calloc(1, sizeof *made);
  if (!made) return refused("there is no memory", message);
  made->number = number;
  int code = mpi.Isend(&made->number, sizeof made->number, state.byte, rank, tag, state.questions, &made->request);
  if (code != MPI_SUCCESS) {
    free(made);
    return failed("MPI_Isend", code, message);
  }
  int sent = 0;
  mpi.Test(&made->request, &sent, MPI_STATUS_IGNORE);
  if (sent) free(made);
  return 0;
}

/* Takes the letters that have come: answers questions, and notes answers where there is a place for them. */
static int read_letters(uint64_t *answers, const char **message) {
  for (;;) {
    int here = 0;
    MPI_Status status;
    CHECK(Iprobe, MPI_ANY_SOURCE, MPI_ANY_TAG, state.questions, &here, &status);
    if (!here) return 0;
    uint64_t number = 0;
    CHECK(Recv, &number, sizeof number, state.byte, status.MPI_SOURCE, status.MPI_TAG, state.questions, MPI_STATUS_IGNORE);
    if (status.MPI_TAG == QUESTION) {
      if (tell(status.MPI_SOURCE, ANSWER, state.started, message) != 0) return -1;
    } else if (answers && number > answers[status.MPI_SOURCE]) {
      answers[status.MPI_SOURCE] = number;
    }
  }
}

int sentry_mpi_test(sentry_mpi_operation *operation, int *done, const char **message) {
  CHECK(Test, &operation->request, done, MPI_STATUS_IGNORE);
  if (*done) {
    free(operation->scratch);
    free(operation);
    return 0;
  }
  return read_letters(NULL, message);
}

int sentry_mpi_absent(sentry_mpi_operation *operation, uint8_t *absent, const char **message) {
  uint64_t *answers = calloc((size_t)state.size, sizeof *answers);
  if (!answers) return refused("there is no memory", message);
  int result = 0;
  for (int rank = 0; rank < state.size && result == 0; rank++)
    if (rank != state.rank) result = tell(rank, QUESTION, operation->number, message);
  for (int turn = 0; turn < 200 && result == 0; turn++) {
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    result = read_letters(answers, message);
  }
  for (int rank = 0; rank < state.size; rank++)
    absent[rank] = rank != state.rank && answers[rank] < operation->number;
  free(answers);
  return result;
}

void sentry_mpi_abort(int status) {
  mpi.Abort(state.all, status);
  _Exit(status);
}

void sentry_mpi_leave(void) { mpi.Finalize(); }
