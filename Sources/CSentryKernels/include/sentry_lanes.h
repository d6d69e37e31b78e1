/* Instructions that Swift has no name for: bfloat16; and conversions and roots of sixteen floats at once (SIMD16's own go
 * lane by lane). For the kernel modules alone: what this compiles to depends on their level. */
#ifndef SENTRY_LANES_H
#define SENTRY_LANES_H
#include <stdint.h>
#include <string.h>
#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

typedef float sentry_float16 __attribute__((vector_size(64)));
typedef double sentry_double16 __attribute__((vector_size(128)));
typedef float sentry_float8 __attribute__((vector_size(32)));
typedef double sentry_double8 __attribute__((vector_size(64)));
typedef uint32_t sentry_uint16 __attribute__((vector_size(64)));
typedef uint16_t sentry_bfloat16 __attribute__((vector_size(32)));

/* Sixteen floats, rounded to nearest even; a NaN stays one. */
static inline __attribute__((always_inline)) void sentry_bf16_store(void *to, sentry_float16 x) {
#if defined(__AVX512BF16__)
  __m256bh rounded = _mm512_cvtneps_pbh((__m512)x);
  memcpy(to, &rounded, sizeof rounded);
#else
  sentry_uint16 bits = (sentry_uint16)x;
  sentry_uint16 high = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  sentry_uint16 nan = (sentry_uint16)((bits & 0x7fffffff) > 0x7f800000);
  sentry_bfloat16 rounded = __builtin_convertvector((nan & 0x7fc0) | (~nan & high), sentry_bfloat16);
  memcpy(to, &rounded, sizeof rounded);
#endif
}

static inline __attribute__((always_inline)) sentry_float16 sentry_bf16_load(const void *from) {
  sentry_bfloat16 high;
  memcpy(&high, from, sizeof high);
  return (sentry_float16)(__builtin_convertvector(high, sentry_uint16) << 16);
}

static inline __attribute__((always_inline)) sentry_double16 sentry_widen(sentry_float16 x) {
  return __builtin_convertvector(x, sentry_double16);
}

static inline __attribute__((always_inline)) sentry_double8 sentry_widen8(sentry_float8 x) {
  return __builtin_convertvector(x, sentry_double8);
}

static inline __attribute__((always_inline)) sentry_float16 sentry_square_root(sentry_float16 x) {
  return __builtin_elementwise_sqrt(x);
}
#endif
