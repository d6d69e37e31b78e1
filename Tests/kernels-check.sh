#!/bin/sh
# The kernel modules may share no function with the rest of the executable: a generic of the standard library, specialised for
# AVX-512, would replace the plain copy everywhere and die on other CPUs. Counts the weak functions of foreign modules and
# looks for the registers each level is for. Usage: Tests/kernels-check.sh [SCRATCH], after a release build.
cd "$(dirname "$0")/.." || exit 2
scratch=${1:-.build}
failed=0
for level in AVX2:ymm AVX512:zmm AVX512BF16:zmm; do
  module=SentryKernels${level%:*}
  registers=${level#*:}
  objects=$(find "$scratch/release/$module.build" -name '*.o' 2> /dev/null)
  [ -n "$objects" ] || { echo "$module: not built in $scratch (swift build -c release)"; exit 2; }
  # shellcheck disable=SC2086
  foreign=$(nm --defined-only $objects | awk '$2 == "W"' | grep -v "$module" | grep -v __swift_)
  # shellcheck disable=SC2086
  vectors=$(objdump -d $objects | grep -c "vfmadd.*$registers")
  echo "$module: $vectors fused multiply-adds on $registers, $(printf '%s' "$foreign" | grep -c .) foreign weak functions"
  [ -z "$foreign" ] || { echo "$foreign"; failed=1; }
  [ "$vectors" -ge 20 ] || { echo "$module is not vectorised"; failed=1; }
done
exit $failed
