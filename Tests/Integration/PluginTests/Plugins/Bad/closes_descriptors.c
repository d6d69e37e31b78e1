#include <unistd.h>
/* Closes whatever is open, and stays. */
__attribute__((constructor)) static void close_all(void) {
  for (int descriptor = 0; descriptor < 1024; descriptor++) close(descriptor);
  for (;;) pause();
}
