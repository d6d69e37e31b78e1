/* sentry/communicator.h: the processes that train together. The kind is a draft. */
#ifndef SENTRY_PLUGIN_H
#include "../sentry_plugin.h" /* which includes this file, after what it needs */
#elif !defined(SENTRY_COMMUNICATOR_H)
#define SENTRY_COMMUNICATOR_H

SENTRY_BEGIN_DECLARATIONS

#define SENTRY_KIND_COMMUNICATOR "sentry.communicator/draft-1"

/* An engine that connects the processes of one run, each of which has a rank. Draft: it was tried with MPI alone, and no
 * communicator has yet summed tensors that are on a device.
 *
 * Operations. Each is started, tested until it is done, and done once; between start and end its memory belongs to the
 *             communicator. All ranks start the same operations in the same order, with tensors of the same size and type.
 *             Several may be under way.
 * Progress.   What is under way moves on in `test`, and need not move outside of it: the host calls it while it waits, and
 *             from a thread of its own while it computes. `test` never waits. A plugin starts no thread for it.
 * Order.      A sum is taken in an order that depends only on ranks, size and type. Every rank gets the same bytes.
 * Devices.    A tensor on a device that the communicator does not reach is SENTRY_UNSUPPORTED. One that does reach it sums
 *             after the work that the calling thread has queued on the device's default stream before the start; the
 *             operation is done once work that is queued there after `test` said so sees the sum. The host never looks at
 *             such memory.
 *
 * A communicator whose options declare the property "launchers" states, as that property's default, the environment variables in
 * which launchers tell how many processes they started, with blanks between: where one of them says more than 1, the host makes this
 * communicator without being asked, and refuses one that then sees another number. */
typedef struct SENTRY_TAG(sentry_communicator) sentry_communicator;
struct SENTRY_SENDABLE SENTRY_TAG(sentry_communicator) {
  uint32_t struct_size;
  void *SENTRY_NULLABLE context;
  /* Ends the connection: every rank comes here, and the call may wait for the others. Not after abort. [main] */
  void (*SENTRY_NONNULL destroy)(sentry_communicator *self);
  /* JSON, borrowed until destroyed: {"engine": "Open MPI 4.1.4", "rank": 0, "size": 4, "local_rank": 0, "local_size": 2,
   * "host": "node1"}; the local ones are among the processes on this machine. [any] */
  const char *SENTRY_NONNULL (*SENTRY_NONNULL describe)(const sentry_communicator *self);
  /* Sums a tensor, float32 or float64, row-major, of every rank in place. [serial] */
  sentry_status (*SENTRY_NONNULL sum)(const sentry_communicator *self, sentry_tensor *tensor, uint64_t *ticket,
                                      sentry_error *error);
  /* Every rank gets `size` bytes of rank `root`. [serial] */
  sentry_status (*SENTRY_NONNULL broadcast)(const sentry_communicator *self, void *bytes, uint64_t size, int32_t root,
                                            uint64_t *ticket, sentry_error *error);
  /* Every rank gets the `size` bytes of all ranks in `all`, in the order of the ranks. For what is small. [serial] */
  sentry_status (*SENTRY_NONNULL gather)(const sentry_communicator *self, const void *bytes, uint64_t size, void *all,
                                         uint64_t *ticket, sentry_error *error);
  /* Done once every rank has started it. [serial] */
  sentry_status (*SENTRY_NONNULL barrier)(const sentry_communicator *self, uint64_t *ticket, sentry_error *error);
  /* Moves on what is under way. *done receives 1 where the operation has ended, and its ticket with it. [serial] */
  sentry_status (*SENTRY_NONNULL test)(const sentry_communicator *self, uint64_t ticket, int32_t *done,
                                       sentry_error *error);
  /* Asks every rank how far it is: absent[rank] receives 1 where a rank has not started the operation or does not answer in
   * about two seconds. Only ranks that test something answer. [serial] */
  sentry_status (*SENTRY_NONNULL absent)(const sentry_communicator *self, uint64_t ticket, uint8_t *absent,
                                         sentry_error *error);
  /* Ends all ranks, this process among them, at once; does not return. status is the exit status that the launcher is to
   * give, as far as it can. [any] */
  void (*SENTRY_NONNULL abort)(const sentry_communicator *self, int32_t status);
  const void *SENTRY_NULLABLE (*SENTRY_NONNULL get_extension)(const sentry_communicator *self, const char *id); /* [any] */
};
#define SENTRY_COMMUNICATOR_SIZE_1_0 96u

SENTRY_END_DECLARATIONS

#endif
