#!/usr/bin/env bash
# Builds the plugin over LibTorch and tests it on the CPU: through the border against PyTorch and EmotionDenseNet, and with the program: a run
# that was killed and resumed on the pretend device, and each backbone with the other's checkpoint.
# Usage: Tests/libtorch-check.sh [SCRATCH], after a release build with testing, with scripts/peers.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=${1:-.build-test}
python=${SENTRY_PYTHON:-.peers/bin/python}
tests=Plugins/BackboneLibTorch/tests
if ! "$python" -c 'import torch' 2>/dev/null; then
  [ "${CI:-}" = true ] && { echo "libtorch-check: there is no PyTorch in $python (scripts/peers)" >&2; exit 1; }
  echo "libtorch-check: skipped, there is no PyTorch in $python (make peers)"
  exit 0
fi
OUTPUT=$PWD/.build-libtorch/plugins PYTHON=$python scripts/backbone-libtorch
plugin=.build-libtorch/plugins/libBackboneLibTorch.so
# Threads that spin while they wait take the core from who works.
export OMP_WAIT_POLICY=PASSIVE OMP_NUM_THREADS=2
THREADS=2 "$python" $tests/check.py $plugin --densenet "$scratch/release/libEmotionDenseNet.so"

work=$(mktemp -d)
victim=
trap '[ -z "$victim" ] || kill -9 -- "-$victim" 2>/dev/null || true; rm -rf "$work"' EXIT
export HOME=$work XDG_CACHE_HOME=$work/cache
sentry() { "$scratch/release/sentry" --plugin-dir .build-libtorch/plugins "$@"; }
# run NAME MODEL [more options]
run() {
  local name=$1 model=$2
  shift 2
  sentry train emotion --model "$model" --dataset synthetic-faces --image-size 32 --batch-size 16 --epochs 2 --set trainer.optimizer=adamw --threads 2 --workers 1 \
    --set dataset.count=64 --set dataset.validation-count=32 --set run.augmentation=none --set run.tensorboard=false --set run.checkpoint-every=0 \
    --set run.state-seconds=0 --output "$work/$name" --overwrite "$@" > "$work/$name.log" 2>&1
}
fail() {
  echo "libtorch-check: $1" >&2
  tail -n 8 "$work/$2.log" >&2
  exit 1
}

run whole densenet-libtorch --set model.self-update=true || fail "the run failed" whole
# In a process group of its own: the program and whatever it started.
set -m
run killed densenet-libtorch --set model.self-update=true &
victim=$!
set +m
while [ ! -e "$work/killed/state/current" ] && kill -0 "$victim" 2>/dev/null; do sleep 0.1; done
kill -9 -- "-$victim" 2>/dev/null || true
wait "$victim" 2>/dev/null || true
victim=
[ ! -e "$work/killed/final_model.pth" ] || fail "the run ended before it was killed" killed
sentry train --resume "$work/killed" > "$work/resumed.log" 2>&1 || fail "the run that was killed did not resume" resumed
"$python" $tests/same.py "$work/whole" "$work/killed" || fail "the resumed run ended with other bytes" resumed
echo "libtorch-check: killed and resumed, byte for byte"

run stock emotion-densenet || fail "the run of emotion-densenet failed" stock
"$python" - "$work/whole/history.json" "$work/stock/history.json" <<'PY'
import json, sys
a, b = (json.load(open(path)) for path in sys.argv[1:])
# Same start, same batches, same drop-out: rounding apart, which batch norms over few values blow up, the same first epoch.
losses = [history["train_loss"][0] for history in (a, b)]
print("libtorch-check: loss of the first epoch", *losses, "of densenet-libtorch and emotion-densenet")
assert abs(losses[0] - losses[1]) < 0.05 * losses[1]
PY
for pair in "whole emotion-densenet" "stock densenet-libtorch"; do
  read -r from model <<< "$pair"
  for component in "" "--model-component $model"; do
    # shellcheck disable=SC2086
    sentry evaluate --model "$work/$from/final_model.pth" $component --output "$work/evaluation-${component:+other}" --overwrite > "$work/evaluate.log" 2>&1 ||
      fail "$from was not evaluated by ${component:-its own}" evaluate
  done
  "$python" - "$work/evaluation-/metrics.json" "$work/evaluation-other/metrics.json" <<'PY'
import json, sys
a, b = (json.load(open(path)) for path in sys.argv[1:])
assert a.get("accuracy") == b.get("accuracy"), (a.get("accuracy"), b.get("accuracy"))
PY
done
echo "libtorch-check: either backbone evaluates the other's checkpoint to the same accuracy"
