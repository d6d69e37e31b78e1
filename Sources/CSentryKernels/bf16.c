#include "sentry_inference.h"

int sentry_cpu_has_bf16(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16") ? 1 : 0;
}
