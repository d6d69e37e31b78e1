#!/bin/sh
# The release binary runs on any x86-64 with AVX2: trains a few steps on an emulated Haswell, which dies on any instruction of
# AVX-512, and compares the loss with this CPU's own. Usage: Tests/haswell-check.sh [SCRATCH], after a release build.
cd "$(dirname "$0")/.." || exit 2
sentry=$PWD/${1:-.build}/release/sentry
[ -x "$sentry" ] || { echo "$sentry is no program (swift build -c release)"; exit 2; }
command -v qemu-x86_64 > /dev/null || { echo "haswell-check: qemu-x86_64 is missing (make setup)"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Trains into the folder $1; the rest is what runs the program.
train() {
  run=$folder/$1
  shift
  "$@" "$sentry" train emotion --dataset synthetic-faces --set dataset.count=8 --set dataset.validation-count=4 \
    --image-size 32 --batch-size 4 --epochs 1 --lr 1e-5 --workers 1 --set run.tensorboard=false --output "$run" \
    > "$run.log" 2>&1 && return
  echo "haswell-check: failed with status $?: $*"
  tail -n 20 "$run.log"
  exit 1
}

train native env
train haswell qemu-x86_64 -cpu Haswell
python3 - "$folder" << 'END'
import json, sys
losses = [json.load(open(f"{sys.argv[1]}/{run}/history.json"))["train_loss"][0] for run in ("native", "haswell")]
print("haswell-check: training loss {:.6f} on this CPU, {:.6f} on a Haswell".format(*losses))
sys.exit(not abs(losses[0] - losses[1]) < 1e-3)
END
