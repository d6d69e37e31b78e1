#include <unistd.h>
/* Leaves its group and its session, and has a grandchild that nobody waits for. TOKEN finds it among all processes. */
__attribute__((constructor)) static void leave(void) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) execlp("sleep", "sleep", TOKEN, (char *)0);
    _exit(0);
  }
  setsid();
  for (;;) pause();
}
