#include "sentry_window.h"

#include <SDL2/SDL.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS(FUNCTION)        \
  FUNCTION(SDL_CreateRenderer)     \
  FUNCTION(SDL_CreateTexture)      \
  FUNCTION(SDL_CreateWindow)       \
  FUNCTION(SDL_DestroyRenderer)    \
  FUNCTION(SDL_DestroyTexture)     \
  FUNCTION(SDL_DestroyWindow)      \
  FUNCTION(SDL_EnableScreenSaver)  \
  FUNCTION(SDL_GetCurrentVideoDriver) \
  FUNCTION(SDL_GetError)           \
  FUNCTION(SDL_GetTicks64)         \
  FUNCTION(SDL_InitSubSystem)      \
  FUNCTION(SDL_PushEvent)          \
  FUNCTION(SDL_QuitSubSystem)      \
  FUNCTION(SDL_RenderClear)        \
  FUNCTION(SDL_RenderCopy)         \
  FUNCTION(SDL_RenderPresent)      \
  FUNCTION(SDL_RenderSetLogicalSize) \
  FUNCTION(SDL_SetHint)            \
  FUNCTION(SDL_SetMainReady)       \
  FUNCTION(SDL_SetWindowTitle)     \
  FUNCTION(SDL_UpdateTexture)      \
  FUNCTION(SDL_WaitEventTimeout)

static struct {
#define MEMBER(name) __typeof__(name) *name;
  FUNCTIONS(MEMBER)
} sdl;

static int is_loaded;
static SDL_Window *window;
static SDL_Renderer *renderer;
static SDL_Texture *texture;
static int texture_width, texture_height;

static int load(char *message, size_t message_size) {
  /* SDL would look for a Wayland of its own accord, which complains on the terminal. */
  if (!getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY") && !getenv("SDL_VIDEODRIVER")) {
    snprintf(message, message_size, "neither DISPLAY nor WAYLAND_DISPLAY is set");
    return SENTRY_WINDOW_NO_DISPLAY;
  }
  void *library = dlopen("libSDL2-2.0.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    snprintf(message, message_size, "libSDL2-2.0.so.0 cannot be loaded");
    return SENTRY_WINDOW_NO_LIBRARY;
  }
#define FIND(name)                                                     \
  *(void **)&sdl.name = dlsym(library, #name);                         \
  if (!sdl.name) {                                                     \
    snprintf(message, message_size, "SDL has no function " #name);     \
    return SENTRY_WINDOW_NO_LIBRARY;                                   \
  }
  FUNCTIONS(FIND)
  sdl.SDL_SetMainReady();
  /* Signals are the program's. */
  sdl.SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  if (sdl.SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
    snprintf(message, message_size, "%s", sdl.SDL_GetError());
    return SENTRY_WINDOW_NO_DISPLAY;
  }
  /* Without a screen, SDL draws where nobody sees it. */
  const char *driver = sdl.SDL_GetCurrentVideoDriver();
  if (!getenv("SDL_VIDEODRIVER") && driver && (!strcmp(driver, "offscreen") || !strcmp(driver, "dummy"))) {
    sdl.SDL_QuitSubSystem(SDL_INIT_VIDEO);
    snprintf(message, message_size, "the display does not answer");
    return SENTRY_WINDOW_NO_DISPLAY;
  }
  sdl.SDL_EnableScreenSaver();
  is_loaded = 1;
  return SENTRY_WINDOW_OK;
}

static void close_window(void) {
  if (texture) sdl.SDL_DestroyTexture(texture);
  if (renderer) sdl.SDL_DestroyRenderer(renderer);
  if (window) sdl.SDL_DestroyWindow(window);
  texture = NULL, renderer = NULL, window = NULL;
}

static int draw(const char *title, const uint8_t *pixels, int width, int height) {
  if (!window) {
    window = sdl.SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height,
                                  SDL_WINDOW_RESIZABLE);
    if (!window) return 0;
  }
  sdl.SDL_SetWindowTitle(window, title);
  if (!renderer) renderer = sdl.SDL_CreateRenderer(window, -1, 0);
  if (!renderer) return 0;
  if (texture && (texture_width != width || texture_height != height)) {
    sdl.SDL_DestroyTexture(texture);
    texture = NULL;
  }
  if (!texture) {
    texture = sdl.SDL_CreateTexture(renderer, SDL_PIXELFORMAT_RGB24, SDL_TEXTUREACCESS_STREAMING, width, height);
    if (!texture) return 0;
    texture_width = width, texture_height = height;
    /* The window may have another shape: the picture keeps its own. */
    sdl.SDL_RenderSetLogicalSize(renderer, width, height);
  }
  return sdl.SDL_UpdateTexture(texture, NULL, pixels, width * 3) == 0 && sdl.SDL_RenderClear(renderer) == 0 &&
         sdl.SDL_RenderCopy(renderer, texture, NULL, NULL) == 0;
}

static int32_t wait_for_key(int milliseconds) {
  const Uint64 end = sdl.SDL_GetTicks64() + (Uint64)(milliseconds > 0 ? milliseconds : 0);
  for (;;) {
    const Uint64 now = sdl.SDL_GetTicks64();
    SDL_Event event;
    if (!sdl.SDL_WaitEventTimeout(&event, now < end ? (int)(end - now) : 0)) return 0;
    if (event.type == SDL_QUIT) return -1;
    if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_CLOSE) return -1;
    /* What is covered and shown again. */
    if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_EXPOSED) {
      sdl.SDL_RenderClear(renderer);
      sdl.SDL_RenderCopy(renderer, texture, NULL, NULL);
      sdl.SDL_RenderPresent(renderer);
    }
    if (event.type == SDL_KEYDOWN && !(event.key.keysym.sym & SDLK_SCANCODE_MASK) && event.key.keysym.sym > 0)
      return event.key.keysym.sym;
  }
}

int sentry_window_show(const char *title, const uint8_t *pixels, int width, int height, int milliseconds, int32_t *key,
                       char *message, size_t message_size) {
  if (!is_loaded) {
    const int status = load(message, message_size);
    if (status != SENTRY_WINDOW_OK) return status;
  }
  if (!draw(title, pixels, width, height)) {
    snprintf(message, message_size, "%s", sdl.SDL_GetError());
    close_window();
    return SENTRY_WINDOW_FAILED;
  }
  sdl.SDL_RenderPresent(renderer);
  *key = wait_for_key(milliseconds);
  if (*key == -1) close_window();
  return SENTRY_WINDOW_OK;
}

int sentry_window_press(int32_t key) {
  if (!is_loaded) return 0;
  SDL_Event event = {0};
  event.type = key < 0 ? SDL_QUIT : SDL_KEYDOWN;
  event.key.keysym.sym = key;
  return sdl.SDL_PushEvent(&event) == 1;
}
