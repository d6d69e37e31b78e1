#include "sentry_kernels.h"

int sentry_cpu_level(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return __builtin_cpu_supports("avx512bf16") ? 5 : 4;
  if (__builtin_cpu_supports("x86-64-v3")) return 3;
  return 2;
}

const char *sentry_cpu_level_name(int level) {
  switch (level) {
    case 3: return "avx2";
    case 4: return "avx512";
    case 5: return "avx512bf16";
    default: return NULL;
  }
}
