#include "sentry_ffmpeg.h"

#include <dlfcn.h>
#include <libavdevice/version.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>

#define LIBRARY(name, major) "lib" #name ".so." AV_STRINGIFY(major)

static struct {
  sentry_ffmpeg functions;
  const char *message;
  void (*format_line)(void *, int, const char *, va_list, char *, int, int *);
} ffmpeg;

/* Decoders and encoders run in the thread that calls them, and so does what they log. */
static _Thread_local char first_error[512];

static void keep(void *context, int level, const char *format, va_list arguments) {
  if (level > AV_LOG_ERROR || first_error[0]) return;
  int prefix = 1;
  ffmpeg.format_line(context, level, format, arguments, first_error, sizeof first_error, &prefix);
  size_t length = strlen(first_error);
  while (length > 0 && (first_error[length - 1] == '\n' || first_error[length - 1] == ' ')) first_error[--length] = '\0';
}

void sentry_ffmpeg_log_clear(void) { first_error[0] = '\0'; }
const char *sentry_ffmpeg_log_first(void) { return first_error; }

static void load(void) {
#define OPEN(name, major)                                                                 \
  void *name = dlopen(LIBRARY(name, major), RTLD_LAZY | RTLD_LOCAL);                      \
  if (!name) {                                                                            \
    ffmpeg.message = LIBRARY(name, major) " cannot be loaded";                            \
    return;                                                                               \
  }
  OPEN(avutil, LIBAVUTIL_VERSION_MAJOR)
  OPEN(swscale, LIBSWSCALE_VERSION_MAJOR)
  OPEN(avcodec, LIBAVCODEC_VERSION_MAJOR)
  OPEN(avformat, LIBAVFORMAT_VERSION_MAJOR)
#define FIND(library, name)                                                \
  *(void **)&ffmpeg.functions.name = dlsym(library, #name);                \
  if (!ffmpeg.functions.name) {                                            \
    ffmpeg.message = "FFmpeg's lib" #library " has no function " #name;    \
    return;                                                                \
  }
  SENTRY_FFMPEG_FUNCTIONS(FIND)
  void (*set_callback)(void (*)(void *, int, const char *, va_list));
  *(void **)&set_callback = dlsym(avutil, "av_log_set_callback");
  *(void **)&ffmpeg.format_line = dlsym(avutil, "av_log_format_line");
  if (!set_callback || !ffmpeg.format_line) {
    ffmpeg.message = "FFmpeg's libavutil has no functions for its log";
    return;
  }
  set_callback(keep);
  ffmpeg.functions.avformat_network_init();
}

const sentry_ffmpeg *sentry_ffmpeg_load(const char **message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  *message = ffmpeg.message;
  return ffmpeg.message ? NULL : &ffmpeg.functions;
}

static const char *devices_message;

/* Debian's libavdevice loads SDL, PulseAudio and others. */
static void load_devices(void) {
  void *library = dlopen(LIBRARY(avdevice, LIBAVDEVICE_VERSION_MAJOR), RTLD_LAZY | RTLD_LOCAL);
  void (*register_all)(void) = NULL;
  if (library) *(void **)&register_all = dlsym(library, "avdevice_register_all");
  if (register_all)
    register_all();
  else
    devices_message = LIBRARY(avdevice, LIBAVDEVICE_VERSION_MAJOR) " cannot be loaded";
}

int sentry_ffmpeg_load_devices(const char **message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load_devices);
  *message = devices_message;
  return devices_message == NULL;
}
