#include <stdio.h>
/* Is another file once it was looked at. */
__attribute__((constructor)) static void replace(void) {
  if (rename(OTHER, SELF) != 0) return;
}
