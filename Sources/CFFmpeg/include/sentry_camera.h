/* What Video4Linux says of a device; its requests are macros that Swift does not see. */
#ifndef SENTRY_CAMERA_H
#define SENTRY_CAMERA_H

#include <stddef.h>

enum {
  SENTRY_CAMERA_OK = 0,
  SENTRY_CAMERA_CANNOT_OPEN,  /* errno says why */
  SENTRY_CAMERA_NO_VIDEO,     /* no device of Video4Linux */
  SENTRY_CAMERA_NO_CAPTURE,   /* it gives no pictures: a decoder, an output, or the metadata of a camera */
  SENTRY_CAMERA_BUSY,         /* another program has it */
};

/* Opens and closes the device. `name` receives the card's name, cut to `size` bytes with the terminating zero. */
int sentry_camera_query(const char *_Nonnull device, char *_Nonnull name, size_t size);

#endif
