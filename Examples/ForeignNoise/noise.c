/* Nothing of Sentry in it. cc -O2 -fPIC -shared noise.c -o libnoise.so */
#include <stddef.h>
#include <stdint.h>

/* Adds noise, uniform between -strength and strength, to every value. */
int add_noise(float *values, size_t count, uint64_t seed, float strength) {
  if (!(strength >= 0)) return 1;
  for (size_t i = 0; i < count; i++) {
    uint64_t z = seed += 0x9e3779b97f4a7c15u; /* SplitMix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    values[i] += strength * ((float)((z ^ (z >> 31)) >> 40) * 0x1p-23f - 1);
  }
  return 0;
}
