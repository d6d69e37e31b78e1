/* A good plugin in the probe. In the host it does what ACT says, when it is mapped. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include "../dataset_c.c"
#include <unistd.h>

__attribute__((constructor)) static void act(void) {
  char line[4096] = {0};
  int file = open("/proc/self/cmdline", O_RDONLY);
  ssize_t count = read(file, line, sizeof line - 1);
  close(file);
  for (ssize_t at = 0; at + 7 < count; at++) {
    if (memcmp(line + at, "__probe", 7) == 0) return;
  }
  ACT;
}
