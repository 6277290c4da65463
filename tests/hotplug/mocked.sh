#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a test with umockdev preloaded, and before it the runtime of the sanitizer the test is built with, if any.
#   mocked.sh TEST ARGUMENTS…
set -euo pipefail
preload=libumockdev-preload.so.0
sanitizer=$(ldd "$1" | awk '$1 ~ /^lib[at]san\.so/ { print $3 }')
here=$(cd "$(dirname "$0")" && pwd)
export TSAN_OPTIONS="suppressions=$here/tsan.supp:${TSAN_OPTIONS-}"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
# umockdev looks which monitors there are, connects to each, and aborts when one was closed in between: no fault of ours,
# and nothing was tested then.
for ((run = 1; ; ++run)); do
  status=0
  LD_PRELOAD="${sanitizer:+$sanitizer:}$preload" "$@" 2> "$said" || status=$?
  cat "$said" >&2
  [[ $status -ne 0 && $run -lt 5 ]] && grep -q "^sendmsg_one: cannot connect to client's event socket" "$said" || exit "$status"
done
