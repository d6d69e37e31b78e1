#!/usr/bin/env bash
# Follows docs/writing-*.md literally, each in an empty folder outside the checkout, against an installation in a temporary prefix.
# Usage: Tests/docs-check.sh [SCRATCH [PAGE…]], after a release build in SCRATCH (default .build).
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=${1:-.build}
shift $(($# > 0))
pages=("$@")
[ ${#pages[@]} -gt 0 ] || pages=(docs/writing-*.md)
[ -x "$scratch/release/sentry" ] || { echo "docs-check: $scratch/release/sentry is not built" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make --no-print-directory install PREFIX="$work/prefix" BUILD="$scratch" > "$work/install.log" 2>&1 || { cat "$work/install.log" >&2; exit 1; }
checkout=$PWD
# What the user's own folders and variables hold has no say.
unset SENTRY_SOURCE SENTRY_PLUGIN_PATH XDG_DATA_HOME CC CXX
# One build folder for all packages, so that what they have in common is compiled once.
mkdir "$work/bin" "$work/build"
cat > "$work/bin/swift" <<SHIM
#!/bin/sh
[ -e .build ] || ln -s $work/build .build
command=\$1
shift
exec $(command -v swift) "\$command" --scratch-path $work/build "\$@"
SHIM
chmod +x "$work/bin/swift"
export HOME="$work/home" PATH="$work/bin:$work/prefix/bin:$PATH" PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig"
mkdir "$HOME"
for page in "${pages[@]}"; do
  folder="$work/$(basename "$page" .md)"
  mkdir "$folder"
  started=$SECONDS
  (cd "$folder" && python3 "$checkout/Tests/follow_page.py" "$checkout/$page") || { echo "docs-check: $page does not hold" >&2; exit 1; }
  echo "docs-check: $page holds, $((SECONDS - started)) s"
done
