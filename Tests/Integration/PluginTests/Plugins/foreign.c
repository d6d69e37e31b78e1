/* Functions of several forms, in a library that knows nothing of Sentry. */
#define _DEFAULT_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

int table[4] = {1, 2, 3, 4};

#ifndef STEP
#define STEP 1
#endif

/* Adds `STEP` and the seed's lowest bits to every value. */
void shift(float *values, int64_t count, uint64_t seed) {
  for (int64_t i = 0; i < count; i++) values[i] += STEP + (float)(seed % 16);
}

/* The rows from last to first; spoils its input. */
void reverse(float *input, float *output, int32_t rows, int64_t columns) {
  for (int64_t row = 0; row < rows; row++)
    for (int64_t column = 0; column < columns; column++) {
      output[(rows - 1 - row) * columns + column] = input[row * columns + column];
      input[row * columns + column] = -1;
    }
}

/* Tells what it received. */
int32_t tell(int32_t a, int64_t b, uint64_t c, float d, double e, const void *f, int32_t g, float *values) {
  const double received[8] = {a, (double)b, (double)c, d, e, f == NULL, g, 0};
  for (int i = 0; i < 8; i++) values[i] = (float)received[i];
  return 0;
}

int32_t fail(float *values) { return values[0] > 0 ? -7 : 0; }

/* Fails where it is called while another call is under way. */
int32_t alone(float *values) {
  static int inside;
  int others = __atomic_fetch_add(&inside, 1, __ATOMIC_SEQ_CST);
  usleep(2000);
  values[0] += 1;
  __atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST);
  return others;
}
