#include "sentry_camera.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int query(int device, char *name, size_t size) {
  struct v4l2_capability capability;
  memset(&capability, 0, sizeof capability);
  if (ioctl(device, VIDIOC_QUERYCAP, &capability) != 0) return SENTRY_CAMERA_NO_VIDEO;
  snprintf(name, size, "%.*s", (int)sizeof capability.card, (const char *)capability.card);
  unsigned abilities =
      capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
  if (!(abilities & V4L2_CAP_VIDEO_CAPTURE) || !(abilities & V4L2_CAP_STREAMING)) return SENTRY_CAMERA_NO_CAPTURE;
  /* Whoever streams holds the buffers. */
  struct v4l2_requestbuffers buffers;
  memset(&buffers, 0, sizeof buffers);
  buffers.count = 1;
  buffers.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  buffers.memory = V4L2_MEMORY_MMAP;
  if (ioctl(device, VIDIOC_REQBUFS, &buffers) != 0 && errno == EBUSY) return SENTRY_CAMERA_BUSY;
  return SENTRY_CAMERA_OK;
}

int sentry_camera_query(const char *path, char *name, size_t size) {
  name[0] = '\0';
  int device = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) return errno == EBUSY ? SENTRY_CAMERA_BUSY : SENTRY_CAMERA_CANNOT_OPEN;
  int result = query(device, name, size);
  int number = errno;
  close(device);
  errno = number;
  return result;
}
