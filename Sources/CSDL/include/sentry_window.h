/*
 * One window that shows pictures, over SDL, which is opened when the window is: a machine without a screen needs none of it.
 * All calls from the main thread.
 */
#ifndef SENTRY_WINDOW_H
#define SENTRY_WINDOW_H

#include <stddef.h>
#include <stdint.h>

enum {
  SENTRY_WINDOW_OK = 0,
  SENTRY_WINDOW_NO_LIBRARY, /* SDL is not installed */
  SENTRY_WINDOW_NO_DISPLAY, /* there is no screen */
  SENTRY_WINDOW_FAILED,
};

/*
 * Shows an RGB picture of height x width x 3 bytes without gaps, and waits at most `milliseconds` for a key. *key is the character
 * of the key in lower case; 0: none was pressed; -1: the user has closed the window, and the next call opens it again. `message`
 * receives SDL's words where the result is not SENTRY_WINDOW_OK.
 */
int sentry_window_show(const char *_Nonnull title, const uint8_t *_Nonnull pixels, int width, int height, int milliseconds,
                       int32_t *_Nonnull key, char *_Nonnull message, size_t message_size);

/* For tests: what a key of that character does. */
int sentry_window_press(int32_t key);

#endif
