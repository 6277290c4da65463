# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For scripts that go through steps: a heading before each, its time after it, and the name of the one that failed.

if [[ -t 1 && -z ${NO_COLOR-} && ${CI-} != true ]]; then
  bold=$'\e[1m' red=$'\e[31;1m' plain=$'\e[0m'
else
  bold='' red='' plain=''
fi

# step NAME COMMAND…: runs the command; ends the script when it fails.
step() {
  local name=$1 started=$SECONDS status=0
  shift
  printf '\n%s── %s%s\n' "$bold" "$name" "$plain"
  "$@" || status=$?
  if [[ $status -ne 0 ]]; then
    printf '%s── FAILED: %s%s (exit %d after %d s)\n' "$red" "$name" "$plain" "$status" $((SECONDS - started))
    exit 1
  fi
  printf '   %s: %d s\n' "$name" $((SECONDS - started))
}
