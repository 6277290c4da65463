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

# behind NAME COMMAND…: begins the command beside the steps to come, with what they leave of the processor. One at a time.
behind() {
  behind_name=$1 behind_began=$SECONDS behind_said=$(mktemp)
  shift
  trap 'end_behind' EXIT
  # A process group of its own, so that all of it ends with the script.
  set -m
  (
    renice -n 19 -p "$BASHPID" > /dev/null
    "$@"
  ) > "$behind_said" 2>&1 < /dev/null &
  behind_job=$!
  set +m
}

end_behind() {
  if [[ -n ${behind_job-} ]]; then kill -- "-$behind_job" 2> /dev/null || true; fi
  rm -f "${behind_said-}"
}

# await: a step that waits for what was begun behind, and shows what it said.
await() {
  step "$behind_name (begun $((SECONDS - behind_began)) s ago)" behind_ended
  rm -f "$behind_said"
}

behind_ended() {
  local status=0
  wait "$behind_job" || status=$?
  behind_job=''
  cat "$behind_said"
  return "$status"
}
